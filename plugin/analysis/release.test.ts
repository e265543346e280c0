// Releases of known slope, and where there is nothing to measure.
import { expect, test } from '@jest/globals';
import { ANALYSIS_RATE } from './layout.ts';
import { measureRelease } from './release.ts';
import { addNoise } from './testing/synthetic.ts';

const OFF = ANALYSIS_RATE;

/** A tone held for a second that falls by `fall` dB a second then, and by `decay` before. */
function letGo(fall: number, { decay = 0, level = -20, tail = 0.8 } = {}): Float32Array {
  return Float32Array.from({ length: OFF + Math.round(tail * ANALYSIS_RATE) }, (_, n) => {
    const t = n / ANALYSIS_RATE;
    const db = level - decay * Math.min(t, 1) - fall * Math.max(0, t - 1);
    return 10 ** (db / 20) * Math.SQRT2 * Math.sin(2 * Math.PI * 330 * t);
  });
}

test.each([20, 60, 150, 400])('%d dB a second', (fall) => {
  expect(Math.abs(measureRelease(letGo(fall), OFF) / fall - 1)).toBeLessThan(0.08);
  expect(Math.abs(measureRelease(addNoise(letGo(fall), -130), OFF) / fall - 1)).toBeLessThan(0.08);
});

test('what falls when held is not counted twice', () => {
  expect(Math.abs(measureRelease(letGo(100, { decay: 20 }), OFF) / 80 - 1)).toBeLessThan(0.08);
  expect(measureRelease(letGo(12, { decay: 12 }), OFF)).toBe(3);
  expect(measureRelease(letGo(0), OFF)).toBe(3);
});

test('nothing is measured where the sound or its recording has ended', () => {
  expect(measureRelease(letGo(60, { level: -80 }), OFF)).toBe(0);
  expect(measureRelease(letGo(10, { tail: 0.03 }), OFF)).toBe(0);
  expect(measureRelease(letGo(60), 3 * ANALYSIS_RATE)).toBe(0);
  expect(measureRelease(letGo(60), 100)).toBe(0);
});
