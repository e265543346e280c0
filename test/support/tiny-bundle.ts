// A small, valid bundle for tests: a decoder of one hidden layer whose spectrum falls with frequency, decays with time and moves with z.
import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { Preset } from '../../plugin/instrument/preset.ts';
import type { Manifest, SoundMap } from '../../plugin/model/manifest.ts';
import { writeNpy } from '../../plugin/model/npy.ts';
import { type Graph, type Node, writeOnnx } from './onnx-writer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const TINY = { dim: 4, partials: 40, noise: 8, frame: 49, maxSeconds: 2, frames: 6, columns: 48 } as const;
const HIDDEN = 8;
const INPUTS = TINY.dim + 3;

/** A seeded generator (mulberry32), so that every run tests the same model. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Weights {
  w1: Float32Array;
  b1: Float32Array;
  w2: Float32Array;
  b2: Float32Array;
}

/** Hidden unit 0 is time, 1 brightness (latent 0), 2 noisiness (latent 1), 3 odd against even (latent 2), the rest small seeded ripples. */
function weights(): Weights {
  const next = random(7);
  const w1 = new Float32Array(INPUTS * HIDDEN);
  const b1 = new Float32Array(HIDDEN);
  const w2 = new Float32Array(HIDDEN * TINY.frame);
  const b2 = new Float32Array(TINY.frame);
  const at1 = (input: number, unit: number): number => input * HIDDEN + unit;
  w1[at1(TINY.dim + 2, 0)] = 0.5;
  w1[at1(0, 1)] = 0.5;
  w1[at1(1, 2)] = 0.5;
  w1[at1(2, 3)] = 0.5;
  for (let unit = 4; unit < HIDDEN; unit++) {
    for (let input = 0; input < TINY.dim; input++) w1[at1(input, unit)] = (next() - 0.5) * 0.5;
    w1[at1(TINY.dim + 1, unit)] = next() - 0.5;
    b1[unit] = next() - 0.5;
  }
  for (let k = 0; k < TINY.partials; k++) {
    const octave = Math.log2(k + 1);
    b2[k] = -20 - 8 * octave;
    w2[0 * TINY.frame + k] = -6 - 4 * octave;
    w2[1 * TINY.frame + k] = 7 * octave;
    w2[3 * TINY.frame + k] = k % 2 === 0 ? 0 : -30;
    for (let unit = 4; unit < HIDDEN; unit++) w2[unit * TINY.frame + k] = (next() - 0.5) * 2;
  }
  for (let n = 0; n < TINY.noise; n++) {
    const column = TINY.partials + n;
    b2[column] = -85;
    w2[0 * TINY.frame + column] = -10;
    w2[2 * TINY.frame + column] = 40;
  }
  return { w1, b1, w2, b2 };
}

/** The decoder as a graph; `change` may spoil it for a test. */
export function tinyDecoderGraph(): Graph {
  const { w1, b1, w2, b2 } = weights();
  const column = (name: string): Node => ({ op: 'Unsqueeze', inputs: [name, 'axis'], output: `${name}_column` });
  return {
    inputs: { z: ['batch', TINY.dim], pitch: ['batch'], velocity: ['batch'], tau: ['batch'] },
    outputs: { frame: ['batch', TINY.frame] },
    nodes: [
      column('pitch'),
      column('velocity'),
      column('tau'),
      {
        op: 'Concat',
        inputs: ['z', 'pitch_column', 'velocity_column', 'tau_column'],
        output: 'x',
        attributes: { axis: 1 },
      },
      { op: 'MatMul', inputs: ['x', 'w1'], output: 'xw' },
      { op: 'Add', inputs: ['xw', 'b1'], output: 'pre' },
      { op: 'Tanh', inputs: ['pre'], output: 'hidden' },
      { op: 'MatMul', inputs: ['hidden', 'w2'], output: 'hw' },
      { op: 'Add', inputs: ['hw', 'b2'], output: 'frame' },
    ],
    constants: {
      axis: { shape: [1], data: [1] },
      w1: { shape: [INPUTS, HIDDEN], data: w1 },
      b1: { shape: [HIDDEN], data: b1 },
      w2: { shape: [HIDDEN, TINY.frame], data: w2 },
      b2: { shape: [TINY.frame], data: b2 },
    },
  };
}

/** The same decoder in plain arithmetic, for parity vectors. */
export function tinyFrame(z: readonly number[], pitch: number, velocity: number, tau: number): number[] {
  const { w1, b1, w2, b2 } = weights();
  const x = [...z, pitch, velocity, tau];
  const hidden = Array.from(b1, (bias, unit) =>
    Math.tanh(x.reduce((sum, value, i) => sum + value * w1[i * HIDDEN + unit], bias)),
  );
  return Array.from(b2, (bias, k) =>
    hidden.reduce((sum, value, unit) => sum + value * w2[unit * TINY.frame + k], bias),
  );
}

/** z = mean over frames of the features, times a seeded matrix; enough to test the way of an encoder. */
function tinyEncoder(): Bytes {
  const size = TINY.frames * TINY.columns;
  const next = random(11);
  return writeOnnx({
    inputs: { frames: [1, TINY.frames, TINY.columns], pitch: [1] },
    outputs: { z: [1, TINY.dim] },
    nodes: [
      { op: 'Reshape', inputs: ['frames', 'flat'], output: 'row' },
      { op: 'MatMul', inputs: ['row', 'w'], output: 'zw' },
      { op: 'Tanh', inputs: ['zw'], output: 'z' },
    ],
    constants: {
      flat: { shape: [2], data: [1, size] },
      w: { shape: [size, TINY.dim], data: Float32Array.from({ length: size * TINY.dim }, () => (next() - 0.5) * 1e-3) },
    },
  });
}

/** Mean square of (z A - 0.01 target) and its gradient: a bowl whose bottom depends on the target. */
function tinyRefine(): Bytes {
  const size = TINY.frames * TINY.columns;
  const next = random(13);
  const a = Float32Array.from({ length: TINY.dim * size }, () => next() - 0.5);
  const transposed = Float32Array.from(
    { length: size * TINY.dim },
    (_, i) => a[(i % TINY.dim) * size + Math.floor(i / TINY.dim)],
  );
  return writeOnnx({
    inputs: { z: [1, TINY.dim], pitch: [1], velocity: [1], target: [1, TINY.frames, TINY.columns] },
    outputs: { loss: [], gradient: [1, TINY.dim] },
    nodes: [
      { op: 'Reshape', inputs: ['target', 'flat'], output: 'row' },
      { op: 'Mul', inputs: ['row', 'small'], output: 'wanted' },
      { op: 'MatMul', inputs: ['z', 'a'], output: 'za' },
      { op: 'Sub', inputs: ['za', 'wanted'], output: 'residual' },
      { op: 'Mul', inputs: ['residual', 'residual'], output: 'square' },
      { op: 'ReduceMean', inputs: ['square'], output: 'loss', attributes: { keepdims: 0 } },
      { op: 'MatMul', inputs: ['residual', 'at'], output: 'g' },
      { op: 'Mul', inputs: ['g', 'scale'], output: 'gradient' },
    ],
    constants: {
      flat: { shape: [2], data: [1, size] },
      small: { shape: [], data: Float32Array.of(0.01) },
      a: { shape: [TINY.dim, size], data: a },
      at: { shape: [size, TINY.dim], data: transposed },
      scale: { shape: [], data: Float32Array.of(2 / size) },
    },
  });
}

export interface TinyChanges {
  decoder?: (graph: Graph) => Graph;
  manifest?: (manifest: Manifest) => unknown;
  map?: (map: SoundMap) => unknown;
  presets?: (presets: Preset[]) => unknown;
  /** Called with all files just before they are zipped (hashes are those from before). */
  files?: (files: Record<string, Bytes>) => unknown;
  /** How the zip is made of the files. */
  zip?: (files: Zippable) => Bytes;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (value: string): Bytes => new TextEncoder().encode(value);
const json = (value: unknown): Bytes => text(JSON.stringify(value));

/** The zip's bytes; hashes agree with the changed content unless `files` changes it afterwards. */
export function tinyBundle(changes: TinyChanges = {}): Bytes {
  const graph = tinyDecoderGraph();
  const decoder = writeOnnx(changes.decoder?.(graph) ?? graph);
  const encoder = tinyEncoder();
  const refine = tinyRefine();
  const next = random(3);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const latent = (): number[] => Array.from({ length: TINY.dim }, gaussian);

  const map: SoundMap = {
    points: Array.from({ length: 12 }, (_, i) => ({
      name: `Sound ${i + 1}`,
      family: i % 2 === 0 ? 'Keys' : 'Winds',
      x: next(),
      y: next(),
      latent: latent(),
    })),
  };
  const presets: Preset[] = ['Plain', 'Bright'].map((name, i) => ({
    format: 'timbrefold-preset',
    version: 1,
    name,
    model: { id: 'test.tiny', sha256: sha256(decoder) },
    latent: [i, 0, 0, 0],
    map: { x: 0.5, y: 0.5 },
    macros: new Array<number>(8).fill(0.5),
    parameters: {},
    seed: 1,
  }));
  const rows = 16;
  const columns = {
    z: [] as number[],
    pitch: [] as number[],
    velocity: [] as number[],
    tau: [] as number[],
    frame: [] as number[],
  };
  for (let i = 0; i < rows; i++) {
    const z = latent();
    const [pitch, velocity, tau] = [24 + 5 * i, i / rows, (i * TINY.maxSeconds) / rows];
    columns.z.push(...z);
    columns.pitch.push(pitch);
    columns.velocity.push(velocity);
    columns.tau.push(tau);
    columns.frame.push(...tinyFrame(z, pitch, velocity, tau));
  }
  const npy = (name: keyof typeof columns, shape: number[]): Bytes =>
    writeNpy({ shape, data: Float32Array.from(columns[name]) });
  const parity = zipSync({
    'z.npy': npy('z', [rows, TINY.dim]),
    'pitch.npy': npy('pitch', [rows]),
    'velocity.npy': npy('velocity', [rows]),
    'tau.npy': npy('tau', [rows]),
    'frame.npy': npy('frame', [rows, TINY.frame]),
  }) as Bytes;

  const files: Record<string, Bytes> = {
    'map.json': json(changes.map?.(map) ?? map),
    'presets.json': json(changes.presets?.(presets) ?? presets),
    'parity.npz': parity,
    'card.md': text('# Tiny\n\nA decoder written by hand for tests.\n'),
    LICENSE: text('MIT\n'),
  };
  const direction = (axis: number): number[] =>
    Array.from({ length: TINY.dim }, (_, k) => (k === axis % TINY.dim ? 1.5 : 0));
  const manifest: Manifest = {
    contract: 1,
    id: 'test.tiny',
    name: 'Tiny',
    family: 'test',
    version: '1.0.0',
    licence: 'MIT',
    audio: { sampleRate: 48_000, hop: 256, fftSize: 1024, window: 'blackman-harris' },
    latent: {
      dim: TINY.dim,
      prior: 'normal',
      mean: new Array<number>(TINY.dim).fill(0),
      std: new Array<number>(TINY.dim).fill(1),
      interpolation: 'lerp',
    },
    conditioning: { pitch: 'continuous', range: [24, 108], velocity: true },
    output: {
      kind: 'partials',
      layout: [
        { name: 'partials', size: TINY.partials },
        { name: 'noise', size: TINY.noise },
        { name: 'inharmonicity', size: 1 },
      ],
      floorDb: -100,
      scale: 'dB',
    },
    time: { mode: 'indexed', maxSeconds: TINY.maxSeconds, sustain: [1, 1.9], batchFrames: 64, lookahead: 4 },
    state: [],
    macros: Array.from({ length: 8 }, (_, i) => ({
      label: i === 0 ? 'Brightness' : `Macro ${i + 1}`,
      description: '',
      direction: direction(i),
    })),
    encoder: { features: 'timbrefold-features/1', frames: TINY.frames, columns: TINY.columns },
    graphs: {
      decoder: {
        file: 'graphs/decoder.onnx',
        sha256: sha256(decoder),
        inputs: [
          { name: 'z', shape: ['batch', TINY.dim] },
          { name: 'pitch', shape: ['batch'] },
          { name: 'velocity', shape: ['batch'] },
          { name: 'tau', shape: ['batch'] },
        ],
        outputs: [{ name: 'frame', shape: ['batch', TINY.frame] }],
      },
      encoder: {
        file: 'graphs/encoder.onnx',
        sha256: sha256(encoder),
        inputs: [
          { name: 'frames', shape: [1, TINY.frames, TINY.columns] },
          { name: 'pitch', shape: [1] },
        ],
        outputs: [{ name: 'z', shape: [1, TINY.dim] }],
      },
      refine: {
        file: 'graphs/refine.onnx',
        sha256: sha256(refine),
        inputs: [
          { name: 'z', shape: [1, TINY.dim] },
          { name: 'pitch', shape: [1] },
          { name: 'velocity', shape: [1] },
          { name: 'target', shape: [1, TINY.frames, TINY.columns] },
        ],
        outputs: [
          { name: 'loss', shape: [] },
          { name: 'gradient', shape: [1, TINY.dim] },
        ],
      },
    },
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)])),
  };
  files['graphs/decoder.onnx'] = decoder;
  files['graphs/encoder.onnx'] = encoder;
  files['graphs/refine.onnx'] = refine;
  files['manifest.json'] = json(changes.manifest?.(manifest) ?? manifest);
  changes.files?.(files);
  return changes.zip?.(files) ?? (zipSync(files) as Bytes);
}
