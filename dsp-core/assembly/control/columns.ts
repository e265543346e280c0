// The columns of a frame that are no levels: inharmonicity, pitch, vibrato, detunes, release. Read between two frames, kept in range. Audio thread.
import {
  MAX_COLUMN_CENTS,
  MAX_RELEASE_DB,
  MAX_VIBRATO_CENTS,
  MAX_VIBRATO_HZ,
  MIN_RELEASE_DB,
  MODEL_CENTS_OFFSET,
  MODEL_DETUNES,
  MODEL_DETUNES_OFFSET,
  MODEL_INHARMONICITY_OFFSET,
  MODEL_RELEASE_OFFSET,
  MODEL_VIBRATO_OFFSET,
  NEUTRAL_RELEASE_DB,
} from '../generated/constants';
import { noDetunes, setDetunes } from '../spectral/detune';
import { modelInt } from './model';
import { Voice } from './voice';

const MAX_INHARMONICITY: f32 = 0.02;
const TWO_PI: f64 = 6.283185307179586;

function between(a: usize, b: usize, column: i32, mix: f32): f32 {
  const from = load<f32>(a + ((<usize>column) << 2));
  return from + mix * (load<f32>(b + ((<usize>column) << 2)) - from);
}

function within(low: f32, high: f32, value: f32): f32 {
  return min(high, max(low, value));
}

/** Inharmonicity B between frames a and b. */
export function inharmonicityOf(slot: i32, a: usize, b: usize, mix: f32): f32 {
  const column = modelInt(slot, MODEL_INHARMONICITY_OFFSET);
  return column < 0 ? 0 : within(0, MAX_INHARMONICITY, between(a, b, column, mix));
}

/**
 * Semitones by which the sound's own pitch is off the note's: f0(t) and the vibrato, whose phase moves on by `seconds` (0 at the note's first frame)
 * and belongs to the voice, so that it runs on where frames repeat, and notes of a chord do not move as one.
 */
export function ownPitch(voice: Voice, a: usize, b: usize, mix: f32, seconds: f64): f64 {
  const slot = voice.slot;
  let semitones: f64 = 0;
  const cents = modelInt(slot, MODEL_CENTS_OFFSET);
  if (cents >= 0) semitones = <f64>within(-MAX_COLUMN_CENTS, MAX_COLUMN_CENTS, between(a, b, cents, mix)) * 0.01;
  const vibrato = modelInt(slot, MODEL_VIBRATO_OFFSET);
  if (vibrato < 0) return semitones;
  const depth = within(0, MAX_VIBRATO_CENTS, between(a, b, vibrato, mix));
  const rateHz = within(0, MAX_VIBRATO_HZ, between(a, b, vibrato + 1, mix));
  voice.vibrato += <f64>rateHz * seconds;
  voice.vibrato -= Math.floor(voice.vibrato);
  return depth == 0 ? semitones : semitones + <f64>depth * 0.01 * Math.sin(TWO_PI * voice.vibrato);
}

/** Hands the detunes between frames a and b to the partials. */
export function takeDetunes(slot: i32, a: usize, b: usize, mix: f32): void {
  const column = modelInt(slot, MODEL_DETUNES_OFFSET);
  const count = modelInt(slot, MODEL_DETUNES);
  if (column < 0 || count == 0) {
    noDetunes();
    return;
  }
  const at = (<usize>column) << 2;
  setDetunes(a + at, b + at, count, mix);
}

/** Fall of a released note, dB per second; NEUTRAL_RELEASE_DB where the model says nothing, or 0 for "not known". */
export function releaseOf(slot: i32, a: usize, b: usize, mix: f32): f32 {
  const column = modelInt(slot, MODEL_RELEASE_OFFSET);
  if (column < 0) return NEUTRAL_RELEASE_DB;
  const release = between(a, b, column, mix);
  return release > 0 ? within(MIN_RELEASE_DB, MAX_RELEASE_DB, release) : NEUTRAL_RELEASE_DB;
}
