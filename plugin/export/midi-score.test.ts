// MIDI files become events at the right samples, whatever their tempo map, tracks and chunks.
import { describe, expect, test } from '@jest/globals';
import { type At, bend, midiFile, note, noteOff, noteOn, program, tempo } from '../../test/support/midi.ts';
import { EVENT } from '../instrument/protocol.ts';
import { readMidi } from './midi-score.ts';

const RATE = 48_000;
const read = (...tracks: At[][]) => readMidi(midiFile(tracks), 'x.mid', RATE);

describe('time', () => {
  test('120 quarter notes a minute where nothing else is said', () => {
    expect(read(note(480, 60, 240)).events.map(({ frame }) => frame)).toEqual([24_000, 36_000]);
  });

  test('tempo changes of any track hold for all, from their tick on', () => {
    const { events } = read(
      [tempo(0, 1_000_000), tempo(240, 250_000)],
      [noteOn(240, 60), noteOff(480, 60)],
      [noteOn(120, 64)],
    );
    expect(events.map(({ frame, key }) => [frame, key])).toEqual([
      [12_000, 64],
      [24_000, 60],
      [30_000, 60],
    ]);
  });

  test('time code instead of beats: 25 frames of 40 ticks', () => {
    const bytes = midiFile([note(500, 60, 500)]);
    bytes[12] = 0x100 - 25;
    bytes[13] = 40;
    expect(readMidi(bytes, 'x.mid', RATE).events.map(({ frame }) => frame)).toEqual([24_000, 48_000]);
  });

  test('ties keep the order of the file', () => {
    const { events } = read([noteOn(0, 60), noteOff(100, 60), noteOn(100, 60), noteOff(200, 60)]);
    expect(events.map(({ kind }) => kind)).toEqual([EVENT.noteOn, EVENT.noteOff, EVENT.noteOn, EVENT.noteOff]);
  });
});

describe('values', () => {
  test('every kind in its own unit', () => {
    const { events } = read([
      { tick: 0, event: { type: 'controller', channel: 3, controllerType: 64, value: 127 } },
      { tick: 1, event: { type: 'channelAftertouch', channel: 3, amount: 127 } },
      { tick: 2, event: { type: 'noteAftertouch', channel: 3, noteNumber: 60, amount: 0 } },
      noteOn(3, 60, 127, 3),
      bend(4, 8191, 3),
      bend(5, 0, 3),
      bend(6, -8192, 3),
    ]);
    expect(events.map(({ kind, channel, key, value }) => [kind, channel, key, value])).toEqual([
      [EVENT.controller, 3, 64, 1],
      [EVENT.pressure, 3, 0, 1],
      [EVENT.keyPressure, 3, 60, 0],
      [EVENT.noteOn, 3, 60, 1],
      [EVENT.pitchBend, 3, 0, 1],
      [EVENT.pitchBend, 3, 0, 0],
      [EVENT.pitchBend, 3, 0, -1],
    ]);
  });

  test('a note-on of velocity 0 is a note-off with the middle release', () => {
    const { events, notes } = read([noteOn(0, 60), noteOn(10, 60, 0)]);
    expect(notes).toBe(1);
    expect(events[1]).toMatchObject({ kind: EVENT.noteOff, key: 60, value: 64 / 127 });
  });

  test('program changes are counted, not played', () => {
    const score = read([program(0, 5), program(0, 6, 1), ...note(0, 60, 10)]);
    expect(score.programChanges).toBe(2);
    expect(score.events).toHaveLength(2);
  });
});

describe('files', () => {
  test('chunks of other kinds and stray bytes at the end are skipped', () => {
    const plain = midiFile([note(0, 60, 240)]);
    const alien = [...'XFIH'].map((c) => c.charCodeAt(0)).concat([0, 0, 0, 2, 9, 9]);
    const bytes = Uint8Array.from([...plain.subarray(0, 14), ...alien, ...plain.subarray(14), 0, 0]);
    expect(readMidi(bytes, 'x.mid', RATE)).toEqual(readMidi(plain, 'x.mid', RATE));
  });

  test('any flipped byte is either read or refused with a sentence', () => {
    const plain = midiFile([[tempo(0, 400_000)], [...note(0, 60, 240), bend(10, 100)]]);
    for (let at = 0; at < plain.length; at++) {
      for (const value of [0x00, 0x7f, 0xff]) {
        const bytes = plain.slice();
        bytes[at] = value;
        try {
          const { events } = readMidi(bytes, 'x.mid', RATE);
          expect(events.every(({ frame, value: v }) => Number.isSafeInteger(frame) && v >= -1 && v <= 1)).toBe(true);
        } catch (error) {
          expect((error as Error).message).toMatch(/^The MIDI file x\.mid cannot be played: .+\.$/s);
        }
      }
    }
  });
});
