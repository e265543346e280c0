// A physical voice: what one sounding note knows. There are more of them than a musician may sound, so that a stolen one can fade out.
import { MAX_LATENT } from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { Envelope } from './envelope';

export const FREE: i32 = 0;
/** Real time only: the first frame has not arrived, the note begins when it does. */
export const WAITING: i32 = 1;
export const SOUNDING: i32 = 2;
/** Stolen or cut: fading out, counted as a voice no more. */
export const DYING: i32 = 3;

@unmanaged
export class Voice extends Envelope {
  /** Place among the physical voices. */
  index: i32;
  state: i32;
  /** Names the note in request rows; never the same for two notes that could be confused. */
  serial: i32;
  /** Number of the note since reset: seeds its randomness, tells older from younger. */
  note: i32;
  slot: i32;
  channel: i32;
  key: i32;
  velocity: f32;

  /** The key is down. */
  held: bool;
  /** A pedal holds the note on after its key went up. */
  pedalled: bool;
  /** The sostenuto pedal caught the note. */
  latched: bool;
  /** Its model has gone: no frames are asked for or read any more. */
  detached: bool;
  /** The sound is over; the voice is freed at the next control tick. */
  over: bool;

  /** An MPE note whose key is up listens to its channel no more: what it heard last. */
  frozen: bool;
  frozenBend: f32;
  frozenPressure: f32;
  frozenSlide: f32;
  keyPressure: f32;
  /** Smoothed at the control grid; slide is -0.5..0.5. */
  pressure: f32;
  slide: f32;

  /** Note-on sample, and the hop boundary that comes next (number and time). */
  start: i64;
  hop: i32;
  nextHop: i64;
  /** The frames of this boundary have been asked for. */
  asked: bool;
  /** Next sample inside the segment now heard. */
  at: i32;
  /** Next frame to ask for, the frame heard last, the newest frame counted as late, and how many were late. */
  nextFrame: i32;
  lastFrame: i32;
  missed: i32;
  late: i32;

  /** Note time of the frame asked for last, its direction in a ping-pong loop, and the position parameter then. */
  tau: f64;
  direction: f64;
  position: f32;
  /** Note time heard now. */
  heardTau: f32;

  /** Phase of the vibrato, turns; and what the frame heard last says of the release, dB per second. */
  vibrato: f64;
  heardRelease: f32;

  /** Glide: pitches (MIDI notes as tuned) from and to, from which sample, over how many. */
  glideFrom: f64;
  glideTo: f64;
  glideStart: i64;
  glideLength: i32;

  /** Pitch and note time of the row asked for last. */
  rowPitch: f32;
  rowTau: f32;
  /** The newest frame asked for with the latent of the one before it. */
  restFrame: i32;
  /** The newest frame asked for a second time, and (real time only) how many answers to it are still to come. */
  renewedFrame: i32;
  renewals: i32;

  /** Gain by velocity, and the whole gain at the control tick before and the next (ramped between). */
  velocityDb: f64;
  /** Level of the voice's channel as smoothed, dB. */
  channelDb: f64;
  gainDb: f64;
  gainFrom: f32;
  gainTo: f32;
  /** Decay while a sound is held at the end of its time, and while frames are late; dB. */
  heldDb: f64;
  missDb: f64;
  holding: bool;

  /** Loudness against note time in front of the end of the sound: sums of a straight-line fit. */
  fitCount: i32;
  /** First frame of the fit, and the newest frame asked for with another latent than the one before it. */
  fitFrame: i32;
  movedFrame: i32;
  fitTau: f32;
  fitX: f64;
  fitY: f64;
  fitXX: f64;
  fitXY: f64;
  /** Slope of that line at the end, dB per second of note time, never above 0. */
  slope: f64;

  /** Samples left and length of the fade of a dying voice; samples done of the fade-in of one that takes another's place. */
  fadeLeft: i32;
  fadeIn: i32;
  /** Power of the frame heard last (linear), drift generator. */
  power: f32;
  random: u32;
  /** Whether the spectrum of the frame heard last is stereo. */
  stereo: bool;
}

const VOICE_BYTES: i32 = 512;
if (<i32>offsetof<Voice>() > VOICE_BYTES) ERROR('VOICE_BYTES is too small.');
const voices: usize = memory.data(PHYSICAL_VOICES * 512, 16);
const latents: usize = memory.data(PHYSICAL_VOICES * MAX_LATENT * 4, 16);
const drifts: usize = memory.data(PHYSICAL_VOICES * MAX_LATENT * 4, 16);

/** The voices that are not FREE, one bit each. */
let taken: u64 = 0;
if (PHYSICAL_VOICES > 64) ERROR('The mask of voices that are taken holds 64.');

for (let i = 0; i < PHYSICAL_VOICES; i++) voiceAt(i).index = i;

/**
 * The voices that are not FREE, one bit each. To go through them in the order of their places:
 * `for (let left = takenVoices(); left != 0; left &= left - 1)`, the place being `<i32>ctz(left)`.
 */
export function takenVoices(): u64 {
  return taken;
}

/** Gives a voice that is FREE a state; clearVoice frees it again. */
export function takeVoice(voice: Voice, state: i32): void {
  voice.state = state;
  taken |= (<u64>1) << voice.index;
}

export function voiceAt(index: i32): Voice {
  return changetype<Voice>(voices + <usize>(index * VOICE_BYTES));
}

/** Latent of the row a voice asked for last. */
export function voiceLatent(index: i32): usize {
  return latents + <usize>(index * MAX_LATENT * 4);
}

/** State of a voice's drift, one number of variance 1 a latent. */
export function voiceDrift(index: i32): usize {
  return drifts + <usize>(index * MAX_LATENT * 4);
}

/** Whether the note is neither released nor fading: its key or a pedal holds it. */
export function gated(voice: Voice): bool {
  return voice.held || voice.pedalled;
}

/** Clears everything of a voice but its place; it is FREE then. */
export function clearVoice(voice: Voice): void {
  const index = voice.index;
  memory.fill(changetype<usize>(voice), 0, offsetof<Voice>());
  memory.fill(voiceDrift(index), 0, MAX_LATENT * 4);
  voice.index = index;
  taken &= ~((<u64>1) << index);
}
