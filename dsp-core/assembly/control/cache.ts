// The attack cache: the first frames of every key of the sound now selected, decoded in the background, so that a note-on in real time need not
// wait for the decoder. Audio thread; real time only.
import {
  CACHE_FRAMES,
  CONTROL_INTERVAL,
  MAX_FRAME,
  MAX_LATENT,
  MODEL_FRAME_SIZE,
  MODEL_LATENT_DIM,
  MODEL_MAX_SECONDS,
  MODEL_PITCH_HIGH,
  MODEL_PITCH_LOW,
  MODEL_SUSTAIN_END,
  P_FREEZE,
  P_LOOP_MODE,
  P_POSITION,
  P_SPEED,
} from '../generated/constants';
import { modelPitch } from './ask';
import { hop } from './clock';
import { copyColumns, frameHop, markFrame, payload } from './frames';
import { globalLatent } from './latent';
import { currentSlot, modelFloat, modelInt, modelNeutral, modelStd } from './model';
import { choice, parameter } from './parameters';
import { appendRow, requestsWaiting } from './requests';
import { Voice } from './voice';

const KEYS: i32 = 128;
const LAYERS: i32 = 3;
const ENTRIES: i32 = KEYS * LAYERS * CACHE_FRAMES;
const HAVE: u8 = 1;
const ASKED: u8 = 2;
const FRESH: u8 = 4;
/** Generations are counted round so that layer, key and generation stay exact in one float. */
const GENERATIONS: i32 = 128;
/** Steps through the keys on both sides of the middle one, layer by layer. */
const END: i32 = 2 * KEYS * LAYERS;
/** Rows asked for and not answered, at most. */
const OUTSTANDING: i32 = 96;
/** The latent is compared at every so many control ticks, and the cache begun anew at most so often. */
const COMPARE_TICKS: i32 = 16;
const RESTART_TICKS: i32 = 160;
/** While the sound keeps moving one key and layer is asked for every so many hops: what is decoded ahead is out of date soon, and notes ask for their own frames too. */
const MOVING_HOPS: i32 = 2;
/** An answer that has not come after so many ticks is not waited for any longer. */
const PATIENCE_TICKS: i32 = 3000;
/** The sound has moved when a latent moved by this share of the model's spread. */
const MOVED: f32 = 0.02;

const entries: usize = memory.data(128 * 3 * CACHE_FRAMES * MAX_FRAME * 4, 16);
const states: usize = memory.data(128 * 3 * CACHE_FRAMES, 16);
const latent: usize = memory.data(MAX_LATENT * 4, 16);

let generation: i32 = 0;
let outstanding: i32 = 0;
let cursor: i32 = 0;
let centre: i32 = 60;
let ticks: i32 = 0;
let startedAt: i32 = -RESTART_TICKS;
let answeredAt: i32 = 0;
let started: bool = false;
/** The sound moved when it was looked at last, and the time before. */
let moving: bool = false;
let position: f32 = 0;
let speed: f32 = 0;
let loopMode: i32 = 0;

/** Velocity of a layer. */
function layerVelocity(layer: i32): f32 {
  return layer == 0 ? 0.3 : layer == 1 ? 0.65 : 1;
}

function entryAt(key: i32, layer: i32, frame: i32): i32 {
  return (key * LAYERS + layer) * CACHE_FRAMES + frame;
}

function entry(index: i32): usize {
  return entries + <usize>(index * MAX_FRAME * 4);
}

/** Forgets everything: another model, or a reset. */
export function clearCache(): void {
  memory.fill(states, 0, ENTRIES);
  started = false;
  moving = false;
  restart();
  startedAt -= RESTART_TICKS;
}

function restart(): void {
  generation = (generation + 1) % GENERATIONS;
  outstanding = 0;
  // In motion it goes on where it was, so that every key has its turn.
  if (!moving || cursor == END) cursor = 0;
  startedAt = ticks;
  answeredAt = ticks;
}

/** The part of speed that counts: a frozen note stands still. */
function running(): f32 {
  return parameter(P_FREEZE) > 0 ? 0 : parameter(P_SPEED);
}

function soundMoved(slot: i32, now: usize): bool {
  if (!started || position != parameter(P_POSITION) || speed != running() || loopMode != choice(P_LOOP_MODE))
    return true;
  const std = modelStd(slot);
  for (let i: usize = 0, end = (<usize>modelInt(slot, MODEL_LATENT_DIM)) << 2; i < end; i += 4) {
    if (abs(load<f32>(now + i) - load<f32>(latent + i)) > MOVED * max<f32>(1e-3, load<f32>(std + i))) return true;
  }
  return false;
}

/** Once a control tick: notices that the sound moved, and asks for the frames of one more key and layer. */
export function tickCache(hopSeconds: f64): void {
  const slot = currentSlot();
  if (slot < 0) return;
  ticks++;
  if (ticks % COMPARE_TICKS == 0 && ticks - startedAt >= RESTART_TICKS) {
    const now = globalLatent();
    if (soundMoved(slot, now)) {
      memory.copy(latent, now, (<usize>modelInt(slot, MODEL_LATENT_DIM)) << 2);
      position = parameter(P_POSITION);
      speed = running();
      loopMode = choice(P_LOOP_MODE);
      moving = started && ticks - startedAt < 2 * RESTART_TICKS;
      started = true;
      for (let i = 0; i < ENTRIES; i++) store<u8>(states + i, load<u8>(states + i) & HAVE);
      restart();
    } else if (moving) {
      moving = false;
      cursor = 0;
    }
  }
  if (!started) return;
  if (outstanding > 0 && ticks - answeredAt > PATIENCE_TICKS) {
    for (let i = 0; i < ENTRIES; i++) store<u8>(states + i, load<u8>(states + i) & (HAVE | FRESH));
    restart();
  }
  if (moving && ticks % ((MOVING_HOPS * hop) / CONTROL_INTERVAL) != 0) return;
  const low = <i32>Mathf.ceil(modelFloat(slot, MODEL_PITCH_LOW));
  const high = <i32>Mathf.floor(modelFloat(slot, MODEL_PITCH_HIGH));
  while (cursor < END && outstanding + CACHE_FRAMES <= OUTSTANDING && requestsWaiting() < OUTSTANDING) {
    // The middle velocity of every key first, so that soon no key need wait; outwards from the key played last: one above, one below ...
    const step = cursor % (2 * KEYS);
    const layer = (cursor / (2 * KEYS) + 1) % LAYERS;
    const key = centre + (step & 1 ? (step + 1) >> 1 : -(step >> 1));
    cursor++;
    if (key < low || key > high || key < 0 || key >= KEYS) continue;
    if (askEntry(slot, key, layer, hopSeconds)) return;
  }
}

/** Asks for the frames of a key and layer that are not fresh; false when none was. */
function askEntry(slot: i32, key: i32, layer: i32, hopSeconds: f64): bool {
  const seconds = <f64>modelFloat(slot, MODEL_MAX_SECONDS);
  const start = <f64>position * seconds;
  const limit = max(start, loopMode == 0 ? <f64>modelFloat(slot, MODEL_SUSTAIN_END) : seconds);
  let asked = false;
  for (let frame = 0; frame < CACHE_FRAMES; frame++) {
    const state = states + entryAt(key, layer, frame);
    if (load<u8>(state) & (FRESH | ASKED)) continue;
    const tau = min(limit, start + <f64>frameHop(frame) * hopSeconds * <f64>speed);
    const serial = (generation * LAYERS + layer) * KEYS + key;
    const row = appendRow(slot, -1, serial, frame, <f32>tau, <f32>key, layerVelocity(layer), 1);
    if (row == 0) return true;
    memory.copy(row, latent, (<usize>modelInt(slot, MODEL_LATENT_DIM)) << 2);
    store<u8>(state, load<u8>(state) | ASKED);
    outstanding++;
    asked = true;
  }
  return asked;
}

/** Takes an answer; one of another model or generation is dropped. */
export function storeCached(slot: i32, serial: i32, frame: i32, from: usize): void {
  if (slot != currentSlot() || serial < 0 || <u32>frame >= <u32>CACHE_FRAMES || serial / (LAYERS * KEYS) != generation)
    return;
  const index = entryAt(serial % KEYS, (serial / KEYS) % LAYERS, frame);
  if (!(load<u8>(states + index) & ASKED)) return;
  copyColumns(entry(index), from, modelInt(slot, MODEL_FRAME_SIZE), modelNeutral(slot));
  store<u8>(states + index, HAVE | FRESH);
  outstanding--;
  answeredAt = ticks;
}

/** Fills the first frames of a new note from the cache as far as it has them, between the two nearest velocities. */
export function serveFromCache(voice: Voice, time: i64): void {
  const key = <i32>Mathf.floor(modelPitch(voice, time) + 0.5);
  if (!(load<u8>(states + entryAt(key, 1, 0)) & FRESH)) {
    // From here outwards is what will be wanted next; what is fresh or asked for is skipped.
    centre = key;
    cursor = 0;
  }
  const velocity = voice.velocity;
  const low = velocity < layerVelocity(1) ? 0 : 1;
  const mix = min<f32>(1, max<f32>(0, (velocity - layerVelocity(low)) / (layerVelocity(low + 1) - layerVelocity(low))));
  const bytes = (<usize>modelInt(voice.slot, MODEL_FRAME_SIZE)) << 2;
  for (let frame = 0; frame < CACHE_FRAMES; frame++) {
    let a = entryAt(key, low, frame);
    let b = entryAt(key, low + 1, frame);
    if (!(load<u8>(states + a) & HAVE)) a = b;
    if (!(load<u8>(states + b) & HAVE)) b = a;
    if (!(load<u8>(states + a) & HAVE)) return;
    const to = payload(voice.index, frame);
    for (let i: usize = 0; i < bytes; i += 16) {
      const from = v128.load(entry(a) + i);
      const apart = f32x4.sub(v128.load(entry(b) + i), from);
      v128.store(to + i, f32x4.add(from, f32x4.mul(f32x4.splat(mix), apart)));
    }
    markFrame(voice.index, frame);
  }
}
