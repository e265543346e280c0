// A score through the offline pump, with everything that passes between core and decoder kept.
import { Core } from '../../plugin/engine/core.ts';
import { OfflineEngine, type TimedEvent } from '../../plugin/engine/offline.ts';
import type { SoundEvent } from '../../plugin/instrument/preset.ts';
import { FRAME_HEADER, ROW_HEADER } from '../../plugin/instrument/protocol.ts';
import type { Bundle } from '../../plugin/model/bundle.ts';
import { coreModel } from '../../plugin/model/core-model.ts';
import type { Decoder } from '../../plugin/model/decoder.ts';

export interface ScoreRequest {
  sampleRate: number;
  /** Samples to render. */
  frames: number;
  seed: number;
  latent: number[];
  mapX: number;
  mapY: number;
  /** What holds from the first sample. */
  initial: readonly SoundEvent[];
  events: readonly TimedEvent[];
}

export interface Played {
  /** Interleaved stereo. */
  audio: Float32Array;
  /** Every row that was asked for and every frame that was delivered, in order. */
  rows: Float32Array;
  frames: Float32Array;
}

const joined = (parts: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export async function play(
  request: ScoreRequest,
  module: WebAssembly.Module,
  bundle: Bundle,
  decoder: Decoder,
): Promise<Played> {
  const rowSize = ROW_HEADER + decoder.latentDim;
  const frameSize = FRAME_HEADER + decoder.frameSize;
  const rowsAsked: Float32Array[] = [];
  const framesGiven: Float32Array[] = [];
  const listening: Decoder = {
    latentDim: decoder.latentDim,
    frameSize: decoder.frameSize,
    dispose: () => decoder.dispose(),
    async decode(rows, count, frames) {
      await decoder.decode(rows, count, frames);
      rowsAsked.push(rows.slice(0, count * rowSize));
      framesGiven.push(frames.slice(0, count * frameSize));
    },
  };
  const { sampleRate, seed, latent, mapX, mapY, initial } = request;
  const engine = new OfflineEngine({
    core: Core.fromModule(module),
    decoder: listening,
    model: coreModel(bundle),
    sampleRate,
    seed,
    latent,
    mapX,
    mapY,
    events: initial,
  });
  const audio = new Float32Array(2 * request.frames);
  let at = 0;
  await engine.render(
    request.events,
    request.frames,
    (left, right, count) => {
      for (let i = 0; i < count; i++) {
        audio[2 * (at + i)] = left[i];
        audio[2 * (at + i) + 1] = right[i];
      }
      at += count;
    },
    { block: 128 },
  );
  return { audio, rows: joined(rowsAsked), frames: joined(framesGiven) };
}
