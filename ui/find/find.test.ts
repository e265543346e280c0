import fc from 'fast-check';
import { testModel } from '../test-model.ts';
import { normal, uniform } from './chance.ts';
import { lessLike, perturb, random } from './draw.ts';
import { between, distance, latentOf, neighbours, placeOf } from './space.ts';

const { space, points } = testModel;
const latent = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
const seed = fc.integer({ min: 0, max: 999_999 });

describe('chance', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(random(space, 7)).toEqual(random(space, 7));
    expect(random(space, 7)).not.toEqual(random(space, 8));
  });

  test('is even, and normal where it should be', () => {
    const even = uniform(1);
    const values = Array.from({ length: 4000 }, even);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const next = normal(3);
    const drawn = Array.from({ length: 4000 }, next);
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.08);
  });

  test('a random sound has the usual detail', () => {
    fc.assert(fc.property(seed, (s) => expect(random(space, s)[3]).toBe(space.mean[3])));
  });

  test('a perturbed sound keeps its detail and what is locked', () => {
    fc.assert(
      fc.property(latent, seed, (from, s) => {
        // Macro 0 moves the first number, macro 1 the second.
        const found = perturb(space, from, 0.4, [0, 1], s);
        expect(found[0]).toBeCloseTo(from[0], 9);
        expect(found[1]).toBeCloseTo(from[1], 9);
        expect(found[3]).toBe(from[3]);
        expect(found[2]).not.toBe(from[2]);
      }),
    );
  });

  test('no amount changes nothing', () => {
    fc.assert(
      fc.property(latent, seed, (from, s) => {
        const found = perturb(space, from, 0, [], s);
        from.forEach((value, i) => {
          expect(found[i]).toBeCloseTo(value, 12);
        });
      }),
    );
  });

  test('less like this moves further from what is disliked than chance alone', () => {
    const from = [0, 0, 0, 0];
    const disliked = [from, [1, 1, 0, 0]];
    const away = (z: readonly number[]): number => Math.min(...disliked.map((other) => distance(space, z, other)));
    let won = 0;
    for (let s = 0; s < 40; s++) {
      if (away(lessLike(space, from, disliked, 0.5, [], s)) >= away(perturb(space, from, 0.5, [], s))) won++;
    }
    expect(won).toBe(40);
  });
});

describe('the space', () => {
  test('a point is its own nearest neighbour, and the others follow by distance', () => {
    const found = neighbours(space, latentOf(space, 2), 4);
    expect(found[0]).toEqual({ point: 2, distance: 0 });
    for (let i = 1; i < 4; i++) expect(found[i].distance).toBeGreaterThanOrEqual(found[i - 1].distance);
  });

  test('detail does not make sounds neighbours', () => {
    expect(distance(space, [1, 2, 3, 0], [1, 2, 3, 9])).toBe(0);
  });

  test('a latent of the map belongs where its point is', () => {
    const { x, y } = placeOf(space, points, latentOf(space, 1));
    expect(x).toBeCloseTo(points[1].x, 3);
    expect(y).toBeCloseTo(points[1].y, 3);
  });

  test('between begins and ends where it should, straight or around', () => {
    fc.assert(
      fc.property(latent, latent, (a, b) => {
        for (const interpolation of ['lerp', 'slerp'] as const) {
          const here = { ...space, interpolation };
          between(here, a, b, 0).forEach((value, i) => {
            expect(value).toBeCloseTo(a[i], 6);
          });
          between(here, a, b, 1).forEach((value, i) => {
            expect(value).toBeCloseTo(b[i], 6);
          });
        }
      }),
    );
  });

  test('around keeps the length of unit latents', () => {
    const middle = between({ ...space, interpolation: 'slerp' }, [1, 0, 0, 0], [0, 1, 0, 0], 0.5);
    expect(Math.hypot(...middle)).toBeCloseTo(1, 9);
  });
});
