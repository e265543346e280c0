// What each MIDI channel was told: bend, pressure, slide, volume, pedals, registered parameters; and the two MPE zones (MMA/AMEI M1-100, MPE 1.1).
import { P_BEND_RANGE, P_MPE_BEND_RANGE } from '../generated/constants';
import { parameter } from './parameters';
import { clamp01 } from './units';

/** Slide before any CC74 has come, and where CC74 changes nothing. */
const SLIDE_NEUTRAL: f32 = 0.5;

const LOWER_MASTER: i32 = 0;
const UPPER_MASTER: i32 = 15;
const NO_RPN: i32 = 0x3fff;

@unmanaged
class Channel {
  bend: f32;
  pressure: f32;
  slide: f32;
  /** Semitones, -1 while the parameter table rules. */
  bendRange: f32;
  sustain: bool;
  sostenuto: bool;
  rpn: i32;
  /** Controllers 7 and 11, 0..1. */
  volume: f32;
  expression: f32;
}

const BYTES: i32 = 32;
const channels: usize = memory.data(16 * 32, 16);
let lowerMembers: i32 = 0;
let upperMembers: i32 = 0;

for (let i = 0; i < 16; i++) {
  at(i).bendRange = -1;
  at(i).volume = 1;
  resetChannel(i);
}

function at(channel: i32): Channel {
  return changetype<Channel>(channels + <usize>(channel * BYTES));
}

/** Controllers of one channel as CC 121 leaves them (MMA RP-015): bend range and volume stay. */
export function resetChannel(index: i32): void {
  const channel = at(index);
  channel.bend = 0;
  channel.pressure = 0;
  channel.slide = SLIDE_NEUTRAL;
  channel.sustain = false;
  channel.sostenuto = false;
  channel.rpn = NO_RPN;
  channel.expression = 1;
}

/** Zones of the `mpe` parameter: 0 off, 1 lower zone of fifteen members, 2 two zones of seven. */
export function setZonesByParameter(mode: i32): void {
  lowerMembers = mode == 1 ? 15 : mode == 2 ? 7 : 0;
  upperMembers = mode == 2 ? 7 : 0;
}

/** The MPE configuration message: the zone told last wins, the other one shrinks. */
function configureZone(master: i32, members: i32): void {
  const count = min(15, members);
  if (master == LOWER_MASTER) {
    lowerMembers = count;
    upperMembers = max(0, min(upperMembers, 14 - count));
  } else {
    upperMembers = count;
    lowerMembers = max(0, min(lowerMembers, 14 - count));
  }
  for (let i = 0; i < 16; i++) at(i).bendRange = -1;
}

/** Master channel of the zone that a member channel belongs to, -1 for a channel that is no member. */
export function masterOf(channel: i32): i32 {
  if (channel > LOWER_MASTER && channel <= lowerMembers) return LOWER_MASTER;
  if (channel < UPPER_MASTER && channel >= UPPER_MASTER - upperMembers) return UPPER_MASTER;
  return -1;
}

/** Whether a message on `from` concerns a note on `channel`: its own channel, or its zone's master. */
export function concerns(from: i32, channel: i32): bool {
  return from == channel || masterOf(channel) == from;
}

/** The bend range parameters rule again over ranges that registered parameter 0 had set. */
export function forgetBendRanges(): void {
  for (let i = 0; i < 16; i++) at(i).bendRange = -1;
}

function bendRange(channel: i32, member: bool): f32 {
  const own = at(channel).bendRange;
  return own >= 0 ? own : parameter(member ? P_MPE_BEND_RANGE : P_BEND_RANGE);
}

export function setBend(channel: i32, value: f32): void {
  at(channel).bend = min<f32>(1, max<f32>(-1, value));
}

export function setPressure(channel: i32, value: f32): void {
  at(channel).pressure = clamp01(value);
}

export function setSlide(channel: i32, value: f32): void {
  at(channel).slide = clamp01(value);
}

export function setVolume(channel: i32, value: f32): void {
  at(channel).volume = clamp01(value);
}

export function setExpression(channel: i32, value: f32): void {
  at(channel).expression = clamp01(value);
}

/** Level that controllers 7 and 11 leave a channel, its zone's master included: 40 log10 of each (General MIDI), -100 dB at the least. */
export function channelDb(channel: i32): f64 {
  const master = masterOf(channel);
  const zone = master >= 0 ? at(master).volume * at(master).expression : <f32>1;
  const level = at(channel).volume * at(channel).expression * zone;
  return level > 0.00317 ? 40 * Math.log10(<f64>level) : -100;
}

export function setSustain(channel: i32, down: bool): void {
  at(channel).sustain = down;
}

export function setSostenuto(channel: i32, down: bool): void {
  at(channel).sostenuto = down;
}

/** Semitones of a channel's own bend. */
export function ownBend(channel: i32): f32 {
  return at(channel).bend * bendRange(channel, masterOf(channel) >= 0);
}

/** Semitones that the zone's master adds to a member's note. */
export function masterBend(channel: i32): f32 {
  const master = masterOf(channel);
  return master >= 0 ? at(master).bend * bendRange(master, false) : <f32>0;
}

export function ownPressure(channel: i32): f32 {
  return at(channel).pressure;
}

export function masterPressure(channel: i32): f32 {
  const master = masterOf(channel);
  return master >= 0 ? at(master).pressure : <f32>0;
}

/** -0.5..0.5 about neutral. */
export function ownSlide(channel: i32): f32 {
  return at(channel).slide - SLIDE_NEUTRAL;
}

export function masterSlide(channel: i32): f32 {
  const master = masterOf(channel);
  return master >= 0 ? at(master).slide - SLIDE_NEUTRAL : <f32>0;
}

/** Whether a pedal holds the channel's notes: its own or its zone's. */
export function pedalDown(channel: i32): bool {
  const master = masterOf(channel);
  return at(channel).sustain || (master >= 0 && at(master).sustain);
}

export function sostenutoDown(channel: i32): bool {
  const master = masterOf(channel);
  return at(channel).sostenuto || (master >= 0 && at(master).sostenuto);
}

/**
 * Controllers 98..101, 6 and 38: selects a registered parameter and takes its data. Parameter 0 is the bend range (semitones and cents; of a
 * member channel: of its whole zone), 6 on a master channel the MPE configuration. Returns true when zones changed.
 */
export function registeredParameter(index: i32, controller: i32, value: f32): bool {
  const channel = at(index);
  const data = <i32>Mathf.floor(clamp01(value) * 127 + 0.5);
  if (controller == 98 || controller == 99) {
    channel.rpn = NO_RPN;
  } else if (controller == 101) {
    channel.rpn = (channel.rpn & 0x7f) | (data << 7);
  } else if (controller == 100) {
    channel.rpn = (channel.rpn & 0x3f80) | data;
  } else if (channel.rpn == 0) {
    const old = max<f32>(0, channel.bendRange);
    const range = controller == 6 ? <f32>data : Mathf.floor(old) + <f32>min(99, data) * 0.01;
    const master = masterOf(index);
    for (let i = 0; i < 16; i++) {
      if (i == index || (master >= 0 && masterOf(i) == master)) at(i).bendRange = min<f32>(96, range);
    }
  } else if (channel.rpn == 6 && controller == 6 && (index == LOWER_MASTER || index == UPPER_MASTER)) {
    configureZone(index, data);
    return true;
  }
  return false;
}
