// What a row of features holds and where: times, columns, noise bands (docs/contracts.md, "Features").
import { ERB_SCALE, ERB_SLOPE, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../instrument/protocol.ts';

/** The analyser works at this rate; other sounds are resampled to it. */
export const ANALYSIS_RATE = 48_000;
export const FRAMES = 48;
export const PARTIALS = 128;
export const NOISE_BANDS = 32;
/** Partials whose own detune is kept; those above follow the stretched series. */
export const DETUNES = 32;

/** Columns of a frame by name and number, in order; the same words as in a bundle's `output.layout`. */
export const columnLayout = [
  { name: 'partials', size: PARTIALS },
  { name: 'noise', size: NOISE_BANDS },
  { name: 'inharmonicity', size: 1 },
  /** f0(t) against the sound's pitch, without the vibrato. */
  { name: 'cents', size: 1 },
  /** Depth in cents (to either side) and rate in Hz; both 0 where there is none. */
  { name: 'vibrato', size: 2 },
  /** Cents of partials 1..DETUNES against the stretched series. */
  { name: 'detunes', size: DETUNES },
  /** dB per second of the fall after the key is let go, over and above that of the held sound; 0 where it was not measured. */
  { name: 'release', size: 1 },
] as const;
export const NOISE_COLUMN = PARTIALS;
export const INHARMONICITY_COLUMN = PARTIALS + NOISE_BANDS;
export const CENTS_COLUMN = INHARMONICITY_COLUMN + 1;
export const VIBRATO_COLUMN = CENTS_COLUMN + 1;
export const DETUNE_COLUMN = VIBRATO_COLUMN + 2;
export const RELEASE_COLUMN = DETUNE_COLUMN + DETUNES;
export const COLUMNS = RELEASE_COLUMN + 1;
/** Seconds after the onset that the frames cover. */
export const FRAME_SECONDS = 3;
/** Level of the loudest frame after normalising, dB. */
export const LOUDEST_FRAME_DB = -18;
/** B is never larger than this. */
export const MAX_INHARMONICITY = 0.02;

const TIME_SCALE = 0.04;

/** Seconds of the 48 frames after the onset: dense at the attack, growing geometrically. */
export const frameTimes: readonly number[] = Array.from(
  { length: FRAMES },
  (_, j) => TIME_SCALE * Math.expm1((j * Math.log1p(FRAME_SECONDS / TIME_SCALE)) / (FRAMES - 1)),
);

/** Position (fractional index, clamped to 0..47) of a time in seconds on the frame grid: the inverse of `frameTimes`. */
export function framePosition(seconds: number): number {
  const t = Math.min(FRAME_SECONDS, Math.max(0, seconds));
  return ((FRAMES - 1) * Math.log1p(t / TIME_SCALE)) / Math.log1p(FRAME_SECONDS / TIME_SCALE);
}

function erbRate(hz: number): number {
  return ERB_SCALE * Math.log10(1 + ERB_SLOPE * hz);
}

function hzOfErbRate(rate: number): number {
  return (10 ** (rate / ERB_SCALE) - 1) / ERB_SLOPE;
}

const LOW_RATE = erbRate(NOISE_LOW_HZ);
const BAND_RATE = (erbRate(NOISE_HIGH_HZ) - LOW_RATE) / NOISE_BANDS;

/** Edges of the noise bands in Hz (33), equally spaced in ERB rate (Glasberg & Moore 1990). */
export const noiseEdgesHz: readonly number[] = Array.from({ length: NOISE_BANDS + 1 }, (_, i) =>
  hzOfErbRate(LOW_RATE + i * BAND_RATE),
);
/** Centres of the noise bands in Hz (32): the middle in ERB rate. */
export const noiseCentresHz: readonly number[] = Array.from({ length: NOISE_BANDS }, (_, i) =>
  hzOfErbRate(LOW_RATE + (i + 0.5) * BAND_RATE),
);
/** Widths of the noise bands in Hz (32). */
export const noiseWidthsHz: readonly number[] = Array.from(
  { length: NOISE_BANDS },
  (_, i) => noiseEdgesHz[i + 1] - noiseEdgesHz[i],
);

/** Frequency of partial k (1-based) over f0 for inharmonicity B; partial 1 is f0 exactly. */
export function partialRatio(k: number, inharmonicity: number): number {
  return k * Math.sqrt((1 + inharmonicity * k * k) / (1 + inharmonicity));
}
