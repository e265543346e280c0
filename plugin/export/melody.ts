// The notes of an export that has no MIDI file: one note, or a scale of one octave.
import type { TimedEvent } from '../engine/offline.ts';
import type { ExportJob } from '../instrument/messages.ts';
import { EVENT } from '../instrument/protocol.ts';

/** Semitones above the first note. */
const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11, 12],
  minor: [0, 2, 3, 5, 7, 8, 10, 12],
  chromatic: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
} as const;

/** Note-on and note-off of every key in turn, each held for `seconds`; keys above 127 are left out. Velocity 0..1. */
export function melody(
  job: Extract<ExportJob, { kind: 'note' | 'scale' }>,
  sampleRate: number,
): { events: TimedEvent[]; notes: number } {
  const steps = job.kind === 'note' ? [0] : SCALES[job.scale];
  const keys = steps.map((step) => job.key + step).filter((key) => key <= 127);
  const held = Math.max(1, Math.round(job.seconds * sampleRate));
  const events = keys.flatMap((key, i): TimedEvent[] => [
    { frame: i * held, kind: EVENT.noteOn, channel: 0, key, value: job.velocity },
    { frame: (i + 1) * held, kind: EVENT.noteOff, channel: 0, key, value: 0.5 },
  ]);
  // At the sample where one note ends and the next begins, the end comes first.
  return { events: events.sort((a, b) => a.frame - b.frame || b.kind - a.kind), notes: keys.length };
}
