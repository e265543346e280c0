// The offline pump: nothing held, nothing lost, the same samples however they are asked for, and few large calls of the decoder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dist } from '../../scripts/build/paths.ts';
import { firstSound } from '../../test/support/measure.ts';
import { TINY, tinyBundle, tinyFrame } from '../../test/support/tiny-bundle.ts';
import { parameterEvent } from '../instrument/preset.ts';
import { EVENT, FRAME_HEADER, MAX_EVENTS, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import { type Bundle, readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import { Core } from './core.ts';
import { OfflineEngine, renderToArrays, type TimedEvent } from './offline.ts';

/** The tiny model in plain arithmetic; remembers how many rows each call carried. */
class PlainDecoder implements Decoder {
  readonly latentDim = TINY.dim;
  readonly frameSize = TINY.frame;
  readonly calls: number[] = [];
  async decode(rows: Float32Array, count: number, frames: Float32Array): Promise<void> {
    this.calls.push(count);
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * (ROW_HEADER + TINY.dim), (i + 1) * (ROW_HEADER + TINY.dim));
      const at = i * (FRAME_HEADER + TINY.frame);
      frames.set(row.subarray(0, FRAME_HEADER), at);
      frames.set(
        tinyFrame([...row.subarray(ROW.z)], row[ROW.pitch], row[ROW.velocity], row[ROW.tau]),
        at + FRAME_HEADER,
      );
    }
  }
  async dispose(): Promise<void> {}
}

let module: WebAssembly.Module;
let bundle: Bundle;
beforeAll(async () => {
  module = new WebAssembly.Module(readFileSync(join(dist, 'core.wasm')));
  bundle = await readBundle(tinyBundle(), 'tiny.timbre');
});

function engine(decoder: Decoder = new PlainDecoder()): { engine: OfflineEngine; core: Core } {
  const core = Core.fromModule(module);
  const setup = {
    core,
    decoder,
    model: coreModel(bundle),
    sampleRate: 48_000,
    latent: [0, 0, 0, 0],
    mapX: 0.5,
    mapY: 0.5,
  };
  return { engine: new OfflineEngine(setup), core };
}

const noteOn = (frame: number, key: number): TimedEvent => ({ frame, kind: EVENT.noteOn, channel: 0, key, value: 0.8 });
const noteOff = (frame: number, key: number): TimedEvent => ({
  frame,
  kind: EVENT.noteOff,
  channel: 0,
  key,
  value: 0.5,
});
const score = [
  noteOn(100, 50),
  noteOn(131, 57),
  noteOn(2000, 62),
  noteOff(4000, 50),
  noteOn(5001, 66),
  noteOff(7000, 57),
];

describe('samples', () => {
  test('do not depend on the blocks nor on the pieces in which they are rendered', async () => {
    const whole = await renderToArrays(engine().engine, score, 9000);
    expect(firstSound(whole.left)).toBe(100);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8192 }), fc.integer({ min: 0, max: 9000 }), async (block, cut) => {
        const { engine: other } = engine();
        const first = await renderToArrays(
          other,
          score.filter(({ frame }) => frame < cut),
          cut,
          { block },
        );
        const second = await renderToArrays(
          other,
          score.filter(({ frame }) => frame >= cut),
          9000 - cut,
          { block },
        );
        expect(Buffer.from(first.left.buffer).equals(Buffer.from(whole.left.buffer, 0, 4 * cut))).toBe(true);
        expect(Buffer.from(second.right.buffer).equals(Buffer.from(whole.right.buffer, 4 * cut))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test('no frame is ever late', async () => {
    const { engine: it, core } = engine();
    await renderToArrays(it, score, 20_000);
    expect(core.underruns).toBe(0);
  });
});

test('the decoder is called seldom, with many rows', async () => {
  const decoder = new PlainDecoder();
  const chord = Array.from({ length: 16 }, (_, i) => noteOn(i, 40 + 2 * i));
  await renderToArrays(engine(decoder).engine, chord, 48_000, { block: 128 });
  const rows = decoder.calls.reduce((sum, count) => sum + count, 0);
  expect(rows).toBeGreaterThan(16 * 90);
  expect(rows / decoder.calls.length).toBeGreaterThan(16);
});

test('more events at one sample than the core queues are all carried out', async () => {
  const crowd = Array.from({ length: 2 * MAX_EVENTS }, (_, i) => ({
    frame: 50,
    ...parameterEvent('macro1', (i % 100) / 100),
  }));
  const last = { frame: 50, ...parameterEvent('gainDb', -60) };
  const { engine: it } = engine();
  const { left } = await renderToArrays(it, [...crowd, last, noteOn(60, 60)], 3000);
  const { left: loud } = await renderToArrays(engine().engine, [noteOn(60, 60)], 3000);
  expect(firstSound(left)).toBe(60);
  const peak = (x: Float32Array): number => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(20 * Math.log10(peak(left) / peak(loud))).toBeLessThan(-40);
});

test('the tail ends at the same sample at every block size, and at its limit where a note is held', async () => {
  const lengths: number[] = [];
  for (const block of [100, 4096]) {
    const { engine: it } = engine();
    await renderToArrays(it, [noteOn(0, 60), noteOff(1000, 60)], 1001, { block });
    lengths.push(await it.renderTail(480_000, () => {}, { block }));
    expect(it.activeVoices).toBe(0);
  }
  expect(lengths[0]).toBe(lengths[1]);
  const { engine: held } = engine();
  await renderToArrays(held, [noteOn(0, 60)], 10);
  expect(await held.renderTail(5000, () => {})).toBe(5000);
});

test('progress rises to 1', async () => {
  const shares: number[] = [];
  await renderToArrays(engine().engine, score, 9000, { block: 64, onProgress: (share) => shares.push(share) });
  expect(shares[shares.length - 1]).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.length).toBeGreaterThan(50);
});

test('a failing decoder ends the render with its sentence', async () => {
  const broken = new PlainDecoder();
  broken.decode = async () => {
    throw new Error('The model stumbled.');
  };
  await expect(renderToArrays(engine(broken).engine, score, 9000)).rejects.toThrow('The model stumbled.');
});
