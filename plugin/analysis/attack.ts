// What happens inside the first windows of a sound: levels that are right over a window of several periods, made right at its own moment.
import { ANALYSIS_RATE } from './layout.ts';

/** The spectrum is followed in bands between these edges, Hz. */
const EDGES_HZ = [400, 1600, 5000] as const;
/** By how many samples the filters delay each band. */
const DELAYS = [54, 30, 9, 2] as const;
const BANDS = EDGES_HZ.length + 1;
/** Corrections hold in full until the first of these, seconds after the onset, and no longer from the second on. */
const FULL_UNTIL = 0.03;
const NONE_FROM = 0.09;
/** The level at a moment is the mean over whole periods (so that it does not depend on the phases), at least so long (samples). */
const SHORTEST = 144;
/** Corrections stay between these (power). */
const LEAST = 1e-5;
const MOST = 4;

/** One second-order section (Bristow-Johnson's cookbook, Butterworth), in place. */
function filter(x: Float32Array, hz: number, high: boolean): void {
  const w = (2 * Math.PI * hz) / ANALYSIS_RATE;
  const alpha = Math.sin(w) * Math.SQRT1_2;
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const b1 = (high ? -(1 + cos) : 1 - cos) / a0;
  const b0 = Math.abs(b1) / 2;
  const a1 = (-2 * cos) / a0;
  const a2 = (1 - alpha) / a0;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let n = 0; n < x.length; n++) {
    const y = b0 * (x[n] + x2) + b1 * x1 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x[n];
    y2 = y1;
    y1 = y;
    x[n] = y;
  }
}

/** The beginning of one sound, in bands. */
export class Attack {
  /** Squares of the samples of each band, from `start` on, and their running sums. */
  private readonly squares: readonly Float32Array[];
  private readonly sums: readonly Float64Array[];
  private readonly start: number;
  private readonly onset: number;
  /** Whole periods, samples. */
  private readonly span: number;
  private readonly length: number;

  /** `reach`: the longest analysis window, samples. */
  constructor(sound: Float32Array, onset: number, f0Hz: number, reach: number) {
    const period = ANALYSIS_RATE / f0Hz;
    this.onset = onset;
    this.span = Math.round(Math.ceil(SHORTEST / period) * period);
    // The filters settle before the onset.
    this.start = Math.max(0, onset - 1024);
    const end = Math.min(sound.length, onset + Math.round(NONE_FROM * ANALYSIS_RATE) + reach);
    this.squares = Array.from({ length: BANDS }, (_, b) => {
      const x = sound.slice(this.start, end);
      for (let pass = 0; pass < 2; pass++) {
        if (b > 0) filter(x, EDGES_HZ[b - 1], true);
        if (b < BANDS - 1) filter(x, EDGES_HZ[b], false);
      }
      for (let n = 0; n < x.length; n++) x[n] *= x[n];
      return x.subarray(DELAYS[b]);
    });
    // All as long as the shortest.
    this.length = Math.max(0, end - this.start - Math.max(...DELAYS));
    this.sums = this.squares.map((x) => {
      const sums = new Float64Array(x.length + 1);
      for (let n = 0; n < x.length; n++) sums[n + 1] = sums[n] + x[n];
      return sums;
    });
  }

  /** Whether anything is corrected at this sample. */
  touches(top: number): boolean {
    return top < this.onset + NONE_FROM * ANALYSIS_RATE;
  }

  /**
   * For each band the power at sample `top` over what a Hann window of `rise` and `fall` samples about `peak` hears; into `into` (ATTACK_BANDS). Both are heard
   * from the onset on.
   */
  corrections(top: number, peak: number, rise: number, fall: number, into: Float64Array): void {
    const seconds = (top - this.onset) / ANALYSIS_RATE;
    const share = Math.min(1, Math.max(0, (NONE_FROM - seconds) / (NONE_FROM - FULL_UNTIL)));
    const { squares, sums, start, onset, span, length } = this;
    const from = Math.max(onset, peak - rise) - start;
    const to = Math.min(length, peak + fall - start);
    into.fill(0);
    let weights = 0;
    for (let n = from; n < to; n++) {
      const off = n + start - peak;
      const w = 0.5 + 0.5 * Math.cos((Math.PI * off) / (off < 0 ? rise : fall));
      // A spectrum hears the square of its window.
      weights += w * w;
      for (let b = 0; b < BANDS; b++) into[b] += w * w * squares[b][n];
    }
    const first = Math.max(onset, top - (span >> 1)) - start;
    const last = Math.min(length, first + span);
    const late = Math.min(length, last + span);
    const back = Math.max(0, first + span / 2 - (top - start)) / span;
    for (let b = 0; b < BANDS; b++) {
      const heard = into[b] / weights;
      let here = (sums[b][last] - sums[b][first]) / (last - first);
      const next = late > last ? (sums[b][late] - sums[b][last]) / (late - last) : here;
      // At the onset the mean lies later than what is asked for: a rise is followed back, straight in dB.
      if (next > here) here *= Math.max(LEAST, (here / next) ** back);
      const ratio = heard > 0 ? Math.min(MOST, Math.max(LEAST, here / heard)) : 1;
      into[b] = ratio ** share;
    }
  }
}

/** Number of bands, and the place of a frequency among them: the lower band's number and the share of the next, over an octave about each edge. */
export const ATTACK_BANDS = BANDS;
export function attackBand(hz: number): number {
  let place = 0;
  for (const edge of EDGES_HZ) place += Math.min(1, Math.max(0, Math.log2(hz / edge) + 0.5));
  return place;
}
