// The étude of docs/etude, rendered with the model that ships: its chords, melody, bend and automation are heard as written.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/build/paths.ts';
import { etudeScore } from '../../scripts/generate/etude.ts';
import { Workplace } from '../support/cli.ts';
import { amplitudeAt, centsOff, keyHertz, rms } from '../support/measure.ts';
import { readWav, type Wav } from '../support/wav.ts';

const RATE = 48_000;
const place = new Workplace();
let wav: Wav;

beforeAll(() => {
  const etude = join(root, 'docs', 'etude');
  const args = ['--automate', join(etude, 'etude.csv'), '--bits', '32f', '-o', 'etude.wav'];
  const { code, stderr } = place.run('render', join(etude, 'etude.mid'), ...args);
  if (code !== 0) throw new Error(stderr);
  wav = readWav(place.path('etude.wav'));
});
afterAll(() => place.remove());

const part = (from: number, to: number): Float32Array =>
  wav.left.subarray(Math.round(from * RATE), Math.round(to * RATE));

/** Level of the band above `hertz` against all, in dB, by first differences: rises with brightness. */
function brightness(from: number, to: number): number {
  const x = part(from, to);
  const steep = x.map((value, n) => (n === 0 ? 0 : value - x[n - 1]));
  return 20 * Math.log10(rms(steep) / rms(x));
}

describe('the étude', () => {
  test('has every note at its pitch while it sounds, and not before', () => {
    for (const { key, begin, end } of etudeScore.notes) {
      const alone = etudeScore.notes.filter((other) => other.begin < begin && other.end > begin - 0.2);
      const during = amplitudeAt(part(begin + 0.05, Math.min(end, begin + 0.35)), RATE, keyHertz(key));
      expect(during).toBeGreaterThan(1e-3);
      // A key whose overtones nobody else was sounding stands out from what was there before.
      const covered = alone.some((other) => (key - other.key) % 12 === 0 || other.key === key || key > other.key + 11);
      if (begin > 0.3 && !covered) {
        expect(during).toBeGreaterThan(4 * amplitudeAt(part(begin - 0.2, begin - 0.01), RATE, keyHertz(key)));
      }
    }
  });

  test('has its bass notes in tune', () => {
    // What is measured is the fundamental, which in a piano lies up to two cents beside the series of its partials.
    etudeScore.bars.slice(0, 4).forEach((begin) => {
      const bass = etudeScore.notes.filter((note) => note.begin === begin).sort((a, b) => a.key - b.key)[0];
      expect(Math.abs(centsOff(part(begin + 0.3, bass.end), RATE, bass.key))).toBeLessThan(2.5);
    });
  });

  test('bends its last note down by two semitones', () => {
    const { key, semitones, begin, end } = etudeScore.bent;
    const bent = part(begin, end);
    expect(amplitudeAt(bent, RATE, keyHertz(key + semitones))).toBeGreaterThan(
      4 * amplitudeAt(bent, RATE, keyHertz(key)),
    );
    expect(Math.abs(centsOff(bent, RATE, key + semitones))).toBeLessThan(2.5);
  });

  test('begins its bars on the sample grid of the score', () => {
    for (const begin of etudeScore.bars.slice(1, 4)) {
      expect(rms(part(begin, begin + 0.03))).toBeGreaterThan(1.5 * rms(part(begin - 0.03, begin)));
    }
  });

  test('is brighter where the lane opens brightness', () => {
    const [first, , third, fourth] = etudeScore.bars;
    expect(brightness(third + 0.05, third + 1)).toBeGreaterThan(brightness(first + 0.05, first + 1) + 2);
    expect(brightness(third + 1.4, third + 2.3)).toBeGreaterThan(brightness(fourth + 1.4, fourth + 2.3) + 1);
  });
});
