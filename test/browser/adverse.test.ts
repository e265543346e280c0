// What a browser may lack or take away: WebGL, room to keep things, the foreground. All else goes on, and what is missing is said.
import type { Page } from 'playwright-core';
import { colours } from './canvas.ts';
import { boxOf, button, hold, named, pixelOf, place, release, tinyModel, untilVoices } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { record } from './recorder.ts';
import { rmsDb } from './spectrum.ts';

declare global {
  interface Window {
    /** Sends the page to the background, or fetches it back. */
    testBackground?(away: boolean): void;
  }
}

/** As a browser treats a page that nobody sees: no frames, timers once a second, and it is told. */
const lendBackground = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    let away = false;
    const { requestAnimationFrame, setTimeout } = window;
    const waiting: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (callback) => {
      if (!away) return requestAnimationFrame(callback);
      waiting.push(callback);
      return 0;
    };
    window.setTimeout = ((task: TimerHandler, ms = 0, ...rest: unknown[]) =>
      setTimeout(task, away ? Math.max(1000, ms) : ms, ...rest)) as typeof window.setTimeout;
    Object.defineProperty(document, 'hidden', { get: () => away });
    Object.defineProperty(document, 'visibilityState', { get: () => (away ? 'hidden' : 'visible') });
    window.testBackground = (gone) => {
      away = gone;
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      if (!gone) for (const callback of waiting.splice(0)) requestAnimationFrame(callback);
    };
  });

describe('the page', () => {
  const { bundle, points } = tinyModel();
  const tested = pageForTests(bundle);

  test('without WebGL draws its map and the rainbowgram, and is played', async () => {
    const { page, complaints } = await tested.open({
      before: (opened) =>
        opened.addInitScript(() => {
          for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
            const { getContext } = kind.prototype as { getContext(...args: unknown[]): unknown };
            Object.assign(kind.prototype, {
              getContext(this: unknown, name: string, ...rest: unknown[]) {
                return /^webg/.test(name) ? null : getContext.call(this, name, ...rest);
              },
            });
          }
        }),
    });
    expect(await colours(page, '.map canvas')).toBeGreaterThan(100);
    const { x, y } = await pixelOf(page, points[5]);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await untilVoices(page, 1);
    expect(await place(page).getAttribute('aria-valuetext')).toContain(points[5].name);
    await button(page, 'Rainbow').focus();
    await page.keyboard.press('Enter');
    await page.locator('.ribbon[data-view="rainbow"]').waitFor();
    expect(rmsDb(await record(page, 0.4))).toBeGreaterThan(-70);
    while ((await colours(page, '.scope')) < 40) await page.waitForTimeout(50);
    await page.mouse.up();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('whose storage is full says so, and loses nothing of this visit', async () => {
    const { page } = await tested.open({
      before: (opened) =>
        opened.addInitScript(() => {
          IDBObjectStore.prototype.put = () => {
            throw new DOMException('The disk is full.', 'QuotaExceededError');
          };
        }),
    });
    await button(page, 'Save').click();
    await page.getByLabel('Name', { exact: true }).fill('Too much');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'its storage is full' }).waitFor();
    await named(page, 'Too much');
    await page.locator('.preset-name').click();
    await button(page, /^Yours/).click();
    await page.locator('.row-main', { hasText: 'Too much' }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export as file').click()]);
    expect(download.suggestedFilename()).toBe('too-much.json');
    await page.context().close();
  });

  test('plays on in the background, lets go of keys there, and shows what happened when it is back', async () => {
    const { page } = await tested.open({ before: lendBackground });
    await hold(page);
    const before = await place(page).getAttribute('aria-valuetext');
    await page.evaluate(() => window.testBackground?.(true));
    // Longer than all that was decoded ahead.
    for (let second = 0; second < 3; second++) expect(rmsDb(await record(page, 0.9))).toBeGreaterThan(-70);
    await page.keyboard.up('a');
    await page.keyboard.up('d');
    await page.keyboard.up('g');
    // The voices end in the audio thread; the figures of the bar need no frame to say so.
    await untilVoices(page, 0);
    const { x, y } = await boxOf(place(page));
    await page.evaluate(() => window.testBackground?.(false));
    await page.mouse.click(x + 200, y + 200);
    expect(await place(page).getAttribute('aria-valuetext')).not.toBe(before);
    await hold(page);
    expect(rmsDb(await record(page, 0.4))).toBeGreaterThan(-70);
    await release(page);
    await page.context().close();
  });
});
