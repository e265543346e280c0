// Writes MIDI files for tests from a list of timed messages.
import { type MidiEvent, writeMidi } from 'midi-file';

/** An event without deltaTime, at an absolute tick. */
export type At = { tick: number; event: Record<string, unknown> & { type: MidiEvent['type'] } };

export const TICKS_PER_BEAT = 480;

export const noteOn = (tick: number, key: number, velocity = 100, channel = 0): At => ({
  tick,
  event: { type: 'noteOn', channel, noteNumber: key, velocity },
});
export const noteOff = (tick: number, key: number, channel = 0): At => ({
  tick,
  event: { type: 'noteOff', channel, noteNumber: key, velocity: 64 },
});
export const note = (tick: number, key: number, ticks: number, velocity = 100, channel = 0): At[] => [
  noteOn(tick, key, velocity, channel),
  noteOff(tick + ticks, key, channel),
];
export const bend = (tick: number, value: number, channel = 0): At => ({
  tick,
  event: { type: 'pitchBend', channel, value },
});
export const tempo = (tick: number, microsecondsPerBeat: number): At => ({
  tick,
  event: { type: 'setTempo', meta: true, microsecondsPerBeat },
});
export const program = (tick: number, number: number, channel = 0): At => ({
  tick,
  event: { type: 'programChange', channel, programNumber: number },
});

/** The file's bytes; running status is used, as most programs write it. */
export function midiFile(tracks: At[][], format: 0 | 1 = tracks.length > 1 ? 1 : 0): Uint8Array {
  const written = tracks.map((track) => {
    let last = 0;
    const events = [...track]
      .sort((a, b) => a.tick - b.tick)
      .map(({ tick, event }) => {
        const deltaTime = tick - last;
        last = tick;
        return { deltaTime, ...event } as MidiEvent;
      });
    return [...events, { deltaTime: 0, type: 'endOfTrack', meta: true } as MidiEvent];
  });
  const header = { format, numTracks: tracks.length, ticksPerBeat: TICKS_PER_BEAT };
  return Uint8Array.from(writeMidi({ header, tracks: written }, { running: true }));
}
