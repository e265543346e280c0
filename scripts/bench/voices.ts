// Cost of the core's voices as a share of the 128-frame quantum at 48 kHz, with and without the decoder's own time.
import { Core, type CoreModel } from '../../plugin/engine/core.ts';
import { EVENT, MAX_REQUESTS } from '../../plugin/instrument/protocol.ts';
import type { Decoder } from '../../plugin/model/decoder.ts';
import { median, medianOf } from './measure.ts';
import type { Row } from './row.ts';

const RATE = 48_000;
const QUANTUM = 128;
const SECONDS = 1;

interface Load {
  /** Seconds spent in the core per second of sound. */
  core: number;
  /** Seconds spent in the decoder per second of sound. */
  decoder: number;
  frames: number;
}

/** Plays `voices` held notes for SECONDS as a worklet would, answering rows after each quantum. */
async function play(module: WebAssembly.Module, model: CoreModel, decoder: Decoder, voices: number): Promise<Load> {
  const core = Core.fromModule(module);
  core.prepare(RATE);
  core.setModel(model);
  const rows = new Float32Array(MAX_REQUESTS * core.rowSize);
  const frames = new Float32Array(MAX_REQUESTS * core.deliverySize);
  const load: Load = { core: 0, decoder: 0, frames: 0 };
  const answer = async (count: boolean): Promise<void> => {
    const waiting = core.takeRequests(rows, 0, MAX_REQUESTS);
    if (waiting === 0) return;
    let sounding = 0;
    for (let i = 0; i < waiting; i++) if (rows[i * core.rowSize + 1] >= 0) sounding++;
    const before = performance.now();
    await decoder.decode(rows, waiting, frames);
    const spent = performance.now() - before;
    if (count) {
      load.decoder += (spent / 1000) * (sounding / waiting);
      load.frames += sounding;
    }
    core.deliver(frames, 0, waiting);
  };
  // The attack cache fills before anything is counted.
  for (let i = 0; i < 400; i++) {
    core.process(QUANTUM);
    await answer(false);
  }
  for (let voice = 0; voice < voices; voice++) core.event(voice * 16, EVENT.noteOn, 0, 36 + 3 * voice, 0.8);
  for (let quantum = 0; quantum < (RATE * SECONDS) / QUANTUM; quantum++) {
    const before = performance.now();
    core.process(QUANTUM);
    load.core += (performance.now() - before) / 1000;
    await answer(true);
  }
  if (core.activeVoices !== voices) throw new Error(`The bench wanted ${voices} voices and got ${core.activeVoices}.`);
  return load;
}

/** Share of one CPU core for 1, 8 and 16 voices, and the time of one voice-frame. */
export async function benchVoices(module: WebAssembly.Module, model: CoreModel, decoder: Decoder): Promise<Row[]> {
  const rows: Row[] = [];
  for (const voices of [1, 8, 16]) {
    const decoderShares: number[] = [];
    const share = await medianOf(async () => {
      const load = await play(module, model, decoder, voices);
      decoderShares.push(load.decoder / SECONDS);
      return load.core / SECONDS;
    });
    const decoderShare = median(decoderShares.slice(1)); // The first was the warm-up.
    rows.push({
      name: `${voices} voice${voices > 1 ? 's' : ''}, core only, share of the quantum`,
      value: share * 100,
      unit: '%',
    });
    rows.push({
      name: `${voices} voice${voices > 1 ? 's' : ''}, core and decoder, share of the quantum`,
      value: (share + decoderShare) * 100,
      unit: '%',
    });
    if (voices === 16) {
      const framesPerSecond = RATE / 256;
      rows.unshift({
        name: 'one voice-frame (128 partials, 32 noise bands)',
        value: (share / (16 * framesPerSecond)) * 1e6,
        unit: 'us',
      });
    }
  }
  return rows;
}
