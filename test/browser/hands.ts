// What a hand does on the page: holding a chord, dropping a file.
import type { Page } from 'playwright-core';

/** C major on the computer keyboard. */
export const CHORD = [
  { typed: 'a', key: 60 },
  { typed: 'd', key: 64 },
  { typed: 'g', key: 67 },
];

const untilVoices = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="voices"]')?.textContent === String(wanted),
    count,
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
