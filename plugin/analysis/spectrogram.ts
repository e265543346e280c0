// A sound as a picture: level over time and musical pitch, for looking at what was rendered.
import type { FftSource } from './fft.ts';

const FFT = 4096;
const LOWEST_KEY = 24;
const HIGHEST_KEY = 136;
const ROWS_PER_KEY = 4;
/** Levels from this to 0 dB (the loudest point of the picture) are told apart. */
const RANGE_DB = 84;

export interface Spectrogram {
  width: number;
  height: number;
  /** height x width levels 0..1, row 0 the highest pitch. */
  levels: Float32Array;
}

/** Row of a MIDI note. */
export const rowOfKey = (key: number): number => (HIGHEST_KEY - key) * ROWS_PER_KEY;

/** The spectrogram of mono `sound`, `width` columns wide; MIDI notes 24..136, four rows each. */
export function spectrogram(sound: Float32Array, sampleRate: number, width: number, source: FftSource): Spectrogram {
  const height = rowOfKey(LOWEST_KEY);
  const fft = source.fft(FFT);
  const window = Float64Array.from({ length: FFT }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FFT));
  const decibels = new Float32Array(width * height);
  const power = new Float64Array(FFT / 2 + 1);
  const binOfRow = (row: number): number =>
    (440 * 2 ** ((HIGHEST_KEY - row / ROWS_PER_KEY - 69) / 12) * FFT) / sampleRate;
  let loudest = -200;
  for (let x = 0; x < width; x++) {
    const from = Math.round(((x + 0.5) / width) * sound.length) - FFT / 2;
    for (let n = 0; n < FFT; n++) fft.buffer[n] = (sound[from + n] ?? 0) * window[n];
    fft.forward();
    for (let bin = 0; bin <= FFT / 2; bin++) {
      power[bin] = fft.spectrum[2 * bin] ** 2 + fft.spectrum[2 * bin + 1] ** 2;
    }
    for (let y = 0; y < height; y++) {
      // The loudest bin of the row, or between bins where rows are narrower than these.
      const low = binOfRow(y + 0.5);
      const high = binOfRow(y - 0.5);
      let level = 0;
      if (high <= FFT / 2) {
        const bin = Math.floor(low);
        level = power[bin] + (low - bin) * (power[bin + 1] - power[bin]);
        for (let inside = Math.ceil(low); inside <= high; inside++) level = Math.max(level, power[inside]);
      }
      const db = 10 * Math.log10(level + 1e-20);
      decibels[y * width + x] = db;
      loudest = Math.max(loudest, db);
    }
  }
  return { width, height, levels: decibels.map((db) => Math.max(0, 1 + (db - loudest) / RANGE_DB)) };
}
