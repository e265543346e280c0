// A loop in the held part of a note, and the crossfade that makes its seam unheard.
//
// The end is fixed shortly before the key goes up; the start is where the sound before it looks most like the sound before the end (largest normalised
// cross-correlation, searched around a few likely lengths). The stretch before the end is then faded into the stretch before the start, so that what
// follows the end in the loop is what preceded the start. The gains keep the power for whatever correlation the two stretches have.
import type { Loop } from './wav-format.ts';

/** Lengths tried, seconds; the longer, the less a listener notices that it repeats. */
const LENGTHS = [1.6, 1.2, 0.8, 0.5, 0.3];
/** Frames compared, and how far around a length is searched. */
const WINDOW = 2048;
const REACH = 2048;
/** Frames between two places, and two samples of one, in the first look; the second looks at every one around the best. */
const COARSE = 3;
const CROSSFADE_SECONDS = 0.15;
/** A sound that rises or falls faster than this does not rest, and is not looped (the core's own border for a falling sound). */
const STEADY_DB_PER_SECOND = 1.5;
/** Levels are compared over this long, seconds. */
const LEVEL_SECONDS = 0.1;
/** Below this the held part is silence. */
const SILENT_RMS = 1e-5;
/** Lengths whose likeness differs by less than this are equally good; the longer one is taken. */
const AS_GOOD = 0.01;

/**
 * The loop of a note whose key is held over frames [from, to), or null where the sound does not rest there. `from` is where the attack is over.
 */
export function findLoop(
  left: Float32Array,
  right: Float32Array,
  { from, to, sampleRate }: { from: number; to: number; sampleRate: number },
): Loop | null {
  const mono = left.map((sample, i) => (sample + right[i]) / 2);
  const fade = Math.round(CROSSFADE_SECONDS * sampleRate);
  const level = Math.round(LEVEL_SECONDS * sampleRate);
  let best: { start: number; likeness: number } | null = null;
  for (const seconds of LENGTHS) {
    const length = Math.round(seconds * sampleRate);
    const first = Math.max(to - length - REACH, from + Math.max(fade, level, WINDOW));
    const last = Math.min(to - length + REACH, to - fade - 1);
    if (first > last) continue;
    const near = likest(mono, to, first, last, COARSE);
    const found = likest(mono, to, Math.max(first, near.start - COARSE), Math.min(last, near.start + COARSE), 1);
    if (!best || found.likeness > best.likeness + AS_GOOD) best = found;
  }
  if (!best) return null;
  const before = rms(mono, best.start - level, level);
  const after = rms(mono, to - level, level);
  if (before < SILENT_RMS || after < SILENT_RMS) return null;
  const dbPerSecond = (20 * Math.log10(after / before)) / ((to - best.start) / sampleRate);
  return Math.abs(dbPerSecond) > STEADY_DB_PER_SECOND ? null : { start: best.start, end: to - 1 };
}

/** Fades the stretch before the loop's end into the stretch before its start, in place. */
export function makeSeamless(left: Float32Array, right: Float32Array, loop: Loop, sampleRate: number): void {
  const end = loop.end + 1;
  const fade = Math.min(Math.round(CROSSFADE_SECONDS * sampleRate), loop.start, end - loop.start);
  const likeness = Math.max(0, correlation(left, right, end - fade, loop.start - fade, fade));
  for (let i = 0; i < fade; i++) {
    const share = (i + 1) / fade;
    const stays = 1 - share;
    const power = stays * stays + share * share + 2 * stays * share * likeness;
    const gain = 1 / Math.sqrt(power);
    for (const channel of [left, right]) {
      const at = end - fade + i;
      channel[at] = gain * (stays * channel[at] + share * channel[loop.start - fade + i]);
    }
  }
}

/** The place in [first, last], every `step` frames, whose WINDOW frames before it are likest those before `end`; a coarse look takes few of them. */
function likest(
  mono: Float32Array,
  end: number,
  first: number,
  last: number,
  step: number,
): { start: number; likeness: number } {
  let best = { start: first, likeness: -1 };
  for (let start = first; start <= last; start += step) {
    let product = 0;
    let powerA = 0;
    let powerB = 0;
    for (let i = -WINDOW; i < 0; i += step) {
      const a = mono[start + i];
      const b = mono[end + i];
      product += a * b;
      powerA += a * a;
      powerB += b * b;
    }
    const likeness = powerA > 0 && powerB > 0 ? product / Math.sqrt(powerA * powerB) : 0;
    if (likeness > best.likeness) best = { start, likeness };
  }
  return best;
}

/** Normalised cross-correlation of two stretches over both channels; 0 where one is silent. */
function correlation(left: Float32Array, right: Float32Array, a: number, b: number, length: number): number {
  let product = 0;
  let powerA = 0;
  let powerB = 0;
  for (const channel of [left, right]) {
    for (let i = 0; i < length; i++) {
      const x = channel[a + i];
      const y = channel[b + i];
      product += x * y;
      powerA += x * x;
      powerB += y * y;
    }
  }
  return powerA > 0 && powerB > 0 ? product / Math.sqrt(powerA * powerB) : 0;
}

function rms(samples: Float32Array, from: number, length: number): number {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += samples[i] * samples[i];
  return Math.sqrt(sum / length);
}
