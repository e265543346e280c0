// Measures of rendered sound, in double precision and independent of the core.

/** Blackman-Harris window, 4 terms (Harris 1978). */
const blackmanHarris = (i: number, n: number): number => {
  const phase = (2 * Math.PI * i) / n;
  return 0.35875 - 0.48829 * Math.cos(phase) + 0.14128 * Math.cos(2 * phase) - 0.01168 * Math.cos(3 * phase);
};

/** The sound under the window, scaled so that a sine of amplitude 1 shows as 1. */
function windowed(x: Float32Array): Float64Array {
  const y = Float64Array.from(x, (value, i) => value * blackmanHarris(i, x.length));
  const sum = 0.35875 * x.length;
  return y.map((value) => (2 * value) / sum);
}

/** Magnitude of one frequency, by a rotating phasor. */
function magnitude(y: Float64Array, sampleRate: number, hertz: number): number {
  const step = (2 * Math.PI * hertz) / sampleRate;
  const [turnRe, turnIm] = [Math.cos(step), Math.sin(step)];
  let [c, s, re, im] = [1, 0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    re += y[i] * c;
    im += y[i] * s;
    const next = c * turnRe - s * turnIm;
    s = c * turnIm + s * turnRe;
    c = next;
  }
  return Math.hypot(re, im);
}

/** Amplitude of the sound at one frequency; a sine of amplitude 1 gives 1. */
export const amplitudeAt = (x: Float32Array, sampleRate: number, hertz: number): number =>
  magnitude(windowed(x), sampleRate, hertz);

/**
 * The frequency near `hertz` (within `cents`) at which the sound is strongest: the best of a grid finer than the window's main lobe, then
 * golden-section search around it.
 */
export function peakHertz(x: Float32Array, sampleRate: number, hertz: number, cents = 15): number {
  const y = windowed(x);
  const amplitude = (f: number): number => magnitude(y, sampleRate, f);
  const step = sampleRate / x.length;
  const reach = Math.ceil((hertz * (2 ** (cents / 1200) - 1)) / step);
  let best = hertz;
  let most = 0;
  for (let i = -reach; i <= reach; i++) {
    const here = amplitude(hertz + i * step);
    if (here > most) [most, best] = [here, hertz + i * step];
  }
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [best - step, best + step];
  while (high - low > hertz * 1e-5) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (amplitude(a) > amplitude(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

export const keyHertz = (key: number): number => 440 * 2 ** ((key - 69) / 12);

/** How far a sound's partial near the key's pitch lies from it, cents. */
export const centsOff = (x: Float32Array, sampleRate: number, key: number): number =>
  1200 * Math.log2(peakHertz(x, sampleRate, keyHertz(key)) / keyHertz(key));

/** Index of the first sample that is not zero; -1 where all are. */
export const firstSound = (x: Float32Array): number => x.findIndex((value) => value !== 0);

/** Root mean square. */
export const rms = (x: Float32Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
