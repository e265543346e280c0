// A decoder without a model: plays analysed sounds, interpolating their frames over note time.
import type { CoreModel } from '../engine/core.ts';
import { FLOOR_DB, FRAME_HEADER, NEUTRAL_RELEASE_DB, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import type { Decoder } from '../model/decoder.ts';
import { ROW_FLOATS } from './features.ts';
import {
  CENTS_COLUMN,
  COLUMNS,
  DETUNE_COLUMN,
  DETUNES,
  FRAME_SECONDS,
  FRAMES,
  framePosition,
  frameTimes,
  INHARMONICITY_COLUMN,
  NOISE_BANDS,
  NOISE_COLUMN,
  PARTIALS,
  RELEASE_COLUMN,
  VIBRATO_COLUMN,
} from './layout.ts';

/** Plays rows of `frames` (sounds x FRAMES x COLUMNS); the one latent is the index of the sound, levels are interpolated linearly in dB over tau. */
export class FeatureDecoder implements Decoder {
  readonly latentDim = 1;
  readonly frameSize = COLUMNS;
  private readonly frames: Float32Array;
  private readonly sounds: number;

  constructor(frames: Float32Array) {
    this.frames = frames;
    this.sounds = frames.length / ROW_FLOATS;
  }

  /** What the core must be told to play this decoder's frames. */
  static readonly model: CoreModel = {
    latentDim: 1,
    partials: PARTIALS,
    noiseBands: NOISE_BANDS,
    frameSize: COLUMNS,
    partialOffset: 0,
    noiseOffset: NOISE_COLUMN,
    inharmonicityOffset: INHARMONICITY_COLUMN,
    centsOffset: CENTS_COLUMN,
    vibratoOffset: VIBRATO_COLUMN,
    detunesOffset: DETUNE_COLUMN,
    detunes: DETUNES,
    releaseOffset: RELEASE_COLUMN,
    maxSeconds: FRAME_SECONDS,
    sustainStart: 0,
    sustainEnd: FRAME_SECONDS,
    pitchLow: 0,
    pitchHigh: 127,
    interpolation: 'lerp',
    mean: new Float32Array(1),
    std: new Float32Array([1]),
    macros: Array.from({ length: 8 }, () => new Float32Array(1)),
    map: [],
  };

  async decode(rows: Float32Array, count: number, frames: Float32Array): Promise<void> {
    const rowSize = ROW_HEADER + this.latentDim;
    const frameSize = FRAME_HEADER + COLUMNS;
    for (let r = 0; r < count; r++) {
      const row = r * rowSize;
      const out = r * frameSize;
      for (let i = 0; i < FRAME_HEADER; i++) frames[out + i] = rows[row + i];
      const sound = Math.min(this.sounds - 1, Math.max(0, Math.round(rows[row + ROW.z])));
      this.frameAt(sound, rows[row + ROW.tau], frames, out + FRAME_HEADER);
    }
  }

  /** Writes the frame of a sound at `seconds` after its onset to `into[at...]`. */
  frameAt(sound: number, seconds: number, into: Float32Array, at: number): void {
    const j = Math.min(FRAMES - 2, Math.floor(framePosition(seconds)));
    const share = Math.min(1, Math.max(0, (seconds - frameTimes[j]) / (frameTimes[j + 1] - frameTimes[j])));
    const before = sound * ROW_FLOATS + j * COLUMNS;
    const after = before + COLUMNS;
    for (let c = 0; c < COLUMNS; c++) {
      const value = this.frames[before + c] + share * (this.frames[after + c] - this.frames[before + c]);
      into[at + c] = Number.isFinite(value) ? value : c < INHARMONICITY_COLUMN ? FLOOR_DB : 0;
    }
    // A release that nobody measured is the instrument's own.
    if (!(into[at + RELEASE_COLUMN] > 0)) into[at + RELEASE_COLUMN] = NEUTRAL_RELEASE_DB;
  }

  async dispose(): Promise<void> {}
}
