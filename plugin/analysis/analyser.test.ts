// The analyser on sounds whose partials, noise, decay and tuning are known.
import { describe, expect, test } from '@jest/globals';
import { Analyser, hzOfMidi, midiOfHz, type SoundFeatures, UnfitSound } from './analyser.ts';
import {
  CENTS_COLUMN,
  COLUMNS,
  FRAMES,
  frameTimes,
  NOISE_BANDS,
  NOISE_COLUMN,
  noiseCentresHz,
  noiseWidthsHz,
  PARTIALS,
  RELEASE_COLUMN,
  VIBRATO_COLUMN,
} from './layout.ts';
import { addNoise, testCore, tone } from './testing/synthetic.ts';

const analyser = new Analyser(testCore());
const unlabelled = { key: null, velocity: null };

/** Level of partial k in frame j as it was in the sound, before normalising. */
const partialDb = (row: SoundFeatures, j: number, k: number): number => row.frames[j * COLUMNS + k - 1] - row.gainDb;
const noiseDb = (row: SoundFeatures, j: number, b: number): number =>
  row.frames[j * COLUMNS + NOISE_COLUMN + b] - row.gainDb;
const frameAt = (seconds: number): number => frameTimes.findIndex((t) => t >= seconds);

describe('partials', () => {
  test.each([
    ['A1', 55],
    ['C4', 261.63],
    ['A5', 880],
    ['E7', 2637],
  ])('levels of steady partials are found within 0.5 dB: %s', (_, f0Hz) => {
    const levelDb = (k: number): number => -20 - 2.5 * k - 4 * (k % 3);
    const sound = tone({ f0Hz, seconds: 1.6, partials: 12, levelDb, lead: 0.05 });
    const row = analyser.analyse(sound, { key: Math.round(midiOfHz(f0Hz)), velocity: null });
    const heard = Array.from({ length: 12 }, (_, i) => i + 1).filter((k) => k * f0Hz < 17_000);
    for (const k of heard) {
      for (const j of [8, 14, 25, 32, 38]) expect(Math.abs(partialDb(row, j, k) - levelDb(k))).toBeLessThan(0.5);
    }
    // The first frames hear a window that begins with the sound: their levels as a whole are right, single weak partials less so.
    for (const j of [0, 3]) {
      const power = (level: (k: number) => number): number => heard.reduce((sum, k) => sum + 10 ** (level(k) / 10), 0);
      expect(Math.abs(10 * Math.log10(power((k) => partialDb(row, j, k)) / power(levelDb)))).toBeLessThan(1);
    }
    expect(row.voiced).toBeGreaterThan(0.99);
  });

  test('each partial falls as fast as it did', () => {
    const decay = (k: number): number => 6 + 3 * k;
    const sound = tone({ f0Hz: 220, seconds: 1.8, partials: 10, levelDb: (k) => -15 - k, decay });
    const row = analyser.analyse(sound, { key: 57, velocity: null });
    for (let k = 1; k <= 10; k++) {
      for (const seconds of [0.1, 0.5, 1.2]) {
        const j = frameAt(seconds);
        expect(Math.abs(partialDb(row, j, k) - (-15 - k - decay(k) * frameTimes[j]))).toBeLessThan(0.7);
      }
      const [early, late] = [frameAt(0.3), frameAt(1.5)];
      const slope = (partialDb(row, early, k) - partialDb(row, late, k)) / (frameTimes[late] - frameTimes[early]);
      expect(Math.abs(slope / decay(k) - 1)).toBeLessThan(0.04);
    }
  });

  test('a slow attack stays slow and a sharp one sharp', () => {
    const make = (attack: number): SoundFeatures =>
      analyser.analyse(tone({ f0Hz: 440, seconds: 1, partials: 6, levelDb: (k) => -20 - 3 * k, attack }), {
        key: 69,
        velocity: null,
      });
    const rise = (row: SoundFeatures): number => partialDb(row, 30, 1) - partialDb(row, 1, 1);
    expect(rise(make(0.2))).toBeGreaterThan(20);
    expect(Math.abs(rise(make(0)))).toBeLessThan(0.5);
  });

  test('a rise within a few milliseconds is heard as one', () => {
    const sound = tone({ f0Hz: 440, seconds: 0.5, partials: 6, levelDb: (k) => -20 - 3 * k, attack: 0.012 });
    const row = analyser.analyse(sound, { key: 69, velocity: null });
    // An onset is where a sound comes within 40 dB of its loudest: within the first half millisecond here.
    for (const j of [0, 1, 2]) {
      const wanted = -23 + 20 * Math.log10((frameTimes[j] + row.onset / 48_000) / 0.012);
      expect(partialDb(row, j, 1)).toBeGreaterThan(wanted - 4);
      expect(partialDb(row, j, 1)).toBeLessThan(j === 0 ? -38 : wanted + 4);
    }
    expect(Math.abs(partialDb(row, 6, 1) + 23)).toBeLessThan(0.7);
  });

  test('the loudest frame stands at -18 dB', () => {
    const sound = addNoise(
      tone({ f0Hz: 330, seconds: 0.8, partials: 20, levelDb: (k) => -12 - k, decay: () => 9 }),
      -80,
    );
    const row = analyser.analyse(sound, { key: 64, velocity: null });
    let loudest = 0;
    for (let j = 0; j < FRAMES; j++) {
      let power = 0;
      for (let k = 0; k < PARTIALS; k++) power += 10 ** (row.frames[j * COLUMNS + k] / 10) / 2;
      for (let b = 0; b < NOISE_BANDS; b++) power += 10 ** (row.frames[j * COLUMNS + NOISE_COLUMN + b] / 10);
      loudest = Math.max(loudest, power);
    }
    expect(10 * Math.log10(loudest)).toBeCloseTo(-18, 2);
  });

  test('frames behind the end of a sound are silent', () => {
    const row = analyser.analyse(tone({ f0Hz: 440, seconds: 0.5, partials: 3, levelDb: () => -20 }), unlabelled);
    expect(row.seconds).toBeCloseTo(0.5, 2);
    for (let c = 0; c < PARTIALS + NOISE_BANDS; c++) expect(row.frames[47 * COLUMNS + c]).toBe(-100);
    expect(Math.abs(partialDb(row, frameAt(0.3), 1) + 20)).toBeLessThan(0.5);
  });
});

describe('tuning', () => {
  test.each([-31, 0, 17.3])('f0 off by %d cents is found within half a cent', (off) => {
    for (const key of [33, 52, 69, 88]) {
      const f0Hz = hzOfMidi(key + off / 100);
      const sound = tone({ f0Hz, seconds: 0.8, partials: 10, levelDb: (k) => -20 - 2 * k });
      const row = analyser.analyse(sound, { key, velocity: null });
      expect(Math.abs(row.pitch - key - off / 100) * 100).toBeLessThan(0.5);
    }
  });

  test.each([
    [27.5, 3e-4],
    [65.4, 1.2e-4],
    [261.6, 4e-4],
    [698, 1.5e-3],
  ])('inharmonicity of a string at %d Hz is found within 5 %%: %d', (f0Hz, inharmonicity) => {
    const partials = Math.min(60, Math.floor(9000 / f0Hz));
    const sound = tone({
      f0Hz,
      seconds: 1.4,
      partials,
      inharmonicity,
      levelDb: (k) => -20 - k,
      decay: (k) => 3 + k / 2,
    });
    const row = analyser.analyse(sound, { key: Math.round(midiOfHz(f0Hz)), velocity: null });
    expect(Math.abs(row.inharmonicity / inharmonicity - 1)).toBeLessThan(0.05);
    expect(Math.abs(midiOfHz(f0Hz) - row.pitch) * 100).toBeLessThan(0.5);
    // The levels are those of the partials where they really are, not of the harmonics they left.
    const far = Math.min(30, partials);
    const j = frameAt(0.3);
    expect(Math.abs(partialDb(row, j, far) - (-20 - far - (3 + far / 2) * frameTimes[j]))).toBeLessThan(0.8);
  });

  test('an organ with a sixteen-foot stop is taken an octave lower', () => {
    const sound = tone({ f0Hz: 110, seconds: 1, partials: 16, levelDb: (k) => (k % 2 === 0 ? -15 : -19) - k / 2 });
    expect(analyser.analyse(sound, { key: 57, velocity: null }).pitch).toBeCloseTo(45, 2);
  });

  test('a slow sway stands in the cents', () => {
    const cents = (t: number): number => 30 * Math.sin(2 * Math.PI * 2 * t);
    const sound = tone({ f0Hz: 440, seconds: 1.5, partials: 6, levelDb: (k) => -20 - 3 * k, cents });
    const row = analyser.analyse(sound, { key: 69, velocity: null });
    for (const seconds of [0.06, 0.13, 0.25, 0.38]) {
      const j = frameAt(seconds);
      const heard = row.frames[j * COLUMNS + CENTS_COLUMN] + (row.pitch - 69) * 100;
      expect(Math.abs(heard - cents(frameTimes[j]))).toBeLessThan(4);
    }
    expect(row.frames[30 * COLUMNS + VIBRATO_COLUMN]).toBe(0);
  });

  test.each([
    [110, 25, 5.2],
    [440, 12, 6.1],
    [880, 45, 4.4],
  ])('a vibrato of %d Hz by %d cents at %d Hz has columns of its own', (f0Hz, depth, rate) => {
    const cents = (t: number): number => depth * Math.sin(2 * Math.PI * rate * t);
    const sound = tone({ f0Hz, seconds: 2.2, partials: 8, levelDb: (k) => -20 - 3 * k, cents });
    const row = analyser.analyse(addNoise(sound, -110), { key: Math.round(midiOfHz(f0Hz)), velocity: null });
    expect(Math.abs(midiOfHz(f0Hz) - row.pitch) * 100).toBeLessThan(3);
    for (const seconds of [0.1, 0.4, 1, 1.6]) {
      const j = frameAt(seconds);
      expect(Math.abs(row.frames[j * COLUMNS + VIBRATO_COLUMN] / depth - 1)).toBeLessThan(0.1);
      expect(Math.abs(row.frames[j * COLUMNS + VIBRATO_COLUMN + 1] - rate)).toBeLessThan(0.15);
      // What is left in the cents is how far the whole lies from its pitch.
      const rest = row.frames[j * COLUMNS + CENTS_COLUMN] + (row.pitch - midiOfHz(f0Hz)) * 100;
      expect(Math.abs(rest)).toBeLessThan(0.15 * depth + 1);
    }
  });
});

describe('release', () => {
  test('is measured where the moment of letting go is known', () => {
    const held = tone({ f0Hz: 262, seconds: 1.5, partials: 6, levelDb: (k) => -20 - 2 * k });
    const sound = held.map((v, n) => v * 10 ** (-90 * Math.max(0, n / 48_000 - 0.9) * 0.05));
    const release = (holdSeconds: number | null): number =>
      analyser.analyse(sound, { key: 60, velocity: null, holdSeconds }).frames[RELEASE_COLUMN];
    expect(Math.abs(release(0.9) / 90 - 1)).toBeLessThan(0.08);
    expect(release(null)).toBe(0);
  });
});

describe('noise', () => {
  test.each([
    ['alone', null],
    ['under a low tone', 82.4],
    ['under a tone', 330],
    ['under a high tone', 1320],
  ])('band levels are found within 1.5 dB: %s', (_, f0Hz) => {
    const densityDb = -82;
    const silence = new Float32Array(Math.round(3.3 * 48_000));
    const clean = f0Hz
      ? tone({ f0Hz, seconds: 3.3, partials: Math.floor(8000 / f0Hz), levelDb: (k) => -18 - 2 * Math.log2(k) })
      : silence;
    const row = analyser.analyse(addNoise(clean, densityDb), { key: f0Hz ? midiOfHz(f0Hz) : 60, velocity: null });
    for (let b = 3; b < NOISE_BANDS - 1; b++) {
      // The mean over the sound: single frames of a narrow band scatter.
      let sum = 0;
      for (let j = 20; j < FRAMES - 1; j++) sum += noiseDb(row, j, b);
      const wanted = densityDb + 10 * Math.log10(noiseWidthsHz[b]);
      // Noise as narrow as a few bins between low partials is known less well.
      const tolerance = f0Hz && noiseCentresHz[b] < 5 * f0Hz ? 3 : 1.5;
      expect(Math.abs(sum / (FRAMES - 21) - wanted)).toBeLessThan(tolerance);
    }
  });

  test('a tone leaves no noise behind', () => {
    const sound = tone({ f0Hz: 196, seconds: 2, partials: 40, levelDb: (k) => -18 - k / 2, decay: (k) => k / 4 });
    const row = analyser.analyse(sound, { key: 55, velocity: null });
    for (const j of [8, 20, 40]) {
      let noise = 0;
      for (let b = 0; b < NOISE_BANDS; b++) noise += 10 ** (noiseDb(row, j, b) / 10);
      expect(10 * Math.log10(noise)).toBeLessThan(-55);
    }
  });

  test('noise is not voiced and is said to have no pitch', () => {
    const row = analyser.analyse(addNoise(new Float32Array(96_000), -70), unlabelled);
    expect(row.pitched).toBe(false);
    expect(row.voiced).toBeLessThan(0.15);
  });
});

describe('sounds that cannot be analysed', () => {
  const short = tone({ f0Hz: 440, seconds: 0.01, partials: 1, levelDb: () => -6 });
  test.each([
    ['silence', new Float32Array(48_000), 'silent.'],
    ['nothing', new Float32Array(0), 'silent.'],
    ['10 ms', short, '10 ms is too short; at least 30 ms are needed.'],
    ['not a number', new Float32Array(48_000).fill(Number.NaN), 'the sound contains samples that are not numbers.'],
  ])('%s is refused in a sentence', (_, sound, sentence) => {
    expect(() => analyser.analyse(sound, unlabelled)).toThrow(new UnfitSound(sentence));
  });

  test('40 ms are enough', () => {
    const row = analyser.analyse(tone({ f0Hz: 440, seconds: 0.04, partials: 3, levelDb: () => -12 }), unlabelled);
    expect(row.frames.every(Number.isFinite)).toBe(true);
    expect(Math.abs(row.pitch - 69)).toBeLessThan(0.3);
  });
});

test('what was analysed before leaves no trace', () => {
  const sound = addNoise(tone({ f0Hz: 147, seconds: 1, partials: 20, levelDb: (k) => -20 - k }), -75);
  const alone = new Analyser(testCore()).analyse(sound, { key: 50, velocity: null });
  analyser.analyse(addNoise(new Float32Array(50_000), -60, 7), unlabelled);
  expect(analyser.analyse(sound, { key: 50, velocity: null })).toEqual(alone);
});
