// The clock of the instrument: cuts time at events, control ticks and hops, asks for frames, renders.
import { CONTROL_INTERVAL, MAX_BLOCK, P_FREEZE, P_GAIN_DB, P_SPEED, PROTOCOL_VERSION } from '../generated/constants';
import {
  beginFrame,
  endFrame,
  PHYSICAL_VOICES,
  prepareSpectral,
  hopSize as spectralHop,
  startVoice,
} from '../spectral/synthesis';
import { cut, silent, voiceDb } from './allocation';
import { askFrames } from './ask';
import { clearCache, tickCache } from './cache';
import { channelDb, resetChannel, setVolume } from './channels';
import { fadeSamples, hop, now, sampleRate, seed, setNoteSeed, setNow, setRate, setStrictMode, strict } from './clock';
import { stagingPointer } from './delivery';
import { ENVELOPE_MASK, updateEnvelope } from './envelope';
import { clearEvents, nextEventTime, queueEvent, takeEvent, tidyEvents } from './events';
import { pressureOf, slideOf } from './expression';
import { hasFrame } from './frames';
import { LATENT_MASK, latentMoved, resetSound, setCornerLatent, setHome } from './latent';
import { clearBlocks } from './lookahead';
import { allowed, handle } from './messages';
import { modelAllowed, storeModel } from './model';
import { resetNotes } from './notes';
import { jumpParameters, parameter, prepareParameters, takeMoved, tickParameters } from './parameters';
import { rewindPath, setPathPoints, stepPath } from './path';
import { hash } from './random';
import { dropRows, dropSlotRows, requestsWaiting } from './requests';
import { addVoice, checkSegment, clearCounts, ready, sound } from './sound';
import { setTuningTable } from './tuning';
import { gainOfDb, isFinite32 } from './units';
import { clearVoice, DYING, FREE, SOUNDING, takenVoices, Voice, voiceAt, WAITING } from './voice';

const LOWEST_RATE: f32 = 22050;
const HIGHEST_RATE: f32 = 192000;
/** Smoothing of pressure and slide. */
const EXPRESSION_MS: f64 = 10;
/** A voice whose gain has fallen this far while held at its end is over, dB. */
const SILENCE_DB: f64 = -110;

const left: usize = memory.data(MAX_BLOCK * 4, 16);
const right: usize = memory.data(MAX_BLOCK * 4, 16);
const mono: usize = memory.data(CONTROL_INTERVAL * 4, 16);

/** Samples at the beginning of the output that are known to be 0: silence is written once. */
let zeros: i32 = MAX_BLOCK;

let tickedAt: i64 = -1;
let masterFrom: f32 = 0;
let masterTo: f32 = 0;
/** The level in dB that masterTo was made of. */
let masterDb: f32 = NaN;
let expressionStep: f32 = 1;

export function protocolVersion(): i32 {
  return PROTOCOL_VERSION;
}

export function prepare(rate: f32): i32 {
  if (!(rate >= LOWEST_RATE && rate <= HIGHEST_RATE)) return 1;
  prepareSpectral(rate);
  setRate(rate, spectralHop());
  prepareParameters(rate);
  expressionStep = <f32>(1.0 - Math.exp((-1000.0 * CONTROL_INTERVAL) / (EXPRESSION_MS * <f64>rate)));
  clearCounts();
  reset();
  return 0;
}

export function reset(): void {
  for (let i = 0; i < PHYSICAL_VOICES; i++) clearVoice(voiceAt(i));
  for (let i = 0; i < 16; i++) {
    resetChannel(i);
    setVolume(i, 1);
  }
  resetNotes();
  clearEvents();
  dropRows(requestsWaiting());
  clearCache();
  rewindPath();
  jumpParameters();
  setNow(0);
  clearBlocks();
  tickedAt = -1;
  applyMoved();
}

export function setSeed(value: u32): void {
  setNoteSeed(value);
}

export function setStrict(on: i32): void {
  setStrictMode(on != 0);
}

export function configureModel(slot: i32): i32 {
  if (!modelAllowed(slot, stagingPointer())) return 1;
  for (let i = 0; i < PHYSICAL_VOICES; i++) {
    const voice = voiceAt(i);
    if (voice.state == FREE || voice.slot != slot) continue;
    cut(voice);
    // What it would read has gone: it fades on the spectrum it has.
    voice.detached = true;
  }
  dropSlotRows(slot);
  storeModel(slot, stagingPointer());
  resetSound();
  clearCache();
  return 0;
}

export function setSound(): void {
  setHome(stagingPointer());
}

export function setCorner(corner: i32): void {
  setCornerLatent(corner, stagingPointer());
}

export function setTuning(): void {
  setTuningTable(stagingPointer());
}

export function setPath(points: i32): i32 {
  if (!setPathPoints(stagingPointer(), points)) return 1;
  latentMoved();
  return 0;
}

export function pushEvent(offset: i32, kind: i32, channel: i32, key: i32, value: f32): i32 {
  if (!allowed(kind, channel, key, value)) return 1;
  return queueEvent(now + <i64>max(0, offset), kind, channel, key, value) ? 1 : 0;
}

function followGain(): void {
  const db = parameter(P_GAIN_DB);
  if (db == masterDb) return;
  masterDb = db;
  masterTo = gainOfDb(<f64>db);
}

/** Hands what moved to those who keep something made of it. */
function applyMoved(): void {
  const moved = takeMoved();
  if (moved & ENVELOPE_MASK) {
    updateEnvelope(sampleRate);
    for (let left = takenVoices(); left != 0; left &= left - 1) voiceAt(<i32>ctz(left)).updateRelease(sampleRate);
  }
  if (moved & LATENT_MASK) latentMoved();
  if (moved & ((<u64>1) << P_GAIN_DB) && silent()) {
    followGain();
    masterFrom = masterTo;
  }
}

/** One step of the control grid: smoothing, gains, the end of voices that are over, the attack cache. */
function tick(): void {
  tickParameters();
  applyMoved();
  masterFrom = masterTo;
  followGain();
  const seconds = <f64>CONTROL_INTERVAL / <f64>sampleRate;
  if (stepPath(seconds, silent())) latentMoved();
  const running = parameter(P_FREEZE) > 0 ? 0 : <f64>parameter(P_SPEED);
  for (let left = takenVoices(); left != 0; left &= left - 1) {
    const voice = voiceAt(<i32>ctz(left));
    if (voice.over) {
      clearVoice(voice);
      continue;
    }
    voice.pressure += expressionStep * (pressureOf(voice) - voice.pressure);
    voice.slide += expressionStep * (slideOf(voice) - voice.slide);
    voice.channelDb += <f64>expressionStep * (channelDb(voice.channel) - voice.channelDb);
    if (voice.holding) voice.heldDb += voice.slope * running * seconds;
    else if (voice.heldDb < 0) voice.heldDb *= 1 - <f64>expressionStep;
    const db = voiceDb(voice);
    voice.gainFrom = voice.gainTo;
    if (db != voice.gainDb) {
      voice.gainDb = db;
      voice.gainTo = gainOfDb(db);
    }
    if (voice.heldDb < SILENCE_DB) voice.over = true;
  }
  if (!strict) tickCache(<f64>hop / <f64>sampleRate);
}

/** Real time: notes that waited for their first frame begin now. */
function startWaiting(): void {
  for (let left = takenVoices(); left != 0; left &= left - 1) {
    const voice = voiceAt(<i32>ctz(left));
    if (voice.state != WAITING || voice.over) continue;
    askFrames(voice, hop, sampleRate, false);
    if (!hasFrame(voice.index, 0)) continue;
    voice.state = SOUNDING;
    voice.start = now;
    voice.nextHop = now;
  }
}

function hopping(voice: Voice): bool {
  return (voice.state == SOUNDING || voice.state == DYING) && !voice.over && !voice.detached;
}

/**
 * Asks for frames at every hop boundary inside [now, end), in the order of time. Returns how far rendering may go: `end`, or in strict mode the
 * boundary at which a voice lacks a frame or the rows are full.
 */
function schedule(end: i64): i64 {
  let from = now;
  while (true) {
    let boundary = end;
    for (let left = takenVoices(); left != 0; left &= left - 1) {
      const voice = voiceAt(<i32>ctz(left));
      if (hopping(voice) && voice.nextHop >= from && voice.nextHop < boundary) boundary = voice.nextHop;
    }
    if (boundary == end) return end;
    let stop = false;
    for (let left = takenVoices(); left != 0; left &= left - 1) {
      const voice = voiceAt(<i32>ctz(left));
      if (!hopping(voice) || voice.nextHop != boundary) continue;
      if (!askFrames(voice, hop, sampleRate, strict)) stop = true;
      if (!ready(voice, voice.hop + 1) || (voice.hop == 0 && !ready(voice, 0))) stop = true;
    }
    if (stop && strict) return boundary;
    from = boundary + 1;
  }
}

/** The spectra of the boundary a voice stands at; its next segment is then ready. */
function step(voice: Voice): void {
  const index = voice.index;
  const hopSeconds = <f64>hop / <f64>sampleRate;
  if (voice.detached) {
    beginFrame(index, voice.stereo);
    endFrame(index);
  } else {
    if (voice.hop == 0) {
      startVoice(index, hash(seed, voice.note));
      sound(voice, 0, voice.nextHop, hopSeconds);
    }
    sound(voice, voice.hop + 1, voice.nextHop + <i64>hop, hopSeconds);
    checkSegment(voice, hop);
  }
  voice.hop++;
  voice.nextHop += <i64>hop;
  voice.asked = false;
  voice.at = 0;
}

/** Renders [now, end), inside one control interval, to outputs at sample `done` of the block. */
function render(end: i64, done: i32): void {
  const count = <i32>(end - now);
  const phase = <i32>(now & (CONTROL_INTERVAL - 1));
  const outLeft = left + ((<usize>done) << 2);
  const outRight = right + ((<usize>done) << 2);
  const bytes = (<usize>count) << 2;
  if (silent()) {
    if (done + count <= zeros) return;
    memory.fill(outLeft, 0, bytes);
    memory.fill(outRight, 0, bytes);
    if (done <= zeros) zeros = done + count;
    return;
  }
  zeros = min(zeros, done);
  memory.fill(outLeft, 0, bytes);
  memory.fill(outRight, 0, bytes);
  memory.fill(mono, 0, bytes);
  for (let left = takenVoices(); left != 0; left &= left - 1) {
    const voice = voiceAt(<i32>ctz(left));
    if (voice.state == WAITING) continue;
    let time = now;
    while (time < end && !voice.over) {
      if (time == voice.nextHop) step(voice);
      const samples = <i32>(min(end, voice.nextHop) - time);
      const at = (<usize>(<i32>(time - now))) << 2;
      addVoice(voice, phase + <i32>(time - now), samples, outLeft + at, outRight + at, mono + at, fadeSamples);
      time += <i64>samples;
    }
  }
  const rise = (masterTo - masterFrom) * (<f32>1 / <f32>CONTROL_INTERVAL);
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const gain = masterFrom + rise * <f32>(phase + i + 1);
    const both = load<f32>(mono + at);
    store<f32>(outLeft + at, clean((load<f32>(outLeft + at) + both) * gain));
    store<f32>(outRight + at, clean((load<f32>(outRight + at) + both) * gain));
  }
}

/** Silence instead of a number that is not finite or too small to be one. */
function clean(value: f32): f32 {
  return isFinite32(value) && abs(value) > 1e-20 ? value : 0;
}

export function process(frames: i32): i32 {
  const wanted = max(0, min(frames, MAX_BLOCK));
  let done = 0;
  while (done < wanted) {
    while (nextEventTime() <= now) {
      const event = takeEvent();
      handle(now, event.kind, event.channel, event.key, event.value);
      applyMoved();
    }
    tidyEvents();
    if ((now & (CONTROL_INTERVAL - 1)) == 0 && tickedAt != now) {
      tickedAt = now;
      tick();
    }
    if (!strict) startWaiting();
    const grid = (now | (CONTROL_INTERVAL - 1)) + 1;
    const end = schedule(min(min(grid, now + <i64>(wanted - done)), nextEventTime()));
    if (end == now) break;
    render(end, done);
    done += <i32>(end - now);
    setNow(end);
  }
  return done;
}

/** How many samples of the output, from its beginning, are silence. */
export function silentSamples(): i32 {
  return zeros;
}

export function outputLeft(): usize {
  return left;
}

export function outputRight(): usize {
  return right;
}
