// Voices given to notes and taken away: counting, stealing, cutting, and the state a note begins with.
import { NEUTRAL_RELEASE_DB, P_GLIDE_MS, P_PRESSURE_TO_LEVEL, P_VELOCITY_TO_LEVEL } from '../generated/constants';
import { PHYSICAL_VOICES } from '../spectral/synthesis';
import { serveFromCache } from './cache';
import { channelDb } from './channels';
import { fadeSamples, sampleRate, seed, strict } from './clock';
import { pressureOf, slideOf } from './expression';
import { clearFrames, hasFrame } from './frames';
import { latentMoved } from './latent';
import { currentSlot } from './model';
import { beginTime } from './notetime';
import { parameter } from './parameters';
import { pathSounds } from './path';
import { hash } from './random';
import { countLate } from './sound';
import { tunedKey } from './tuning';
import { gainOfDb } from './units';
import { clearVoice, DYING, FREE, gated, SOUNDING, takenVoices, takeVoice, Voice, voiceAt, WAITING } from './voice';

/** Gain at velocity 0 when velocityToLevel is 1, dB: the gain in dB is linear in velocity. */
const VELOCITY_RANGE_DB: f64 = 40;
/** A pitch to glide from that is none. */
export const NO_PITCH: f64 = -1e9;
/** Tells the vibrato's phase from the other numbers made of a note's. */
const VIBRATO_SEED: u32 = 0x76696272;

let notes: i32 = 0;
let serials: i32 = 0;

/** Counts notes from the start again; serials go on, so that frames of notes that have gone are told apart. */
export function resetCounts(): void {
  notes = 0;
}

/** Whether a voice plays a note: not free, not fading out for another, not over. */
export function counted(voice: Voice): bool {
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
  return takenVoices() == 0;
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

/** The note's release begins; one that has not been heard yet is over. */
export function release(voice: Voice): void {
  voice.held = false;
  voice.pedalled = false;
  voice.latched = false;
  if (voice.state == WAITING) voice.over = true;
  else voice.release(voice.heardRelease, sampleRate);
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

/** Gain of a voice in dB: velocity, its channel's level, pressure, and what holding has taken. */
export function voiceDb(voice: Voice): f64 {
  const played = voice.velocityDb + voice.channelDb + <f64>(parameter(P_PRESSURE_TO_LEVEL) * voice.pressure);
  return played + voice.heldDb + voice.missDb;
}

/** Samples of a glide. */
export function glideSamples(): i32 {
  return <i32>Math.round((<f64>parameter(P_GLIDE_MS) * <f64>sampleRate) / 1000.0);
}

/** Begins a note of the current model on a voice of its own, gliding from the pitch `from` (NO_PITCH: no glide), its envelope at `level`. */
export function begin(time: i64, channel: i32, key: i32, velocity: f32, from: f64, level: f32): Voice {
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
  voice.vibrato = <f64>hash(seed ^ VIBRATO_SEED, voice.note) / 4294967296.0;
  voice.heardRelease = NEUTRAL_RELEASE_DB;
  voice.glideTo = tunedKey(key);
  voice.glideFrom = from == NO_PITCH ? voice.glideTo : from;
  voice.glideStart = time;
  voice.glideLength = from == NO_PITCH ? 0 : glideSamples();
  voice.velocityDb = -VELOCITY_RANGE_DB * <f64>parameter(P_VELOCITY_TO_LEVEL) * (1 - <f64>velocity);
  voice.pressure = pressureOf(voice);
  voice.slide = slideOf(voice);
  voice.channelDb = channelDb(channel);
  voice.gainDb = voiceDb(voice);
  voice.gainTo = gainOfDb(voice.gainDb);
  voice.gainFrom = voice.gainTo;
  voice.attack(level);
  beginTime(voice);
  // While nothing sounded a path may have run on unheard.
  if (pathSounds()) latentMoved();
  takeVoice(voice, SOUNDING);
  if (!strict) {
    serveFromCache(voice, time);
    if (!hasFrame(voice.index, 0)) {
      voice.state = WAITING;
      countLate(voice);
    }
  }
  return voice;
}
