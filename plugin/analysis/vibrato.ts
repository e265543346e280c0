// Vibrato: the regular part of a pitch contour, its rate over the whole sound and its depth over time.

/** Vibrato is looked for between these rates, Hz. */
const SLOWEST_HZ = 3;
const FASTEST_HZ = 10;
/** A contour whose strongest movement is slower drifts or glides. */
const DRIFT_HZ = 1;
const RATE_STEP_HZ = 0.05;
/** What moves more slowly than this is a glide or a drift, seconds (length of a Hann window). */
const TREND_SECONDS = 0.6;
/** Depth is measured over this many periods (length of a Hann window). */
const DEPTH_PERIODS = 3;
/** A vibrato explains at least this share of what moves in the contour ... */
const LEAST_SHARE = 0.5;
/** ... is at least this deep somewhere, cents, ... */
const LEAST_CENTS = 2;
/** ... and is heard for this many periods. */
const LEAST_PERIODS = 3;
/** A singer's vibrato reaches a semitone; beyond this it is a trill or an error. */
const DEEPEST_CENTS = 150;

/** f0 over time at an even spacing. */
export interface PitchContour {
  /** Cents against the sound's pitch. */
  readonly cents: Float64Array;
  /** How far each value is trusted, >= 0. */
  readonly weight: Float64Array;
  readonly count: number;
  /** Time of the first value and spacing, seconds. */
  readonly start: number;
  readonly step: number;
  /** Length in seconds of the Hann window that each value was heard through: it flattens what is fast. */
  readonly windowSeconds: number;
}

export interface Vibrato {
  rateHz: number;
  /** Depth in cents, to either side, at `seconds` after the onset. */
  depth(seconds: number): number;
  /** Cents that the vibrato adds at `seconds`, as a Hann window of `windowSeconds` hears it. */
  cents(seconds: number, windowSeconds: number): number;
}

/** What a Hann window of `seconds` leaves of a sine of `hz`, 0..1. */
function hannGain(hz: number, seconds: number): number {
  const x = hz * seconds;
  if (x < 1e-6) return 1;
  if (Math.abs(x - 1) < 1e-6) return 0.5;
  return Math.max(0, Math.sin(Math.PI * x) / (Math.PI * x) / (1 - x * x));
}

/** Weighted mean of `values` under a Hann window of `length` values around each, minus from the values themselves: what moves faster. */
function withoutTrend({ cents, weight, count, step }: PitchContour): Float64Array {
  const half = Math.max(1, Math.round(TREND_SECONDS / step / 2));
  const out = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    let weights = 0;
    for (let m = Math.max(0, n - half); m <= Math.min(count - 1, n + half); m++) {
      const w = weight[m] * (0.5 + 0.5 * Math.cos((Math.PI * (m - n)) / (half + 1)));
      sum += w * cents[m];
      weights += w;
    }
    out[n] = weights > 0 ? cents[n] - sum / weights : 0;
  }
  return out;
}

/** Power of the contour's sine at `hz`, under weights and a Hann window over the whole. */
function power(moving: Float64Array, { weight, count, step }: PitchContour, hz: number): number {
  let re = 0;
  let im = 0;
  const turn = 2 * Math.PI * hz * step;
  for (let n = 0; n < count; n++) {
    const w = weight[n] * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / count)) * moving[n];
    re += w * Math.cos(turn * n);
    im += w * Math.sin(turn * n);
  }
  return re * re + im * im;
}

/** The vibrato of a contour, or null where its movement is none: too short, too little, or not regular. */
export function findVibrato(contour: PitchContour): Vibrato | null {
  const { weight, count, start, step, windowSeconds } = contour;
  if (count * step < LEAST_PERIODS / FASTEST_HZ) return null;
  const slowest = Math.max(SLOWEST_HZ, LEAST_PERIODS / (count * step));
  const moving = withoutTrend(contour);
  let rateHz = 0;
  let most = 0;
  for (let hz = DRIFT_HZ; hz <= FASTEST_HZ; hz += RATE_STEP_HZ) {
    const p = power(moving, contour, hz);
    if (p > most) {
      most = p;
      rateHz = hz;
    }
  }
  // A maximum at the end is the skirt of something faster.
  if (rateHz < slowest || rateHz >= FASTEST_HZ - RATE_STEP_HZ) return null;

  // Amplitude and phase over time: the contour, turned back by the rate, under a window of a few periods.
  const re = new Float64Array(count);
  const im = new Float64Array(count);
  const half = Math.max(1, Math.round(DEPTH_PERIODS / rateHz / step / 2));
  const turn = 2 * Math.PI * rateHz * step;
  const cos = Float64Array.from({ length: count }, (_, n) => Math.cos(turn * n));
  const sin = Float64Array.from({ length: count }, (_, n) => Math.sin(turn * n));
  const kernel = Float64Array.from({ length: half + 1 }, (_, d) => 0.5 + 0.5 * Math.cos((Math.PI * d) / (half + 1)));
  let all = 0;
  let left = 0;
  let deepest = 0;
  let heard = 0;
  for (let n = 0; n < count; n++) {
    // Weighted least squares of a cosine and a sine under the window.
    let cc = 1e-12;
    let ss = 1e-12;
    let cs = 0;
    let xc = 0;
    let xs = 0;
    for (let m = Math.max(0, n - half); m <= Math.min(count - 1, n + half); m++) {
      const w = weight[m] * kernel[Math.abs(m - n)];
      cc += w * cos[m] * cos[m];
      ss += w * sin[m] * sin[m];
      cs += w * cos[m] * sin[m];
      xc += w * moving[m] * cos[m];
      xs += w * moving[m] * sin[m];
    }
    const d = cc * ss - cs * cs;
    if (!(d > 1e-9 * cc * ss)) continue;
    re[n] = (xc * ss - xs * cs) / d;
    im[n] = (xs * cc - xc * cs) / d;
    const rest = moving[n] - re[n] * cos[n] - im[n] * sin[n];
    all += weight[n] * moving[n] * moving[n];
    left += weight[n] * rest * rest;
    const depth = Math.hypot(re[n], im[n]);
    deepest = Math.max(deepest, depth);
    if (depth > LEAST_CENTS / 2) heard += step;
  }
  const flattened = Math.max(0.2, hannGain(rateHz, windowSeconds));
  if (left > (1 - LEAST_SHARE) * all || deepest / flattened < LEAST_CENTS || heard * rateHz < LEAST_PERIODS)
    return null;

  const at = (seconds: number): [number, number] => {
    const place = Math.min(count - 1, Math.max(0, (seconds - start) / step));
    const n = Math.min(count - 2, Math.floor(place));
    const t = place - n;
    return [re[n] + t * (re[n + 1] - re[n]), im[n] + t * (im[n + 1] - im[n])];
  };
  const amplitude = ([a, b]: [number, number]): number => Math.min(DEEPEST_CENTS, Math.hypot(a, b) / flattened);
  return {
    rateHz,
    depth: (seconds) => amplitude(at(seconds)),
    cents(seconds, heardThrough) {
      const [a, b] = at(seconds);
      const angle = 2 * Math.PI * rateHz * (seconds - start);
      return ((a * Math.cos(angle) + b * Math.sin(angle)) / flattened) * hannGain(rateHz, heardThrough);
    },
  };
}
