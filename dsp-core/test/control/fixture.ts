// The real core with a model that needs no network: frames are a smooth function of latent, note time and velocity.
import { readFileSync } from 'node:fs';
import { Core, type CoreModel } from '../../../plugin/engine/core.ts';
import { parameterById } from '../../../plugin/instrument/parameters.ts';
import { EVENT, FLOOR_DB, FRAME_HEADER, ROW } from '../../../plugin/instrument/protocol.ts';

const module = new WebAssembly.Module(readFileSync(new URL('../../../dist/core.wasm', import.meta.url)));

export const LATENT = 4;
export const PARTIALS = 16;
export const BANDS = 4;
export const FRAME = PARTIALS + BANDS + 1;

/** One row as a decoder reads it. */
export interface Row {
  slot: number;
  voice: number;
  serial: number;
  frame: number;
  tau: number;
  pitch: number;
  velocity: number;
  priority: number;
  z: Float32Array;
}

/** Writes the payload of a frame. */
export type Voicing = (row: Row, payload: Float32Array) => void;

/** A steady harmonic tone, z[0] its brightness, without noise: what phase and pitch are measured on. */
export const tone: Voicing = (row, payload) => {
  payload.fill(FLOOR_DB);
  for (let k = 0; k < PARTIALS; k++) payload[k] = -24 - k * (4 - row.z[0]);
  payload[PARTIALS + BANDS] = 0;
};

/** The lowest partial alone. */
export const sine: Voicing = (_row, payload) => {
  payload.fill(FLOOR_DB);
  payload[0] = -20;
  payload[PARTIALS + BANDS] = 0;
};

/** Moves in everything a row says, with noise: what determinism is measured on. */
export const lively: Voicing = (row, payload) => {
  for (let k = 0; k < PARTIALS; k++) {
    payload[k] =
      -24 - k * (3 - row.z[0]) - 8 * row.tau + 3 * Math.sin(k * row.z[1] + row.pitch / 12) + 6 * (row.velocity - 1);
  }
  for (let b = 0; b < BANDS; b++) payload[PARTIALS + b] = -55 + 4 * row.z[2] - 10 * row.tau;
  payload[PARTIALS + BANDS] = 0.0002;
};

/** A tone that falls by so many dB a second of note time. */
export const falling =
  (dbPerSecond: number): Voicing =>
  (row, payload) => {
    tone(row, payload);
    for (let k = 0; k < PARTIALS; k++) payload[k] -= dbPerSecond * row.tau;
  };

export function fakeModel(changes: Partial<CoreModel> = {}): CoreModel {
  const unit = (index: number): Float32Array => Float32Array.from({ length: LATENT }, (_, i) => (i === index ? 1 : 0));
  return {
    latentDim: LATENT,
    partials: PARTIALS,
    noiseBands: BANDS,
    frameSize: FRAME,
    partialOffset: 0,
    noiseOffset: PARTIALS,
    centsOffset: -1,
    inharmonicityOffset: PARTIALS + BANDS,
    maxSeconds: 3,
    sustainStart: 1.5,
    sustainEnd: 2.8,
    pitchLow: 24,
    pitchHigh: 108,
    interpolation: 'lerp',
    mean: new Float32Array(LATENT),
    std: new Float32Array(LATENT).fill(1),
    macros: Array.from({ length: 8 }, (_, i) => unit(i % LATENT)),
    map: [],
    ...changes,
  };
}

/** Columns that follow those of `fakeModel` in a frame of `richModel`. */
export const CENTS_AT = FRAME;
export const VIBRATO_AT = CENTS_AT + 1;
export const DETUNES_AT = VIBRATO_AT + 2;
export const DETUNES = 8;
export const RELEASE_AT = DETUNES_AT + DETUNES;

/** A model whose frames have every column there is, and whose latent ends in a number of detail. */
export function richModel(changes: Partial<CoreModel> = {}): CoreModel {
  return fakeModel({
    frameSize: RELEASE_AT + 1,
    centsOffset: CENTS_AT,
    vibratoOffset: VIBRATO_AT,
    detunesOffset: DETUNES_AT,
    detunes: DETUNES,
    releaseOffset: RELEASE_AT,
    latentDetail: 1,
    ...changes,
  });
}

/** A voicing with the further columns of `richModel` behind it: neutral but for those given. */
export const rich =
  (
    voicing: Voicing,
    columns: (row: Row) => {
      cents?: number;
      vibrato?: readonly [depthCents: number, rateHz: number];
      detunes?: readonly number[];
      release?: number;
    },
  ): Voicing =>
  (row, payload) => {
    voicing(row, payload);
    payload.fill(0, CENTS_AT);
    const { cents = 0, vibrato = [0, 0], detunes = [], release = 240 } = columns(row);
    payload[CENTS_AT] = cents;
    payload.set(vibrato, VIBRATO_AT);
    payload.set(detunes, DETUNES_AT);
    payload[RELEASE_AT] = release;
  };

/** `lively` with every further column moving. */
export const livelier = rich(lively, (row) => ({
  cents: 20 * Math.sin(5 * row.tau + row.z[3]),
  vibrato: [30 * Math.min(1, 4 * row.tau), 4 + row.z[0]],
  detunes: Array.from({ length: DETUNES }, (_, k) => 15 * Math.sin(k + 3 * row.tau)),
  release: 60 + 100 * row.velocity,
}));

export function newCore(
  options: { sampleRate?: number; strict?: boolean; seed?: number; model?: CoreModel } = {},
): Core {
  const core = Core.fromModule(module);
  core.prepare(options.sampleRate ?? 48_000, { strict: options.strict ?? true, seed: options.seed ?? 1 });
  const model = options.model ?? fakeModel();
  core.setModel(model);
  core.setSound(model.mean, 0.5, 0.5);
  return core;
}

/** Takes all rows now waiting. */
export function takeRows(core: Core, limit = 1024): Row[] {
  const size = core.rowSize;
  const buffer = new Float32Array(limit * size);
  const count = core.takeRequests(buffer, 0, limit);
  return Array.from({ length: count }, (_, i) => {
    const at = i * size;
    return {
      slot: buffer[at + ROW.slot],
      voice: buffer[at + ROW.voice],
      serial: buffer[at + ROW.serial],
      frame: buffer[at + ROW.frame],
      tau: buffer[at + ROW.tau],
      pitch: buffer[at + ROW.pitch],
      velocity: buffer[at + ROW.velocity],
      priority: buffer[at + ROW.priority],
      z: buffer.slice(at + ROW.z, at + size),
    };
  });
}

export function answer(core: Core, rows: Row[], voicing: Voicing): void {
  const size = core.deliverySize;
  const frames = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    frames.set([row.slot, row.voice, row.serial, row.frame], i * size);
    voicing(row, frames.subarray(i * size + FRAME_HEADER, (i + 1) * size));
  });
  core.deliver(frames, 0, rows.length);
}

/** An event at an absolute sample: [sample, kind, channel, key, value]. */
export type Timed = readonly [sample: number, kind: number, channel: number, key: number, value: number];

export const on = (sample: number, key: number, velocity = 1, channel = 0): Timed => [
  sample,
  EVENT.noteOn,
  channel,
  key,
  velocity,
];
export const off = (sample: number, key: number, channel = 0): Timed => [sample, EVENT.noteOff, channel, key, 0.5];
export const set = (sample: number, id: string, value: number): Timed => [
  sample,
  EVENT.parameter,
  0,
  parameterById(id).index,
  value,
];
export const cc = (sample: number, controller: number, value: number, channel = 0): Timed => [
  sample,
  EVENT.controller,
  channel,
  controller,
  value,
];
export const bend = (sample: number, value: number, channel = 0): Timed => [sample, EVENT.pitchBend, channel, 0, value];

export interface Rendered {
  left: Float32Array;
  right: Float32Array;
  /** Every row that was answered, in order. */
  rows: Row[];
}

/** Renders a score in strict mode in blocks of the given sizes (used in turn); `each` is called before every block with its first sample. */
export function render(
  core: Core,
  length: number,
  score: readonly Timed[],
  voicing: Voicing,
  blocks: number | readonly number[] = 128,
  each: (sample: number) => void = () => {},
): Rendered {
  const sizes = typeof blocks === 'number' ? [blocks] : blocks;
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  const rows: Row[] = [];
  let at = 0;
  for (let block = 0; at < length; block++) {
    const wanted = Math.min(sizes[block % sizes.length], length - at);
    each(at);
    for (const [sample, kind, channel, key, value] of score) {
      if (sample >= at && sample < at + wanted) core.event(sample - at, kind, channel, key, value);
    }
    for (let done = 0; done < wanted; ) {
      const got = core.process(wanted - done);
      left.set(core.left.subarray(0, got), at + done);
      right.set(core.right.subarray(0, got), at + done);
      done += got;
      if (done < wanted) {
        const waiting = takeRows(core);
        if (got === 0 && waiting.length === 0)
          throw new Error(`The core waits at sample ${at + done} without having asked for anything.`);
        rows.push(...waiting);
        answer(core, waiting, voicing);
      }
    }
    at += wanted;
  }
  return { left, right, rows };
}

/** First sample that is not zero, -1 for silence. */
export function firstSound(samples: Float32Array): number {
  return samples.findIndex((value) => value !== 0);
}

export function rms(samples: Float32Array, from = 0, to = samples.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i] * samples[i];
  return Math.sqrt(sum / Math.max(1, to - from));
}

export const toDb = (amplitude: number): number => 20 * Math.log10(Math.max(1e-12, amplitude));
