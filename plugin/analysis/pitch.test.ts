// The pitch detector over the range of a piano, and where there is no pitch.
import { describe, expect, test } from '@jest/globals';
import { Analyser, hzOfMidi } from './analyser.ts';
import { detectPitch } from './pitch.ts';
import { addNoise, testCore, tone } from './testing/synthetic.ts';

const core = testCore();
const spectra: [string, (k: number) => number][] = [
  ['falling partials', (k) => -18 - 3 * k],
  ['a weak fundamental', (k) => (k === 1 ? -45 : -18 - 2 * k)],
  ['odd partials', (k) => (k % 2 === 1 ? -18 - 2 * k : -Infinity)],
];

describe.each(spectra)('%s', (name, levelDb) => {
  test('are found from A0 to C8 without labels', () => {
    const analyser = new Analyser(core);
    const wrong: string[] = [];
    for (let key = 21; key <= 108; key += 7) {
      // The highest notes have few partials below half the sample rate, and a fundamental is what they are known by.
      if (name === 'a weak fundamental' && key > 96) continue;
      const f0Hz = hzOfMidi(key + 0.2);
      const inharmonicity = key < 60 ? 1e-4 : 3e-4;
      const sound = tone({
        f0Hz,
        seconds: 0.35,
        partials: 16,
        levelDb,
        inharmonicity,
        decay: (k) => 5 + k,
        lead: 0.02,
      });
      const { pitch } = analyser.analyse(addNoise(sound, -100), { key: null, velocity: null });
      if (Math.abs(pitch - key - 0.2) > 0.05) wrong.push(`${key}: ${pitch.toFixed(2)}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('noise has no pitch', () => {
  for (let seed = 1; seed <= 5; seed++) {
    expect(detectPitch(addNoise(new Float32Array(48_000), -70, seed), 0, core)).toBeNull();
  }
});
