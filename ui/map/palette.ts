// The tokens of the style sheet as canvas colours.
import type { Palette } from './terrain.ts';

/** Null before the element stands in a page, where no token holds. */
export function readPalette(element: Element): Palette | null {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  if (token('--ground') === '') return null;
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
