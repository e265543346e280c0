// L60 against the figures that the reference in Python prints for three pairs made from formulas.
import { describe, expect, test } from '@jest/globals';
import { l60 } from './l60.ts';
import { addNoise, testCore } from './testing/synthetic.ts';

const core = testCore();
const RATE = 48_000;

function sum(f0Hz: number, partials: number, decay: number): Float32Array {
  return Float32Array.from({ length: 2 * RATE }, (_, n) => {
    const t = n / RATE;
    let value = 0;
    for (let k = 1; k <= partials; k++) value += Math.sin(2 * Math.PI * f0Hz * k * t) / k;
    return value * Math.exp(-t * decay);
  });
}

describe('the reference pairs', () => {
  const a = sum(440, 1, 2);
  const later = new Float32Array(a.length + 960);
  later.set(
    a.map((v) => v * 10 ** -0.15),
    960,
  );
  test.each([
    ['440 Hz against one octave up', a, sum(880, 1, 2), 10.399],
    ['a sawtooth against its first ten partials', sum(110, 100, 1), sum(110, 10, 1), 19.665],
    ['the same 3 dB softer, 20 ms later', a, later, 0.103],
  ])('%s', (_, ref, got, expected) => {
    expect(Math.abs(l60(ref, got, RATE, core) - expected)).toBeLessThan(0.02);
  });
});

test('a sound against itself is 0, against silence far, in the first frames what it is there', () => {
  const a = sum(330, 6, 1);
  expect(l60(a, a, RATE, core)).toBe(0);
  expect(l60(a, new Float32Array(a.length), RATE, core)).toBeGreaterThan(5);
  const noisy = a.slice();
  noisy.set(addNoise(a.subarray(0, RATE / 10), -60), 0);
  expect(l60(a, noisy, RATE, core, { frames: 8 })).toBeGreaterThan(2 * l60(a, noisy, RATE, core));
});
