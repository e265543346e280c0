// The decoder that plays features: interpolation over tau, rows of several sounds, numbers that are not finite.
import { expect, test } from '@jest/globals';
import { FRAME_HEADER, ROW_HEADER } from '../instrument/protocol.ts';
import { FeatureDecoder } from './feature-decoder.ts';
import { ROW_FLOATS } from './features.ts';
import { COLUMNS, FRAMES, framePosition, frameTimes } from './layout.ts';

const frames = new Float32Array(2 * ROW_FLOATS);
for (let i = 0; i < frames.length; i++) frames[i] = -Math.floor(i / COLUMNS) - (i % COLUMNS) / 1000;

test('times and positions are each other inverted', () => {
  frameTimes.forEach((t, j) => {
    expect(framePosition(t)).toBeCloseTo(j, 9);
  });
  expect(frameTimes[0]).toBe(0);
  expect(frameTimes[FRAMES - 1]).toBeCloseTo(3, 9);
});

test('frames lie linearly between the two beside them, header copied, past the end the last', async () => {
  const decoder = new FeatureDecoder(frames);
  const size = ROW_HEADER + 1;
  const middle = (frameTimes[20] + frameTimes[21]) / 2;
  const rows = new Float32Array(3 * size);
  [
    [0, middle],
    [1, frameTimes[7]],
    [1, 99],
  ].forEach(([sound, tau], r) => {
    rows.set([0, 5, 77, r, tau, 60, 1, 0, sound], r * size);
  });
  const out = new Float32Array(3 * (FRAME_HEADER + COLUMNS));
  await decoder.decode(rows, 3, out);
  const at = (r: number, c: number): number => out[r * (FRAME_HEADER + COLUMNS) + FRAME_HEADER + c];
  expect(Array.from(out.subarray(0, 4))).toEqual([0, 5, 77, 0]);
  expect(at(0, 0)).toBeCloseTo(-20.5, 3);
  expect(at(0, 100)).toBeCloseTo(-20.6, 3);
  expect(at(1, 0)).toBeCloseTo(-FRAMES - 7, 3);
  expect(at(2, 0)).toBeCloseTo(-2 * FRAMES + 1, 3);
});

test('what is not a number plays as silence', () => {
  const broken = frames.slice();
  broken[3] = Number.NaN;
  const into = new Float32Array(COLUMNS);
  new FeatureDecoder(broken).frameAt(0, 0, into, 0);
  expect(into[3]).toBe(-100);
  expect(into[2]).toBe(broken[2]);
});
