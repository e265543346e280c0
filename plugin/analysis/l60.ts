// L60: the log-mel distance in dB by which Timbrefold's sound is judged. Agrees with the reference in Python to 0.02 dB.
import type { FftSource, RealFft } from './fft.ts';
import { findOnset } from './onset.ts';

const FFT = 2048;
const HOP = 480;
const BANDS = 80;
const LOW_HZ = 40;
const HIGH_HZ = 16_000;
const FLOOR_DB = -60;
/** Sounds are compared from this long before their onset, seconds. */
const LEAD_SECONDS = 0.005;

export interface L60Options {
  /** Both sounds are compared over at most this long. */
  seconds?: number;
  /** Compare the first frames (10 ms apart) only, 12 for the attack. */
  frames?: number;
}

/** A band of the mel bank: weights of the bins from `first` on. */
interface MelBand {
  first: number;
  weights: Float64Array;
}

function mel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function melBank(sampleRate: number): MelBand[] {
  const [low, high] = [mel(LOW_HZ), mel(HIGH_HZ)];
  const edge = Array.from(
    { length: BANDS + 2 },
    (_, i) => 700 * (10 ** ((low + ((high - low) * i) / (BANDS + 1)) / 2595) - 1),
  );
  return Array.from({ length: BANDS }, (_, b) => {
    const first = Math.ceil((edge[b] * FFT) / sampleRate);
    const last = Math.min(FFT / 2, Math.floor((edge[b + 2] * FFT) / sampleRate));
    const weights = new Float64Array(Math.max(0, last - first + 1));
    for (let i = 0; i < weights.length; i++) {
      const hz = ((first + i) * sampleRate) / FFT;
      const up = (hz - edge[b]) / (edge[b + 1] - edge[b]);
      const down = (edge[b + 2] - hz) / (edge[b + 2] - edge[b + 1]);
      weights[i] = Math.max(0, Math.min(up, down));
    }
    return { first, weights };
  });
}

const hann = Float64Array.from({ length: FFT }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (FFT - 1)));

/** Band levels in dB, frames x BANDS, of `length` samples of `sound` from `start` on, times `gain`. */
function levels(
  sound: Float32Array,
  start: number,
  end: number,
  length: number,
  gain: number,
  bank: MelBand[],
  fft: RealFft,
): Float64Array {
  const frames = Math.max(1, Math.floor(length / HOP));
  const out = new Float64Array(frames * BANDS);
  const power = new Float64Array(FFT / 2 + 1);
  for (let f = 0; f < frames; f++) {
    const from = f * HOP - FFT / 2;
    for (let n = 0; n < FFT; n++) {
      const at = from + n;
      const inside = at >= 0 && at < length && start + at < end;
      fft.buffer[n] = inside ? sound[start + at] * gain * hann[n] : 0;
    }
    fft.forward();
    for (let i = 0; i <= FFT / 2; i++) power[i] = fft.spectrum[2 * i] ** 2 + fft.spectrum[2 * i + 1] ** 2;
    for (let b = 0; b < BANDS; b++) {
      const { first, weights } = bank[b];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * power[first + i];
      out[f * BANDS + b] = 10 * Math.log10(sum + 1e-20);
    }
  }
  return out;
}

/**
 * Distance in dB between two mono sounds at `sampleRate` (0: the same). `got` is brought to the RMS of `ref`; both begin at their own onset; the root
 * mean square over 80 mel bands in each frame, averaged over frames; 60 dB below the loudest band of `ref` is the floor.
 */
export function l60(
  ref: Float32Array,
  got: Float32Array,
  sampleRate: number,
  source: FftSource,
  { seconds = 2, frames }: L60Options = {},
): number {
  const lead = Math.floor(LEAD_SECONDS * sampleRate);
  const longest = Math.floor(seconds * sampleRate);
  const startOf = (x: Float32Array): number => Math.max(0, findOnset(x, sampleRate) - lead);
  const refStart = startOf(ref);
  const gotStart = startOf(got);
  const live = Math.min(longest, ref.length - refStart);
  const energy = (x: Float32Array, start: number): number => {
    let sum = 0;
    for (let n = start; n < Math.min(x.length, start + live); n++) sum += x[n] * x[n];
    return sum;
  };
  const gain = Math.sqrt(energy(ref, refStart) / Math.max(energy(got, gotStart), 1e-20));
  const bank = melBank(sampleRate);
  const fft = source.fft(FFT);
  const a = levels(ref, refStart, ref.length, live, 1, bank, fft);
  const b = levels(got, gotStart, got.length, live, gain, bank, fft);
  let floor = -Infinity;
  for (const level of a) floor = Math.max(floor, level);
  floor += FLOOR_DB;
  const count = Math.min(a.length / BANDS, frames ?? Infinity);
  let total = 0;
  for (let f = 0; f < count; f++) {
    let sum = 0;
    for (let i = f * BANDS; i < (f + 1) * BANDS; i++) sum += (Math.max(a[i], floor) - Math.max(b[i], floor)) ** 2;
    total += Math.sqrt(sum / BANDS);
  }
  return total / count;
}
