// What a voice asks the decoder for: frames ahead of need, with the latent, pitch and note time of the moment they are asked for.
import {
  DENSE_FRAMES,
  MAX_LATENT,
  MAX_REQUESTS,
  MODEL_LATENT_DIM,
  MODEL_PITCH_HIGH,
  MODEL_PITCH_LOW,
  P_A_4HZ,
  P_DRIFT_DEPTH,
  P_DRIFT_RATE,
  P_MACRO_1,
  P_PRESSURE_DEPTH,
  P_PRESSURE_MACRO,
  P_SLIDE_DEPTH,
  P_SLIDE_MACRO,
} from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { pitchAt } from './expression';
import { FRAME_RING, forgetFrame, frameHop, hasFrame, repeatFrame } from './frames';
import { globalLatent } from './latent';
import { lookaheadHops } from './lookahead';
import { currentSlot, modelFloat, modelInt, modelMacro, modelStd, modelZDim } from './model';
import { advanceTime } from './notetime';
import { choice, parameter } from './parameters';
import { bell, xorshift } from './random';
import { appendRow, requestsWaiting } from './requests';
import { clamp01 } from './units';
import { Voice, voiceDrift, voiceLatent } from './voice';

/** The latent being made, z and detail. */
const z: usize = memory.data(MAX_LATENT * 4, 16);
/** Note time of each frame asked for, and where it must stop. */
const taus: usize = memory.data(PHYSICAL_VOICES * FRAME_RING * 4, 16);
const limits: usize = memory.data(PHYSICAL_VOICES * FRAME_RING * 4, 16);

function place(voice: i32, frame: i32): usize {
  return (<usize>(voice * FRAME_RING + (frame & (FRAME_RING - 1)))) << 2;
}

/** Note time of a frame lately asked for. */
export function frameTau(voice: i32, frame: i32): f32 {
  return load<f32>(taus + place(voice, frame));
}

/** Where note time had to stop when the frame was asked for. */
export function frameLimit(voice: i32, frame: i32): f32 {
  return load<f32>(limits + place(voice, frame));
}

/** Semitones to add to a pitch for A4 as tuned against the 440 Hz that models learn by. */
function tuningOffset(): f64 {
  const a4 = parameter(P_A_4HZ);
  return a4 == 440 ? 0 : 12 * Math.log2(<f64>a4 / 440);
}

/** A voice's pitch as the decoder wants it: a MIDI note by A4 = 440 Hz, inside the model's range. */
export function modelPitch(voice: Voice, time: i64): f32 {
  const low = modelFloat(voice.slot, MODEL_PITCH_LOW);
  const high = modelFloat(voice.slot, MODEL_PITCH_HIGH);
  return min(high, max(low, <f32>(pitchAt(voice, time) + tuningOffset())));
}

/**
 * One hop of a voice's drift: an Ornstein-Uhlenbeck walk a number of z (exact step, stationary variance 1, corner at driftRate), from 0 at note-on so
 * that a note begins as the sound it is.
 */
function stepDrift(voice: Voice, hopSeconds: f64): void {
  if (parameter(P_DRIFT_DEPTH) == 0) return;
  const keep = <f32>Math.exp(-6.283185307179586 * <f64>parameter(P_DRIFT_RATE) * hopSeconds);
  const push = <f32>Math.sqrt(1.0 - <f64>keep * <f64>keep);
  const drift = voiceDrift(voice.index);
  const end = (<usize>modelZDim(voice.slot)) << 2;
  let random = voice.random;
  for (let i: usize = 0; i < end; i += 4) {
    random = xorshift(random);
    store<f32>(drift + i, keep * load<f32>(drift + i) + push * bell(random));
  }
  voice.random = random;
}

/** Adds one voice's own move of a macro, kept inside the macro's range. */
function addMacro(slot: i32, macro: i32, move: f32): void {
  if (macro < 0 || move == 0) return;
  const value = parameter(P_MACRO_1 + macro);
  const amount = (clamp01(value + move) - value) * 2;
  const offset = modelMacro(slot, macro);
  for (let i: usize = 0, end = (<usize>modelZDim(slot)) << 2; i < end; i += 4) {
    store<f32>(z + i, load<f32>(z + i) + amount * load<f32>(offset + i));
  }
}

/** The latent of a voice now, into z: everybody's, moved by its pressure and slide, and its drift. */
function voiceLatentNow(voice: Voice, dim: i32): void {
  memory.copy(z, globalLatent(), (<usize>dim) << 2);
  const byPressure = choice(P_PRESSURE_MACRO) - 1;
  const bySlide = choice(P_SLIDE_MACRO) - 1;
  const pressed = voice.pressure * parameter(P_PRESSURE_DEPTH);
  const slid = voice.slide * 2 * parameter(P_SLIDE_DEPTH);
  if (byPressure == bySlide) {
    addMacro(voice.slot, byPressure, pressed + slid);
  } else {
    addMacro(voice.slot, byPressure, pressed);
    addMacro(voice.slot, bySlide, slid);
  }
  const depth = parameter(P_DRIFT_DEPTH);
  if (depth > 0) {
    const std = modelStd(voice.slot);
    const drift = voiceDrift(voice.index);
    for (let i: usize = 0, end = (<usize>modelZDim(voice.slot)) << 2; i < end; i += 4) {
      store<f32>(z + i, load<f32>(z + i) + depth * load<f32>(std + i) * load<f32>(drift + i));
    }
  }
}

/** Whether z is what the voice asked for last. */
function sameLatent(voice: Voice, dim: i32): bool {
  return memory.compare(z, voiceLatent(voice.index), (<usize>dim) << 2) == 0;
}

/** Whether what a voice has of a frame is what it asked for last. */
function hasNewest(voice: Voice, frame: i32): bool {
  return hasFrame(voice.index, frame) && !(voice.renewals > 0 && voice.renewedFrame == frame);
}

/** Asks for a frame of a voice with the latent in z. */
function ask(voice: Voice, frame: i32, tau: f32, pitch: f32, dim: i32): void {
  const row = appendRow(voice.slot, voice.index, voice.serial, frame, tau, pitch, voice.velocity, 0);
  memory.copy(row, z, (<usize>dim) << 2);
  memory.copy(voiceLatent(voice.index), z, (<usize>dim) << 2);
  voice.rowTau = tau;
  voice.rowPitch = pitch;
}

/**
 * Half of the boundaries ask for nothing, as frames lie SPARSE_STRIDE hops apart. Where the latent has just begun to move (smoothed: little at first), the frame
 * asked for at the boundary before is asked for again, so that a gesture is heard a hop sooner; in real time the first answer serves until the second comes. Once it
 * moves, every frame asked for is new anyway. False when the rows are full.
 */
function renewFrame(voice: Voice, hop: i32, wanted: i32, strict: bool): bool {
  const frame = voice.nextFrame - 1;
  if (frame < DENSE_FRAMES || frameHop(frame) != wanted || voice.slot != currentSlot()) return true;
  if (voice.restFrame < frame - 1 || voice.renewedFrame == frame) return true;
  const dim = modelInt(voice.slot, MODEL_LATENT_DIM);
  voiceLatentNow(voice, dim);
  if (sameLatent(voice, dim)) return true;
  if (requestsWaiting() == MAX_REQUESTS) return false;
  if (strict) forgetFrame(voice.index, frame);
  else voice.renewals = hasFrame(voice.index, frame) ? 1 : 2;
  voice.renewedFrame = frame;
  voice.movedFrame = frame;
  ask(voice, frame, frameTau(voice.index, frame), modelPitch(voice, voice.start + <i64>(frameHop(frame) * hop)), dim);
  return true;
}

/**
 * Asks for every frame that the voice, at hop boundary voice.hop, will need within the look-ahead. A frame that would be the one before it
 * again is not asked for but repeated. False when the rows are full: the rest is asked for when called again.
 */
export function askFrames(voice: Voice, hop: i32, sampleRate: f32, strict: bool): bool {
  const hopSeconds = <f64>hop / <f64>sampleRate;
  const wanted = voice.hop + 1 + lookaheadHops();
  if (!voice.asked) {
    voice.asked = true;
    stepDrift(voice, hopSeconds);
  }
  while (frameHop(voice.nextFrame - 1) < wanted) {
    if (requestsWaiting() == MAX_REQUESTS) return false;
    const frame = voice.nextFrame++;
    const dim = modelInt(voice.slot, MODEL_LATENT_DIM);
    const hops = frame == 0 ? 0 : frameHop(frame) - frameHop(frame - 1);
    const limit = <f32>advanceTime(voice, <f64>hops * hopSeconds);
    const tau = <f32>voice.tau;
    const pitch = modelPitch(voice, voice.start + <i64>(frameHop(frame) * hop));
    store<f32>(taus + place(voice.index, frame), tau);
    store<f32>(limits + place(voice.index, frame), limit);
    if (voice.slot == currentSlot()) voiceLatentNow(voice, dim);
    else memory.copy(z, voiceLatent(voice.index), (<usize>dim) << 2);
    const same = frame > 0 && sameLatent(voice, dim);
    if (same) voice.restFrame = frame;
    else voice.movedFrame = frame;
    if (same && tau == voice.rowTau && pitch == voice.rowPitch && (strict || hasNewest(voice, frame - 1))) {
      repeatFrame(voice.index, frame);
      continue;
    }
    ask(voice, frame, tau, pitch, dim);
  }
  return renewFrame(voice, hop, wanted, strict);
}
