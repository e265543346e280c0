// The sound that is exported, as an offline engine at its beginning: everything that is heard in a state, on a core of its own.
import { Core, type CoreModel } from '../engine/core.ts';
import { OfflineEngine } from '../engine/offline.ts';
import type { SoundState } from '../instrument/messages.ts';
import { parameters } from '../instrument/parameters.ts';
import { parameterEvent } from '../instrument/preset.ts';
import type { Decoder } from '../model/decoder.ts';

export interface SoundSource {
  /** The compiled core; every engine gets an instance of its own. */
  core: WebAssembly.Module;
  model: CoreModel;
  decoder: Decoder;
  state: SoundState;
  /** What each of 128 keys plays, as fractional MIDI notes, null for nothing; absent or null for the usual tuning. */
  tuning?: readonly (number | null)[] | null;
}

/** Parameters that are not named in `values` keep their default; `changes` win over the state. */
export function openSound(
  { core: module, model, decoder, state, tuning = null }: SoundSource,
  sampleRate: number,
  changes: Readonly<Record<string, number>> = {},
): OfflineEngine {
  const { preset, values, corners } = state;
  const plain = { ...values, ...changes };
  const core = Core.fromModule(module);
  const engine = new OfflineEngine({
    core,
    decoder,
    model,
    sampleRate,
    seed: preset.seed,
    latent: preset.latent,
    mapX: preset.map.x,
    mapY: preset.map.y,
    events: parameters.map((p) => parameterEvent(p.id, plain[p.id] ?? p.default)),
  });
  corners.forEach(({ latent }, corner) => {
    core.setCorner(corner as 0 | 1 | 2 | 3, latent);
  });
  core.setPath(state.path ?? []);
  core.setTuning(tuning);
  return engine;
}
