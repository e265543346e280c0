// Your sound, with the model that ships: a recording is encoded, both takes are heard, it is brought nearer, kept, and put into a corner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { root } from '../../scripts/build/paths.ts';
import { button, cents, drop, named, pixelOf, place } from './hands.ts';
import { pageForTests } from './page-for-tests.ts';
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

/** The same decaying A4 in every kind of file that a hand may drop, made by libsndfile. */
function tones(folder: string): string[] {
  const files = ['bell.aiff', 'bell.flac', 'bell.mp3', 'bell.ogg'];
  const made = spawnSync(
    process.execPath,
    [
      join(root, 'scripts/python.mjs'),
      '-c',
      `import sys, numpy, soundfile
t = numpy.arange(50_000) / 44_100
for file in sys.argv[2:]:
    soundfile.write(f"{sys.argv[1]}/{file}", 0.3 * numpy.sin(2 * numpy.pi * 440 * t) * numpy.exp(-2.2 * t), 44_100)`,
      folder,
      ...files,
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`Python could not write the sounds: ${made.stderr}`);
  return files;
}

describe('your sound', () => {
  const tested = pageForTests();

  test(
    'is found in the model, beside its original, refined, and kept',
    async () => {
      const { page, complaints } = await tested.open();
      await drop(page, 'my-pluck.wav', pluckWav(57));
      const sheet = page.getByRole('dialog', { name: 'my-pluck.wav' });
      await sheet.locator('[data-stage="done"]').waitFor();
      expect(await sheet.locator('.facts').textContent()).toContain('A3');
      const score = async (): Promise<number> =>
        Number.parseFloat((await page.getByTestId('score').textContent()) ?? '');
      const first = await score();
      expect(first).toBeLessThan(30);
      await named(page, /^my-pluck$/);

      for (const take of ['original', 'resynthesis']) {
        await button(page, `Play the ${take}`).click();
        let loudest = { db: -200, hz: 0 };
        for (let i = 0; i < 30 && loudest.db < -50; i++) {
          const heard = await record(page, 0.4);
          loudest = { db: rmsDb(heard), hz: peakNear(spectrumOf(heard, 16_384), noteHz(57)).hz };
        }
        expect(loudest.db).toBeGreaterThan(-50);
        expect(Math.abs(cents(loudest.hz, noteHz(57)))).toBeLessThan(20);
      }

      await button(page, 'Refine').click();
      await sheet.locator('[data-stage="refining"]').waitFor();
      await button(page, 'Cancel').click();
      await sheet.locator('[data-stage="done"], [data-stage="cancelled"]').waitFor();
      // What was reached is kept only where it is nearer.
      expect(await score()).toBeLessThanOrEqual(first);

      await button(page, 'Keep as preset').click();
      await page.locator('.preset-name').click();
      await button(page, /^Yours/).click();
      await page.locator('.row-main', { hasText: 'my-pluck' }).waitFor();

      // Its point is on the map, where the puck stands.
      await button(page, 'Close').click();
      const spoken = (await place(page).getAttribute('aria-valuetext')) ?? '';
      const [across, down] = (spoken.match(/\d+(?= %)/g) ?? []).map(Number);
      const { x, y } = await pixelOf(page, { x: across / 100, y: down / 100 });
      const tips: string[] = [];
      for (let step = 0; step < 25; step++) {
        await page.mouse.move(x + 5 * ((step % 5) - 2), y + 5 * (Math.floor(step / 5) - 2));
        tips.push(...(await page.locator('.tip strong').allTextContents()));
      }
      expect(tips).toContain('my-pluck');
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'dropped on the morph pad stands in that corner, and the sound stays',
    async () => {
      const { page } = await tested.open();
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
    'of two hours the beginning is read, and what is larger than a note can be is refused in a sentence',
    async () => {
      const { page } = await tested.open();
      // The pluck, then silence until two hours are full: 8 kHz, 16 bits.
      await page.evaluate(
        (numbers) => {
          const [rate, hours] = [8000, 2];
          const body = 2 * rate * hours * 3600;
          const head = new DataView(new ArrayBuffer(44));
          const text = (at: number, word: string): void => {
            for (let i = 0; i < word.length; i++) head.setUint8(at + i, word.charCodeAt(i));
          };
          text(0, 'RIFF');
          head.setUint32(4, 36 + body, true);
          text(8, 'WAVEfmt ');
          head.setUint32(16, 16, true);
          head.setUint16(20, 1, true);
          head.setUint16(22, 1, true);
          head.setUint32(24, rate, true);
          head.setUint32(28, 2 * rate, true);
          head.setUint16(32, 2, true);
          head.setUint16(34, 16, true);
          text(36, 'data');
          head.setUint32(40, body, true);
          const tone = Int16Array.from(numbers);
          const file = new File([head, tone, new Uint8Array(body - tone.byteLength)], 'concert.wav');
          const transfer = new DataTransfer();
          transfer.items.add(file);
          document
            .querySelector('.map')
            ?.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: transfer }));
        },
        Array.from({ length: 12_000 }, (_, i) =>
          Math.round(9000 * Math.sin((2 * Math.PI * 220 * i) / 8000) * Math.exp(-i / 4000)),
        ),
      );
      const sheet = page.getByRole('dialog', { name: 'concert.wav' });
      await sheet.locator('[data-stage="done"]').waitFor();
      expect(await sheet.locator('.facts').textContent()).toContain('A3');
      await named(page, /^concert$/);

      await page.evaluate(() => {
        const mebibyte = new Uint8Array(1 << 20);
        const transfer = new DataTransfer();
        transfer.items.add(new File(new Array(257).fill(mebibyte), 'opera.wav'));
        document.querySelector('.map')?.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: transfer }));
      });
      await page.getByRole('alert').filter({ hasText: 'opera.wav is larger than 256 MiB' }).waitFor();
      await named(page, /^concert$/);
      await page.context().close();
    },
    PATIENCE,
  );

  test(
    'may be an AIFF, FLAC, MP3 or Ogg file, too',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'timbrefold-sounds-'));
      try {
        const { page } = await tested.open();
        for (const file of tones(folder)) {
          await drop(page, file, readFileSync(join(folder, file)));
          const sheet = page.getByRole('dialog', { name: file });
          await sheet.locator('[data-stage="done"]').waitFor();
          expect(await sheet.locator('.facts').textContent()).toContain('A4');
        }
        await page.context().close();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    PATIENCE,
  );

  test(
    'what is no sound is refused in a sentence, in the sheet and beside it',
    async () => {
      const { page } = await tested.open();
      const before = await page.getByTestId('preset-name').textContent();
      await drop(page, 'not-a-sound.wav', new TextEncoder().encode('hello'));
      await page.locator('[data-stage="failed"]', { hasText: 'not-a-sound.wav' }).waitFor();
      expect(await page.getByTestId('preset-name').textContent()).toBe(before);
      await page.context().close();
    },
    PATIENCE,
  );
});
