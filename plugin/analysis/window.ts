// Analysis windows and their lobes: a Hann window whose rise and fall may differ in length, so that it can begin with the onset.
import { type FftSource, MAX_FFT } from './fft.ts';

/** Samples of the prototype from which a lobe is computed, and its points per bin of 1 / window length. */
const PROTOTYPE = 1024;
export const LOBE_POINTS = MAX_FFT / PROTOTYPE;
/** A lobe is known up to this many bins (of 1 / window length) from its middle. */
export const LOBE_BINS = 24;
/** Shares of the rise that are distinguished; a fall shorter than the rise is the same in reverse. */
const RISES = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

/** Value at sample n of a window with `rise` and `fall` samples before and after its top. */
export function windowValue(n: number, rise: number, fall: number): number {
  return n < rise ? 0.5 - 0.5 * Math.cos((Math.PI * n) / rise) : 0.5 + 0.5 * Math.cos((Math.PI * (n - rise)) / fall);
}

export interface Lobe {
  /** Share of the rise in the whole length, 0..0.5. */
  readonly share: number;
  /** |W|^2 over that of its middle, LOBE_POINTS per bin, from 0 to LOBE_BINS. */
  readonly power: Float32Array;
}

/** Lobes of the windows of all rise shares, computed once per source. */
export class Lobes {
  private readonly all: Lobe[] = [];

  constructor(source: FftSource) {
    const fft = source.fft(MAX_FFT);
    for (const share of RISES) {
      const rise = share * PROTOTYPE;
      fft.buffer.fill(0);
      for (let n = 0; n < PROTOTYPE; n++) fft.buffer[n] = windowValue(n + 0.5, rise, PROTOTYPE - rise);
      fft.forward();
      const middle = fft.spectrum[0] ** 2;
      const power = new Float32Array(LOBE_BINS * LOBE_POINTS + 2);
      for (let i = 0; i < power.length; i++) {
        power[i] = (fft.spectrum[2 * i] ** 2 + fft.spectrum[2 * i + 1] ** 2) / middle;
      }
      this.all.push({ share, power });
    }
  }

  /** The lobe whose share is nearest to that of the shorter side. */
  nearest(rise: number, fall: number): Lobe {
    const wanted = Math.min(rise, fall) / (rise + fall);
    let best = this.all[0];
    for (const lobe of this.all) if (Math.abs(lobe.share - wanted) < Math.abs(best.share - wanted)) best = lobe;
    return best;
  }
}
