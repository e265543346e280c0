// From home, map, morph pad, reach and macros to the latent: the values docs/contracts.md promises, and each voice's own moves.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Core, CoreModel } from '../../../plugin/engine/core.ts';
import { parameterById } from '../../../plugin/instrument/parameters.ts';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { fakeModel, LATENT, newCore, on, render, set, tone } from './fixture.ts';

const points = Array.from({ length: 20 }, (_, i) => ({
  x: (i * 0.618) % 1,
  y: (i * 0.414 + 0.1) % 1,
  latent: Float32Array.from({ length: LATENT }, (_, d) => Math.sin(i * (d + 1)) * 1.5),
}));

/** A silent core with these values: parameters jump. */
function coreWith(values: Record<string, number>, changes: Partial<CoreModel> = {}): Core {
  const core = newCore({ model: fakeModel(changes) });
  for (const [id, value] of Object.entries(values)) core.event(0, EVENT.parameter, 0, parameterById(id).index, value);
  core.process(1);
  return core;
}

function idw(x: number, y: number): number[] {
  const near = points
    .map((point) => ({ point, square: (point.x - x) ** 2 + (point.y - y) ** 2 }))
    .sort((a, b) => a.square - b.square);
  const edge = near.length > 8 ? 1 / Math.sqrt(near[8].square) : 0;
  const weighted = near
    .slice(0, 8)
    .map(({ point, square }) => ({ point, weight: (1 / Math.sqrt(square) - edge) ** 2 }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return Array.from(
    { length: LATENT },
    (_, d) => weighted.reduce((sum, { point, weight }) => sum + point.latent[d] * weight, 0) / total,
  );
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 4): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits);
};

describe('home and map', () => {
  const home = Float32Array.from([0.123456789, -1.7, 0.3333333, 2.5]);

  test('at home the latent is the bits of the preset', () => {
    const core = coreWith({ mapX: 0.31, mapY: 0.77 }, { map: points });
    core.setSound(home, 0.31, 0.77);
    expect(core.latent()).toEqual(home);
  });

  test('without a map the latent is the preset wherever the puck is', () => {
    const core = coreWith({ mapX: 0.9, mapY: 0.1 });
    core.setSound(home, 0.31, 0.77);
    expect(core.latent()).toEqual(home);
  });

  test('away from home the map takes over, as inverse-distance weights and a bell of 0.15 say', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (mapX, mapY) => {
          const x = Math.fround(mapX);
          const y = Math.fround(mapY);
          fc.pre(points.every((point) => Math.hypot(point.x - x, point.y - y) > 1e-3));
          const core = coreWith({ mapX: x, mapY: y }, { map: points });
          core.setSound(home, 0.5, 0.5);
          const away = Math.exp(-(((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.15 ** 2));
          const there = idw(x, y);
          const atHome = idw(0.5, 0.5);
          close(
            core.latent(),
            there.map((value, d) => value + (home[d] - atHome[d]) * away),
            3,
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('on a point of the map, far from home, it is that point', () => {
    const core = coreWith(
      { mapX: 1, mapY: 1 },
      { map: [...points, { x: 1, y: 1, latent: Float32Array.from([1, 2, 3, 4]) }] },
    );
    core.setSound(home, 0, 0);
    close(core.latent(), [1, 2, 3, 4]);
  });

  test('a sound with a number that is none is ignored', () => {
    const core = coreWith({});
    core.setSound(home, 0.5, 0.5);
    core.setSound([0, Number.NaN, 0, 0], 0.5, 0.5);
    core.setCorner(0, [0, Infinity, 0, 0]);
    expect(core.latent()).toEqual(home);
  });
});

describe('morph pad, reach and macros', () => {
  const corners = [
    [1, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 3],
  ];
  const morphed = (values: Record<string, number>, changes: Partial<CoreModel> = {}): Float32Array => {
    const core = coreWith(values, changes);
    corners.forEach((corner, i) => {
      core.setCorner(i as 0 | 1 | 2 | 3, corner);
    });
    return core.latent();
  };

  test('corners mix bilinearly and extrapolate beyond the pad', () => {
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0.3, 0.8],
      [-0.5, 1.5],
    ]) {
      const weights = [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
      close(
        morphed({ morphX: x, morphY: y, morphMix: 1 }),
        [0, 1, 2, 3].map((d) => weights.reduce((sum, weight, c) => sum + weight * corners[c][d], 0)),
      );
    }
  });

  test('the mix goes from the map to the pad', () => {
    close(morphed({ morphMix: 0.25, mapX: 0.5 }), [0.25, 0, 0, 0]);
  });

  test('a corner that was not set is the sound itself', () => {
    const core = coreWith({ morphMix: 1, morphX: 1 });
    core.setSound([0.5, 0.5, 0, 0], 0.5, 0.5);
    close(core.latent(), [0.5, 0.5, 0, 0]);
  });

  test('slerp keeps to the arc and interpolates the radius', () => {
    const quarter = Math.SQRT1_2;
    close(morphed({ morphX: 0.5, morphMix: 1 }, { interpolation: 'slerp' }), [1.5 * quarter, 1.5 * quarter, 0, 0]);
    // Beyond B by half an arc of 45 degrees, radius 2.5.
    close(morphed({ morphX: 1.5, morphMix: 1 }, { interpolation: 'slerp' }), [-2.5 * quarter, 2.5 * quarter, 0, 0]);
  });

  test('slerp goes about the mean of the prior', () => {
    const mean = Float32Array.from([10, 10, 0, 0]);
    const core = coreWith({ morphX: 0.5, morphMix: 1 }, { interpolation: 'slerp', mean });
    core.setCorner(0, [11, 10, 0, 0]);
    core.setCorner(1, [10, 11, 0, 0]);
    close(core.latent(), [10 + Math.SQRT1_2, 10 + Math.SQRT1_2, 0, 0]);
  });

  test('on the map of a slerp model radii are kept', () => {
    const ring = [0, 1, 2, 3, 4, 5].map((i) => ({
      x: 0.5 + 0.4 * Math.cos(i),
      y: 0.5 + 0.4 * Math.sin(i),
      latent: Float32Array.from([2 * Math.cos(i), 2 * Math.sin(i), 0, 0]),
    }));
    const core = coreWith({ mapX: 0.7, mapY: 0.9 }, { interpolation: 'slerp', map: ring });
    core.setSound([0, 0, 0, 0], 0, 0);
    expect(Math.hypot(...core.latent())).toBeCloseTo(2, 1);
  });

  test('reach scales about the mean', () => {
    const core = coreWith({ reach: 1.5 }, { mean: Float32Array.from([1, 0, 0, 0]) });
    core.setSound([3, -2, 0, 0], 0.5, 0.5);
    close(core.latent(), [4, -3, 0, 0]);
  });

  test('a macro adds its offset from the middle to 1, and takes it away towards 0', () => {
    close(coreWith({ macro1: 1, macro2: 0, macro3: 0.75 }).latent(), [1, -1, 0.5, 0]);
  });
});

describe('a voice of its own', () => {
  test('drift wanders with the depth and rate asked for, each voice and seed on its own path, from the sound itself', () => {
    const walk = (seed: number): number[][] => {
      const { rows } = render(
        newCore({ seed }),
        48_000 * 6,
        [set(0, 'driftDepth', 0.5), set(0, 'driftRate', 5), on(0, 60), on(0, 64)],
        tone,
        8192,
      );
      return [1, 2].map((serial) => rows.filter((row) => row.serial === serial).map((row) => row.z[0]));
    };
    const [one, two] = walk(1);
    expect(walk(1)).toEqual([one, two]);
    expect(walk(2)[0]).not.toEqual(one);
    expect(one).not.toEqual(two);
    expect(Math.abs(one[0])).toBeLessThan(0.3);
    const spread = (values: number[]): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(spread([...one, ...two])).toBeGreaterThan(0.35);
    expect(spread([...one, ...two])).toBeLessThan(0.65);
  });

  test('pressure moves its macro no further than the macro goes', () => {
    const events = [
      set(0, 'macro1', 0.9),
      set(0, 'pressureDepth', 1),
      [0, EVENT.pressure, 0, 0, 1] as const,
      on(1, 60),
    ];
    const { rows } = render(newCore(), 100, events, tone);
    expect(rows[0].z[0]).toBeCloseTo(1, 5);
  });
});
