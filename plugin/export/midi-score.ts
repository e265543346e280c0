// A Standard MIDI File (formats 0 and 1) as events at samples: all tracks together, tempo map applied.
import { type MidiData, type MidiEvent, parseMidi } from 'midi-file';
import type { TimedEvent } from '../engine/offline.ts';
import { EVENT } from '../instrument/protocol.ts';

export interface Score {
  /** In order of time; ties in the order of the file. */
  events: TimedEvent[];
  notes: number;
  /** Program changes, which mean nothing here: the sound is the preset's. */
  programChanges: number;
}

/** Microseconds a quarter note lasts where a file says nothing: 120 a minute. */
const DEFAULT_TEMPO = 500_000;
/** Steps of the bend wheel below its middle; above it one less. */
const BEND_SPAN = 8192;

/** @throws Error with a sentence that names the file */
export function readMidi(bytes: Uint8Array, name: string, sampleRate: number): Score {
  const refuse = (why: string): never => {
    throw new Error(`The MIDI file ${name} cannot be played: ${why}.`);
  };
  let midi: MidiData;
  try {
    midi = parseMidi(standardChunks(bytes));
  } catch (error) {
    // midi-file throws strings.
    return refuse(
      String(error instanceof Error ? error.message : error)
        .replace(/\.\s+/g, ', ')
        .replace(/\.$/, ''),
    );
  }
  const { format, ticksPerBeat, framesPerSecond, ticksPerFrame } = midi.header;
  if (format === 2) return refuse('it holds independent patterns (format 2); save it as format 0 or 1');
  const timed = absolute(midi.tracks);
  if (timed.some(({ tick, event }) => !Number.isSafeInteger(tick) || !wholeData(event)))
    return refuse('a track is damaged');

  let secondsAt: (tick: number) => number;
  if (ticksPerBeat) secondsAt = tempoMap(timed, ticksPerBeat);
  else if (framesPerSecond && ticksPerFrame) {
    // 29 stands for the 29.97 frames of drop-frame time code.
    const rate = (framesPerSecond === 29 ? 30_000 / 1001 : framesPerSecond) * ticksPerFrame;
    secondsAt = (tick) => tick / rate;
  } else return refuse('its time division is 0');

  const score: Score = { events: [], notes: 0, programChanges: 0 };
  for (const { tick, event } of timed) {
    if (event.type === 'programChange') score.programChanges++;
    if (event.type === 'noteOn') score.notes++;
    const played = toEvent(event);
    if (played) score.events.push({ frame: Math.round(secondsAt(tick) * sampleRate), ...played });
  }
  if (score.notes === 0) return refuse('it holds no notes');
  return score;
}

/** The header and the tracks without chunks of other kinds, which the standard says to skip. @throws Error (a clause) */
function standardChunks(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let tracks = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) {
      // A few stray bytes behind the last track are common and harmless.
      if (tracks > 0) break;
      throw new Error('it is not a MIDI file');
    }
    const kind = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4);
    if (at === 0 && (kind !== 'MThd' || size < 6)) throw new Error('it is not a MIDI file');
    if (at + 8 + size > bytes.length) throw new Error('it is truncated');
    if (kind === 'MTrk') tracks++;
    if (kind === 'MTrk' || at === 0) parts.push(bytes.subarray(at, at + 8 + size));
    at += 8 + size;
  }
  if (tracks === 0) throw new Error(bytes.length === 0 ? 'it is empty' : 'it holds no tracks');
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  new DataView(joined.buffer).setUint16(10, tracks);
  return joined;
}

interface Timed {
  tick: number;
  event: MidiEvent;
}

/** All tracks in one list, by tick; a stable sort keeps the order of the file. */
function absolute(tracks: readonly MidiEvent[][]): Timed[] {
  const all: Timed[] = [];
  for (const track of tracks) {
    let tick = 0;
    for (const event of track) {
      tick += event.deltaTime;
      all.push({ tick, event });
    }
  }
  return all.sort((a, b) => a.tick - b.tick);
}

/** Whether a channel event's data bytes are there and have seven bits: a track cut short gives others. */
function wholeData(event: MidiEvent): boolean {
  const seven = (...values: number[]): boolean =>
    values.every((value) => Number.isInteger(value) && value >= 0 && value < 128);
  switch (event.type) {
    case 'noteOn':
    case 'noteOff':
      return seven(event.noteNumber, event.velocity);
    case 'noteAftertouch':
      return seven(event.noteNumber, event.amount);
    case 'controller':
      return seven(event.controllerType, event.value);
    case 'channelAftertouch':
      return seven(event.amount);
    case 'pitchBend':
      return event.value >= -8192 && event.value < 8192;
    case 'setTempo':
      return event.microsecondsPerBeat > 0;
    default:
      return true;
  }
}

/** Seconds at a tick; the tempo may change at any tick, in any track. */
function tempoMap(timed: readonly Timed[], ticksPerBeat: number): (tick: number) => number {
  const changes = [{ tick: 0, seconds: 0, tempo: DEFAULT_TEMPO }];
  for (const { tick, event } of timed) {
    if (event.type !== 'setTempo') continue;
    const last = changes[changes.length - 1];
    const seconds = last.seconds + ((tick - last.tick) * last.tempo) / ticksPerBeat / 1e6;
    changes.push({ tick, seconds, tempo: event.microsecondsPerBeat });
  }
  let at = 0;
  return (tick) => {
    if (tick < changes[at].tick) at = 0;
    while (at + 1 < changes.length && changes[at + 1].tick <= tick) at++;
    return changes[at].seconds + ((tick - changes[at].tick) * changes[at].tempo) / ticksPerBeat / 1e6;
  };
}

/** The event as the core knows it, or null for what makes no sound. */
function toEvent(event: MidiEvent): Omit<TimedEvent, 'frame'> | null {
  switch (event.type) {
    case 'noteOn':
      return { kind: EVENT.noteOn, channel: event.channel, key: event.noteNumber, value: event.velocity / 127 };
    case 'noteOff':
      // A note-on of velocity 0 says nothing about the release: the standard takes it as 64.
      return {
        kind: EVENT.noteOff,
        channel: event.channel,
        key: event.noteNumber,
        value: (event.byte9 ? 64 : event.velocity) / 127,
      };
    case 'noteAftertouch':
      return { kind: EVENT.keyPressure, channel: event.channel, key: event.noteNumber, value: event.amount / 127 };
    case 'controller':
      return { kind: EVENT.controller, channel: event.channel, key: event.controllerType, value: event.value / 127 };
    case 'channelAftertouch':
      return { kind: EVENT.pressure, channel: event.channel, key: 0, value: event.amount / 127 };
    case 'pitchBend':
      return {
        kind: EVENT.pitchBend,
        channel: event.channel,
        key: 0,
        // 0 is the middle and both ends are reached: 8191 upwards, 8192 downwards.
        value: event.value / (event.value > 0 ? BEND_SPAN - 1 : BEND_SPAN),
      };
    default:
      return null;
  }
}
