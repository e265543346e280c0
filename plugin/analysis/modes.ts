// Where the partials of a sound really lie: bells, bars and detuned pads have modes that follow no string.

import type { FrameSpectrum } from './frame-spectrum.ts';
import { ANALYSIS_RATE, DETUNES, partialRatio } from './layout.ts';

/** A mode weaker than this share of the loudest (-50 dB) is not looked for. */
const WEAKEST = 1e-5;
/** A mode stands this far above the middle (in dB: the geometric mean) of the spectrum around it. */
const CLEAR_RATIO = 30;
/** It stands this far above what the windows' side lobes of louder modes may be there. */
const LEAKAGE_RATIO = 20;
/** Modes nearer than this, in bins of 1 / window length, are one. */
const NEAREST_BINS = 1.8;
/** Detunes smaller than this are none: the scatter of the measurement. */
const LEAST_CENTS = 1;
/** A second mode this near to the first, in units of f0, is its twin: a beating string, not a mode of its own. */
const TWIN = 0.25;
/** Modes kept for the choice, at most. */
const MOST_MODES = 64;

interface Mode {
  hz: number;
  power: number;
}

/** |W|^2 of a Hann window's side lobes over its top, at a distance in bins of 1 / window length. */
function leakage(bins: number): number {
  return bins < NEAREST_BINS ? 1 : (1 / (Math.PI * bins * (bins * bins - 1))) ** 2;
}

/** Clear peaks below `highHz`, loudest first. */
function findModes(spectrum: FrameSpectrum, f0Hz: number, highHz: number): Mode[] {
  const { power, size, length } = spectrum;
  const hzPerBin = ANALYSIS_RATE / size;
  const from = Math.max(2, Math.ceil((0.6 * f0Hz) / hzPerBin));
  const to = Math.min(size / 2 - 1, Math.floor(highHz / hzPerBin));
  const reach = Math.max(4, Math.round((0.5 * f0Hz) / hzPerBin));
  // Running sums of the level: the geometric mean around any bin at once.
  const sums = new Float64Array(size / 2 + 2);
  let loudest = 0;
  for (let i = 0; i <= size / 2; i++) {
    sums[i + 1] = sums[i] + Math.log(power[i] + 1e-30);
    if (i >= from && i <= to) loudest = Math.max(loudest, power[i]);
  }
  const peaks: Mode[] = [];
  for (let i = from; i <= to; i++) {
    const p = power[i];
    if (p < WEAKEST * loudest || p < power[i - 1] || p <= power[i + 1]) continue;
    const low = Math.max(0, i - reach);
    const high = Math.min(size / 2, i + reach);
    if (Math.log(p) - (sums[high + 1] - sums[low]) / (high + 1 - low) < Math.log(CLEAR_RATIO)) continue;
    const hz = spectrum.frequency(i);
    // The phase of a true mode turns at a rate that belongs to its own bin.
    if (Math.abs(hz - i * hzPerBin) < (2 * ANALYSIS_RATE) / length) peaks.push({ hz, power: p });
  }
  peaks.sort((a, b) => b.power - a.power);
  const modes: Mode[] = [];
  for (const peak of peaks) {
    let leaked = 0;
    for (const louder of modes)
      leaked += louder.power * leakage((Math.abs(louder.hz - peak.hz) * length) / ANALYSIS_RATE);
    if (peak.power > LEAKAGE_RATIO * leaked) modes.push(peak);
    if (modes.length === MOST_MODES) break;
  }
  return modes;
}

/**
 * Moves the first DETUNES partials to the clear modes of the spectrum: `deviation` (index k - 1: frequency of partial k over that of the stretched series)
 * is set where a partial has one. Each mode belongs to the partial it lies nearest to; the second of two goes to the neighbour on its side where that has none,
 * so partials keep their order. Returns the partials that were moved or confirmed (index k - 1).
 */
export function assignModes(
  spectrum: FrameSpectrum,
  f0Hz: number,
  inharmonicity: number,
  deviation: Float64Array,
  partials: number,
): boolean[] {
  const count = Math.min(DETUNES, partials);
  const series = (k: number): number => f0Hz * partialRatio(k, inharmonicity);
  const modes = findModes(spectrum, f0Hz, 0.5 * (series(count) + series(count + 1)));
  const nearest = ({ hz }: Mode): number => {
    let k = 1;
    while (k < count && Math.abs(series(k + 1) - hz) < Math.abs(series(k) - hz)) k++;
    return k;
  };
  const owner = new Array<Mode | undefined>(count + 2);
  const left: Mode[] = [];
  for (const mode of modes) {
    const k = nearest(mode);
    if (owner[k]) left.push(mode);
    else owner[k] = mode;
  }
  const own = owner.slice();
  for (const mode of left) {
    const k = nearest(mode);
    const first = (own[k] as Mode).hz;
    if (Math.abs(mode.hz - first) < TWIN * f0Hz) continue;
    const side = mode.hz > first ? k + 1 : k - 1;
    if (side >= 1 && side <= count && !owner[side]) owner[side] = mode;
  }
  const found = new Array<boolean>(count).fill(false);
  for (let k = 1; k <= count; k++) {
    const mode = owner[k];
    if (!mode) continue;
    const ratio = mode.hz / series(k);
    deviation[k - 1] = Math.abs(1200 * Math.log2(ratio)) < LEAST_CENTS ? 1 : ratio;
    found[k - 1] = true;
  }
  return found;
}
