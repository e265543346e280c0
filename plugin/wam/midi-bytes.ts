// MIDI 1.0 channel messages to events of the core, and back. Audio thread and main thread; allocates only where bytes are made.
import { EVENT } from '../instrument/protocol.ts';

const STATUS = { noteOff: 0x80, noteOn: 0x90, keyPressure: 0xa0, controller: 0xb0, pressure: 0xd0, pitchBend: 0xe0 };
const BEND_CENTRE = 8192;

/** Takes an event as `Core.event` does, behind the offset. */
export type EventSink = (kind: number, channel: number, key: number, value: number) => void;

/** Hands the event that three bytes mean to `sink`; program changes and system messages mean nothing here. */
export function readMidi(status: number, data1: number, data2: number, sink: EventSink): void {
  const channel = status & 0x0f;
  switch (status & 0xf0) {
    case STATUS.noteOn:
      // A note-on of velocity 0 is a note-off, by the MIDI specification.
      if (data2 > 0) sink(EVENT.noteOn, channel, data1, data2 / 127);
      else sink(EVENT.noteOff, channel, data1, 0);
      return;
    case STATUS.noteOff:
      sink(EVENT.noteOff, channel, data1, data2 / 127);
      return;
    case STATUS.keyPressure:
      sink(EVENT.keyPressure, channel, data1, data2 / 127);
      return;
    case STATUS.controller:
      sink(EVENT.controller, channel, data1, data2 / 127);
      return;
    case STATUS.pressure:
      sink(EVENT.pressure, channel, 0, data1 / 127);
      return;
    case STATUS.pitchBend: {
      const bend = (data1 | (data2 << 7)) - BEND_CENTRE;
      sink(EVENT.pitchBend, channel, 0, bend < 0 ? bend / BEND_CENTRE : bend / (BEND_CENTRE - 1));
    }
  }
}

export type MidiBytes = [number, number, number];

const seven = (share: number): number => Math.min(127, Math.max(0, Math.round(share * 127)));

/** velocity 0..1; a note that sounds has at least 1. */
export const noteOnBytes = (channel: number, key: number, velocity: number): MidiBytes => [
  STATUS.noteOn | channel,
  key,
  Math.max(1, seven(velocity)),
];
export const noteOffBytes = (channel: number, key: number, velocity: number): MidiBytes => [
  STATUS.noteOff | channel,
  key,
  seven(velocity),
];
export const pressureBytes = (channel: number, value: number): MidiBytes => [
  STATUS.pressure | channel,
  seven(value),
  0,
];
export const controllerBytes = (channel: number, number: number, value: number): MidiBytes => [
  STATUS.controller | channel,
  number,
  seven(value),
];
/** value -1..1. */
export function bendBytes(channel: number, value: number): MidiBytes {
  const clamped = Math.min(1, Math.max(-1, value));
  const bend = BEND_CENTRE + Math.round(clamped < 0 ? clamped * BEND_CENTRE : clamped * (BEND_CENTRE - 1));
  return [STATUS.pitchBend | channel, bend & 0x7f, bend >> 7];
}
