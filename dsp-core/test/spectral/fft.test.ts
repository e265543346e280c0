// The real FFT against a float64 DFT and against the properties every Fourier transform has.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildSpectral, floats, type Spectral } from './build.ts';
import { randomNumbers } from './measure.ts';

const SIZES = [256, 512, 1024, 2048, 4096, 8192];
let core: Spectral;

beforeAll(async () => {
  core = await buildSpectral();
});

function forward(input: ArrayLike<number>): Float32Array {
  const size = input.length;
  floats(core, core.fftBuffer(), size).set(input);
  expect(core.fftForward(size)).toBe(0);
  return floats(core, core.fftSpectrum(), size + 2).slice();
}

function dft(input: Float32Array): Float64Array {
  const size = input.length;
  const cosine = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sine = Float64Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const out = new Float64Array(size + 2);
  for (let k = 0; k <= size / 2; k++) {
    let re = 0;
    let im = 0;
    for (let i = 0, at = 0; i < size; i++, at = (at + k) & (size - 1)) {
      re += input[i] * cosine[at];
      im -= input[i] * sine[at];
    }
    out[2 * k] = re;
    out[2 * k + 1] = im;
  }
  return out;
}

function relativeError(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let error = 0;
  let total = 0;
  for (let i = 0; i < wanted.length; i++) {
    error += (actual[i] - wanted[i]) ** 2;
    total += wanted[i] ** 2;
  }
  return Math.sqrt(error / total);
}

describe.each(SIZES)('size %i', (size) => {
  test('agrees with a float64 DFT', () => {
    const input = randomNumbers(size, size);
    expect(relativeError(forward(input), dft(input))).toBeLessThan(3e-7);
  });

  test('an impulse anywhere has the spectrum of that delay', () => {
    const at = size / 4 + 3;
    const input = new Float32Array(size);
    input[at] = 1;
    expect(relativeError(forward(input), dft(input))).toBeLessThan(3e-7);
  });

  test('the inverse undoes it', () => {
    const input = randomNumbers(size, 7);
    forward(input);
    const buffer = floats(core, core.fftBuffer(), size);
    buffer.fill(Number.NaN);
    expect(core.fftInverse(size)).toBe(0);
    expect(relativeError(buffer, input)).toBeLessThan(3e-7);
  });

  test('keeps energy (Parseval)', () => {
    const input = randomNumbers(size, 11);
    const bins = forward(input);
    let energy = bins[0] ** 2 + bins[size] ** 2;
    for (let k = 1; k < size / 2; k++) energy += 2 * (bins[2 * k] ** 2 + bins[2 * k + 1] ** 2);
    const wanted = input.reduce((sum, value) => sum + value ** 2, 0);
    expect(energy / size / wanted).toBeCloseTo(1, 6);
  });

  test('is linear', () => {
    const a = randomNumbers(size, 1);
    const b = randomNumbers(size, 2);
    const mixed = a.map((value, i) => 0.75 * value - 2 * b[i]);
    const bins = forward(mixed);
    const binsA = forward(a);
    const binsB = forward(b);
    expect(
      relativeError(
        bins,
        binsA.map((value, i) => 0.75 * value - 2 * binsB[i]),
      ),
    ).toBeLessThan(5e-7);
  });

  test('bins 0 and n/2 of a real signal are real', () => {
    const bins = forward(randomNumbers(size, 3));
    expect(bins[1]).toBe(0);
    expect(bins[size + 1]).toBe(0);
  });
});

test.each([0, 128, 300, 1000, 16384, -256])('refuses size %i', (size) => {
  expect(core.fftForward(size)).toBe(1);
  expect(core.fftInverse(size)).toBe(1);
});
