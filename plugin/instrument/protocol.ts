// What crosses the border of the core: rows, frames, events, tables. The one source; `npm run generate` hands it to AssemblyScript.

/** Raised whenever anything below changes meaning; a shell refuses a core of another version. */
export const PROTOCOL_VERSION = 2;

// ---- Sizes (fixed at compile time: the core's memory is static) ----------------------------------------------------

/** Voices a musician may ask for at most; the default is in the parameter table. */
export const MAX_VOICES = 32;
/** Frames `process` renders in one call at most; shells split larger blocks. */
export const MAX_BLOCK = 8192;
/** Numbers of a model's latent (z and detail together), at most. */
export const MAX_LATENT = 320;
/** Partials of a frame, at most. */
export const MAX_PARTIALS = 128;
/** Noise bands of a frame, at most. */
export const MAX_NOISE_BANDS = 64;
/** Floats of a frame's payload, at most (partials + noise bands + scalars). */
export const MAX_FRAME = 256;
/** Points of a map, at most. */
export const MAX_MAP_POINTS = 2048;
/** Floats of the staging area through which a shell hands tables and frames to the core: the largest model fits. */
export const STAGING_FLOATS = 663_000;
/** Points of a recorded path over the map, at most. */
export const MAX_PATH_POINTS = 256;
/** Entries of the tuning table: one a key. */
export const TUNING_KEYS = 128;
/** Request rows the core holds between two visits of the shell. */
export const MAX_REQUESTS = 1024;
/** Events waiting for the next `process` call, at most. */
export const MAX_EVENTS = 4096;
/** Control values move on this grid of samples (absolute, so that a render does not depend on the block size). */
export const CONTROL_INTERVAL = 32;
/** Unison copies of a voice, at most. */
export const MAX_UNISON = 8;

// ---- Time grid of a note ----------------------------------------------------------------------------------------------

/** Window and hop at sample rates up to 48 kHz (above 50 kHz doubled per octave). */
export const FFT_SIZE = 1024;
export const HOP = 256;
/** The first frames of a note are decoded one by one ... */
export const DENSE_FRAMES = 8;
/** ... later ones every second hop, levels between them interpolated. */
export const SPARSE_STRIDE = 2;
/** Hops a frame is asked for before it is heard; in real time more where the host's blocks are longer than two hops. */
export const LOOKAHEAD_HOPS = 4;
/** Frames of every key that the attack cache keeps decoded. */
export const CACHE_FRAMES = 8;

// ---- Request row: core -> decoder ---------------------------------------------------------------------------------

/**
 * A row is ROW_HEADER floats and the latent:
 * [model slot, voice, serial, frame, tau (s), pitch (MIDI note, fractional), velocity (0..1), priority, z...].
 * The first four come back untouched in front of the frame. voice < 0 marks the attack cache. Priority 0 is a sounding
 * voice, 1 the attack cache: a shell may answer 0 first.
 */
export const ROW_HEADER = 8;
export const ROW = {
  slot: 0,
  voice: 1,
  serial: 2,
  frame: 3,
  tau: 4,
  pitch: 5,
  velocity: 6,
  priority: 7,
  z: 8,
} as const;

/** A frame is FRAME_HEADER floats (copied from its row: slot, voice, serial, frame) and the payload the model's layout describes. */
export const FRAME_HEADER = 4;

// ---- Events: shell -> core ----------------------------------------------------------------------------------------

/** Event kinds; `channel` is 0..15, `key` a MIDI note 0..127 or a parameter index, `value` as said here. */
export const EVENT = {
  /** value: velocity 0..1 (0 acts as note-off). */
  noteOn: 0,
  /** value: release velocity 0..1. */
  noteOff: 1,
  /** value: -1..1, times the bend range of the channel. */
  pitchBend: 2,
  /** Channel pressure; value 0..1. */
  pressure: 3,
  /** Polyphonic key pressure; value 0..1. */
  keyPressure: 4,
  /** key: controller number 0..127; value 0..1 (7 volume, 11 expression, 64 sustain, 74 slide, 120 all sound off, 121 reset controllers, 123 all notes off,
   *  100/101/6/38 registered parameters: bend range and MPE configuration). */
  controller: 5,
  /** key: parameter index; value: plain, clamped to the parameter's range. */
  parameter: 6,
  /** Every voice ends within 5 ms. */
  panic: 7,
  /** value: quarter notes a minute, kept inside TEMPO_MIN_BPM..TEMPO_MAX_BPM; channel and key are not looked at. */
  tempo: 8,
  /** value: where the song stands, in quarter notes from its beginning; a path looped in beats follows it. Channel and key are not looked at. */
  songPosition: 9,
} as const;

/** Tempo until the first event says another, and its range, quarter notes a minute. */
export const TEMPO_DEFAULT_BPM = 120;
export const TEMPO_MIN_BPM = 10;
export const TEMPO_MAX_BPM = 1000;

// ---- Scalar columns of a frame --------------------------------------------------------------------------------------

/** The core keeps columns inside these: cents and detunes either way, vibrato depth (cents) and rate (Hz), release (dB per second). */
export const MAX_COLUMN_CENTS = 1200;
export const MAX_VIBRATO_CENTS = 200;
export const MAX_VIBRATO_HZ = 20;
export const MIN_RELEASE_DB = 3;
export const MAX_RELEASE_DB = 1000;
/** The release that `releaseMs` gives at its default, dB per second (60 dB in 250 ms): a release column of this changes nothing. */
export const NEUTRAL_RELEASE_DB = 240;

// ---- Noise bands ----------------------------------------------------------------------------------------------------

/** Noise bands are equally spaced on the ERB-rate scale (Glasberg & Moore 1990) between these edges. */
export const NOISE_LOW_HZ = 40;
export const NOISE_HIGH_HZ = 18_000;
/** ERB-rate of a frequency: ERB_SCALE * log10(1 + ERB_SLOPE * Hz). */
export const ERB_SCALE = 21.4;
export const ERB_SLOPE = 0.00437;

/** Levels at or below this are silence, dB. */
export const FLOOR_DB = -100;

// ---- Model table (staging floats for `configureModel`) -----------------------------------------------------------------

/**
 * Header floats of the model table, followed by mean[dim], std[dim], macros[8][dim] (latent offset when the macro moves from 0.5 to 1; from 0.5
 * to 0 it is the negative), map points: mapCount x [x, y, latent[dim]]. dim counts z and detail.
 */
export const MODEL_HEADER = 24;
export const MODEL = {
  /** Numbers of the whole latent, z and detail. */
  latentDim: 0,
  partials: 1,
  noiseBands: 2,
  frameSize: 3,
  partialOffset: 4,
  noiseOffset: 5,
  /** Offset of the pitch deviation in cents inside the frame, -1 where the model has none. */
  centsOffset: 6,
  /** Offset of the inharmonicity B inside the frame, -1 where the model has none. */
  inharmonicityOffset: 7,
  maxSeconds: 8,
  sustainStart: 9,
  sustainEnd: 10,
  pitchLow: 11,
  pitchHigh: 12,
  /** 0 lerp, 1 slerp. */
  interpolation: 13,
  mapCount: 14,
  /** How many of the latent's trailing numbers are detail, 0 for none. */
  latentDetail: 15,
  /** Offset of the detunes inside the frame (-1 where the model has none), and how many there are. */
  detunesOffset: 16,
  detunes: 17,
  /** Offset of the vibrato's depth and rate inside the frame, -1 where the model has none. */
  vibratoOffset: 18,
  /** Offset of the release inside the frame, -1 where the model has none. */
  releaseOffset: 19,
} as const;

// ---- Voice report (core -> shell, for display) ------------------------------------------------------------------------

/** Floats per voice in the report: [active 0/1, channel, key, level 0..1, map x, map y (the path included), note time (s), frames late]. */
export const VOICE_REPORT = 8;
