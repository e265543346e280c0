// Which keys and pedals a MIDI input holds down, so that they can be let go where it cannot say so any more.
import { EVENT } from '../instrument/protocol.ts';
import { controllerBytes, type MidiBytes, noteOffBytes, readMidi } from './midi-bytes.ts';

/** Sustain, sostenuto. */
const PEDALS = [64, 66];
const KEYS = 128;

export class HeldKeys {
  /** channel * KEYS + key. */
  private readonly keys = new Set<number>();
  private readonly pedals = new Set<number>();

  /** Takes note of a channel message of the input. */
  hear([status, data1, data2]: readonly [number, number, number]): void {
    readMidi(status, data1, data2, (kind, channel, key, value) => {
      const place = channel * KEYS + key;
      if (kind === EVENT.noteOn) this.keys.add(place);
      if (kind === EVENT.noteOff) this.keys.delete(place);
      if (kind !== EVENT.controller || !PEDALS.includes(key)) return;
      if (value >= 0.5) this.pedals.add(place);
      else this.pedals.delete(place);
    });
  }

  /** The messages that let everything go; nothing is held afterwards. */
  release(): MidiBytes[] {
    const split = (place: number): [number, number] => [Math.floor(place / KEYS), place % KEYS];
    const messages = [
      ...[...this.keys].map((place) => noteOffBytes(...split(place), 0.5)),
      ...[...this.pedals].map((place) => controllerBytes(...split(place), 0)),
    ];
    this.keys.clear();
    this.pedals.clear();
    return messages;
  }
}
