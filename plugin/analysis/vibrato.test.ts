// Vibrato of contours that are known, and of contours that only look like it.
import { describe, expect, test } from '@jest/globals';
import { gaussian } from './testing/synthetic.ts';
import { findVibrato, type PitchContour } from './vibrato.ts';

const STEP = 0.01;

/** A contour of `seconds`, heard through windows so short that they flatten nothing. */
function contour(seconds: number, cents: (t: number) => number): PitchContour {
  const count = Math.round(seconds / STEP);
  return {
    cents: Float64Array.from({ length: count }, (_, n) => cents(n * STEP)),
    weight: new Float64Array(count).fill(1),
    count,
    start: 0,
    step: STEP,
    windowSeconds: 0,
  };
}

const sine = (depth: number, hz: number) => (t: number) => depth * Math.sin(2 * Math.PI * hz * t + 0.7);

test.each([
  [8, 4.2],
  [30, 5.6],
  [70, 7.3],
])('%d cents at %d Hz', (depth, hz) => {
  const found = findVibrato(contour(2.8, sine(depth, hz)));
  expect(found?.rateHz).toBeCloseTo(hz, 1);
  for (const t of [0.3, 1.4, 2.5]) expect(Math.abs((found?.depth(t) ?? 0) / depth - 1)).toBeLessThan(0.06);
  for (let t = 0.3; t < 2.5; t += 0.07) {
    expect(Math.abs((found?.cents(t, 0) ?? 0) - sine(depth, hz)(t))).toBeLessThan(0.1 * depth);
  }
});

test('a vibrato that begins late is deep late', () => {
  const grow = (t: number): number => Math.min(1, Math.max(0, (t - 0.8) / 0.4));
  const found = findVibrato(contour(2.8, (t) => grow(t) * sine(40, 5.5)(t)));
  expect(found?.rateHz).toBeCloseTo(5.5, 1);
  expect(found?.depth(0.2)).toBeLessThan(6);
  expect(Math.abs((found?.depth(2) ?? 0) - 40)).toBeLessThan(3);
});

test('what the window flattened is made good', () => {
  const hz = 6;
  const windowSeconds = 0.09;
  // Mean of the sine under a Hann window, by the sum itself.
  const heard = (t: number): number => {
    let sum = 0;
    let weights = 0;
    for (let u = -0.5; u < 0.5; u += 0.001) {
      const w = 0.5 + 0.5 * Math.cos(2 * Math.PI * u);
      sum += w * sine(30, hz)(t + u * windowSeconds);
      weights += w;
    }
    return sum / weights;
  };
  const flat = contour(2.8, heard);
  const found = findVibrato({ ...flat, windowSeconds });
  expect(Math.abs((found?.depth(1.4) ?? 0) - 30)).toBeLessThan(1);
});

describe('none is found in', () => {
  const noise = gaussian(3);
  test.each<[string, number, (t: number) => number]>([
    ['a steady pitch', 2.8, () => 3],
    ['a glide', 2.8, (t) => 200 * t],
    ['a pitch that settles', 2.8, (t) => 60 * Math.exp(-t / 0.15)],
    ['noise', 2.8, () => 15 * noise()],
    ['a slow beat', 2.8, sine(30, 1.2)],
    ['a slow sway', 2.8, sine(30, 2)],
    ['a slow sway of a second and a half', 1.5, sine(30, 2)],
    ['a movement of one cent', 2.8, sine(1, 5)],
    ['two periods', 0.4, sine(30, 5)],
    ['nothing', 0, () => 0],
  ])('%s', (_, seconds, cents) => {
    expect(findVibrato(contour(seconds, cents))).toBeNull();
  });
});

test('values without weight do not count', () => {
  const clean = contour(2.8, sine(20, 5));
  for (let n = 90; n < 110; n++) {
    clean.cents[n] = 90;
    clean.weight[n] = 0;
  }
  const found = findVibrato(clean);
  expect(found?.rateHz).toBeCloseTo(5, 1);
  expect(Math.abs((found?.depth(1) ?? 0) - 20)).toBeLessThan(3);
});
