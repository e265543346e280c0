// From a voice's frames to its samples: the spectrum of each hop, then envelope, gain and sum.
import {
  CONTROL_INTERVAL,
  DENSE_FRAMES,
  MODEL_NOISE_BANDS,
  MODEL_NOISE_OFFSET,
  MODEL_PARTIAL_OFFSET,
  MODEL_PARTIALS,
  P_A_4HZ,
  P_DETUNE,
  P_FORMANT_SHIFT,
  P_NOISE_BALANCE,
  P_ODD_EVEN,
  P_SPREAD,
  P_STRETCH,
  P_TILT,
  P_UNISON,
  SPARSE_STRIDE,
} from '../generated/constants';
import { setFrameLayout, shapedPower, shapeFrames } from '../spectral/shape';
import { addNoise, addPartials, beginFrame, endFrame, segment } from '../spectral/synthesis';
import { frameLimit, frameTau } from './ask';
import { inharmonicityOf, ownPitch, releaseOf, takeDetunes } from './columns';
import { ENDED } from './envelope';
import { pitchAt } from './expression';
import { frameBefore, hasFrame, payload } from './frames';
import { modelInt } from './model';
import { fitLoudness, fittedSlope } from './notetime';
import { choice, parameter } from './parameters';
import { isFinite32, ratioOfSemitones } from './units';
import { DYING, Voice } from './voice';

/** A voice whose frames are late decays by this while it holds its last one, dB per second. */
const MISS_DECAY: f64 = -12;
const QUARTER_PI: f64 = 0.7853981633974483;

const gains: usize = memory.data(CONTROL_INTERVAL * 4, 16);

/** Late frames and voices killed for a number that is not finite, since prepare. */
let lateFrames: i32 = 0;
let brokenVoices: i32 = 0;

export function clearCounts(): void {
  lateFrames = 0;
  brokenVoices = 0;
}

export function countLate(voice: Voice): void {
  lateFrames++;
  voice.late++;
}

export function lateCount(): i32 {
  return lateFrames;
}

export function brokenCount(): i32 {
  return brokenVoices;
}

/** Share of the way from frameBefore(hop) to the frame behind it. */
function mixAt(hop: i32): f32 {
  return hop < DENSE_FRAMES ? 0 : <f32>((hop - DENSE_FRAMES + 1) % SPARSE_STRIDE) / <f32>SPARSE_STRIDE;
}

/** Whether every frame that hop needs is there. */
export function ready(voice: Voice, hop: i32): bool {
  const first = frameBefore(hop);
  return hasFrame(voice.index, first) && (mixAt(hop) == 0 || hasFrame(voice.index, first + 1));
}

function missing(voice: Voice, frame: i32): void {
  if (frame <= voice.missed) return;
  voice.missed = frame;
  countLate(voice);
}

/** Puts the spectrum of hop `hop`, centred at sample `centre`, into the voice's overlap-add. */
export function sound(voice: Voice, hop: i32, centre: i64, hopSeconds: f64): void {
  const index = voice.index;
  const before = frameBefore(hop);
  let mix = mixAt(hop);
  let a = before;
  let b = mix > 0 ? before + 1 : before;
  const hasA = hasFrame(index, a);
  const hasB = hasFrame(index, b);
  if (!hasA) missing(voice, a);
  if (!hasB) missing(voice, b);
  if (hasA || hasB) {
    if (!hasA) a = b;
    if (!hasB) b = a;
    voice.missDb = 0;
  } else {
    // A decoder that is always too slow makes the sound lag, not stop: the newest frame that did come, otherwise the one heard last.
    a = before - 1;
    while (a > voice.lastFrame && !hasFrame(index, a)) a--;
    if (a > voice.lastFrame) {
      voice.missDb = 0;
    } else {
      a = voice.lastFrame;
      voice.missDb += MISS_DECAY * hopSeconds;
    }
    b = a;
  }
  if (a == b) mix = 0;
  voice.lastFrame = b;
  const frameA = payload(index, a);
  const frameB = payload(index, b);
  const slot = voice.slot;

  const pitch = pitchAt(voice, centre) + ownPitch(voice, frameA, frameB, mix, hop == 0 ? 0 : hopSeconds);
  const inharmonicity = inharmonicityOf(slot, frameA, frameB, mix);
  takeDetunes(slot, frameA, frameB, mix);
  voice.heardRelease = releaseOf(slot, frameA, frameB, mix);
  const f0Hz = <f64>parameter(P_A_4HZ) * ratioOfSemitones(pitch - 69);

  setFrameLayout(
    modelInt(slot, MODEL_PARTIALS),
    modelInt(slot, MODEL_NOISE_BANDS),
    modelInt(slot, MODEL_PARTIAL_OFFSET),
    modelInt(slot, MODEL_NOISE_OFFSET),
  );
  shapeFrames(
    frameA,
    frameB,
    mix,
    <f32>f0Hz,
    parameter(P_TILT),
    parameter(P_ODD_EVEN),
    parameter(P_NOISE_BALANCE),
    parameter(P_FORMANT_SHIFT),
  );
  const layers = choice(P_UNISON);
  const spread = parameter(P_SPREAD);
  const stereo = layers > 1 && spread > 0;
  const stretch = parameter(P_STRETCH);
  beginFrame(index, stereo);
  if (layers == 1) {
    addPartials(index, 0, <f32>f0Hz, inharmonicity, stretch, 1, 1);
  } else {
    const level = 1 / Math.sqrt(<f64>layers);
    for (let layer = 0; layer < layers; layer++) {
      // -1..1 over the layers: the outermost are detuned by the whole of `detune` and stand outermost in the stereo picture.
      const place = <f64>(2 * layer) / <f64>(layers - 1) - 1;
      const hz = f0Hz * ratioOfSemitones(place * <f64>parameter(P_DETUNE) * 0.01);
      const angle = (1 + place * <f64>spread) * QUARTER_PI;
      const gainL = stereo ? level * Math.SQRT2 * Math.cos(angle) : level;
      const gainR = stereo ? level * Math.SQRT2 * Math.sin(angle) : level;
      addPartials(index, layer, <f32>hz, inharmonicity, stretch, <f32>gainL, <f32>gainR);
    }
  }
  addNoise(index, 1, 1, stereo ? spread : 0);
  endFrame(index);
  // A voice that has just become narrow still has a right side of its own in the overlap.
  voice.stereo = segment(index, 1) != segment(index, 0);
  const silentBefore = voice.power == 0;
  voice.power = shapedPower();
  followTime(voice, b);
  if (voice.holding && silentBefore && voice.power == 0) voice.over = true;
}

/** Note time as heard: follows the loudness up to the end of the sound, and knows when the sound is held there. */
function followTime(voice: Voice, frame: i32): void {
  const tau = frameTau(voice.index, frame);
  const limit = frameLimit(voice.index, frame);
  const holding = tau >= limit;
  voice.heardTau = tau;
  if (!holding) fitLoudness(voice, frame, tau, limit, voice.power);
  else if (!voice.holding) voice.slope = fittedSlope(voice);
  voice.holding = holding;
}

/** Kills a voice whose new segment holds a number that is not finite. True when the segment is sound. */
export function checkSegment(voice: Voice, hop: i32): bool {
  for (let channel = 0, channels = voice.stereo ? 2 : 1; channel < channels; channel++) {
    const samples = segment(voice.index, channel);
    let sum = f32x4.splat(0);
    for (let i: usize = 0, end = (<usize>hop) << 2; i < end; i += 16) {
      // x * 0 is 0 for every finite number and NaN for the others.
      sum = f32x4.add(sum, f32x4.mul(v128.load(samples + i), f32x4.splat(0)));
    }
    const total =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
    if (!isFinite32(total)) {
      brokenVoices++;
      voice.over = true;
      return false;
    }
  }
  return true;
}

function addScaled(bus: usize, samples: usize, gain: f32, count: i32): void {
  const wide = (<usize>(count & ~3)) << 2;
  const end = (<usize>count) << 2;
  const g = f32x4.splat(gain);
  let i: usize = 0;
  for (; i < wide; i += 16) v128.store(bus + i, f32x4.add(v128.load(bus + i), f32x4.mul(v128.load(samples + i), g)));
  for (; i < end; i += 4) store<f32>(bus + i, load<f32>(bus + i) + load<f32>(samples + i) * gain);
}

function addShaped(bus: usize, samples: usize, count: i32): void {
  const wide = (<usize>(count & ~3)) << 2;
  const end = (<usize>count) << 2;
  let i: usize = 0;
  for (; i < wide; i += 16) {
    v128.store(bus + i, f32x4.add(v128.load(bus + i), f32x4.mul(v128.load(samples + i), v128.load(gains + i))));
  }
  for (; i < end; i += 4) store<f32>(bus + i, load<f32>(bus + i) + load<f32>(samples + i) * load<f32>(gains + i));
}

/**
 * Adds `count` samples of a voice, the first of them `phase` samples behind a control tick, to left and right. `mono` takes voices without
 * stereo spread, once for both sides. count is at most what is left of the voice's segment and of the control interval.
 */
export function addVoice(
  voice: Voice,
  phase: i32,
  count: i32,
  left: usize,
  right: usize,
  mono: usize,
  fadeSamples: i32,
): void {
  const offset = (<usize>voice.at) << 2;
  const samples = segment(voice.index, 0) + offset;
  voice.at += count;
  if (voice.over) return;
  const fading = voice.state == DYING || voice.fadeIn < fadeSamples;
  if (voice.steady && !fading && voice.gainFrom == voice.gainTo) {
    const gain = voice.level * voice.gainFrom;
    if (!voice.stereo) {
      addScaled(mono, samples, gain, count);
    } else {
      addScaled(left, samples, gain, count);
      addScaled(right, segment(voice.index, 1) + offset, gain, count);
    }
    return;
  }
  voice.run(gains, count);
  const rise = (voice.gainTo - voice.gainFrom) * (<f32>1 / <f32>CONTROL_INTERVAL);
  for (let i = 0; i < count; i++) {
    const at = gains + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * (voice.gainFrom + rise * <f32>(phase + i + 1)));
  }
  if (fading) {
    const scale = <f32>1 / <f32>fadeSamples;
    for (let i = 0; i < count; i++) {
      const at = gains + ((<usize>i) << 2);
      let gain = load<f32>(at);
      if (voice.fadeIn < fadeSamples) gain *= <f32>++voice.fadeIn * scale;
      if (voice.state == DYING) {
        gain *= <f32>voice.fadeLeft * scale;
        if (voice.fadeLeft > 0) voice.fadeLeft--;
      }
      store<f32>(at, gain);
    }
  }
  if (voice.stage == ENDED || (voice.state == DYING && voice.fadeLeft == 0)) voice.over = true;
  if (!voice.stereo) {
    addShaped(mono, samples, count);
  } else {
    addShaped(left, samples, count);
    addShaped(right, segment(voice.index, 1) + offset, count);
  }
}
