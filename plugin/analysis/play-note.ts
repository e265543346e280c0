// One note at an exact pitch through the core, as mono samples: what resynthesis and encoding listen to.
import type { Core, CoreModel } from '../engine/core.ts';
import { OfflineEngine, renderToArrays } from '../engine/offline.ts';
import { parameterEvent, type SoundEvent } from '../instrument/preset.ts';
import { EVENT } from '../instrument/protocol.ts';
import type { Decoder } from '../model/decoder.ts';
import { ANALYSIS_RATE } from './layout.ts';

/** Parameters that leave levels as the decoder gives them: no velocity curve, an open envelope, no gain. */
const NEUTRAL: Record<string, number> = {
  velocityToLevel: 0,
  attackMs: 0,
  sustain: 1,
  releaseMs: 5,
  gainDb: 0,
};

export interface Note {
  core: Core;
  decoder: Decoder;
  model: CoreModel;
  latent: ArrayLike<number>;
  map: { x: number; y: number };
  /** What holds from the first sample on, before the neutral envelope and level. */
  events: readonly SoundEvent[];
  /** MIDI note, fractional. */
  pitch: number;
  velocity: number;
  seconds: number;
}

/** Holds the note for `seconds` and returns the mean of both channels at ANALYSIS_RATE. */
export async function playNote(note: Note): Promise<Float32Array> {
  const { core, decoder, model, latent, map, pitch, velocity, seconds } = note;
  const key = Math.min(127, Math.max(0, Math.round(pitch)));
  const parameters = { ...NEUTRAL, fineTune: (pitch - key) * 100 };
  const events = [...note.events, ...Object.entries(parameters).map(([id, value]) => parameterEvent(id, value))];
  const engine = new OfflineEngine({
    core,
    decoder,
    model,
    sampleRate: ANALYSIS_RATE,
    latent,
    mapX: map.x,
    mapY: map.y,
    events,
  });
  const on = { frame: 0, kind: EVENT.noteOn, channel: 0, key, value: velocity };
  const { left, right } = await renderToArrays(engine, [on], Math.round(seconds * ANALYSIS_RATE));
  for (let n = 0; n < left.length; n++) left[n] = 0.5 * (left[n] + right[n]);
  return left;
}
