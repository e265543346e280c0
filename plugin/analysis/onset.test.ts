// The onset against what the reference of L60 finds (numpy.convolve, mode "same").
import { expect, test } from '@jest/globals';
import { findOnset } from './onset.ts';

test('an impulse is heard as soon as the window reaches it', () => {
  const sound = new Float32Array(4800);
  sound[1000] = 1;
  // 144 samples: 72 behind, 71 ahead, as numpy puts an even kernel.
  expect(findOnset(sound, 48_000)).toBe(929);
});

test('what is 40 dB below the loudest is not yet the onset', () => {
  const sound = Float32Array.from({ length: 9600 }, (_, n) => (n < 4800 ? 0.009 : 1) * (n % 2 === 0 ? 1 : -1));
  expect(Math.abs(findOnset(sound, 48_000) - 4800)).toBeLessThan(80);
  expect(findOnset(sound, 48_000, -45)).toBe(0);
});

test('silence begins at 0', () => {
  expect(findOnset(new Float32Array(1000), 48_000)).toBe(0);
});
