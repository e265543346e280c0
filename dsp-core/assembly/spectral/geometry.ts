// What depends on the sample rate alone: sizes, window, resynthesis window. Filled by `prepareGeometry`, constant afterwards.
import { FFT_SIZE, HOP, MAX_VOICES } from '../generated/constants';

/** Voices that can sound at once: those a musician may ask for, and spare ones in which stolen voices fade out. */
export const PHYSICAL_VOICES: i32 = MAX_VOICES + 8;

/** Doubled up to 192 kHz: four times the sizes at 48 kHz. */
export const MAX_FFT: i32 = FFT_SIZE * 4;
export const MAX_HOP: i32 = HOP * 4;

/** Above this rate the sizes are doubled for every octave, Hz. */
const BASE_RATE_LIMIT: f32 = 50_000.0;

// Four-term Blackman-Harris, side lobes below -92 dB (Harris 1978).
const A0: f64 = 0.35875;
const A1: f64 = 0.48829;
const A2: f64 = 0.14128;
const A3: f64 = 0.01168;

let rate: f32 = 48_000.0;
let size: i32 = FFT_SIZE;
let hop: i32 = HOP;

/** Hann over 2 hops divided by Blackman-Harris over the whole frame, 2 hops floats; its middle is the frame's centre. */
const resynthesis: usize = memory.data(2 * MAX_HOP * 4, 16);

/** Blackman-Harris over `n` points at point `i` counted from the centre (periodic: points -n/2..n/2-1). */
export function blackmanHarris(i: f64, n: f64): f64 {
  const x = (2.0 * Math.PI * i) / n;
  return A0 + A1 * Math.cos(x) + A2 * Math.cos(2.0 * x) + A3 * Math.cos(3.0 * x);
}

/** Periodic sinc: the transform of n ones about the centre (both ends counted half), over n, at `x` bins. */
function dirichlet(x: f64, n: f64): f64 {
  if (Math.abs(x) < 1e-9) return 1.0;
  return Math.sin(Math.PI * x) / (n * Math.tan((Math.PI * x) / n));
}

/** Transform of the Blackman-Harris window of n points, over n, at `x` bins from its middle. Real, as the window lies about its centre. */
export function blackmanHarrisLobe(x: f64, n: f64): f64 {
  return (
    A0 * dirichlet(x, n) +
    0.5 * A1 * (dirichlet(x - 1.0, n) + dirichlet(x + 1.0, n)) +
    0.5 * A2 * (dirichlet(x - 2.0, n) + dirichlet(x + 2.0, n)) +
    0.5 * A3 * (dirichlet(x - 3.0, n) + dirichlet(x + 3.0, n))
  );
}

/** Takes the sample rate, Hz. Not on the audio thread. */
export function prepareGeometry(sampleRate: f32): void {
  rate = sampleRate;
  size = FFT_SIZE;
  hop = HOP;
  for (let limit = BASE_RATE_LIMIT; sampleRate > limit && size < MAX_FFT; limit *= 2.0) {
    size <<= 1;
    hop <<= 1;
  }
  for (let i = -hop; i < hop; i++) {
    const hann = 0.5 + 0.5 * Math.cos((Math.PI * <f64>i) / <f64>hop);
    store<f32>(resynthesis + ((<usize>(i + hop)) << 2), <f32>(hann / blackmanHarris(<f64>i, <f64>size)));
  }
}

export function sampleRateHz(): f32 {
  return rate;
}

/** Samples of a frame: 1024 to 50 kHz, doubled for every octave above. */
export function fftSize(): i32 {
  return size;
}

/** Samples between the centres of two frames: a quarter of `fftSize`. */
export function hopSize(): i32 {
  return hop;
}

export function resynthesisWindow(): usize {
  return resynthesis;
}
