// The exact pitch and inharmonicity of a sound whose pitch is roughly known, from its partials in a long spectrum.

import { MAX_FFT } from './fft.ts';
import type { FrameSpectrum } from './frame-spectrum.ts';
import { ANALYSIS_RATE, DETUNES, MAX_INHARMONICITY, PARTIALS, partialRatio } from './layout.ts';
import { assignModes } from './modes.ts';

/** Sounds are searched this far around the nominal key, semitones. */
export const SEARCH_SEMITONES = 0.6;
const SEARCH_STEPS = 60;
/** The line through the partials is given up where the first ones lie farther from it. */
const MISFIT_CENTS = 6;
/** A peak belongs to a comb of harmonics when it lies this near to one, cents. */
const COMB_CENTS = 10;
/** No partial above this is measured. */
export const HIGHEST_PARTIAL_HZ = 17_900;

export interface Tuning {
  f0Hz: number;
  inharmonicity: number;
  /** Frequency of partial k over what f0 and inharmonicity say (index k - 1); 1 where the partial was not seen. */
  readonly deviation: Float64Array;
  /** Cents of partials 1..DETUNES against what f0 and inharmonicity say; 0 where the partial is not clear. */
  readonly detunes: Float32Array;
  /** Partials whose frequency lies below HIGHEST_PARTIAL_HZ. */
  partials: number;
}

/** Accumulates the long spectrum of the sounding part: windows of 20 periods (2048..8192 samples) over the first 1.2 s. */
export function longSpectrum(samples: Float32Array, onset: number, f0Hz: number, into: FrameSpectrum): void {
  const end = Math.min(samples.length, onset + Math.round(1.3 * ANALYSIS_RATE));
  const wanted = Math.min(MAX_FFT, Math.max(2048, Math.round((20 * ANALYSIS_RATE) / f0Hz)));
  const length = Math.max(512, Math.min(wanted, Math.floor((end - onset) / 2) * 2));
  const half = length >> 1;
  into.begin(half, length - half);
  const skip = Math.min(Math.round(0.025 * ANALYSIS_RATE), Math.max(0, (end - onset - length) >> 1));
  const first = onset + skip + half;
  const last = Math.max(first, end - half - (length >> 4));
  const windows = Math.min(12, 1 + Math.floor((last - first) / half));
  for (let i = 0; i < windows; i++) into.add(samples, first + i * half);
}

function powerAt(spectrum: FrameSpectrum, hz: number): number {
  const at = (hz * spectrum.size) / ANALYSIS_RATE;
  const i = Math.floor(at);
  if (i < 1 || i >= spectrum.size / 2) return 0;
  const { power } = spectrum;
  return power[i] + (at - i) * (power[i + 1] - power[i]);
}

/** The f0 within +-SEARCH_SEMITONES of `nominalHz` at whose first ten partials most (compressed) power stands. */
export function searchF0(spectrum: FrameSpectrum, nominalHz: number): number {
  let best = nominalHz;
  let most = -1;
  for (let step = -SEARCH_STEPS; step <= SEARCH_STEPS; step++) {
    const f0 = nominalHz * 2 ** ((SEARCH_SEMITONES * step) / SEARCH_STEPS / 12);
    let score = 0;
    for (let k = 1; k <= 10 && k * f0 < HIGHEST_PARTIAL_HZ; k++) score += powerAt(spectrum, k * f0) ** 0.25;
    if (score > most) {
      most = score;
      best = f0;
    }
  }
  return best;
}

/**
 * f0, B and each partial's own deviation by weighted least squares over partial peaks: (f_k / k)^2 = a + b k^2, followed from low partials upwards so that
 * a strongly inharmonic sound's high partials are still found. Source: the stiff string of Fletcher (1964).
 */
export function measureTuning(spectrum: FrameSpectrum, f0Start: number): Tuning {
  const hz = new Float64Array(PARTIALS);
  const weight = new Float64Array(PARTIALS);
  const deviation = new Float64Array(PARTIALS).fill(1);
  let loudest = 0;
  for (let i = 2; i < spectrum.size / 2; i++) loudest = Math.max(loudest, spectrum.power[i]);
  let f0 = f0Start;
  let b = 0;
  let seen = 0;
  for (let pass = 0; pass < 2; pass++) {
    seen = 0;
    let missed = 0;
    for (let k = 1; k <= PARTIALS; k++) {
      const guess = f0 * partialRatio(k, b);
      hz[k - 1] = 0;
      weight[k - 1] = 0;
      if (guess > HIGHEST_PARTIAL_HZ) break;
      const reach = (pass === 0 ? (k <= 3 ? 0.06 * k : 0.25) : 0.2) * f0;
      const i = spectrum.peak(guess - reach, guess + reach);
      // A partial counts where it stands well above the valleys beside it.
      const valley = Math.min(powerAt(spectrum, guess - 0.5 * f0), powerAt(spectrum, guess + 0.5 * f0));
      if (i < 0 || spectrum.power[i] < 1e-7 * loudest || spectrum.power[i] < 16 * valley) {
        if (++missed > 12) break;
        continue;
      }
      missed = 0;
      hz[k - 1] = spectrum.frequency(i);
      weight[k - 1] = (spectrum.power[i] / loudest) ** 0.25;
      seen++;
      if (seen >= 3 && (pass === 1 || k % 4 === 0)) [f0, b] = solve(hz, weight, f0, b);
    }
  }
  if (seen > 0) [f0, b] = solve(hz, weight, f0, b);
  // Bells and bars follow no string: there the pitch is what the low partials say, not a line through all.
  const low = lowPartials(hz, weight, f0, b);
  if (Math.abs(1200 * Math.log2(low)) > MISFIT_CENTS) {
    f0 *= low;
    b = 0;
  }
  let partials = 0;
  for (let k = 1; k <= PARTIALS; k++) {
    const model = f0 * partialRatio(k, b);
    if (model > HIGHEST_PARTIAL_HZ) break;
    partials = k;
    if (hz[k - 1] > 0) {
      const ratio = hz[k - 1] / model;
      if (Math.abs(ratio - 1) * k < 0.3) deviation[k - 1] = ratio;
    }
  }
  const detunes = new Float32Array(DETUNES);
  assignModes(spectrum, f0, b, deviation, partials).forEach((clear, i) => {
    if (clear) detunes[i] = 1200 * Math.log2(deviation[i]);
  });
  return { f0Hz: f0, inharmonicity: b, deviation, detunes, partials };
}

/** How far (as a ratio) the first partials lie from the fitted line: the median by power, so that a bar's second mode does not pull the first. */
function lowPartials(hz: Float64Array, weight: Float64Array, f0: number, b: number): number {
  const count = Math.max(4, Math.round(400 / f0));
  const seen: { ratio: number; w: number }[] = [];
  let total = 0;
  for (let k = 1; k <= count; k++) {
    if (hz[k - 1] <= 0) continue;
    const w = weight[k - 1] ** 4;
    seen.push({ ratio: hz[k - 1] / (f0 * partialRatio(k, b)), w });
    total += w;
  }
  seen.sort((x, y) => x.ratio - y.ratio);
  let sum = 0;
  for (const { ratio, w } of seen) {
    sum += w;
    if (sum >= total / 2) return ratio;
  }
  return 1;
}

/** Weighted least squares of (f / k)^2 over k^2, twice, leaving out what lies far off the first line. */
function solve(hz: Float64Array, weight: Float64Array, f0: number, b: number): [number, number] {
  let alpha = (f0 * f0) / (1 + b);
  let beta = b * alpha;
  for (let pass = 0; pass < 3; pass++) {
    let sw = 0;
    let sx = 0;
    let sy = 0;
    let sxx = 0;
    let sxy = 0;
    let count = 0;
    let highest = 0;
    for (let k = 1; k <= PARTIALS; k++) {
      if (hz[k - 1] <= 0) continue;
      const x = k * k;
      const y = (hz[k - 1] / k) ** 2;
      const off = Math.abs(Math.sqrt(y / (alpha + beta * x)) - 1);
      // Allowed: a tenth of the spacing at first, then what measured partials scatter.
      if (off > (pass === 0 ? 0.25 / k : pass === 1 ? 0.1 / k : 0.04 / k) && k > 1) continue;
      // The error of f_k in Hz is about the same for all k, so (f / k)^2 is known k times better at partial k.
      const w = weight[k - 1] * k;
      count++;
      highest = k;
      sw += w;
      sx += w * x;
      sy += w * y;
      sxx += w * x * x;
      sxy += w * x * y;
    }
    if (count === 0) break;
    const spread = sw * sxx - sx * sx;
    if (count < 4 || highest < 5 || spread <= 0) {
      beta = 0;
      alpha = sy / sw;
      continue;
    }
    beta = (sw * sxy - sx * sy) / spread;
    alpha = (sy - beta * sx) / sw;
    if (beta < 0) {
      beta = 0;
      alpha = sy / sw;
    } else if (beta > MAX_INHARMONICITY * alpha) {
      beta = 0;
      alpha = sy / sw;
    }
  }
  return [Math.sqrt(alpha + beta), beta / alpha];
}

/** Power that stands at multiples `start`, `start` + `step`, ... of f0 as clear peaks, and how many of the first `count` have one. */
function comb(
  spectrum: FrameSpectrum,
  tuning: Tuning,
  start: number,
  step: number,
  count: number,
): { power: number; peaks: number } {
  let power = 0;
  let peaks = 0;
  const reach = 0.05 * tuning.f0Hz;
  for (let n = 0, k = start; n < count; n++, k += step) {
    const hz = tuning.f0Hz * partialRatio(k, tuning.inharmonicity);
    if (hz > HIGHEST_PARTIAL_HZ) break;
    const i = spectrum.peak(hz - reach, hz + reach);
    if (i < 0) continue;
    const valley = Math.max(powerAt(spectrum, hz - 0.25 * tuning.f0Hz), powerAt(spectrum, hz + 0.25 * tuning.f0Hz));
    const cents = 1200 * Math.log2(spectrum.frequency(i) / hz);
    if (spectrum.power[i] > 20 * valley && Math.abs(cents) < COMB_CENTS) {
      power += spectrum.power[i];
      peaks++;
    }
  }
  return { power, peaks };
}

/** How the power between the harmonics (k + 1/2) compares with that on them: near 1 where the true f0 is an octave lower; 0 where there is no series. */
export function halfHarmonics(spectrum: FrameSpectrum, tuning: Tuning): number {
  const on = comb(spectrum, tuning, 1, 1, 10);
  const between = comb(spectrum, tuning, 0.5, 1, 10);
  return on.power > 0 && between.peaks >= 2 ? between.power / on.power : 0;
}

/** How the power of odd partials compares with that of even ones: near 0 where the true f0 is an octave higher. */
export function oddShare(spectrum: FrameSpectrum, tuning: Tuning): number {
  const even = comb(spectrum, tuning, 2, 2, 8);
  // High sounds have few partials below half the sample rate.
  return even.peaks >= (tuning.f0Hz > 1000 ? 1 : 4) ? comb(spectrum, tuning, 1, 2, 8).power / even.power : 1;
}
