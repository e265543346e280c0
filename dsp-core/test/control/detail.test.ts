// Detail: the numbers of a latent that make a sound that very sound. They travel and interpolate with it; macros, drift and reach beyond 1 leave them alone.
import { describe, expect, test } from '@jest/globals';
import { MAX_LATENT, MAX_MAP_POINTS } from '../../../plugin/instrument/protocol.ts';
import { fakeModel, newCore, on, render, set, tone } from './fixture.ts';

const DIM = 300;
const Z = 20;
const vector = (seed: number): Float32Array => Float32Array.from({ length: DIM }, (_, i) => Math.sin(seed + 1.7 * i));
const zero = new Float32Array(DIM);

const model = (changes = {}) =>
  fakeModel({
    latentDim: DIM,
    latentDetail: DIM - Z,
    mean: zero,
    std: zero.slice().fill(1),
    // Macros and map say something of every number, detail included.
    macros: Array.from({ length: 8 }, (_, i) => vector(100 + i)),
    map: [0, 1, 2, 3].map((i) => ({ x: i % 2, y: i >> 1, latent: vector(i) })),
    ...changes,
  });

const last = (rows: { z: Float32Array }[]): Float32Array => rows[rows.length - 1].z;

test('rows carry the whole latent', () => {
  const core = newCore({ model: model({ map: [] }) });
  core.setSound(vector(5), 0.5, 0.5);
  const { rows } = render(core, 200, [on(0, 60)], tone);
  expect(rows[0].z).toEqual(vector(5));
});

test('macros, pressure and drift move z and nothing of the detail', () => {
  const core = newCore({ model: model({ map: [] }) });
  core.setSound(vector(5), 0.5, 0.5);
  const events = [set(0, 'macro1', 1), set(0, 'driftDepth', 1), set(0, 'driftRate', 10), on(0, 60)];
  const z = last(render(core, 48_000, events, tone, 8192).rows);
  expect(z.subarray(Z)).toEqual(vector(5).subarray(Z));
  let moved = 0;
  for (let i = 0; i < Z; i++) if (Math.abs(z[i] - vector(5)[i]) > 0.05) moved++;
  expect(moved).toBeGreaterThan(Z / 2);
});

describe.each(['lerp', 'slerp'] as const)('%s', (interpolation) => {
  test('morphing mixes detail straight', () => {
    const core = newCore({ model: model({ map: [], interpolation }) });
    for (const corner of [0, 1, 2, 3] as const) core.setCorner(corner, vector(10 + corner));
    const { rows } = render(
      core,
      200,
      [set(0, 'morphMix', 1), set(0, 'morphX', 0.25), set(0, 'morphY', 0), on(0, 60)],
      tone,
    );
    for (let i = Z; i < DIM; i++) {
      expect(rows[0].z[i]).toBeCloseTo(0.75 * vector(10)[i] + 0.25 * vector(11)[i], 5);
    }
  });

  test('the map averages detail by the weights of its points', () => {
    const core = newCore({ model: model({ interpolation }) });
    core.setSound(vector(0), 0, 0);
    // In the middle of four points all count alike; home is 0.7 away.
    const { rows } = render(core, 200, [set(0, 'mapX', 0.5), set(0, 'mapY', 0.5), on(0, 60)], tone);
    for (let i = Z; i < DIM; i++) {
      const mean = [0, 1, 2, 3].reduce((sum, p) => sum + vector(p)[i] / 4, 0);
      expect(rows[0].z[i]).toBeCloseTo(mean, 4);
    }
  });
});

test('reach takes detail back to the mean, not beyond itself', () => {
  for (const [reach, z, detail] of [
    [0.5, 0.5, 0.5],
    [1.5, 1.5, 1],
  ]) {
    const core = newCore({ model: model({ map: [] }) });
    core.setSound(vector(5), 0.5, 0.5);
    const { rows } = render(core, 200, [set(0, 'reach', reach), on(0, 60)], tone);
    for (let i = 0; i < DIM; i++) expect(rows[0].z[i]).toBeCloseTo((i < Z ? z : detail) * vector(5)[i], 5);
  }
});

test('without detail everything is z, as it always was', () => {
  const plain = model({ latentDetail: 0, map: [] });
  const { latentDetail: _, ...without } = plain;
  const events = [set(0, 'macro1', 1), set(0, 'driftDepth', 1), set(0, 'reach', 1.3), on(0, 60)];
  const one = render(newCore({ model: plain }), 9600, events, tone);
  expect(render(newCore({ model: without }), 9600, events, tone).rows).toEqual(one.rows);
  expect(Math.abs(last(one.rows)[DIM - 1])).toBeGreaterThan(0.01);
});

test('the largest model plays from any corner of its map', () => {
  const size = { latentDim: MAX_LATENT, latentDetail: MAX_LATENT - 16 };
  const big = (value: number): Float32Array => new Float32Array(MAX_LATENT).fill(value);
  const core = newCore({
    model: fakeModel({
      ...size,
      mean: big(0),
      std: big(1),
      macros: Array.from({ length: 8 }, () => big(0)),
      map: Array.from({ length: MAX_MAP_POINTS }, (_, i) => ({
        x: (i % 64) / 63,
        y: Math.floor(i / 64) / 31,
        latent: big(i),
      })),
    }),
  });
  core.setSound(big(0), 0, 0);
  const { rows } = render(core, 200, [set(0, 'mapX', 1), set(0, 'mapY', 1), on(0, 60)], tone);
  expect(rows[0].z).toEqual(big(MAX_MAP_POINTS - 1));
});
