// Finds the pitch of a sound that nobody labelled: McLeod's normalised autocorrelation, voted over frames.

import { type FftSource, MAX_FFT } from './fft.ts';
import { ANALYSIS_RATE } from './layout.ts';

const LOWEST_HZ = 25;
const HIGHEST_HZ = 4500;
const FRAMES_HEARD = 12;
/** A lag is a candidate when its peak comes this near to the highest (McLeod & Wyvill 2005). */
const NEARNESS = 0.9;
/** Peaks of the normalised autocorrelation below this are no pitch. */
const CLARITY = 0.5;

/** MIDI note (fractional) of a mono sound at ANALYSIS_RATE, or null where it has none. */
export function detectPitch(samples: Float32Array, onset: number, source: FftSource): number | null {
  const votes: { note: number; weight: number }[] = [];
  const available = samples.length - onset;
  for (const length of [MAX_FFT / 2, MAX_FFT / 4]) {
    if (available < length / 2) continue;
    const step = Math.max(1, Math.min(2400, Math.floor((available - length) / FRAMES_HEARD)));
    for (let f = 0; f < FRAMES_HEARD; f++) {
      const start = onset + Math.min(480, available >> 3) + f * step;
      if (start + length > samples.length + length / 2) break;
      const found = clearestLag(samples, start, length, source);
      if (found) votes.push(found);
    }
    if (votes.length >= 3) break;
  }
  if (votes.length === 0) return null;
  // The note that most votes lie within half a semitone of.
  let best = 0;
  let note = 0;
  for (const vote of votes) {
    let weight = 0;
    let sum = 0;
    for (const other of votes) {
      if (Math.abs(other.note - vote.note) > 0.5) continue;
      weight += other.weight;
      sum += other.weight * other.note;
    }
    if (weight > best) {
      best = weight;
      note = sum / weight;
    }
  }
  return note;
}

const nsdf = new Float64Array(MAX_FFT / 2);

/** Height of the parabola through a maximum and its neighbours: at high pitches the true maximum lies between lags. */
function peakHeight(lag: number): number {
  const [a, b, c] = [nsdf[lag - 1], nsdf[lag], nsdf[lag + 1]];
  const curve = a - 2 * b + c;
  return curve < 0 ? b - ((a - c) * (a - c)) / (8 * curve) : b;
}

function clearestLag(
  samples: Float32Array,
  start: number,
  length: number,
  source: FftSource,
): { note: number; weight: number } | null {
  const size = 2 * length;
  const fft = source.fft(size);
  const take = (n: number): number => samples[start + n] ?? 0;
  fft.buffer.fill(0, 0, size);
  let energy = 0;
  for (let n = 0; n < length; n++) {
    fft.buffer[n] = take(n);
    energy += take(n) ** 2;
  }
  if (energy < 1e-8 * length) return null;
  fft.forward();
  // The power spectrum is real and even, so its forward transform is size times the autocorrelation.
  const power = new Float32Array(length + 1);
  for (let i = 0; i <= length; i++) power[i] = fft.spectrum[2 * i] ** 2 + fft.spectrum[2 * i + 1] ** 2;
  for (let i = 0; i <= length; i++) fft.buffer[i] = power[i];
  for (let i = 1; i < length; i++) fft.buffer[size - i] = power[i];
  fft.forward();
  const longest = Math.min(length >> 1, Math.ceil(ANALYSIS_RATE / LOWEST_HZ));
  const shortest = Math.floor(ANALYSIS_RATE / HIGHEST_HZ);
  let m = 2 * energy;
  for (let lag = 0; lag <= longest; lag++) {
    if (lag > 0) m -= take(lag - 1) ** 2 + take(length - lag) ** 2;
    nsdf[lag] = m > 0 ? (2 * fft.spectrum[2 * lag]) / size / m : 0;
  }
  // The highest point between each two zero crossings is a key maximum.
  let highest = 0;
  const maxima: number[] = [];
  let lag = 1;
  while (lag < longest && nsdf[lag] > 0) lag++;
  while (lag < longest) {
    while (lag < longest && nsdf[lag] <= 0) lag++;
    let top = -1;
    while (lag < longest && nsdf[lag] > 0) {
      if (nsdf[lag] >= nsdf[lag - 1] && nsdf[lag] >= nsdf[lag + 1] && (top < 0 || nsdf[lag] > nsdf[top])) top = lag;
      lag++;
    }
    if (top >= shortest) {
      maxima.push(top);
      highest = Math.max(highest, peakHeight(top));
    }
  }
  if (highest < CLARITY) return null;
  const chosen = maxima.find((top) => peakHeight(top) >= NEARNESS * highest);
  if (chosen === undefined) return null;
  const [a, b, c] = [nsdf[chosen - 1], nsdf[chosen], nsdf[chosen + 1]];
  const curve = a - 2 * b + c;
  const period = chosen + (curve < 0 ? (0.5 * (a - c)) / curve : 0);
  return { note: 69 + 12 * Math.log2(ANALYSIS_RATE / period / 440), weight: b * Math.sqrt(energy) };
}
