import { mixDown } from './mix-down.ts';

describe('several channels become one', () => {
  const left = Float32Array.of(1, -0.5, 0.25);

  test('by their mean, no longer than asked for', () => {
    expect(mixDown([left, Float32Array.of(0, 0.5, 0)], 2)).toEqual(Float32Array.of(0.5, 0));
    expect(mixDown([left], 8)).toEqual(left);
  });

  test('by the loudest alone where they cancel', () => {
    const opposite = left.map((sample) => -1.01 * sample);
    expect(mixDown([left, opposite], 3)).toEqual(opposite);
  });
});
