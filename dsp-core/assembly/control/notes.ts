// Which voice plays which note: poly, mono, legato, the stack of held keys, pedals, stealing.
import {
  P_ATTACK_MS,
  P_GLIDE_MS,
  P_PRESSURE_TO_LEVEL,
  P_VELOCITY_TO_LEVEL,
  P_VOICE_MODE,
  P_VOICES,
} from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { serveFromCache } from './cache';
import { concerns, masterOf, pedalDown, sostenutoDown } from './channels';
import { fadeSamples, sampleRate, seed, strict } from './clock';
import { freezeExpression, glidedKey, pressureOf, slideOf } from './expression';
import { clearFrames, hasFrame } from './frames';
import { currentSlot } from './model';
import { beginTime } from './notetime';
import { choice, parameter } from './parameters';
import { hash } from './random';
import { countLate } from './sound';
import { gainOfDb } from './units';
import { clearVoice, DYING, FREE, gated, SOUNDING, Voice, voiceAt, WAITING } from './voice';

const POLY: i32 = 0;
const LEGATO: i32 = 2;
/** Gain at velocity 0 when velocityToLevel is 1, dB: the gain in dB is linear in velocity. */
const VELOCITY_RANGE_DB: f64 = 40;
/** Attacks shorter than this need not begin at the level of the note they replace. */
const SHORT_ATTACK_MS: f32 = 4;

const STACK: i32 = 128;
/** Held keys in the order played: channel * 128 + key, and their velocities. */
const stackKeys: usize = memory.data(128 * 4, 16);
const stackVelocities: usize = memory.data(128 * 4, 16);
let stackSize: i32 = 0;

let notes: i32 = 0;
let serials: i32 = 0;
/** Place of the voice that mono and legato play on, -1 for none. */
let monoVoice: i32 = -1;
/** Key of the note before, -1 for none: where a glide begins. */
let lastKey: f64 = -1;

/** Forgets held keys and counts notes from the start again; voices are the caller's. */
export function resetNotes(): void {
  stackSize = 0;
  notes = 0;
  monoVoice = -1;
  lastKey = -1;
}

function counted(voice: Voice): bool {
  return (voice.state == SOUNDING || voice.state == WAITING) && !voice.over;
}

/** Voices that sound, those fading out for another not counted. */
export function countVoices(): i32 {
  let count = 0;
  for (let i = 0; i < PHYSICAL_VOICES; i++) if (counted(voiceAt(i))) count++;
  return count;
}

/** Whether nothing is heard at all. */
export function silent(): bool {
  for (let i = 0; i < PHYSICAL_VOICES; i++) if (voiceAt(i).state != FREE) return false;
  return true;
}

/** Ends a voice within fadeSamples, at once where it has not been heard yet. */
export function cut(voice: Voice): void {
  if (!counted(voice)) return;
  if (voice.state == WAITING || voice.hop == 0) {
    voice.over = true;
  } else {
    voice.state = DYING;
    voice.fadeLeft = fadeSamples;
  }
  voice.held = false;
  voice.pedalled = false;
}

function release(voice: Voice): void {
  voice.held = false;
  voice.pedalled = false;
  voice.latched = false;
  if (voice.state == WAITING) voice.over = true;
  else voice.release();
}

/** Loudness now, for stealing and display; amplitude. */
export function loudness(voice: Voice): f32 {
  return voice.level * voice.gainTo * Mathf.sqrt(2 * voice.power);
}

/** Cuts one voice: of the released ones the quietest, otherwise the oldest. */
function steal(): void {
  let victim = -1;
  let quietest: f32 = Infinity;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (!counted(voice) || gated(voice)) continue;
    const level = loudness(voice);
    if (level < quietest) {
      quietest = level;
      victim = i;
    }
  }
  if (victim < 0) {
    let oldest = i32.MAX_VALUE;
    for (let i = 0; i < PHYSICAL_VOICES; i++) {
      const voice = voiceAt(i);
      if (counted(voice) && voice.note < oldest) {
        oldest = voice.note;
        victim = i;
      }
    }
  }
  if (victim >= 0) cut(voiceAt(victim));
}

/** Cuts voices until at most `limit` sound. */
export function limitVoices(limit: i32): void {
  for (let count = countVoices(); count > limit; count--) steal();
}

/** A physical voice for a new note: a free one, otherwise the one that has faded furthest. */
function claim(): Voice {
  let best = -1;
  let least = i32.MAX_VALUE;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (voice.state == FREE || voice.over) return voice;
    if (voice.state == DYING && voice.fadeLeft < least) {
      least = voice.fadeLeft;
      best = i;
    }
  }
  return voiceAt(best);
}

/** Gain of a voice in dB: velocity, pressure, and what holding has taken. */
export function voiceDb(voice: Voice): f64 {
  return voice.velocityDb + <f64>(parameter(P_PRESSURE_TO_LEVEL) * voice.pressure) + voice.heldDb + voice.missDb;
}

function glideSamples(): i32 {
  return <i32>Math.round((<f64>parameter(P_GLIDE_MS) * <f64>sampleRate) / 1000.0);
}

/** Begins a note on a voice of its own, gliding from `from` (-1: no glide), its envelope at `level`. */
function begin(time: i64, channel: i32, key: i32, velocity: f32, from: f64, level: f32): Voice {
  const voice = claim();
  clearVoice(voice);
  clearFrames(voice.index);
  serials = serials >= 0xffffff ? 1 : serials + 1;
  voice.serial = serials;
  voice.note = notes++;
  voice.slot = currentSlot();
  voice.channel = channel;
  voice.key = key;
  voice.velocity = velocity;
  voice.held = true;
  voice.start = time;
  voice.nextHop = time;
  voice.missed = -1;
  voice.fadeIn = level > 0 ? 0 : fadeSamples;
  voice.random = hash(seed, voice.note) | 1;
  voice.glideTo = <f64>key;
  voice.glideFrom = from < 0 ? <f64>key : from;
  voice.glideStart = time;
  voice.glideLength = from < 0 ? 0 : glideSamples();
  voice.velocityDb = -VELOCITY_RANGE_DB * <f64>parameter(P_VELOCITY_TO_LEVEL) * (1 - <f64>velocity);
  voice.pressure = pressureOf(voice);
  voice.slide = slideOf(voice);
  voice.gainDb = voiceDb(voice);
  voice.gainTo = gainOfDb(voice.gainDb);
  voice.gainFrom = voice.gainTo;
  voice.attack(level);
  beginTime(voice);
  voice.state = SOUNDING;
  if (!strict) {
    serveFromCache(voice, time);
    if (!hasFrame(voice.index, 0)) {
      voice.state = WAITING;
      countLate(voice);
    }
  }
  lastKey = <f64>key;
  return voice;
}

function removeFromStack(channel: i32, key: i32): bool {
  const name = channel * 128 + key;
  for (let i = 0; i < stackSize; i++) {
    if (load<i32>(stackKeys + ((<usize>i) << 2)) != name) continue;
    const from = (<usize>(i + 1)) << 2;
    const bytes = (<usize>(stackSize - i - 1)) << 2;
    memory.copy(stackKeys + from - 4, stackKeys + from, bytes);
    memory.copy(stackVelocities + from - 4, stackVelocities + from, bytes);
    stackSize--;
    return true;
  }
  return false;
}

function pushOnStack(channel: i32, key: i32, velocity: f32): void {
  removeFromStack(channel, key);
  if (stackSize == STACK) removeFromStack(load<i32>(stackKeys) >> 7, load<i32>(stackKeys) & 127);
  store<i32>(stackKeys + ((<usize>stackSize) << 2), channel * 128 + key);
  store<f32>(stackVelocities + ((<usize>stackSize) << 2), velocity);
  stackSize++;
}

/** The voice that mono and legato play on while it sounds, otherwise null. */
function soleVoice(): Voice | null {
  if (monoVoice < 0) return null;
  const voice = voiceAt(monoVoice);
  return counted(voice) ? voice : null;
}

/** Plays a key in mono or legato: legato moves the sounding note, mono begins it again. */
function playSole(time: i64, channel: i32, key: i32, velocity: f32): void {
  const sole = soleVoice();
  if (sole !== null && gated(sole) && choice(P_VOICE_MODE) == LEGATO) {
    sole.glideFrom = glidedKey(sole, time);
    sole.glideTo = <f64>key;
    sole.glideStart = time;
    sole.glideLength = glideSamples();
    sole.channel = channel;
    sole.key = key;
    sole.held = true;
    sole.pedalled = false;
    sole.frozen = false;
    sole.keyPressure = 0;
    lastKey = <f64>key;
    return;
  }
  // Legato glides only between notes that overlap, mono always.
  let from: f64 = choice(P_VOICE_MODE) == LEGATO ? -1 : lastKey;
  let level: f32 = 0;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (!counted(voice)) continue;
    if (i == monoVoice) {
      if (from >= 0) from = glidedKey(voice, time);
      if (voice.hop > 0 && parameter(P_ATTACK_MS) > SHORT_ATTACK_MS) level = voice.level;
    }
    cut(voice);
  }
  monoVoice = begin(time, channel, key, velocity, from, level).index;
}

/** A key goes down. Without a model nothing happens. */
export function noteOn(time: i64, channel: i32, key: i32, velocity: f32): void {
  if (currentSlot() < 0) return;
  pushOnStack(channel, key, velocity);
  if (choice(P_VOICE_MODE) != POLY) {
    playSole(time, channel, key, velocity);
    return;
  }
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && gated(voice) && voice.channel == channel && voice.key == key) release(voice);
  }
  monoVoice = -1;
  limitVoices(choice(P_VOICES) - 1);
  begin(time, channel, key, velocity, lastKey, 0);
}

/** A key goes up; a pedal may hold its note on. Release velocity has no effect on the sound. */
export function noteOff(time: i64, channel: i32, key: i32): void {
  removeFromStack(channel, key);
  const sole = soleVoice();
  if (
    choice(P_VOICE_MODE) != POLY &&
    sole !== null &&
    sole.held &&
    sole.channel == channel &&
    sole.key == key &&
    stackSize > 0
  ) {
    const top = load<i32>(stackKeys + ((<usize>(stackSize - 1)) << 2));
    playSole(time, top >> 7, top & 127, load<f32>(stackVelocities + ((<usize>(stackSize - 1)) << 2)));
    return;
  }
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && voice.held && voice.channel == channel && voice.key == key) keyUp(voice);
  }
}

function keyUp(voice: Voice): void {
  if (masterOf(voice.channel) >= 0) freezeExpression(voice);
  voice.held = false;
  if (voice.latched || pedalDown(voice.channel)) voice.pedalled = true;
  else release(voice);
}

/** The pedals of a channel went up: notes that only they held are released. */
export function pedalsMoved(from: i32): void {
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (!counted(voice) || !concerns(from, voice.channel)) continue;
    if (voice.latched && !sostenutoDown(voice.channel)) voice.latched = false;
    if (voice.pedalled && !voice.latched && !pedalDown(voice.channel)) release(voice);
  }
}

/** The sostenuto pedal goes down: it catches the keys now held. */
export function catchHeld(from: i32): void {
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && voice.held && concerns(from, voice.channel)) voice.latched = true;
  }
}

/** Every key of a channel (of a zone, when its master says so) goes up; pedals hold on. */
export function allNotesOff(from: i32): void {
  for (let i = stackSize - 1; i >= 0; i--) {
    const name = load<i32>(stackKeys + ((<usize>i) << 2));
    if (concerns(from, name >> 7)) removeFromStack(name >> 7, name & 127);
  }
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && voice.held && concerns(from, voice.channel)) keyUp(voice);
  }
}

/** Every voice of a channel or zone is cut; from -1: every voice. */
export function allSoundOff(from: i32): void {
  for (let i = stackSize - 1; i >= 0; i--) {
    const name = load<i32>(stackKeys + ((<usize>i) << 2));
    if (from < 0 || concerns(from, name >> 7)) removeFromStack(name >> 7, name & 127);
  }
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (from < 0 || concerns(from, voice.channel)) cut(voice);
  }
}

/** Polyphonic pressure of one key. */
export function pressKey(channel: i32, key: i32, value: f32): void {
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && voice.channel == channel && voice.key == key) voice.keyPressure = value;
  }
}

/** Polyphonic pressure of every key of a channel or zone falls to 0. */
export function liftKeys(from: i32): void {
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (concerns(from, voice.channel)) voice.keyPressure = 0;
  }
}
