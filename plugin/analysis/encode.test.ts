// Encoding and refining with a model of a few lines: what it is given, where it ends, what it refuses.
import { describe, expect, test } from '@jest/globals';
import type { GraphSpec } from '../model/manifest.ts';
import { Analyser, type SoundFeatures } from './analyser.ts';
import { encodeLatent, type Graph, type LatentModel, nearestPlace, refineLatent } from './encode.ts';
import { COLUMNS, FRAMES } from './layout.ts';
import { addNoise, testCore, tone } from './testing/synthetic.ts';

const HEARD = 160;
/** Two numbers of z and one of detail, which moves on a scale of a tenth. */
const STD = [1, 1, 0.1];
const GOAL = [0.5, -1, 0.2];
const analyser = new Analyser(testCore());
const unlabelled = { key: null, velocity: null };
const sound: SoundFeatures = analyser.analyse(
  tone({ f0Hz: 220, seconds: 0.6, partials: 6, levelDb: (k) => -20 - 3 * k }),
  unlabelled,
);

function graph(inputs: GraphSpec['inputs'], run: Graph['run']): Graph {
  return { spec: { file: 'graphs/tiny.onnx', sha256: '0'.repeat(64), inputs, outputs: [] }, run };
}

/** An encoder that answers zeros, a loss with its minimum at GOAL. `seen` collects what either is given. */
function model(seen: Record<string, Float32Array>[] = []): LatentModel {
  return {
    manifest: {
      name: 'Tiny',
      latent: { dim: 3, detail: 1, prior: 'normal', mean: [0, 0, 0], std: STD, interpolation: 'lerp' },
      conditioning: { pitch: 'continuous', range: [48, 72], velocity: true },
      encoder: { features: 'timbrefold-features/1', frames: FRAMES, columns: HEARD },
    },
    encoder: graph([], async (inputs) => {
      seen.push(inputs);
      return { z: new Float32Array(3) };
    }),
    refiner: graph([{ name: 'target', shape: [1, FRAMES, COLUMNS] }], async (inputs) => {
      seen.push(inputs);
      const { z } = inputs;
      const loss = GOAL.reduce((sum, goal, i) => sum + ((z[i] - goal) / STD[i]) ** 2, 0);
      return { loss: Float32Array.of(loss), gradient: z.map((v, i) => (2 * (v - GOAL[i])) / STD[i] ** 2) };
    }),
  };
}
const start = { latent: new Float32Array(3), pitch: 57 };

test('the encoder is given the columns it wants and the pitch that was found', async () => {
  const seen: Record<string, Float32Array>[] = [];
  const { latent, pitch, warnings } = await encodeLatent(sound, model(seen));
  expect(seen).toHaveLength(1);
  expect(seen[0].frames).toHaveLength(FRAMES * HEARD);
  expect(seen[0].frames[5 * HEARD + 3]).toBe(sound.frames[5 * COLUMNS + 3]);
  expect(seen[0].pitch[0]).toBeCloseTo(57, 2);
  expect(pitch).toBeCloseTo(57, 2);
  expect(Array.from(latent)).toEqual([0, 0, 0]);
  expect(warnings).toEqual([]);
});

describe('refinement', () => {
  test('reaches the minimum, given all the columns that its graph wants', async () => {
    const seen: Record<string, Float32Array>[] = [];
    const { latent, before, after, ended } = await refineLatent(sound, model(seen), start, { seconds: 5 });
    latent.forEach((v, i) => {
      expect(Math.abs(v - GOAL[i])).toBeLessThan(1e-3);
    });
    expect(before).toBeCloseTo(5.25, 5);
    expect(after).toBeLessThan(1e-5);
    expect(ended).toBe('converged');
    expect(seen[0].target).toEqual(sound.frames);
  });

  test('moves z before detail', async () => {
    const seen: Record<string, Float32Array>[] = [];
    await refineLatent(sound, model(seen), start, { seconds: 5 });
    const moved = seen.findIndex(({ z }) => z[2] !== 0);
    const [x, y] = seen[moved].z;
    expect(Math.hypot(x - GOAL[0], y - GOAL[1])).toBeLessThan(1e-2);
  });

  test('keeps what it has reached when it is stopped or its time is over', async () => {
    let asked = 0;
    const stopped = await refineLatent(sound, model(), start, { seconds: 5, stopped: () => ++asked === 2 });
    expect(stopped.ended).toBe('stopped');
    expect(stopped.steps).toBe(2);
    expect(stopped.after).toBeLessThan(stopped.before);
    const shares: number[] = [];
    const late = await refineLatent(sound, model(), start, { seconds: 1e-9, onProgress: (s) => shares.push(s) });
    expect(late.ended).toBe('time');
    expect(late.steps).toBe(1);
    expect(shares).toEqual([1]);
  });

  test('is refused where the model has none, wants other features or gives no numbers', async () => {
    const limits = { seconds: 1 };
    await expect(refineLatent(sound, { ...model(), refiner: null }, start, limits)).rejects.toThrow(
      'has no refinement',
    );
    const wide = graph([{ name: 'target', shape: [1, FRAMES, COLUMNS + 1] }], async () => ({}));
    await expect(refineLatent(sound, { ...model(), refiner: wide }, start, limits)).rejects.toThrow('other features');
    const nan = graph([{ name: 'target', shape: [1, FRAMES, HEARD] }], async ({ z }) => ({
      loss: Float32Array.of(Number.NaN),
      gradient: z,
    }));
    await expect(refineLatent(sound, { ...model(), refiner: nan }, start, limits)).rejects.toThrow('no usable loss');
  });
});

test('the place on the map is that of the sound whose z lies nearest, whatever its detail', () => {
  const points = [
    { name: 'far', family: 'a', x: 0.1, y: 0.2, latent: [-3, 3, 0] },
    { name: 'near', family: 'b', x: 0.8, y: 0.9, latent: [0.4, -1, 5] },
  ];
  expect(nearestPlace([0.5, -1, 0], { manifest: model().manifest, map: { points } })).toEqual({ x: 0.8, y: 0.9 });
});

describe('what a musician is told', () => {
  test('a note outside the range of the model', async () => {
    const low = analyser.analyse(tone({ f0Hz: 65.4, seconds: 0.6, partials: 20, levelDb: (k) => -20 - k }), unlabelled);
    const { pitch, warnings } = await encodeLatent(low, model());
    expect(pitch).toBe(48);
    expect(warnings[0]).toContain('outside the range of Tiny (48 to 72)');
  });

  test('a sound without pitch', async () => {
    const noise = analyser.analyse(addNoise(new Float32Array(48_000), -70), unlabelled);
    const { warnings } = await encodeLatent(noise, model());
    expect(warnings[0]).toContain('No pitch was found');
  });

  test.each([
    ['no encoder', { encoder: null }, 'The model Tiny has no encoder, so it cannot take a sound.'],
    ['other features', { encoder: { features: 'other/2', frames: 48, columns: 160 } }, 'wants other/2'],
    [
      'more columns than there are',
      { encoder: { features: 'timbrefold-features/2', frames: 48, columns: 300 } },
      '48 x 300',
    ],
  ])('a model with %s is refused', async (_, manifest, sentence) => {
    const other = model();
    other.manifest = { ...other.manifest, ...manifest };
    await expect(encodeLatent(sound, other)).rejects.toThrow(sentence);
  });

  test('an encoder that gives no numbers', async () => {
    const broken = graph([], async () => ({ z: new Float32Array(3).fill(Number.NaN) }));
    await expect(encodeLatent(sound, { ...model(), encoder: broken })).rejects.toThrow('gave no usable latent');
  });
});
