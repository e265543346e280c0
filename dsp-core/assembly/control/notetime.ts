// Note time: where in its sound a note is (tau), how it runs, holds and loops, and how a sound dies on that is held at its end.
import {
  MODEL_MAX_SECONDS,
  MODEL_SUSTAIN_END,
  MODEL_SUSTAIN_START,
  P_FREEZE,
  P_LOOP_END,
  P_LOOP_MODE,
  P_LOOP_START,
  P_POSITION,
  P_SPEED,
} from '../generated/constants';
import { modelFloat } from './model';
import { choice, parameter } from './parameters';
import { gated, Voice } from './voice';

const FORWARD: i32 = 1;
const PING_PONG: i32 = 2;
/** Shortest loop, seconds. */
const SHORTEST_LOOP: f64 = 0.02;
/** The slope of loudness is taken over the model's sustain region, so long as its last stretch of note time lies between these, seconds ... */
const SHORTEST_FIT: f64 = 0.5;
const LONGEST_FIT: f64 = 1.5;
/** ... from points at least so far apart. */
const FIT_STEP: f64 = 0.02;
/** Fewer points say nothing. */
const FIT_POINTS: i32 = 5;
/** A sound that falls more slowly than this is sustained and stays, dB per second. */
const SUSTAINED_SLOPE: f64 = -1.5;
/** The same where the latent moved meanwhile, so that a player's hand or drift is not taken for the sound's own decay. */
const SUSTAINED_SLOPE_MOVING: f64 = -6;
/** Nothing falls faster, dB per second. */
const STEEPEST_SLOPE: f64 = -240;

/** Note time at note-on. */
export function beginTime(voice: Voice): void {
  voice.position = parameter(P_POSITION);
  voice.tau = <f64>voice.position * <f64>modelFloat(voice.slot, MODEL_MAX_SECONDS);
  voice.direction = 1;
}

/**
 * Moves tau on by `seconds` of real time under speed, freeze and loop; turning the position moves it with the hand. Returns where tau must
 * stop: sustainEnd in Hold, the end of the sound after a loop was released, infinity inside a loop.
 */
export function advanceTime(voice: Voice, seconds: f64): f64 {
  const end = <f64>modelFloat(voice.slot, MODEL_MAX_SECONDS);
  const position = parameter(P_POSITION);
  if (position != voice.position) {
    voice.tau = min(end, max<f64>(0, voice.tau + <f64>(position - voice.position) * end));
    voice.position = position;
  }
  const step = parameter(P_FREEZE) > 0 ? 0 : seconds * <f64>parameter(P_SPEED);
  const mode = choice(P_LOOP_MODE);
  const looping = mode != 0 && gated(voice);
  if (!looping) {
    const limit = mode == 0 ? <f64>modelFloat(voice.slot, MODEL_SUSTAIN_END) : end;
    if (voice.tau < limit) voice.tau = min(limit, voice.tau + step);
    voice.direction = 1;
    return limit;
  }
  const one = <f64>parameter(P_LOOP_START) * end;
  const other = <f64>parameter(P_LOOP_END) * end;
  const low = max<f64>(0, min(min(one, other), end - SHORTEST_LOOP));
  const high = max(max(one, other), low + SHORTEST_LOOP);
  const length = high - low;
  let tau = voice.tau + step * voice.direction;
  if (mode == FORWARD) {
    if (tau >= high) tau = low + ((tau - high) % length);
  } else if (mode == PING_PONG) {
    if (tau > high) {
      tau = high - ((tau - high) % length);
      voice.direction = -1;
    } else if (tau < low && voice.direction < 0) {
      tau = low + ((low - tau) % length);
      voice.direction = 1;
    }
  }
  voice.tau = min(end, max<f64>(0, tau));
  return Infinity;
}

/** Takes the loudness (power, linear) of a frame heard at note time tau into the fit of the slope in front of `limit`. */
export function fitLoudness(voice: Voice, frame: i32, tau: f32, limit: f32, power: f32): void {
  const x = <f64>tau - <f64>limit;
  const region = <f64>limit - <f64>modelFloat(voice.slot, MODEL_SUSTAIN_START);
  if (x < -min(LONGEST_FIT, max(SHORTEST_FIT, region))) return;
  if (voice.fitCount == 0) voice.fitFrame = frame;
  else if (abs(<f64>tau - <f64>voice.fitTau) < FIT_STEP) return;
  const y = 10 * Math.log10(max<f64>(1e-12, <f64>power));
  voice.fitTau = tau;
  voice.fitCount++;
  voice.fitX += x;
  voice.fitY += y;
  voice.fitXX += x * x;
  voice.fitXY += x * y;
}

/** Slope of the fitted line, dB per second of note time; 0 where the sound is sustained or too little of it was heard. */
export function fittedSlope(voice: Voice): f64 {
  const n = <f64>voice.fitCount;
  if (voice.fitCount < FIT_POINTS) return 0;
  const spread = n * voice.fitXX - voice.fitX * voice.fitX;
  if (spread < 1e-6) return 0;
  const slope = (n * voice.fitXY - voice.fitX * voice.fitY) / spread;
  const sustained = voice.movedFrame > voice.fitFrame ? SUSTAINED_SLOPE_MOVING : SUSTAINED_SLOPE;
  return slope > sustained ? 0 : max(STEEPEST_SLOPE, slope);
}
