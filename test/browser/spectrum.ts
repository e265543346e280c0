// Measures of recorded audio: spectrum, level of a partial, where the energy lies.
import FFT from 'fft.js';
import type { Recording } from './recorder.ts';

export interface Spectrum {
  binHz: number;
  /** Amplitude of a sine at each bin. */
  amplitude: Float64Array;
}

/** Hann-windowed spectrum of the last `size` samples (a power of two). */
export function spectrumOf({ sampleRate, samples }: Recording, size = 32_768): Spectrum {
  const fft = new FFT(size);
  const start = Math.max(0, samples.length - size);
  const input = Array.from({ length: size }, (_, i) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size);
    return (samples[start + i] ?? 0) * window;
  });
  const out = fft.createComplexArray();
  fft.realTransform(out, input);
  const amplitude = Float64Array.from(
    { length: size / 2 },
    (_, k) => (4 / size) * Math.hypot(out[2 * k], out[2 * k + 1]),
  );
  return { binHz: sampleRate / size, amplitude };
}

export const toDb = (amplitude: number): number => 20 * Math.log10(Math.max(amplitude, 1e-12));

/** Level and frequency of the strongest peak within `cents` of a frequency. */
export function peakNear({ binHz, amplitude }: Spectrum, hz: number, cents = 50): { hz: number; db: number } {
  const reach = 2 ** (cents / 1200);
  const low = Math.floor(hz / reach / binHz);
  const high = Math.ceil((hz * reach) / binHz);
  let best = low;
  for (let bin = low; bin <= high; bin++) if (amplitude[bin] > amplitude[best]) best = bin;
  const [a, b, c] = [best - 1, best, best + 1].map((bin) => toDb(amplitude[bin]));
  const shift = (0.5 * (a - c)) / (a - 2 * b + c);
  return { hz: (best + shift) * binHz, db: b };
}

/** Power-weighted mean frequency between two limits, Hz. */
export function centroidHz({ binHz, amplitude }: Spectrum, low = 60, high = 12_000): number {
  let weighted = 0;
  let power = 0;
  for (let bin = Math.ceil(low / binHz); bin < high / binHz; bin++) {
    const p = amplitude[bin] ** 2;
    weighted += p * bin * binHz;
    power += p;
  }
  return weighted / power;
}

export const rmsDb = ({ samples }: Recording): number =>
  toDb(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));

/** Frequency of a MIDI note at A4 = 440 Hz. */
export const noteHz = (key: number): number => 440 * 2 ** ((key - 69) / 12);
