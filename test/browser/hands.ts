// What a hand does on the page: holding a chord, dropping a file.
import type { Locator, Page } from 'playwright-core';
import { toScreenX, toScreenY, WHOLE } from '../../ui/map/projection.ts';
import { tinyBundle } from '../support/tiny-bundle.ts';

/** C major on the computer keyboard. */
export const CHORD = [
  { typed: 'a', key: 60 },
  { typed: 'd', key: 64 },
  { typed: 'g', key: 67 },
];

export const button = (page: Page, label: string | RegExp): Locator =>
  page.getByRole('button', { name: label, exact: true });

/** Until the sound that plays is called so. */
export const named = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByTestId('preset-name').filter({ hasText: text }).waitFor();

/** The map, as a slider of two directions. */
export const place = (page: Page): Locator => page.getByRole('slider', { name: 'Place on the map' });

interface Point {
  name: string;
  x: number;
  y: number;
}

/** The small model with the points of its map. */
export function tinyModel(): { bundle: Uint8Array; points: Point[] } {
  let points: Point[] = [];
  const bundle = tinyBundle({
    map: (map) => {
      points = map.points;
      return map;
    },
  });
  return { bundle, points };
}

/** Where a point of the map is on the page, the whole map being shown. */
export async function pixelOf(page: Page, { x, y }: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const box = await boxOf(place(page));
  return { x: box.x + toScreenX(x, WHOLE, box), y: box.y + toScreenY(y, WHOLE, box) };
}

/** @throws Error where it is not to be seen */
export async function boxOf(found: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await found.boundingBox();
  if (!box) throw new Error(`${found} is not to be seen.`);
  return box;
}

export const untilVoices = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="voices"]')?.textContent === String(wanted),
    count,
    // Not by frames: a page in the background has none.
    { polling: 50 },
  );

export async function hold(page: Page): Promise<void> {
  for (const { typed } of CHORD) await page.keyboard.down(typed);
  await untilVoices(page, CHORD.length);
}

export async function release(page: Page): Promise<void> {
  for (const { typed } of CHORD) await page.keyboard.up(typed);
  await untilVoices(page, 0);
}

/** Drops a file on the page as a hand would. */
export async function drop(page: Page, fileName: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ({ fileName, numbers }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(numbers)], fileName));
      const over = { bubbles: true, cancelable: true, dataTransfer: transfer };
      document.querySelector('.map')?.dispatchEvent(new DragEvent('dragover', over));
      document.querySelector('.map')?.dispatchEvent(new DragEvent('drop', over));
    },
    { fileName, numbers: Array.from(bytes) },
  );
}

export const cents = (hz: number, wanted: number): number => 1200 * Math.log2(hz / wanted);
