// What keys and pedals do: poly, mono, legato, sustain and sostenuto, and the messages that end notes.
import { P_ATTACK_MS, P_VOICE_MODE, P_VOICES } from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { begin, counted, cut, glideSamples, limitVoices, NO_PITCH, release, resetCounts } from './allocation';
import { concerns, masterOf, pedalDown, sostenutoDown } from './channels';
import { freezeExpression, glidedPitch } from './expression';
import { clearKeys, keysHeld, pushKey, removeKey, removeKeys, topChannel, topKey, topVelocity } from './keystack';
import { currentSlot } from './model';
import { choice, parameter } from './parameters';
import { keySounds, tunedKey } from './tuning';
import { gated, Voice, voiceAt } from './voice';

const POLY: i32 = 0;
const LEGATO: i32 = 2;
/** Attacks shorter than this need not begin at the level of the note they replace. */
const SHORT_ATTACK_MS: f32 = 4;

/** Place of the voice that mono and legato play on, -1 for none. */
let monoVoice: i32 = -1;
/** Pitch of the note before, NO_PITCH for none: where a glide begins. */
let lastPitch: f64 = NO_PITCH;

/** Forgets held keys and counts notes from the start again; voices are the caller's. */
export function resetNotes(): void {
  clearKeys();
  resetCounts();
  monoVoice = -1;
  lastPitch = NO_PITCH;
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
    sole.glideFrom = glidedPitch(sole, time);
    sole.glideTo = tunedKey(key);
    sole.glideStart = time;
    sole.glideLength = glideSamples();
    sole.channel = channel;
    sole.key = key;
    sole.held = true;
    sole.pedalled = false;
    sole.frozen = false;
    sole.keyPressure = 0;
    lastPitch = sole.glideTo;
    return;
  }
  // Legato glides only between notes that overlap, mono always.
  let from: f64 = choice(P_VOICE_MODE) == LEGATO ? NO_PITCH : lastPitch;
  let level: f32 = 0;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (!counted(voice)) continue;
    if (i == monoVoice) {
      if (from != NO_PITCH) from = glidedPitch(voice, time);
      if (voice.hop > 0 && parameter(P_ATTACK_MS) > SHORT_ATTACK_MS) level = voice.level;
    }
    cut(voice);
  }
  monoVoice = begin(time, channel, key, velocity, from, level).index;
  lastPitch = tunedKey(key);
}

/** A key goes down. Without a model, and on a key to which the tuning gives no pitch, nothing happens. */
export function noteOn(time: i64, channel: i32, key: i32, velocity: f32): void {
  if (currentSlot() < 0 || !keySounds(key)) return;
  pushKey(channel, key, velocity);
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
  begin(time, channel, key, velocity, lastPitch, 0);
  lastPitch = tunedKey(key);
}

/** A key goes up; a pedal may hold its note on. Release velocity has no effect on the sound. */
export function noteOff(time: i64, channel: i32, key: i32): void {
  removeKey(channel, key);
  const sole = soleVoice();
  if (
    choice(P_VOICE_MODE) != POLY &&
    sole !== null &&
    sole.held &&
    sole.channel == channel &&
    sole.key == key &&
    keysHeld()
  ) {
    playSole(time, topChannel(), topKey(), topVelocity());
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
  removeKeys(from);
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (counted(voice) && voice.held && concerns(from, voice.channel)) keyUp(voice);
  }
}

/** Every voice of a channel or zone is cut; from -1: every voice. */
export function allSoundOff(from: i32): void {
  removeKeys(from);
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
