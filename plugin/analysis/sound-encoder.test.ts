// A sound becomes a preset with the model that ships: what comes back, refinement, ending it early, and the Worker's messages.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parsePreset } from '../instrument/preset.ts';
import { type Bundle, readBundle } from '../model/bundle.ts';
import { openNodeDecoder, openNodeGraph } from '../model/ort-node.ts';
import type { FromEncoder } from './encode-messages.ts';
import { EncodeService } from './encode-service.ts';
import { l60 } from './l60.ts';
import { ANALYSIS_RATE } from './layout.ts';
import { EncodingStopped, SoundEncoder } from './sound-encoder.ts';
import { addNoise, testCore, tone } from './testing/synthetic.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const runtime = { openDecoder: openNodeDecoder, openGraph: openNodeGraph };
const rms = (x: Float32Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
const sound = addNoise(
  tone({ f0Hz: 293.66, seconds: 1.2, partials: 14, levelDb: (k) => -14 - 3 * k, decay: (k) => 5 + 2 * k, lead: 0.1 }),
  -120,
);
let bundle: Bundle;
let encoder: SoundEncoder;
beforeAll(async () => {
  bundle = await readBundle(new Uint8Array(readFileSync(file('models/atlas.timbre'))), 'atlas.timbre');
  encoder = await SoundEncoder.open(testCore(), bundle, runtime);
});
afterAll(() => encoder.dispose());

describe('an encoded sound', () => {
  test('is a preset, with what is heard of it beside the original', async () => {
    const stages: string[] = [];
    const encoded = await encoder.encode(sound, { name: 'D4', onProgress: (stage) => stages.push(stage) });
    const { preset, pitch, score, original, resynthesis } = encoded;
    expect(parsePreset(JSON.parse(JSON.stringify(preset)), 'test')).toEqual(preset);
    expect(preset.latent).toHaveLength(bundle.manifest.latent.dim);
    expect(preset.model).toEqual({ id: bundle.identity.id, sha256: bundle.identity.sha256 });
    expect(Math.abs(pitch - 62)).toBeLessThan(0.02);
    expect(stages).toEqual(['listening', 'encoding', 'playing']);
    expect(resynthesis).toHaveLength(original.length);
    expect(Math.abs(20 * Math.log10(rms(resynthesis) / rms(original)))).toBeLessThan(0.1);
    // Five milliseconds stand before the onset of both.
    for (const take of [original, resynthesis]) {
      expect(rms(take.subarray(0, 200))).toBeLessThan(0.02 * rms(take.subarray(240, 2400)));
    }
    expect(Math.abs(score - l60(sound, resynthesis, ANALYSIS_RATE, testCore()))).toBeLessThan(0.01);
    expect(score).toBeLessThan(12);
    expect(encoded).toMatchObject({ scoreBefore: null, refined: null, refinable: true, warnings: [] });
  });

  test('comes nearer by refinement', async () => {
    const encoded = await encoder.encode(sound, { name: 'D4' });
    const nearer = await encoder.refine(sound, encoded, { seconds: 60 });
    expect(nearer.refined?.after).toBeLessThan(nearer.refined?.before as number);
    expect(nearer.scoreBefore).toBe(encoded.score);
    expect(nearer.score).toBeLessThanOrEqual(encoded.score);
    expect(nearer.original).toBe(encoded.original);
    expect(nearer.preset.name).toBe('D4');
  });
});

describe('ended early', () => {
  test('encoding gives nothing', async () => {
    await expect(encoder.encode(sound, { name: 'x', stopped: () => true })).rejects.toThrow(EncodingStopped);
  });

  test('refinement gives what it has reached', async () => {
    const encoded = await encoder.encode(sound, { name: 'x' });
    const { refined, score } = await encoder.refine(sound, encoded, { seconds: 60, stopped: () => true });
    expect(refined).toMatchObject({ steps: 1, ended: 'stopped' });
    expect(score).toBeLessThanOrEqual(encoded.score);
  });
});

describe('the Worker', () => {
  const core = new WebAssembly.Module(readFileSync(file('dist/core.wasm')));
  const heard: FromEncoder[] = [];
  const service = new EncodeService<Bundle>({
    runtime,
    configure: () => {},
    readModel: async (source) => source,
    say: (message) => heard.push(message),
  });
  const encode = (samples: Float32Array): Promise<void> =>
    service.take({ type: 'encode', core, source: bundle, runtimeUrl: '', name: 'D4', samples, refineSeconds: 0 });
  const answers = (): FromEncoder[] => heard.splice(0).filter(({ type }) => type !== 'progress');

  test('encodes and refines, with a picture of each take', async () => {
    await encode(sound.slice());
    await service.take({ type: 'refine', seconds: 60 });
    const [first, second, ...rest] = answers();
    expect(rest).toEqual([]);
    if (first.type !== 'encoded' || second.type !== 'encoded') throw new Error('Both answers are encoded sounds.');
    expect(second.sound.refined?.steps).toBeGreaterThan(0);
    expect(second.sound.score).toBeLessThanOrEqual(first.sound.score);
    expect(() => structuredClone(second)).not.toThrow();
    for (const picture of [second.original, second.resynthesis]) {
      expect(picture.levels).toHaveLength(picture.width * picture.height);
      expect(picture.levels.reduce((most, v) => Math.max(most, v))).toBe(255);
      expect(picture.seconds).toBeCloseTo(1.2, 1);
    }
  });

  test('is told to stop, and says so', async () => {
    const done = encode(sound.slice());
    await service.take({ type: 'cancel' });
    await done;
    expect(answers()).toEqual([{ type: 'cancelled' }]);
  });

  test('says in a sentence what it cannot do', async () => {
    await service.take({ type: 'refine', seconds: 1 });
    await encode(new Float32Array(48_000));
    const one = encode(sound.slice());
    await encode(sound.slice());
    await one;
    const [early, silent, busy, encoded] = answers();
    expect(early).toEqual({ type: 'refused', sentence: 'there is no encoded sound to refine.' });
    expect(silent).toEqual({ type: 'refused', sentence: 'silent.' });
    expect(busy).toMatchObject({
      type: 'refused',
      sentence: expect.stringContaining('another sound is being encoded'),
    });
    expect(encoded.type).toBe('encoded');
  });
});
