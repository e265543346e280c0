// A long piece as fast as it goes: memory, pitch and level at its end as at its beginning.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteHz, peakNear, spectrumOf } from '../../test/browser/spectrum.ts';
import type { Figure } from './figure.ts';
import { perform, type Score, timbrefold } from './host.ts';
import { sixteenMovingVoices } from './score.ts';

const KEY = 69;
const MIB = 2 ** 20;
/** Of every minute the last seconds belong to one note alone. */
const BUSY_SECONDS = 55;
const ALONE: [number, number] = [56, 59];
const LISTEN: [number, number] = [57, 58.5];

/** A minute of sixteen moving voices, then one note by itself with everything at rest. */
function minuteScore(): Score {
  const second = sixteenMovingVoices();
  const notes: Score['notes'] = [];
  const moves: NonNullable<Score['moves']> = [];
  for (let at = 0; at < BUSY_SECONDS - 1; at++) {
    for (const [time, ...message] of second.notes) notes.push([at + time, ...message]);
    for (const [time, ...move] of second.moves ?? []) moves.push([at + time, ...move]);
  }
  moves.push([BUSY_SECONDS, 'driftDepth', 0], [BUSY_SECONDS, 'macro1', 0.5]);
  notes.push([ALONE[0], 0x90, KEY, 100], [ALONE[1], 0x80, KEY, 0]);
  return { notes, moves, repeatSeconds: 60 };
}

export async function benchEndurance(minutes: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-bench-'));
  try {
    const audio = join(folder, 'audio');
    const last = 60 * (minutes - 1);
    const { sampleRate } = timbrefold();
    const answer = await perform({
      ...timbrefold(),
      blocks: [512],
      seconds: 60 * minutes,
      offline: true,
      score: minuteScore(),
      memoryEvery: 30,
      audio,
      keep: [LISTEN, [last + LISTEN[0], last + LISTEN[1]]],
    });
    const samples = new Float32Array(Uint8Array.from(readFileSync(audio)).buffer);
    const half = Math.round((LISTEN[1] - LISTEN[0]) * sampleRate);
    const peak = (from: number): { hz: number; db: number } => {
      const left = Float64Array.from({ length: half }, (_, i) => samples[2 * (from + i)]);
      return peakNear(spectrumOf({ sampleRate, firstFrame: 0, samples: left }), noteHz(KEY));
    };
    const [begin, end] = [peak(0), peak(samples.length / 2 - half)];
    const { privateBytes } = answer;
    return [
      { name: `${minutes} minutes of 16 moving voices, offline: time taken`, value: answer.wallSeconds, unit: 's' },
      {
        name: 'Memory at the end against after 30 s',
        value: (privateBytes[privateBytes.length - 1] - privateBytes[0]) / MIB,
        unit: 'MiB',
        atMost: 1,
      },
      {
        name: 'Pitch at the end against the beginning',
        value: Math.abs(1200 * Math.log2(end.hz / begin.hz)),
        unit: 'cents',
        atMost: 0.1,
      },
      { name: 'Level at the end against the beginning', value: Math.abs(end.db - begin.db), unit: 'dB', atMost: 0.5 },
      { name: 'Samples that are no numbers', value: answer.notFinite, unit: 'samples', atMost: 0 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
