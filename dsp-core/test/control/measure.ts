// Measurements on rendered samples: frequency by phase advance, sinusoids by least squares, steps.

export const hzOfKey = (key: number, a4Hz = 440): number => a4Hz * 2 ** ((key - 69) / 12);
export const centsBetween = (measuredHz: number, expectedHz: number): number =>
  1200 * Math.log2(measuredHz / expectedHz);

/** Hann-weighted correlation with a complex exponential: [re, im]. */
function correlate(samples: Float32Array, from: number, length: number, radians: number): [number, number] {
  let re = 0;
  let im = 0;
  for (let i = 0; i < length; i++) {
    const weighted = samples[from + i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
    re += weighted * Math.cos(radians * (from + i));
    im -= weighted * Math.sin(radians * (from + i));
  }
  return [re, im];
}

/** Frequency near `nearHz` in samples[from, from + length]: how the phase of two overlapping windows advances against that frequency. */
export function frequencyNear(
  samples: Float32Array,
  from: number,
  length: number,
  nearHz: number,
  sampleRate: number,
): number {
  const apart = Math.floor(length / 4);
  const window = length - apart;
  const radians = (2 * Math.PI * nearHz) / sampleRate;
  const [re1, im1] = correlate(samples, from, window, radians);
  const [re2, im2] = correlate(samples, from + apart, window, radians);
  const advance = Math.atan2(im2 * re1 - re2 * im1, re2 * re1 + im2 * im1);
  return nearHz + (advance * sampleRate) / (2 * Math.PI * apart);
}

/** Amplitudes of sinusoids at the given frequencies, and the power that is left, by least squares over samples[from, from + length]. */
export function fitSinusoids(
  samples: Float32Array,
  from: number,
  length: number,
  frequenciesHz: readonly number[],
  sampleRate: number,
): { amplitudes: number[]; residualPower: number; power: number } {
  const size = 2 * frequenciesHz.length;
  const basis = frequenciesHz.flatMap((hz) =>
    [Math.cos, Math.sin].map((wave) =>
      Float64Array.from({ length }, (_, i) => wave((2 * Math.PI * hz * i) / sampleRate)),
    ),
  );
  const dot = (a: Float64Array, b: ArrayLike<number>, offset: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += a[i] * b[offset + i];
    return sum;
  };
  const rows = basis.map((one) => [...basis.map((other) => dot(one, other, 0)), dot(one, samples, from)]);
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let i = column; i <= size; i++) rows[row][i] -= factor * rows[column][i];
    }
  }
  const weights = rows.map((row, i) => row[size] / row[i]);
  let residual = 0;
  let power = 0;
  for (let i = 0; i < length; i++) {
    let model = 0;
    for (let b = 0; b < size; b++) model += weights[b] * basis[b][i];
    residual += (samples[from + i] - model) ** 2;
    power += samples[from + i] ** 2;
  }
  return {
    amplitudes: frequenciesHz.map((_, k) => Math.hypot(weights[2 * k], weights[2 * k + 1])),
    residualPower: residual / length,
    power: power / length,
  };
}

/** Largest absolute value. */
export function peak(samples: Float32Array, from = 0, to = samples.length): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(samples[i]));
  return most;
}

/** Largest step from one sample to the next. */
export function largestStep(samples: Float32Array, from = 1, to = samples.length): number {
  let most = 0;
  for (let i = Math.max(1, from); i < to; i++) most = Math.max(most, Math.abs(samples[i] - samples[i - 1]));
  return most;
}
