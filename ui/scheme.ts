// Light or dark, as the system says or as the user chose; the style sheet and the canvases follow one attribute.
import { effect } from '@preact/signals';
import type { Memory } from './memory.ts';

const ATTRIBUTE = 'data-scheme';

/** Keeps the attribute of the instrument's outermost element; returns the way to stop. */
export function followScheme(root: HTMLElement, memory: Memory): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const set = (): void => {
    const chosen = memory.peek().scheme;
    root.setAttribute(ATTRIBUTE, chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen);
  };
  const stop = effect(() => {
    void memory.value;
    set();
  });
  dark.addEventListener('change', set);
  return () => {
    stop();
    dark.removeEventListener('change', set);
    root.removeAttribute(ATTRIBUTE);
  };
}

/** Calls back when the colours around an element change; returns the way to stop. */
export function onSchemeChange(element: Element, listener: () => void): () => void {
  const root = element.closest(`[${ATTRIBUTE}]`);
  const observer = new MutationObserver(listener);
  if (root) observer.observe(root, { attributes: true, attributeFilter: [ATTRIBUTE] });
  const contrast = matchMedia('(prefers-contrast: more)');
  contrast.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    contrast.removeEventListener('change', listener);
  };
}
