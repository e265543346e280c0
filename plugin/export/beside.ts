// Notes that are played beside the instrument, which stays as it is: a latent to be heard, and the present sound's whole note for its picture.
import { renderToArrays } from '../engine/offline.ts';
import type { SoundState } from '../instrument/messages.ts';
import { parameterById } from '../instrument/parameters.ts';
import { EVENT } from '../instrument/protocol.ts';
import { openSound, type SoundSource } from './sound.ts';

/** A note, and how long it is held and listened to after that. */
export interface BesideNote {
  key: number;
  /** 0..1. */
  velocity: number;
  holdSeconds: number;
  tailSeconds: number;
}

/** How long a latent is heard. */
export const AUDITION = { holdSeconds: 1.1, tailSeconds: 0.6 } as const;
/** How hard the note of a picture is played. */
export const PORTRAIT_VELOCITY = 0.8;
export const PORTRAIT_COLUMNS = 512;

/** Where a sound is heard as itself: at its home, with nothing mixed in, macros at rest. */
const AT_REST: Readonly<Record<string, number>> = {
  morphMix: 0,
  pathDepth: 0,
  driftDepth: 0,
  reach: 1,
  freeze: 0,
  position: 0,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`macro${i + 1}`, parameterById(`macro${i + 1}`).default])),
};

/** A picture shows the whole note, however it is held, from its beginning at its own speed. */
const WHOLE_NOTE: Readonly<Record<string, number>> = {
  position: 0,
  speed: 1,
  freeze: 0,
  loopMode: 0,
  attackMs: 0,
  sustain: 1,
  driftDepth: 0,
  pathDepth: 0,
};

/** What `latent` sounds like as itself, with the loudness and the envelope of the present sound. */
export function auditionState(state: SoundState, latent: readonly number[]): SoundState {
  const { preset } = state;
  const values = { ...state.values, ...AT_REST, mapX: preset.map.x, mapY: preset.map.y };
  return { ...state, preset: { ...preset, latent: [...latent] }, values, path: [] };
}

export const portraitState = (state: SoundState): SoundState => ({
  ...state,
  values: { ...state.values, ...WHOLE_NOTE },
});

/** Plays one note of a sound on a core of its own. */
export function renderNote(
  source: SoundSource,
  { key, velocity, holdSeconds, tailSeconds }: BesideNote,
  sampleRate: number,
): Promise<{ left: Float32Array<ArrayBuffer>; right: Float32Array<ArrayBuffer> }> {
  const held = Math.round(holdSeconds * sampleRate);
  const events = [
    { frame: 0, kind: EVENT.noteOn, channel: 0, key, value: velocity },
    { frame: held, kind: EVENT.noteOff, channel: 0, key, value: 0 },
  ];
  return renderToArrays(openSound(source, sampleRate), events, held + Math.round(tailSeconds * sampleRate));
}
