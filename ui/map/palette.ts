// The tokens of the style sheet as canvas colours.
import type { Palette } from './terrain.ts';

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: token('--ground'),
    groundGlow: token('--ground-glow'),
    line: token('--contour'),
    text: token('--text'),
    muted: token('--muted'),
    you: token('--you'),
    moving: token('--moving'),
    familyLightness: token('--family-lightness'),
    familyNameLightness: token('--family-name-lightness'),
    familyChroma: token('--family-chroma'),
    font: style.fontFamily,
  };
}
