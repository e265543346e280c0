// High-density screens: a native view may say "one pixel is one pixel" where the host counts two, and is then enlarged as a whole.

/**
 * Makes one pixel of the design `scale` pixels of the screen. `own` is what the view multiplies with by itself (its devicePixelRatio), so that a
 * desktop whose scale it knows already is not scaled twice.
 */
export function applyScale(scale: number, own: number, root: HTMLElement = document.documentElement): void {
  const factor = scale / own;
  const near = Math.abs(factor - 1) < 0.01;
  root.style.zoom = near ? '' : String(factor);
  // Canvases draw in the pixels of the screen, enlarged ones too.
  Object.defineProperty(window, 'devicePixelRatio', { configurable: true, value: near ? own : own * factor });
  window.dispatchEvent(new Event('resize'));
}
