// Detunes of sounds whose modes are known: bars, bells, mistuned strings; and of sounds that have none.
import { describe, expect, test } from '@jest/globals';
import { Analyser, type SoundFeatures } from './analyser.ts';
import { COLUMNS, DETUNE_COLUMN, DETUNES, frameTimes } from './layout.ts';
import { addNoise, type Tone, testCore, tone } from './testing/synthetic.ts';

const analyser = new Analyser(testCore());

function analyse(what: Partial<Tone> & Pick<Tone, 'partials'>, noiseDb = -110): SoundFeatures {
  const sound = tone({ f0Hz: 261.63, seconds: 1.2, levelDb: (k) => -20 - 2 * k, ...what });
  return analyser.analyse(addNoise(sound, noiseDb), { key: 60, velocity: null });
}
const detune = (row: SoundFeatures, k: number): number => row.frames[DETUNE_COLUMN + k - 1];
const levelDb = (row: SoundFeatures, k: number, j: number): number => row.frames[j * COLUMNS + k - 1] - row.gainDb;

test.each<[string, number[], number[]]>([
  // Which partial each mode belongs to.
  ['a bar', [1, 2.756, 5.404, 8.933], [1, 3, 5, 9]],
  ['a bell', [1, 2, 2.4, 3, 4, 5.33], [1, 2, 0, 3, 4, 5]],
  ['a bell without its fifth', [1, 2, 2.4, 4, 5.33], [1, 2, 3, 4, 5]],
])('the modes of %s are heard where they are', (_, ratios, partials) => {
  const row = analyse({ partials: ratios.length, ratio: (k) => ratios[k - 1], decay: () => 8 });
  const f0 = 261.63 * 2 ** ((row.pitch - 60) / 12);
  const j = frameTimes.findIndex((t) => t > 0.3);
  partials.forEach((k, i) => {
    if (k === 0) return;
    const hz = f0 * k * 2 ** (detune(row, k) / 1200);
    expect(Math.abs(1200 * Math.log2(hz / (261.63 * ratios[i])))).toBeLessThan(1.5);
    expect(Math.abs(levelDb(row, k, j) - (-20 - 2 * (i + 1) - 8 * frameTimes[j]))).toBeLessThan(0.8);
  });
  // The same in every frame.
  for (let c = 0; c < DETUNES; c++)
    expect(row.frames[47 * COLUMNS + DETUNE_COLUMN + c]).toBe(row.frames[DETUNE_COLUMN + c]);
});

test('partials beside their places are heard there', () => {
  const off = (k: number): number => (k % 3 === 0 ? 14 : k % 3 === 1 ? 0 : -9);
  const row = analyse({ partials: 12, ratio: (k) => k * 2 ** (off(k) / 1200) });
  const shift = (row.pitch - 60) * 100;
  for (let k = 1; k <= 12; k++) expect(Math.abs(detune(row, k) + shift - off(k) + fitted(row, k))).toBeLessThan(1.5);
});

/** Cents that the stretched series lies above the harmonic one at partial k. */
function fitted(row: SoundFeatures, k: number): number {
  const b = row.inharmonicity;
  return 600 * Math.log2((1 + b * k * k) / (1 + b));
}

describe('none are found in', () => {
  test.each<[string, Partial<Tone> & Pick<Tone, 'partials'>, number]>([
    ['a harmonic sound', { partials: 20 }, -110],
    ['a stiff string', { partials: 20, inharmonicity: 4e-4, decay: (k) => 4 + k }, -110],
    ['a noisy sound', { partials: 20 }, -78],
    ['a few partials', { partials: 2 }, -90],
  ])('%s', (_, what, noiseDb) => {
    const row = analyse(what, noiseDb);
    for (let k = 1; k <= DETUNES; k++) expect(Math.abs(detune(row, k))).toBeLessThan(1.5);
  });

  test('noise', () => {
    const row = analyser.analyse(addNoise(new Float32Array(57_600), -70), { key: 60, velocity: null });
    for (let k = 1; k <= DETUNES; k++) expect(detune(row, k)).toBe(0);
  });
});
