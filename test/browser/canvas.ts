// What a canvas of the page shows, whatever draws it: how many colours, and how colourful it is at a place.
import type { Page } from 'playwright-core';

/** How many different colours the first canvas of that selector shows. */
export const colours = (page: Page, selector: string): Promise<number> =>
  page.evaluate((wanted) => {
    const shown = document.querySelector<HTMLCanvasElement>(wanted);
    if (!shown) return 0;
    const copy = new OffscreenCanvas(shown.width, shown.height);
    const context = copy.getContext('2d');
    context?.drawImage(shown, 0, 0);
    const pixels = new Uint32Array(context?.getImageData(0, 0, copy.width, copy.height).data.buffer ?? []);
    return new Set(pixels).size;
  }, selector);

/** The largest difference between red, green and blue (0..255) at a place of the page, on the first canvas of that selector. */
export const colourfulness = (page: Page, selector: string, at: { x: number; y: number }): Promise<number> =>
  page.evaluate(
    ({ wanted, at }) => {
      const shown = document.querySelector<HTMLCanvasElement>(wanted);
      if (!shown) return -1;
      const box = shown.getBoundingClientRect();
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      context?.drawImage(shown, Math.round(box.left - at.x), Math.round(box.top - at.y));
      const [red, green, blue] = context?.getImageData(0, 0, 1, 1).data ?? [0, 0, 0];
      return Math.max(red, green, blue) - Math.min(red, green, blue);
    },
    { wanted: selector, at },
  );
