// Your sound, with the model that ships: a recording is encoded, both takes are heard, it is brought nearer, kept, and put into a corner.
import wavefile from 'wavefile';
import { cents, drop } from './hands.ts';
import { PageUnderTest, untilReady } from './page-under-test.ts';
import { record } from './recorder.ts';
import { noteHz, peakNear, rmsDb, spectrumOf } from './spectrum.ts';

const PATIENCE = 300_000;

/** A plucked tone with twelve partials, each falling faster than the one below. */
function pluckWav(key: number): Uint8Array {
  const rate = 44_100;
  const samples = Float64Array.from({ length: rate * 1.4 }, (_, i) => {
    const t = i / rate;
    let value = 0;
    for (let k = 1; k <= 12; k++)
      value += (Math.sin(2 * Math.PI * noteHz(key) * k * t) * Math.exp(-(1 + k / 2) * t)) / k;
    return Math.round(11_000 * value * Math.min(1, t / 0.003));
  });
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, rate, '16', samples);
  return wav.toBuffer();
}

describe('your sound', () => {
  let under: PageUnderTest;
  beforeAll(async () => {
    under = await PageUnderTest.build();
  }, PATIENCE);
  afterAll(() => under?.close());

  test(
    'is found in the model, beside its original, refined, and kept',
    async () => {
      const { page, complaints } = await under.open({ width: 1280, height: 800 });
      page.setDefaultTimeout(120_000);
      await untilReady(page);
      const button = (label: string | RegExp) => page.getByRole('button', { name: label, exact: true });
      await drop(page, 'my-pluck.wav', pluckWav(57));
      const sheet = page.getByRole('dialog', { name: 'my-pluck.wav' });
      await sheet.locator('[data-stage="done"]').waitFor();
      expect(await sheet.locator('.facts').textContent()).toContain('A3');
      const score = async (): Promise<number> =>
        Number.parseFloat((await page.getByTestId('score').textContent()) ?? '');
      const first = await score();
      expect(first).toBeLessThan(30);
      await page
        .getByTestId('preset-name')
        .filter({ hasText: /^my-pluck$/ })
        .waitFor();

      for (const take of ['original', 'resynthesis']) {
        await button(`Play the ${take}`).click();
        let loudest = { db: -200, hz: 0 };
        for (let i = 0; i < 30 && loudest.db < -50; i++) {
          const heard = await record(page, 0.4);
          loudest = { db: rmsDb(heard), hz: peakNear(spectrumOf(heard, 16_384), noteHz(57)).hz };
        }
        expect(loudest.db).toBeGreaterThan(-50);
        expect(Math.abs(cents(loudest.hz, noteHz(57)))).toBeLessThan(20);
      }

      await button('Refine').click();
      await sheet.locator('[data-stage="refining"]').waitFor();
      await button('Cancel').click();
      await sheet.locator('[data-stage="done"], [data-stage="cancelled"]').waitFor();
      // What was reached is kept only where it is nearer.
      expect(await score()).toBeLessThanOrEqual(first);

      await button('Keep as preset').click();
      await page.locator('.preset-name').click();
      await button(/^Yours/).click();
      await page.locator('.row-main', { hasText: 'my-pluck' }).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'dropped on the morph pad stands in that corner, and the sound stays',
    async () => {
      const { page } = await under.open({ width: 1280, height: 800 });
      page.setDefaultTimeout(120_000);
      await untilReady(page);
      const before = await page.getByTestId('preset-name').textContent();
      await page.evaluate(
        (numbers) => {
          const pad = document.querySelector('.morph-pad');
          const box = pad?.getBoundingClientRect();
          if (!pad || !box) throw new Error('There is no morph pad.');
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(numbers)], 'corner.wav'));
          const at = { clientX: box.left + box.width * 0.8, clientY: box.top + box.height * 0.2 };
          pad.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer, ...at }));
        },
        Array.from(pluckWav(60)),
      );
      await page.locator('.corner-b', { hasText: 'corner' }).waitFor();
      expect(await page.getByTestId('preset-name').textContent()).toBe(before);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'what is no sound is refused in a sentence, in the sheet and beside it',
    async () => {
      const { page } = await under.open({ width: 1280, height: 800 });
      page.setDefaultTimeout(120_000);
      await untilReady(page);
      const before = await page.getByTestId('preset-name').textContent();
      await drop(page, 'not-a-sound.wav', new TextEncoder().encode('hello'));
      await page.locator('[data-stage="failed"]', { hasText: 'not-a-sound.wav' }).waitFor();
      expect(await page.getByTestId('preset-name').textContent()).toBe(before);
      await page.context().close();
    },
    PATIENCE,
  );
});
