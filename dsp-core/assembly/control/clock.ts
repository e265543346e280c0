// The one clock of the instrument, and what is fixed between two calls of prepare.

export let sampleRate: f32 = 48000;
/** Samples of a hop. */
export let hop: i32 = 256;
/** Samples in which a stolen voice fades out. */
export let fadeSamples: i32 = 192;
/** Offline: a voice waits for its frames. Otherwise it holds what it has. */
export let strict: bool = false;
/** Seeds every note's randomness, together with the note's number. */
export let seed: u32 = 1;
/** Samples since prepare or reset. */
export let now: i64 = 0;

const FADE_SECONDS: f64 = 0.004;

export function setRate(rate: f32, hopSamples: i32): void {
  sampleRate = rate;
  hop = hopSamples;
  fadeSamples = <i32>Math.round(FADE_SECONDS * <f64>rate);
}

export function setStrictMode(on: bool): void {
  strict = on;
}

export function setNoteSeed(value: u32): void {
  seed = value;
}

export function setNow(time: i64): void {
  now = time;
}
