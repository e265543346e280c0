// The core's typed door: what it refuses, how it hands rows, frames and tables over. The sound itself is tested in dsp-core/test.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  EVENT,
  FRAME_HEADER,
  MAX_LATENT,
  MAX_MAP_POINTS,
  MODEL_HEADER,
  ROW,
  ROW_HEADER,
  STAGING_FLOATS,
  VOICE_REPORT,
} from '../instrument/protocol.ts';
import { Core, type CoreModel } from './core.ts';

const wasm = new URL('../../dist/core.wasm', import.meta.url);
const bytes = readFileSync(wasm);
const DIM = 2;

function model(changes: Partial<CoreModel> = {}): CoreModel {
  return {
    latentDim: DIM,
    partials: 8,
    noiseBands: 2,
    frameSize: 11,
    partialOffset: 0,
    noiseOffset: 8,
    centsOffset: -1,
    inharmonicityOffset: 10,
    maxSeconds: 3,
    sustainStart: 1,
    sustainEnd: 2.5,
    pitchLow: 24,
    pitchHigh: 108,
    interpolation: 'lerp',
    mean: new Float32Array(DIM),
    std: new Float32Array(DIM).fill(1),
    macros: Array.from({ length: 8 }, () => new Float32Array(DIM)),
    map: [{ x: 0.5, y: 0.5, latent: Float32Array.from([0.25, -0.5]) }],
    ...changes,
  };
}

let core: Core;
beforeEach(async () => {
  core = await Core.fromBytes(bytes);
  core.prepare(48_000, { strict: true });
});

describe('the module', () => {
  test('imports nothing and its memory does not grow', () => {
    const compiled = new WebAssembly.Module(bytes);
    expect(WebAssembly.Module.imports(compiled)).toEqual([]);
    const memory = new WebAssembly.Instance(compiled, {}).exports.memory as WebAssembly.Memory;
    expect(() => memory.grow(1)).toThrow();
  });

  test('it allocates nothing: no instruction of it grows memory or asks how much there is', () => {
    const wasm2wat = fileURLToPath(new URL('../../node_modules/wabt/bin/wasm2wat', import.meta.url));
    const text = execFileSync(process.execPath, [wasm2wat, '--enable-all', fileURLToPath(wasm)], {
      maxBuffer: 1 << 28,
    });
    expect(text.includes('f32x4.mul')).toBe(true);
    expect(text.includes('memory.grow')).toBe(false);
    expect(text.includes('memory.size')).toBe(false);
  });

  test('it has every export that the door knows and no other', () => {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes))
      .map(({ name }) => name)
      .sort();
    expect(exports).toEqual(
      [
        'memory',
        'protocolVersion',
        'prepare',
        'reset',
        'setSeed',
        'setStrict',
        'stagingPointer',
        'configureModel',
        'setSound',
        'setCorner',
        'setTuning',
        'setPath',
        'pushEvent',
        'announceBlock',
        'process',
        'silentSamples',
        'outputLeft',
        'outputRight',
        'requestsPointer',
        'requestCount',
        'clearRequests',
        'deliver',
        'hopSize',
        'fftSize',
        'activeVoices',
        'underruns',
        'faults',
        'latentPointer',
        'voiceReport',
        'fftBuffer',
        'fftSpectrum',
        'fftForward',
        'fftInverse',
      ].sort(),
    );
  });
});

describe('prepare', () => {
  test.each([22_050, 44_100, 48_000, 96_000, 192_000])('takes %d Hz', (rate) => {
    core.prepare(rate);
    expect(core.hopSize).toBe(rate > 100_000 ? 1024 : rate > 50_000 ? 512 : 256);
    expect(core.fftSize).toBe(4 * core.hopSize);
  });

  test.each([0, 8000, 22_049, 192_001, Number.NaN, Infinity])('refuses %d Hz', (rate) => {
    expect(() => core.prepare(rate)).toThrow('sample rate');
  });
});

describe('models', () => {
  const hostile: [string, Partial<CoreModel>][] = [
    ['no latent', { latentDim: 0 }],
    ['too many latents', { latentDim: MAX_LATENT + 1 }],
    ['half a latent', { latentDim: 1.5 }],
    ['too many partials', { partials: 129, frameSize: 140 }],
    ['too many noise bands', { noiseBands: 65, frameSize: 256 }],
    ['no columns', { partials: 0, noiseBands: 0 }],
    ['a frame too long', { frameSize: 257 }],
    ['partials beyond the frame', { partialOffset: 4 }],
    ['partials in front of the frame', { partialOffset: -1 }],
    ['noise beyond the frame', { noiseOffset: 10 }],
    ['cents beyond the frame', { centsOffset: 11 }],
    ['cents at -2', { centsOffset: -2 }],
    ['inharmonicity beyond the frame', { inharmonicityOffset: 11 }],
    ['detunes beyond the frame', { detunes: 4, detunesOffset: 8 }],
    ['half a detune', { detunes: 0.5, detunesOffset: 0 }],
    ['a vibrato without its rate', { vibratoOffset: 10 }],
    ['a release beyond the frame', { releaseOffset: 11 }],
    ['nothing but detail', { latentDetail: DIM }],
    ['less than no detail', { latentDetail: -1 }],
    ['no time', { maxSeconds: 0 }],
    ['endless time', { maxSeconds: Infinity }],
    ['time that is no number', { maxSeconds: Number.NaN }],
    ['a sustain region that ends before it starts', { sustainStart: 2, sustainEnd: 1 }],
    ['a sustain region beyond the end', { sustainEnd: 3.1 }],
    ['pitches out of order', { pitchLow: 80, pitchHigh: 40 }],
    ['pitches that are none', { pitchHigh: Number.NaN }],
    ['a mean that is no number', { mean: Float32Array.from([0, Number.NaN]) }],
    ['a negative spread', { std: Float32Array.from([1, -1]) }],
    ['an infinite macro', { macros: [Float32Array.from([0, Infinity]), ...model().macros.slice(1)] }],
    ['a map point that is no number', { map: [{ x: Number.NaN, y: 0, latent: new Float32Array(DIM) }] }],
    [
      'too many map points',
      { map: Array.from({ length: MAX_MAP_POINTS + 1 }, () => ({ x: 0, y: 0, latent: new Float32Array(DIM) })) },
    ],
  ];

  test.each(hostile)('%s: refused, and what was there plays on', (_, changes) => {
    core.setModel(model());
    core.setSound([0.75, -0.25], 0.5, 0.5);
    expect(() => core.setModel(model(changes), 1)).toThrow('refused');
    expect(() => core.setModel(model(changes), 0)).toThrow('refused');
    expect(core.latent()).toEqual(Float32Array.from([0.75, -0.25]));
    expect(core.rowSize).toBe(ROW_HEADER + DIM);
    core.event(0, EVENT.noteOn, 0, 60, 1);
    core.process(1);
    expect(core.requestCount).toBeGreaterThan(0);
  });

  test('a slot that does not exist is refused', () => {
    expect(() => core.setModel(model(), 2)).toThrow('refused');
    expect(() => core.setModel(model(), -1)).toThrow('refused');
  });

  test('without a model notes are silent and wait for nothing', () => {
    core.event(0, EVENT.noteOn, 0, 60, 1);
    expect(core.process(256)).toBe(256);
    expect(core.activeVoices).toBe(0);
  });

  test('a new model sounds as its mean until it is told its sound', () => {
    core.setModel(model({ mean: Float32Array.from([0.5, 0.25]), map: [] }));
    expect(core.latent()).toEqual(Float32Array.from([0.5, 0.25]));
  });

  test('the largest map fits', () => {
    const latent = new Float32Array(MAX_LATENT);
    core.setModel(
      model({
        latentDim: MAX_LATENT,
        mean: latent,
        std: latent,
        macros: Array.from({ length: 8 }, () => latent),
        map: Array.from({ length: MAX_MAP_POINTS }, (_, i) => ({ x: i / MAX_MAP_POINTS, y: 0, latent })),
      }),
    );
    expect(core.latent()).toHaveLength(MAX_LATENT);
    expect(MODEL_HEADER + 10 * MAX_LATENT + MAX_MAP_POINTS * (MAX_LATENT + 2)).toBeLessThanOrEqual(STAGING_FLOATS);
  });
});

describe('rows and frames', () => {
  beforeEach(() => {
    core.setModel(model());
    core.setSound([0.75, -0.25], 0.5, 0.5);
    core.event(0, EVENT.noteOn, 2, 60, 0.5);
    expect(core.process(64)).toBe(0);
  });

  test('rows are taken in order, as many as there is room for; the others stay', () => {
    const waiting = core.requestCount;
    const rows = new Float32Array(2 * core.rowSize + 3).fill(-9);
    expect(core.takeRequests(rows, 3, 2)).toBe(2);
    expect(rows[2]).toBe(-9);
    expect(rows[3 + ROW.frame]).toBe(0);
    expect(rows[3 + ROW.velocity]).toBe(0.5);
    expect(rows[3 + ROW.pitch]).toBe(60);
    expect([rows[3 + ROW.z], rows[3 + ROW.z + 1]]).toEqual([0.75, -0.25]);
    expect(rows[3 + core.rowSize + ROW.frame]).toBe(1);
    expect(core.requestCount).toBe(waiting - 2);
    expect(core.takeRequests(new Float32Array(waiting * core.rowSize), 0, waiting)).toBe(waiting - 2);
    expect(core.requestCount).toBe(0);
  });

  test('frames of any number are handed over, from any place', () => {
    const count = core.requestCount;
    const rows = new Float32Array(count * core.rowSize);
    core.takeRequests(rows, 0, count);
    // Many answers for nobody in front: the core takes them in several calls.
    const strangers = 1500;
    const size = core.deliverySize;
    const frames = new Float32Array(5 + (strangers + count) * size);
    for (let i = 0; i < count; i++) {
      const at = 5 + (strangers + i) * size;
      for (let j = 0; j < FRAME_HEADER; j++) frames[at + j] = rows[i * core.rowSize + j];
      frames.fill(-30, at + FRAME_HEADER, at + size);
    }
    core.deliver(frames, 5, strangers + count);
    expect(core.process(64)).toBe(64);
    expect(core.left.subarray(0, 64).every((value) => value !== 0)).toBe(true);
    const report = core.voiceReport();
    expect(report.slice(0, 3)).toEqual(Float32Array.from([1, 2, 60]));
    expect(report[3]).toBeGreaterThan(0);
    expect(report[VOICE_REPORT]).toBe(0);
  });
});

test('the FFT of the door is the core’s', () => {
  const { buffer, spectrum, forward, inverse } = core.fft(256);
  const wave = Float32Array.from({ length: 256 }, (_, i) => Math.cos((2 * Math.PI * 5 * i) / 256));
  buffer.set(wave);
  forward();
  expect(spectrum[10]).toBeCloseTo(128, 3);
  expect(Math.abs(spectrum[11])).toBeLessThan(1e-3);
  inverse();
  for (let i = 0; i < 256; i++) expect(buffer[i]).toBeCloseTo(wave[i], 5);
});
