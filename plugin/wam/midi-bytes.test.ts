import fc from 'fast-check';
import { EVENT } from '../instrument/protocol.ts';
import {
  bendBytes,
  controllerBytes,
  type MidiBytes,
  noteOffBytes,
  noteOnBytes,
  pressureBytes,
  readMidi,
} from './midi-bytes.ts';

const read = (bytes: MidiBytes): number[][] => {
  const events: number[][] = [];
  readMidi(...bytes, (...event) => events.push(event));
  return events;
};

describe('MIDI bytes', () => {
  test('notes keep channel, key and velocity', () => {
    expect(read(noteOnBytes(3, 64, 1))).toEqual([[EVENT.noteOn, 3, 64, 1]]);
    expect(read(noteOnBytes(0, 64, 0.001))).toEqual([[EVENT.noteOn, 0, 64, 1 / 127]]);
    expect(read(noteOffBytes(15, 1, 0))).toEqual([[EVENT.noteOff, 15, 1, 0]]);
  });

  test('a note-on of velocity 0 is a note-off', () => {
    expect(read([0x92, 60, 0])).toEqual([[EVENT.noteOff, 2, 60, 0]]);
  });

  test('the bend reaches both ends and rests in the middle', () => {
    for (const value of [-1, 0, 1]) expect(read(bendBytes(0, value))).toEqual([[EVENT.pitchBend, 0, 0, value]]);
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (value) => {
        expect(Math.abs(read(bendBytes(5, value))[0][3] - value)).toBeLessThan(1 / 8191);
      }),
    );
  });

  test('pressure and controllers', () => {
    expect(read(pressureBytes(1, 1))).toEqual([[EVENT.pressure, 1, 0, 1]]);
    expect(read(controllerBytes(1, 64, 1))).toEqual([[EVENT.controller, 1, 64, 1]]);
    expect(read([0xa0, 60, 127])).toEqual([[EVENT.keyPressure, 0, 60, 1]]);
  });

  test('what is not a channel message of the instrument is left alone', () => {
    for (const status of [0x20, 0xc0, 0xf0, 0xf8, 0xff]) expect(read([status, 1, 2])).toEqual([]);
  });
});
