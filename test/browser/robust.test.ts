// What breaks while it plays: the decoder's Worker ends without a word, storage is denied, a MIDI keyboard is unplugged under held keys.
import type { Page } from 'playwright-core';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { button, hold, release, untilVoices } from './hands.ts';
import { lendMidi } from './midi.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { rmsDb } from './spectrum.ts';

declare global {
  interface Window {
    /** Workers by their name, as the page started them. */
    testWorkers?: Map<string, Worker>;
  }
}

const keepWorkers = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const workers = new Map<string, Worker>();
    window.testWorkers = workers;
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.set(options?.name ?? '', this);
      }
    };
  });

describe('the page', () => {
  const tested = pageForTests(tinyBundle());

  test.each([
    { way: 'with shared memory', isolation: true },
    { way: 'by messages alone', isolation: false },
  ])(
    'starts its decoder again when that ends without a word, and the sound comes back, $way',
    async ({ isolation }) => {
      const { page } = await tested.open({ isolation, before: keepWorkers });
      await page.evaluate(() => {
        const first = window.testWorkers?.get('decoder');
        first?.terminate();
      });
      await page.getByText('The decoder stopped and was started again').waitFor({ timeout: 50_000 });
      expect(await page.getByTestId('preset-name').textContent()).toBe('Plain');
      // Another sound: every frame of it has to come from the new Worker.
      await button(page, 'Next sound').click();
      await untilReady(page);
      await hold(page);
      expect(rmsDb(await record(page, 0.5))).toBeGreaterThan(-70);
      await release(page);
      await page.context().close();
    },
  );

  test('without storage plays, and says that nothing is kept', async () => {
    const { page, complaints } = await tested.open({
      before: (page) =>
        page.addInitScript(() => {
          const denied = (): never => {
            throw new DOMException('Storage is denied.', 'SecurityError');
          };
          Object.defineProperty(window, 'indexedDB', { get: denied });
          Object.defineProperty(window, 'localStorage', { get: denied });
        }),
    });
    await hold(page);
    expect(rmsDb(await record(page, 0.4))).toBeGreaterThan(-70);
    await release(page);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('lets go of the keys of a MIDI keyboard that is unplugged, says so, and plays it when it is back', async () => {
    const { page } = await tested.open({ before: lendMidi });
    await button(page, 'Connect MIDI').click();
    await page.getByText('Test keys').first().waitFor();
    await page.evaluate(() => {
      window.testMidi?.press(0x90, 60, 100);
      window.testMidi?.press(0x90, 64, 100);
      window.testMidi?.press(0xb0, 64, 127);
    });
    await untilVoices(page, 2);
    await page.evaluate(() => window.testMidi?.unplug());
    await untilVoices(page, 0);
    await page.getByText('Test keys was unplugged; its keys were let go.').waitFor();
    await page.evaluate(() => {
      window.testMidi?.plug();
      window.testMidi?.press(0x90, 67, 100);
    });
    await untilVoices(page, 1);
    await page.context().close();
  });
});
