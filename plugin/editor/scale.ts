// High-density screens: a native view may say "one pixel is one pixel" where the host counts two, and is then enlarged as a whole.

/** What the page is enlarged by at present. */
let factor = 1;
let corrected = false;

/** A style for a page that is enlarged: WebKit asks container queries about the pixels of the screen, not about those of the design. */
export const styleAt = (css: string, enlarged: number): string =>
  css.replace(/@container[^{]+/g, (query) =>
    query.replace(/([\d.]+)px/g, (_, pixels: string) => `${Number(pixels) * enlarged}px`),
  );

/**
 * Makes one pixel of the design `scale` pixels of the screen. `own` is what the view multiplies with by itself (its devicePixelRatio), so that a
 * desktop whose scale it knows already is not scaled twice. `restyle` gets what the page is enlarged by.
 */
export function applyScale(
  scale: number,
  own: number,
  restyle: (enlarged: number) => void,
  root: HTMLElement = document.documentElement,
): void {
  const wanted = scale / own;
  const near = Math.abs(wanted - 1) < 0.01;
  if (factor === 1 && near) return;
  if (!corrected) pointInDesign();
  corrected = true;
  factor = near ? 1 : wanted;
  root.style.zoom = near ? '' : String(factor);
  restyle(factor);
  // Canvases draw in the pixels of the screen, enlarged ones too.
  Object.defineProperty(window, 'devicePixelRatio', { configurable: true, value: own * factor });
  window.dispatchEvent(new Event('resize'));
}

/** WebKit measures boxes in the pixels of the design, but says in those of the screen where a pointer is. */
function pointInDesign(): void {
  for (const name of ['clientX', 'clientY', 'x', 'y', 'movementX', 'movementY'] as const) {
    const own = Object.getOwnPropertyDescriptor(MouseEvent.prototype, name)?.get;
    if (!own) continue;
    Object.defineProperty(MouseEvent.prototype, name, {
      configurable: true,
      get(this: MouseEvent) {
        return own.call(this) / factor;
      },
    });
  }
  const at = document.elementFromPoint.bind(document);
  document.elementFromPoint = (x, y) => at(x * factor, y * factor);
}
