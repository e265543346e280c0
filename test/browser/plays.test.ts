// The page plays: a chord from the computer keyboard, a macro, a refused model, undo; with and without shared memory.
import { tinyBundle } from '../support/tiny-bundle.ts';
import { CHORD, cents, drop, hold, release } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
import { untilReady, voices } from './page-under-test.ts';
import { record } from './recorder.ts';
import { centroidHz, noteHz, peakNear, rmsDb, spectrumOf } from './spectrum.ts';

/** What counts as heard: on a busy machine frames come late, and a voice without its frames falls by 12 dB/s. */
const AUDIBLE_DB = -70;

describe('the page', () => {
  const tested = pageForTests(tinyBundle());

  test.each([
    { way: 'with shared memory', isolation: true },
    { way: 'by messages alone', isolation: false },
  ])('plays a chord in tune and answers every request, $way', async ({ isolation }) => {
    const { page, complaints } = await tested.open({ isolation });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolation);
    await hold(page);
    const heard = await record(page, 0.9);
    const spectrum = spectrumOf(heard);
    for (const { key } of CHORD) {
      const peak = peakNear(spectrum, noteHz(key));
      // Pitch is the core's own: it holds however late a frame may come on a busy machine.
      expect(Math.abs(cents(peak.hz, noteHz(key)))).toBeLessThan(3);
      // A semitone beside it there is no note.
      expect(peak.db - peakNear(spectrum, noteHz(key + 1), 30).db).toBeGreaterThan(25);
    }
    expect(rmsDb(heard)).toBeGreaterThan(AUDIBLE_DB);
    await release(page);
    await untilReady(page);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a macro changes the spectrum, and undo brings it back', async () => {
    const { page } = await tested.open();
    const brightness = page.getByRole('slider', { name: 'Brightness' });
    const centroid = async (): Promise<number> => {
      await untilReady(page);
      await hold(page);
      const hz = centroidHz(spectrumOf(await record(page, 0.8)));
      await release(page);
      return hz;
    };
    const plain = await centroid();
    await brightness.focus();
    await page.keyboard.press('End');
    expect(await brightness.getAttribute('aria-valuetext')).toBe('100 %');
    const bright = await centroid();
    expect(bright).toBeGreaterThan(plain * 1.15);
    await page.getByRole('button', { name: 'Undo Brightness' }).click();
    expect(await brightness.getAttribute('aria-valuetext')).toBe('50 %');
    const again = await centroid();
    expect(Math.abs(again - plain)).toBeLessThan((bright - plain) * 0.1);
    await page.context().close();
  });

  test('a broken model is refused in a sentence and the old sound plays on', async () => {
    const { page } = await tested.open();
    await hold(page);
    const whole = tinyBundle();
    await drop(page, 'broken.timbre', whole.subarray(0, whole.length >> 1));
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.textContent()).toContain('The model broken.timbre was refused');
    expect(await voices(page)).toBe(3);
    const peak = peakNear(spectrumOf(await record(page, 0.8)), noteHz(60));
    expect(Math.abs(cents(peak.hz, noteHz(60)))).toBeLessThan(3);
    expect(await page.getByTestId('preset-name').textContent()).toBe('Plain');
    await release(page);
    await page.context().close();
  });

  test('another model, a preset and a foreign file may be dropped', async () => {
    const { page } = await tested.open();
    const renamed = tinyBundle({ manifest: (manifest) => ({ ...manifest, name: 'Smaller' }) });
    await drop(page, 'other.timbre', renamed);
    await page.locator('.model', { hasText: 'Smaller' }).waitFor();
    await drop(page, 'notes.txt', new TextEncoder().encode('hello'));
    await page
      .getByText('notes.txt is neither a model (.timbre), a preset (.json), a tuning (.scl, .kbm) nor a sound.')
      .waitFor();
    await drop(page, 'old.json', new TextEncoder().encode('{"format":"timbrefold-preset","version":99}'));
    await page.getByText('reads up to 1; update Timbrefold').waitFor();
    await untilReady(page);
    await hold(page);
    expect(rmsDb(await record(page, 0.4))).toBeGreaterThan(AUDIBLE_DB);
    await release(page);
    await page.context().close();
  });

  test('a preset is saved as a file and comes back by dropping it', async () => {
    const { page } = await tested.open();
    await page.getByRole('slider', { name: 'Brightness' }).focus();
    await page.keyboard.press('PageUp');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByLabel('Name', { exact: true }).fill('Kept for later');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as file' }).click();
    const file = await download;
    await page.keyboard.press('Escape');
    expect(file.suggestedFilename()).toBe('kept-for-later.json');
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const saved = Buffer.concat(chunks);
    expect(JSON.parse(saved.toString())).toMatchObject({
      name: 'Kept for later',
      macros: [0.6, ...Array(7).fill(0.5)],
    });
    await page.getByRole('button', { name: 'Next sound' }).click();
    expect(await page.getByTestId('preset-name').textContent()).toBe('Bright');
    await drop(page, file.suggestedFilename(), saved);
    await page.getByTestId('preset-name').filter({ hasText: 'Kept for later' }).waitFor();
    expect(await page.getByRole('slider', { name: 'Brightness' }).getAttribute('aria-valuetext')).toBe('60 %');
    await page.context().close();
  });
});
