import { isBlack, keyName, layKeys, rangeFor } from './layout.ts';

describe('the drawn keyboard', () => {
  test('white keys fill the width, black keys stand between their neighbours', () => {
    const keys = layKeys(48, 72);
    const whites = keys.filter(({ black }) => !black);
    expect(whites).toHaveLength(15);
    expect(whites.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
    for (const { key, left, width } of keys.filter(({ black }) => black)) {
      const below = whites.find((white) => white.key === key - 1);
      expect(left + width / 2).toBeCloseTo((below?.left ?? Number.NaN) + (below?.width ?? 0));
    }
    expect(keys.filter(({ black }) => black).map(({ key }) => key % 12)).toEqual([1, 3, 6, 8, 10, 1, 3, 6, 8, 10]);
  });

  test('middle C is C4 and white', () => {
    expect(keyName(60)).toBe('C4');
    expect(isBlack(60)).toBe(false);
    expect(isBlack(61)).toBe(true);
  });

  test.each([320, 390, 800, 1280, 1600, 3000])('%i pixels show whole octaves that hold middle C', (pixels) => {
    const { low, high } = rangeFor(pixels);
    expect(low % 12).toBe(0);
    expect((high - low) % 12).toBe(0);
    expect(low).toBeLessThanOrEqual(60);
    expect(high).toBeGreaterThanOrEqual(72);
  });
});
