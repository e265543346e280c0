// What is missing is said in a sentence, and all else goes on: no model, no audio, no MIDI permission.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tinyBundle } from '../support/tiny-bundle.ts';
import { drop, hold, release } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { rmsDb } from './spectrum.ts';

describe('the page', () => {
  const tested = pageForTests(tinyBundle());

  test('without Web Audio shows map and controls, and says that nothing can be heard', async () => {
    const { page, complaints } = await tested.under.open({
      before: (page) => page.addInitScript(() => Reflect.deleteProperty(window, 'AudioContext')),
    });
    await page.getByRole('alert').filter({ hasText: 'Nothing can be heard; all else goes on working.' }).waitFor();
    await page.getByText('12 sounds').waitFor();
    const brightness = page.getByRole('slider', { name: 'Brightness' });
    await brightness.focus();
    await page.keyboard.press('End');
    expect(await brightness.getAttribute('aria-valuetext')).toBe('100 %');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('whose MIDI is refused says so once and plays on', async () => {
    const { page } = await tested.open();
    await page.getByRole('button', { name: 'Connect MIDI' }).click();
    await page.getByText('The browser did not allow MIDI').waitFor();
    await hold(page);
    expect(rmsDb(await record(page, 0.3))).toBeGreaterThan(-50);
    await release(page);
    await page.context().close();
  });

  test('without its model says so, and plays the one that is dropped', async () => {
    rmSync(join(tested.under.folder, 'models/atlas.timbre'));
    const { page } = await tested.under.open();
    await page.getByRole('alert').filter({ hasText: 'The model atlas.timbre could not be fetched' }).waitFor();
    await page.getByText('Drop a model (.timbre) here, or press Open.').waitFor();
    await drop(page, 'tiny.timbre', tinyBundle());
    await page.getByText('12 sounds').waitFor();
    await untilReady(page);
    await hold(page);
    expect(rmsDb(await record(page, 0.3))).toBeGreaterThan(-50);
    await release(page);
    await page.context().close();
  });
});
