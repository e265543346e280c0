// The spectrum of a moment of a sound: power, and the frequency at each bin by the phase that a few samples turn.

import { type FftSource, MAX_FFT } from './fft.ts';
import { ANALYSIS_RATE } from './layout.ts';
import { windowValue } from './window.ts';

const MAX_BINS = MAX_FFT / 2 + 1;

/** Accumulates power spectra of windows of one shape; buffers are reused, nothing is allocated after construction. */
export class FrameSpectrum {
  /** Sum of |X|^2 of the windows added since `begin`. */
  readonly power = new Float32Array(MAX_BINS);
  size = 0;
  /** Window length in samples, sum and sum of squares of the window last added. */
  length = 0;
  rise = 0;
  fall = 0;
  windowSum = 0;
  windowEnergy = 0;

  private readonly crossRe = new Float32Array(MAX_BINS);
  private readonly crossIm = new Float32Array(MAX_BINS);
  private readonly early = new Float32Array(MAX_FFT + 2);
  private readonly window = new Float32Array(MAX_FFT);
  private hop = 0;
  private bins = 0;
  private readonly source: FftSource;

  constructor(source: FftSource) {
    this.source = source;
  }

  /** Begins a spectrum by windows of `rise` + `fall` samples (at most MAX_FFT); above `highHz` nothing need be known. */
  begin(rise: number, fall: number, highHz = ANALYSIS_RATE / 2): void {
    const length = rise + fall;
    let size = 1024;
    while (size < length) size *= 2;
    if (size !== this.size || rise !== this.rise || fall !== this.fall) {
      let sum = 0;
      let energy = 0;
      for (let n = 0; n < length; n++) {
        const w = windowValue(n, rise, fall);
        this.window[n] = w;
        sum += w;
        energy += w * w;
      }
      this.windowSum = sum;
      this.windowEnergy = energy;
    }
    this.size = size;
    this.length = length;
    this.rise = rise;
    this.fall = fall;
    this.hop = Math.max(1, length >> 4);
    const bins = Math.min(size / 2, Math.ceil((highHz * size) / ANALYSIS_RATE)) + 1;
    this.bins = bins;
    this.power.fill(0);
    this.crossRe.fill(0, 0, bins);
    this.crossIm.fill(0, 0, bins);
  }

  /** Adds the window whose top stands at sample `top`; what lies outside the sound is silence. */
  add(samples: Float32Array, top: number): void {
    const fft = this.source.fft(this.size);
    const start = top - this.rise;
    this.load(fft.buffer, samples, start);
    fft.forward();
    const { bins } = this;
    this.early.set(fft.spectrum.subarray(0, 2 * bins));
    this.load(fft.buffer, samples, start + this.hop);
    fft.forward();
    const { early, power, crossRe, crossIm } = this;
    const late = fft.spectrum;
    for (let i = 0; i < bins; i++) {
      const a = early[2 * i];
      const b = early[2 * i + 1];
      const c = late[2 * i];
      const d = late[2 * i + 1];
      power[i] += a * a + b * b;
      crossRe[i] += c * a + d * b;
      crossIm[i] += d * a - c * b;
    }
  }

  private load(buffer: Float32Array, samples: Float32Array, start: number): void {
    const { window, length, size } = this;
    const from = Math.max(0, -start);
    const to = Math.min(length, samples.length - start);
    buffer.fill(0, 0, size);
    for (let n = from; n < to; n++) buffer[n] = samples[start + n] * window[n];
  }

  /** Frequency in Hz that bin `i` carries (Flanagan & Golden 1966). */
  frequency(i: number): number {
    const { size, hop } = this;
    const expected = (2 * Math.PI * i * hop) / size;
    let turn = Math.atan2(this.crossIm[i], this.crossRe[i]) - expected;
    turn -= 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    return ((expected + turn) / (2 * Math.PI * hop)) * ANALYSIS_RATE;
  }

  /** The highest local maximum between two frequencies, or -1 where there is none. */
  peak(lowHz: number, highHz: number): number {
    const { power, size } = this;
    const hzPerBin = ANALYSIS_RATE / size;
    const from = Math.max(1, Math.ceil(lowHz / hzPerBin));
    const to = Math.min(size / 2 - 1, Math.floor(highHz / hzPerBin));
    let best = -1;
    let height = 0;
    for (let i = from; i <= to; i++) {
      const p = power[i];
      if (p > height && p >= power[i - 1] && p >= power[i + 1]) {
        best = i;
        height = p;
      }
    }
    return best;
  }
}
