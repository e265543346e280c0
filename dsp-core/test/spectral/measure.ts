// Measuring instruments for the tests, in float64: seeded numbers, a partial's phase, the share of a signal that sines explain.

/** Uniform numbers in -1..1, the same for the same seed. */
export function randomNumbers(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const toDb = (power: number): number => 10 * Math.log10(power);

/** Amplitude and phase (radians, at sample 0) of the sine at `hz` in a Blackman-weighted stretch of `length` samples from `from`. */
export function sineAt(
  signal: Float32Array,
  from: number,
  length: number,
  hz: number,
  sampleRate: number,
): { amplitude: number; phase: number } {
  let re = 0;
  let im = 0;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const x = (2 * Math.PI * i) / length;
    const weight = 0.42 - 0.5 * Math.cos(x) + 0.08 * Math.cos(2 * x);
    const angle = (2 * Math.PI * hz * (from + i)) / sampleRate;
    re += weight * signal[from + i] * Math.cos(angle);
    im -= weight * signal[from + i] * Math.sin(angle);
    sum += weight;
  }
  return { amplitude: (2 * Math.hypot(re, im)) / sum, phase: Math.atan2(im, re) };
}

/** Difference of the true frequency to `hz` in cents, by the phase that the sine gains between two stretches of `length` samples. */
export function centsOff(signal: Float32Array, length: number, hz: number, sampleRate: number): number {
  const apart = signal.length - length;
  const first = sineAt(signal, 0, length, hz, sampleRate).phase;
  const last = sineAt(signal, apart, length, hz, sampleRate).phase;
  const turns = (last - first) / (2 * Math.PI);
  const offHz = ((turns - Math.round(turns)) * sampleRate) / apart;
  return 1200 * Math.log2(1 + offHz / hz);
}

/** Power of a signal of whole periods over the power of what differs from its mean period, dB. */
export function harmonicToNoiseDb(signal: Float32Array, period: number): number {
  const periods = Math.floor(signal.length / period);
  let harmonic = 0;
  let noise = 0;
  for (let i = 0; i < period; i++) {
    let mean = 0;
    for (let p = 0; p < periods; p++) mean += signal[p * period + i] / periods;
    for (let p = 0; p < periods; p++) noise += (signal[p * period + i] - mean) ** 2;
    harmonic += periods * mean * mean;
  }
  return toDb(harmonic / noise);
}
