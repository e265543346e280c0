// The realtime pump as a worklet drives it, quantum by quantum, with a decoder that is in time, late, or gone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dist } from '../../scripts/build/paths.ts';
import { centsOff, firstSound, rms } from '../../test/support/measure.ts';
import { tinyBundle } from '../../test/support/tiny-bundle.ts';
import { EVENT } from '../instrument/protocol.ts';
import { type Bundle, readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import { openNodeDecoder } from '../model/ort-node.ts';
import { AudioPump } from './audio-pump.ts';
import { Core } from './core.ts';
import { DecoderLoop } from './decoder-loop.ts';
import { allocateRingLink, RingAudioEnd, RingDecoderEnd } from './ring-link.ts';

const RATE = 48_000;
const QUANTUM = 128;
const KEYS = [48, 60, 67];

let module: WebAssembly.Module;
let bundle: Bundle;
let decoder: Decoder;
beforeAll(async () => {
  module = new WebAssembly.Module(readFileSync(join(dist, 'core.wasm')));
  bundle = await readBundle(tinyBundle(), 'tiny.timbre');
  decoder = await openNodeDecoder(bundle);
});

afterAll(() => decoder.dispose());

/** A core in real time, its pump, and the decoder thread's loop, turned by hand. */
function instrument(): { core: Core; pump: AudioPump; loop: DecoderLoop } {
  const memory = allocateRingLink();
  const core = Core.fromModule(module);
  core.prepare(RATE, { seed: 1 });
  core.setModel(coreModel(bundle));
  core.setSound(bundle.presets[0].latent, 0.5, 0.5);
  return {
    core,
    pump: new AudioPump(core, new RingAudioEnd(memory)),
    loop: new DecoderLoop(new RingDecoderEnd(memory), () => decoder),
  };
}

/** Renders quanta one after the other; `between` plays the decoder thread after each. */
async function play(
  { core, pump }: { core: Core; pump: AudioPump },
  quanta: number,
  between: (quantum: number) => Promise<unknown>,
): Promise<Float32Array> {
  const out = new Float32Array(quanta * QUANTUM);
  for (let quantum = 0; quantum < quanta; quantum++) {
    pump.process(QUANTUM);
    out.set(core.left.subarray(0, QUANTUM), quantum * QUANTUM);
    await between(quantum);
  }
  return out;
}

const chord = (core: Core, offset: number): void => {
  for (const key of KEYS) core.event(offset, EVENT.noteOn, 0, key, 0.8);
};
const largestStep = (x: Float32Array): number =>
  x.reduce((most, value, i) => (i === 0 ? 0 : Math.max(most, Math.abs(value - x[i - 1]))), 0);

describe('a decoder that is in time', () => {
  test('fills the attack cache; then a chord begins at its sample, in tune, without an underrun', async () => {
    const it = instrument();
    // One batch a quantum is about what a Worker does.
    await play(it, 400, () => it.loop.turn());
    expect(it.core.underruns).toBe(0);
    chord(it.core, 77);
    const out = await play(it, 400, () => it.loop.turn());
    expect(firstSound(out)).toBe(77);
    expect(it.core.underruns).toBe(0);
    expect(it.core.activeVoices).toBe(KEYS.length);
    for (const key of KEYS) expect(Math.abs(centsOff(out.subarray(0.3 * RATE, RATE), RATE, key))).toBeLessThan(1);
  });

  test('a note before the cache is filled begins as soon as its first frame has come', async () => {
    const it = instrument();
    it.core.event(0, EVENT.noteOn, 0, 60, 0.8);
    const out = await play(it, 100, () => it.loop.turn());
    const begin = firstSound(out);
    expect(begin).toBeGreaterThan(0);
    expect(begin).toBeLessThanOrEqual(2 * QUANTUM);
  });
});

describe('a decoder that is late', () => {
  test('the note is held and counted, nothing clicks, and it goes on when frames come again', async () => {
    const it = instrument();
    await play(it, 400, () => it.loop.turn());
    chord(it.core, 0);
    const before = await play(it, 200, () => it.loop.turn());
    expect(it.core.underruns).toBe(0);
    const gap = await play(it, 100, async () => {});
    const counted = it.core.underruns;
    expect(counted).toBeGreaterThan(0);
    expect(gap.every(Number.isFinite)).toBe(true);
    // Held: still there after 267 ms without a frame, and not louder.
    expect(rms(gap.subarray(-4096))).toBeGreaterThan(0.1 * rms(before.subarray(-4096)));
    expect(rms(gap.subarray(-4096))).toBeLessThan(1.5 * rms(before.subarray(-4096)));
    const after = await play(it, 200, () => it.loop.turn());
    expect(rms(after.subarray(-4096))).toBeGreaterThan(0.1 * rms(before.subarray(-4096)));
    const step = largestStep(before.subarray(4096));
    expect(largestStep(gap)).toBeLessThan(1.5 * step);
    expect(largestStep(after)).toBeLessThan(1.5 * step);
    const settled = it.core.underruns;
    await play(it, 100, () => it.loop.turn());
    expect(it.core.underruns).toBe(settled);
  });

  test('without any decoder there is silence, and the pump goes on', async () => {
    const it = instrument();
    for (let i = 0; i < 60; i++) it.core.event(i, EVENT.noteOn, 0, 30 + i, 0.8);
    const out = await play(it, 600, async () => {});
    expect(out.every((value) => value === 0)).toBe(true);
    // The rows of all that time are still there in the ring, or in the core; a decoder that appears answers them.
    await play(it, 300, () => it.loop.turn());
    it.core.event(0, EVENT.panic, 0, 0, 0);
    await play(it, 300, () => it.loop.turn());
    chord(it.core, 0);
    expect(firstSound(await play(it, 10, () => it.loop.turn()))).toBe(0);
  });
});
