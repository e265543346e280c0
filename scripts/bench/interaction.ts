// What a hand feels while the instrument is busy: from a move on the map to the painted frame, with 16 voices sounding; and the frames that came too late
// meanwhile, beside those of the same voices with the hand at rest.
import type { Page } from 'playwright-core';
import { openBrowser } from '../open-browser.ts';
import { serve } from '../serve.ts';
import { quantile } from './measure.ts';
import type { Row } from './row.ts';

/** Sixteen neighbouring keys of the computer keyboard. */
const KEYS = ['a', 'w', 's', 'e', 'd', 'f', 't', 'g', 'y', 'h', 'u', 'j', 'k', 'o', 'l', 'p'];
const MOVES = 240;
const SETTLE_MS = 1500;

declare global {
  interface Window {
    /** ms from each pointer move to the end of the frame that shows it. */
    moveTimes?: number[];
  }
}

/** Notes for every pointer move when its frame has been painted: the first task after the next animation frame. */
async function installWatch(page: Page): Promise<void> {
  await page.addInitScript('globalThis.__name = (value) => value');
  await page.addInitScript(() => {
    const times: number[] = [];
    window.moveTimes = times;
    const { port1, port2 } = new MessageChannel();
    let waiting: number[] = [];
    port1.onmessage = () => {
      const now = performance.now();
      for (const since of waiting) times.push(now - since);
      waiting = [];
    };
    window.addEventListener(
      'pointermove',
      (event) => {
        waiting.push(event.timeStamp);
        if (waiting.length === 1) requestAnimationFrame(() => port2.postMessage(null));
      },
      { capture: true },
    );
  });
}

const late = async (page: Page): Promise<number> => Number(await page.getByTestId('underruns').textContent());

/** Moves over the map in a figure of eight; says the late frames meanwhile. */
async function walk(page: Page, moves: number): Promise<number> {
  const box = await page.getByRole('slider', { name: 'Place on the map' }).boundingBox();
  if (!box) throw new Error('the map is not to be seen');
  const before = await late(page);
  for (let i = 0; i < moves; i++) {
    const t = (2 * Math.PI * i) / (moves / 2);
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.35 * Math.sin(t)),
      box.y + box.height * (0.5 + 0.3 * Math.sin(2 * t)),
    );
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
  return (await late(page)) - before;
}

/** The page as built in dist/page, with the model that ships. */
export async function benchInteraction(): Promise<Row[]> {
  const served = await serve({ port: 0, isolation: true });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
    await installWatch(page);
    await page.goto(served.address);
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('[data-testid="load"]')?.dataset.waiting === '0',
    );
    await page.waitForTimeout(SETTLE_MS);
    for (const key of KEYS) await page.keyboard.down(key);
    await page.waitForTimeout(SETTLE_MS);
    await walk(page, MOVES / 4);
    await page.evaluate(() => window.moveTimes?.splice(0));
    const began = Date.now();
    const moved = await walk(page, MOVES);
    const took = Date.now() - began;
    const times = await page.evaluate(() => window.moveTimes ?? []);
    const before = await late(page);
    await page.waitForTimeout(took);
    const rested = (await late(page)) - before;
    return [
      { name: 'move on the map to its frame, 16 voices, median', value: quantile(times, 0.5), unit: 'ms' },
      { name: 'move on the map to its frame, 16 voices, p95', value: quantile(times, 0.95), unit: 'ms' },
      { name: 'late frames while the map is walked, 16 voices', value: moved, unit: 'frames' },
      { name: 'late frames in the same time, hand at rest', value: rested, unit: 'frames' },
    ];
  } finally {
    await browser.close();
    await served.close();
  }
}
