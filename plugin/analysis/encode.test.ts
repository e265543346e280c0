// Encoding with a model of a few lines: what it is given, where it ends, what it refuses.
import { describe, expect, test } from '@jest/globals';
import { parsePreset } from '../instrument/preset.ts';
import { Analyser, type SoundFeatures } from './analyser.ts';
import { type EncodingModel, encodeSound } from './encode.ts';
import { COLUMNS, FRAMES } from './layout.ts';
import { addNoise, testCore, tone } from './testing/synthetic.ts';

const COLUMNS_HEARD = 160;
const GOAL = [0.5, -1, 2];
const analyser = new Analyser(testCore());
const unlabelled = { key: null, velocity: null };
const sound: SoundFeatures = analyser.analyse(
  tone({ f0Hz: 220, seconds: 0.6, partials: 6, levelDb: (k) => -20 - 3 * k }),
  unlabelled,
);

/** An encoder that answers zeros, a loss with its minimum at GOAL. */
function model(seen: Record<string, Float32Array>[] = []): EncodingModel {
  return {
    manifest: {
      name: 'Tiny',
      latent: { dim: 3, prior: 'normal', mean: [0, 0, 0], std: [1, 1, 1], interpolation: 'lerp' },
      conditioning: { pitch: 'continuous', range: [48, 72], velocity: true },
      encoder: { features: 'timbrefold-features/1', frames: FRAMES, columns: COLUMNS_HEARD },
    },
    identity: { id: 'tiny', sha256: '0'.repeat(64) },
    map: {
      points: [
        { name: 'far', family: 'a', x: 0.1, y: 0.2, latent: [-3, 3, 0] },
        { name: 'near', family: 'b', x: 0.8, y: 0.9, latent: [0.4, -1, 1.8] },
      ],
    },
    encode: async (inputs) => {
      seen.push(inputs);
      return { z: new Float32Array(3) };
    },
    refine: async ({ z }) => {
      const loss = GOAL.reduce((sum, goal, i) => sum + (z[i] - goal) ** 2, 0);
      return { loss: Float32Array.of(loss), gradient: z.map((v, i) => 2 * (v - GOAL[i])) };
    },
  };
}

test('the encoder is given the columns it wants and the pitch that was found', async () => {
  const seen: Record<string, Float32Array>[] = [];
  const { preset, refined, warnings } = await encodeSound(sound, model(seen), { name: 'A3' });
  expect(seen).toHaveLength(1);
  expect(seen[0].frames).toHaveLength(FRAMES * COLUMNS_HEARD);
  expect(seen[0].frames[5 * COLUMNS_HEARD + 3]).toBe(sound.frames[5 * COLUMNS + 3]);
  expect(seen[0].pitch[0]).toBeCloseTo(57, 2);
  expect(preset.latent).toEqual([0, 0, 0]);
  expect(preset.macros).toEqual(new Array(8).fill(0.5));
  expect(parsePreset(JSON.parse(JSON.stringify(preset)), 'test')).toEqual(preset);
  expect(refined).toBeNull();
  expect(warnings).toEqual([]);
});

test('refinement reaches the minimum; the place on the map is that of the nearest sound', async () => {
  const { preset, refined } = await encodeSound(sound, model(), { name: 'x', refine: true });
  preset.latent.forEach((v, i) => {
    expect(Math.abs(v - GOAL[i])).toBeLessThan(1e-3);
  });
  expect(preset.map).toEqual({ x: 0.8, y: 0.9 });
  expect(refined?.before).toBeCloseTo(5.25, 5);
  expect(refined?.after).toBeLessThan(1e-5);
});

test('refinement can be ended between steps', async () => {
  const { refined } = await encodeSound(sound, model(), { name: 'x', refine: true, onStep: () => false });
  expect(refined?.steps).toBe(1);
});

describe('what a musician is told', () => {
  test('a note outside the range of the model', async () => {
    const low = analyser.analyse(tone({ f0Hz: 65.4, seconds: 0.6, partials: 20, levelDb: (k) => -20 - k }), unlabelled);
    const { pitch, warnings } = await encodeSound(low, model(), { name: 'x' });
    expect(pitch).toBe(48);
    expect(warnings[0]).toContain('outside the range of Tiny (48 to 72)');
  });

  test('a sound without pitch', async () => {
    const noise = analyser.analyse(addNoise(new Float32Array(48_000), -70), unlabelled);
    const { warnings } = await encodeSound(noise, model(), { name: 'x' });
    expect(warnings[0]).toContain('No pitch was found');
  });

  test.each([
    ['no encoder', { encoder: null }, 'The model Tiny has no encoder, so it cannot take a sound.'],
    ['other features', { encoder: { features: 'other/2', frames: 48, columns: 160 } }, 'wants other/2'],
  ])('a model with %s is refused', async (_, manifest, sentence) => {
    const other = model();
    other.manifest = { ...other.manifest, ...manifest };
    await expect(encodeSound(sound, other, { name: 'x' })).rejects.toThrow(sentence);
  });

  test('an encoder that gives no numbers, a model without refinement', async () => {
    const broken = { ...model(), encode: async () => ({ z: new Float32Array(3).fill(Number.NaN) }) };
    await expect(encodeSound(sound, broken, { name: 'x' })).rejects.toThrow('gave no usable latent');
    await expect(encodeSound(sound, { ...model(), refine: null }, { name: 'x', refine: true })).rejects.toThrow(
      'has no refinement',
    );
  });
});
