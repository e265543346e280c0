// From a hand to the ear: a key in real time, macros and the map offline where two renders can be compared sample by sample.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { perform, type Score, timbrefold } from './host.ts';

const NOTE_AT = 0.5;
/** Moments of the move, samples: eighths of the two hops between frames, as it depends on where between two it comes. */
const MOVES_AT = Array.from({ length: 8 }, (_, i) => 48_000 + 64 * i);
const BLOCK = 128;
/** A difference of this share of the peak is called audible. */
const AUDIBLE = 10 ** (-60 / 20);

/** The longest time from a move to the first audible difference over its moments, milliseconds. */
async function gesture(id: string, value: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-bench-'));
  const play = async (moves: Score['moves']): Promise<Float32Array> => {
    const audio = join(folder, 'audio');
    const score: Score = { notes: [[0, 0x90, 57, 100]], moves };
    await perform({ ...timbrefold(), blocks: [BLOCK], seconds: 1.5, offline: true, score, audio });
    return new Float32Array(Uint8Array.from(readFileSync(audio)).buffer);
  };
  try {
    const still = await play([]);
    const threshold = AUDIBLE * still.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);
    let longest = 0;
    for (const at of MOVES_AT) {
      const moved = await play([[at / timbrefold().sampleRate, id, value]]);
      const first = moved.findIndex((x, i) => Math.abs(x - still[i]) > threshold);
      if (first < 0) return Number.POSITIVE_INFINITY;
      longest = Math.max(longest, (1000 * (Math.floor(first / 2) - at)) / timbrefold().sampleRate);
    }
    return longest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchGestures(): Promise<Figure[]> {
  const score: Score = { notes: [[NOTE_AT, 0x90, 60, 100]] };
  const played = await perform({
    ...timbrefold(),
    blocks: [BLOCK],
    seconds: 1,
    offline: false,
    settleSeconds: 4,
    score,
  });
  const noteSample = NOTE_AT * timbrefold().sampleRate;
  return [
    { name: 'Reported latency', value: played.latency, unit: 'samples', atMost: 0 },
    {
      name: 'Note-on to first sound, blocks of 128',
      value: played.firstSoundSample < 0 ? Number.POSITIVE_INFINITY : played.firstSoundSample - noteSample,
      unit: 'samples',
      atMost: BLOCK - 1,
    },
    {
      name: 'Macro to audible change, the longest of 8 moments',
      value: await gesture('macro1', 1),
      unit: 'ms',
      atMost: 30,
    },
    {
      name: 'Place on the map to audible change, longest of 8',
      value: await gesture('mapX', 0),
      unit: 'ms',
      atMost: 30,
    },
  ];
}
