// The map of a large model under a hand: from one frame to the next while 20,000 points are panned and zoomed and 16 voices wander over them.
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { root } from '../build/paths.ts';
import { webOptions } from '../build/web.ts';
import { openBrowser } from '../open-browser.ts';
import { quantile } from './measure.ts';
import type { Row } from './row.ts';

const POINTS = 20_000;
const VOICES = 16;
const MOVES = 240;
const SETTLE_MS = 1200;

/** Frame times, ms, while `act` runs. */
async function frames(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => window.frameTimes?.splice(0));
  await act();
  return page.evaluate(() => window.frameTimes?.splice(0) ?? []);
}

/** The face alone, as it would show a model of 20,000 points (a bundle of today holds MAX_MAP_POINTS). */
export async function benchManyPoints(): Promise<Row[]> {
  const { outputFiles } = await build({
    ...webOptions,
    sourcemap: false,
    outdir: root,
    write: false,
    entryPoints: {
      script: join(root, 'scripts/bench/many-points-page.ts'),
      style: join(root, 'ui/styles/index.css'),
    },
    loader: { '.woff2': 'dataurl' },
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.setContent(
      '<!doctype html><style>body { margin: 0 } #instrument { height: 100vh }</style><div id="instrument"></div>',
    );
    await page.addStyleTag({ content: text('style.css') });
    await page.addScriptTag({ content: text('script.js'), type: 'module' });
    await page.waitForFunction(() => window.show !== undefined);
    const madeMs = await page.evaluate(
      ([points, voices]) => {
        const began = performance.now();
        window.show?.(points, voices);
        return performance.now() - began;
      },
      [POINTS, VOICES],
    );
    await page.waitForTimeout(SETTLE_MS);
    const box = await page.getByRole('slider', { name: 'Place on the map' }).boundingBox();
    if (!box) throw new Error('the map is not to be seen');
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(middle.x, middle.y);

    const rest = await frames(page, () => page.waitForTimeout(SETTLE_MS));
    const zoomed = await frames(page, async () => {
      for (let i = 0; i < MOVES / 4; i++) await page.mouse.wheel(0, i % 24 < 12 ? -120 : 120);
    });
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -120);
    await page.waitForTimeout(SETTLE_MS);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    const panned = await frames(page, async () => {
      for (let i = 0; i < MOVES; i++) {
        const angle = (2 * Math.PI * i) / (MOVES / 2);
        await page.mouse.move(middle.x + 160 * Math.sin(angle), middle.y + 90 * Math.sin(2 * angle));
      }
    });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const what = `map of ${POINTS.toLocaleString('en')} points`;
    const rows = (name: string, times: readonly number[]): Row[] => [
      { name: `${what}, ${name}: frame to frame, median`, value: quantile(times, 0.5), unit: 'ms' },
      { name: `${what}, ${name}: frame to frame, p95`, value: quantile(times, 0.95), unit: 'ms' },
    ];
    return [
      { name: `${what}: laid out`, value: madeMs, unit: 'ms' },
      ...rows('at rest', rest),
      ...rows('zoomed', zoomed),
      ...rows('panned', panned),
    ];
  } finally {
    await browser.close();
  }
}
