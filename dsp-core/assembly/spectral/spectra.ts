// The two spectra (left, right) of the frame being built: split re/im, with room below bin 0 for lobes that reach into negative frequencies.
import { MAX_FFT } from './geometry';

/** Floats in front of bin 0. */
const BELOW: i32 = 16;
/** Floats of one part: bins 0..MAX_FFT/2 and room for a vector that starts at the last. */
const PART: i32 = BELOW + MAX_FFT / 2 + 16;

const parts: usize = memory.data(4 * PART * 4, 16);

/** Real parts of channel 0 or 1 from bin 0. */
// @ts-ignore: decorator
@inline
export function realPart(channel: i32): usize {
  return parts + <usize>((channel * 2 * PART + BELOW) << 2);
}

/** Imaginary parts of channel 0 or 1 from bin 0. */
// @ts-ignore: decorator
@inline
export function imaginaryPart(channel: i32): usize {
  return parts + <usize>(((channel * 2 + 1) * PART + BELOW) << 2);
}

/** Zeroes one channel up to bin size / 2. */
export function clearSpectrum(channel: i32, size: i32): void {
  const bytes = (<usize>(BELOW + size / 2 + 16)) << 2;
  memory.fill(realPart(channel) - (BELOW << 2), 0, bytes);
  memory.fill(imaginaryPart(channel) - (BELOW << 2), 0, bytes);
}

/** Adds what lies below bin 0, conjugate, to its mirror image, so that the spectrum is that of a real signal. */
export function foldNegative(channel: i32): void {
  const re = realPart(channel);
  const im = imaginaryPart(channel);
  store<f32>(re, 2.0 * load<f32>(re));
  store<f32>(im, 0.0);
  for (let i: usize = 4; i <= 12; i += 4) {
    store<f32>(re + i, load<f32>(re + i) + load<f32>(re - i));
    store<f32>(im + i, load<f32>(im + i) - load<f32>(im - i));
  }
}
