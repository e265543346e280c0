import { disc } from './lights.ts';

const SIZE = 24;
const image = () => ({ data: new Uint8ClampedArray(4 * SIZE * SIZE), width: SIZE, height: SIZE });
const at = ({ data }: { data: Uint8ClampedArray }, x: number, y: number): number[] => [
  ...data.subarray(4 * (y * SIZE + x), 4 * (y * SIZE + x) + 4),
];
const WARM = [240, 160, 80];

describe('a light', () => {
  test('covers its disc, softly at the edge, and nothing beyond', () => {
    const picture = image();
    disc(picture, { x: 12, y: 12, colour: WARM }, 1, 4, 1);
    expect(at(picture, 12, 12)).toEqual([...WARM, 255]);
    expect(at(picture, 17, 12)).toEqual([0, 0, 0, 0]);
    const covered = picture.data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + alpha / 255, 0);
    expect(covered).toBeCloseTo(Math.PI * 16, 0);
  });

  test('lies over another as paint lies over paint', () => {
    const picture = image();
    disc(picture, { x: 12, y: 12, colour: [0, 0, 255] }, 1, 6, 1);
    disc(picture, { x: 12, y: 12, colour: [255, 0, 0] }, 1, 4, 0.5);
    const [red, , blue, alpha] = at(picture, 12, 12);
    expect(red).toBeCloseTo(128, -1);
    expect(blue).toBeCloseTo(128, -1);
    expect(alpha).toBe(255);
  });

  test('at the edge of the picture stays inside it', () => {
    const picture = image();
    disc(picture, { x: 0, y: 11.5, colour: WARM }, 2, 3, 1);
    expect(at(picture, 0, 23)).toEqual([...WARM, 255]);
    expect(at(picture, SIZE - 1, 23)).toEqual([0, 0, 0, 0]);
  });
});
