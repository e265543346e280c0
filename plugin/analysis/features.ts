// The features folder: what `sounds.json` says, and the rows of `frames.npy` beside it (docs/contracts.md, "Features").
import { FLOOR_DB, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../instrument/protocol.ts';
import type { SoundFeatures } from './analyser.ts';
import {
  ANALYSIS_RATE,
  COLUMNS,
  columnLayout,
  FRAMES,
  frameTimes,
  NOISE_BANDS,
  noiseCentresHz,
  PARTIALS,
} from './layout.ts';

export const FEATURES_FORMAT = 'timbrefold-features';
/** 2: vibrato, detunes and release follow the cents. */
export const FEATURES_VERSION = 2;

/** One sound of a features folder. */
export interface SoundEntry {
  name: string;
  file: string;
  /** Measured f0 as a fractional MIDI note; null where the analysis failed. */
  pitch: number | null;
  key: number | null;
  velocity: number | null;
  seconds: number;
  gainDb: number;
  inharmonicity: number;
  voiced: number;
  /** Why the sound could not be analysed: a sentence. */
  failed?: string;
}

export interface FeaturesIndex {
  format: typeof FEATURES_FORMAT;
  version: number;
  sampleRate: number;
  times: number[];
  partials: number;
  noiseBands: number;
  columns: number;
  /** Names and numbers of the columns, in order. */
  layout: { name: string; size: number }[];
  noiseLowHz: number;
  noiseHighHz: number;
  noiseCentresHz: number[];
  sounds: SoundEntry[];
}

/** Floats of one sound's frames. */
export const ROW_FLOATS = FRAMES * COLUMNS;

export function featuresIndex(sounds: SoundEntry[]): FeaturesIndex {
  return {
    format: FEATURES_FORMAT,
    version: FEATURES_VERSION,
    sampleRate: ANALYSIS_RATE,
    times: [...frameTimes],
    partials: PARTIALS,
    noiseBands: NOISE_BANDS,
    columns: COLUMNS,
    layout: columnLayout.map(({ name, size }) => ({ name, size })),
    noiseLowHz: NOISE_LOW_HZ,
    noiseHighHz: NOISE_HIGH_HZ,
    noiseCentresHz: [...noiseCentresHz],
    sounds,
  };
}

/** The entry of a sound that was analysed. */
export function analysedEntry(
  source: { name: string; file: string; key: number | null; velocity: number | null },
  features: SoundFeatures,
): SoundEntry {
  const { name, file, key, velocity } = source;
  const { pitch, seconds, gainDb, inharmonicity, voiced } = features;
  return { name, file, pitch, key, velocity, seconds, gainDb, inharmonicity, voiced };
}

/** The entry of a sound that could not be analysed, with the sentence that says why. */
export function failedEntry(
  source: { name: string; file: string; key: number | null; velocity: number | null },
  failed: string,
): SoundEntry {
  const { name, file, key, velocity } = source;
  return { name, file, pitch: null, key, velocity, seconds: 0, gainDb: 0, inharmonicity: 0, voiced: 0, failed };
}

/** Frames of a sound that could not be analysed: silence. */
export function silentFrames(): Float32Array {
  return new Float32Array(ROW_FLOATS).fill(FLOOR_DB);
}

/** Checks what was read from `sounds.json` and `frames.npy`; throws an Error with a sentence that names `folder`. */
export function checkFeatures(index: unknown, shape: readonly number[], folder: string): FeaturesIndex {
  const found = index as Partial<FeaturesIndex> | null;
  const refuse = (why: string): never => {
    throw new Error(`${folder} is not a features folder that can be used: ${why}.`);
  };
  if (found?.format !== FEATURES_FORMAT || !Array.isArray(found.sounds))
    return refuse('sounds.json is of another format');
  if (found.version !== FEATURES_VERSION) {
    return refuse(`it is of version ${found.version}, not ${FEATURES_VERSION}; analyse its sounds again`);
  }
  const columns = (layout: readonly { name: string; size: number }[]): string =>
    layout.map(({ name, size }) => `${name} ${size}`).join(', ');
  if (!Array.isArray(found.layout) || columns(found.layout) !== columns(columnLayout)) {
    return refuse(`its columns are others than ours (${columns(columnLayout)})`);
  }
  const wanted = [found.sounds.length, FRAMES, COLUMNS];
  if (shape.length !== 3 || wanted.some((n, i) => n !== shape[i])) {
    return refuse(`frames.npy has the shape (${shape.join(', ')}) where (${wanted.join(', ')}) is needed`);
  }
  return found as FeaturesIndex;
}
