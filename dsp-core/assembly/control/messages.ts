// What each event does. Times are absolute samples; the event queue has seen to the order.
import {
  EVENT_CONTROLLER,
  EVENT_KEY_PRESSURE,
  EVENT_NOTE_OFF,
  EVENT_NOTE_ON,
  EVENT_PANIC,
  EVENT_PARAMETER,
  EVENT_PITCH_BEND,
  EVENT_PRESSURE,
  EVENT_SONG_POSITION,
  EVENT_TEMPO,
  P_BEND_RANGE,
  P_MPE,
  P_MPE_BEND_RANGE,
  P_VOICES,
} from '../generated/constants';
import { limitVoices, silent } from './allocation';
import {
  forgetBendRanges,
  registeredParameter,
  resetChannel,
  setBend,
  setExpression,
  setPressure,
  setSlide,
  setSostenuto,
  setSustain,
  setVolume,
  setZonesByParameter,
} from './channels';
import { allNotesOff, allSoundOff, catchHeld, liftKeys, noteOff, noteOn, pedalsMoved, pressKey } from './notes';
import { choice, setParameter } from './parameters';
import { setSongPosition, setTempo } from './path';
import { clamp01 } from './units';

/** Whether an event may enter the queue at all; others are dropped without effect. */
export function allowed(kind: i32, channel: i32, key: i32, value: f32): bool {
  if (isNaN(value)) return false;
  if (kind == EVENT_PANIC || kind == EVENT_PARAMETER || kind == EVENT_TEMPO || kind == EVENT_SONG_POSITION) return true;
  return <u32>kind < <u32>EVENT_PARAMETER && <u32>channel < 16 && <u32>key < 128;
}

/** Carries an event out. */
export function handle(time: i64, kind: i32, channel: i32, key: i32, value: f32): void {
  if (kind == EVENT_NOTE_ON) {
    if (value > 0) noteOn(time, channel, key, clamp01(value));
    else noteOff(time, channel, key);
  } else if (kind == EVENT_NOTE_OFF) {
    noteOff(time, channel, key);
  } else if (kind == EVENT_PITCH_BEND) {
    setBend(channel, value);
  } else if (kind == EVENT_PRESSURE) {
    setPressure(channel, value);
  } else if (kind == EVENT_KEY_PRESSURE) {
    pressKey(channel, key, clamp01(value));
  } else if (kind == EVENT_CONTROLLER) {
    controller(channel, key, clamp01(value));
  } else if (kind == EVENT_PARAMETER) {
    changeParameter(key, value);
  } else if (kind == EVENT_TEMPO) {
    setTempo(value);
  } else if (kind == EVENT_SONG_POSITION) {
    setSongPosition(value);
  } else if (kind == EVENT_PANIC) {
    allSoundOff(-1);
    for (let i = 0; i < 16; i++) resetChannel(i);
  }
}

function controller(channel: i32, number: i32, value: f32): void {
  const down = value >= 0.5;
  if (number == 64) {
    setSustain(channel, down);
    if (!down) pedalsMoved(channel);
  } else if (number == 66) {
    setSostenuto(channel, down);
    if (down) catchHeld(channel);
    else pedalsMoved(channel);
  } else if (number == 7) {
    setVolume(channel, value);
  } else if (number == 11) {
    setExpression(channel, value);
  } else if (number == 74) {
    setSlide(channel, value);
  } else if (number == 120) {
    allSoundOff(channel);
  } else if (number == 121) {
    resetChannel(channel);
    liftKeys(channel);
    pedalsMoved(channel);
  } else if (number >= 123) {
    // 124 to 127 switch modes that the voiceMode parameter rules here; like 123 they end all notes.
    allNotesOff(channel);
  } else if (number == 6 || number == 38 || (number >= 98 && number <= 101)) {
    if (registeredParameter(channel, number, value)) {
      for (let i = 0; i < 16; i++) allNotesOff(i);
    }
  }
}

/** While nothing sounds a parameter jumps, so that a note begins as the sound just selected. */
function changeParameter(index: i32, value: f32): void {
  const mode = choice(P_MPE);
  if (!setParameter(index, value, silent())) return;
  if (index == P_MPE && choice(P_MPE) != mode) setZonesByParameter(choice(P_MPE));
  else if (index == P_BEND_RANGE || index == P_MPE_BEND_RANGE) forgetBendRanges();
  else if (index == P_VOICES) limitVoices(choice(P_VOICES));
}
