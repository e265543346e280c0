// Real FFT, 256 to 8192 points: a Stockham autosort FFT of half the size (radix 4, last pass radix 4 or 8) on split re/im, f32x4.
// After Stockham 1966 (autosort) and the packing of a real signal into a complex one of half its length (Sorensen et al. 1987).
import { lastPass4, lastPass8 } from './fft-last-pass';
import { firstPassInterleaved, firstPassSplit, middlePass, secondPass } from './fft-passes';
import { areaA, areaB, IM, MAX_SIZE, MIN_SIZE, realTwiddlesOf } from './fft-tables';

const buffer: usize = memory.data(MAX_SIZE * 4, 16);
const spectrum: usize = memory.data((MAX_SIZE + 4) * 4, 16);

/** Four floats in reverse order. */
// @ts-ignore: decorator
@inline
function reversed(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 3, 2, 1, 0);
}

/** The middle passes of a transform of n whose first pass lies in area b. Says in which area the input of the last pass lies. */
function middlePasses(n: i32): usize {
  let x = areaB;
  let y = areaA;
  // At least 128 points, so 32 or more are left here and at least one pass.
  n >>= 2;
  secondPass(n, x, y);
  let s = 16;
  for (n >>= 2; n > 8; n >>= 2, s <<= 2) {
    const other = x;
    x = y;
    y = other;
    middlePass(n, s, x, y);
  }
  return y;
}

/** Whether a transform of n ends in a pass of eight. */
// @ts-ignore: decorator
@inline
function endsInEight(n: i32): bool {
  return (ctz(n) & 1) != 0;
}

/** All passes behind the first, whose results lie in area b; says in which area the transform is. */
function laterPasses(n: i32): usize {
  const x = middlePasses(n);
  const y = x == areaA ? areaB : areaA;
  if (endsInEight(n)) lastPass8(false, n >> 3, x, y);
  else lastPass4(false, n >> 2, x, y);
  return y;
}

/** The same, with re and im exchanged and interleaved at `out`. */
function laterPassesExchanged(n: i32, out: usize): void {
  const x = middlePasses(n);
  if (endsInEight(n)) lastPass8(true, n >> 3, x, out);
  else lastPass4(true, n >> 2, x, out);
}

/** From the half-size transform in work area z to bins 0..n/2 of the real one, interleaved at `out` (n + 2 floats). */
function unpackReal(n: i32, z: usize, out: usize): void {
  const half = n >> 1;
  const quarterBytes = <usize>n;
  const tw = realTwiddlesOf(n);
  const first = load<f32>(z);
  const second = load<f32>(z, IM);
  store<f32>(out, first + second);
  store<f32>(out, 0.0, 4);
  const top = out + ((<usize>half) << 3);
  store<f32>(top, first - second);
  store<f32>(top, 0.0, 4);
  const one = f32x4.splat(0.5);
  for (let k: usize = 0; k < quarterBytes; k += 16) {
    // Bins k+1..k+4 and their mirror images.
    const mirror = ((<usize>half) << 2) - k - 16;
    const zr = v128.load(z + k, 4);
    const zi = v128.load(z + k, 4 + IM);
    const cr = reversed(v128.load(z + mirror));
    const ci = reversed(v128.load(z + mirror, IM));
    const er = f32x4.mul(one, f32x4.add(zr, cr));
    const ei = f32x4.mul(one, f32x4.sub(zi, ci));
    const or = f32x4.add(zi, ci);
    const oi = f32x4.sub(cr, zr);
    const wr = v128.load(tw + k);
    const wi = v128.load(tw + quarterBytes + k);
    const tr = f32x4.sub(f32x4.mul(or, wr), f32x4.mul(oi, wi));
    const ti = f32x4.add(f32x4.mul(or, wi), f32x4.mul(oi, wr));
    const hr = f32x4.sub(er, tr);
    const hi = f32x4.sub(ti, ei);
    const lr = f32x4.add(er, tr);
    const li = f32x4.add(ei, ti);
    const high = out + mirror * 2;
    v128.store(high, v128.shuffle<f32>(hr, hi, 3, 7, 2, 6));
    v128.store(high, v128.shuffle<f32>(hr, hi, 1, 5, 0, 4), 16);
    const low = out + k * 2;
    v128.store(low, v128.shuffle<f32>(lr, li, 0, 4, 1, 5), 8);
    v128.store(low, v128.shuffle<f32>(lr, li, 2, 6, 3, 7), 24);
  }
}

/**
 * From bins 0..n/2 (interleaved at xRe, or split) to the half-size spectrum whose inverse transform holds even samples in re and odd ones in im: as they
 * are when interleaved, n/2 times when split. It is left in area a with re and im exchanged: the inverse of a transform is the transform of the exchanged,
 * exchanged.
 */
// @ts-ignore: decorator
@inline
function packReal(n: i32, interleaved: bool, xRe: usize, xIm: usize): void {
  const half = n >> 1;
  const quarterBytes = <usize>n;
  const tw = realTwiddlesOf(n);
  const dc = load<f32>(xRe);
  const nyquist = interleaved ? load<f32>(xRe + ((<usize>half) << 3)) : load<f32>(xRe + ((<usize>half) << 2));
  const gain: f32 = interleaved ? <f32>1.0 / <f32>n : 0.5;
  store<f32>(areaA, (dc + nyquist) * gain, IM);
  store<f32>(areaA, (dc - nyquist) * gain);
  const scale = f32x4.splat(gain);
  const twice = f32x4.splat(2.0 * gain);
  for (let k: usize = 0; k < quarterBytes; k += 16) {
    const mirror = ((<usize>half) << 2) - k - 16;
    let xr: v128, xi: v128, cr: v128, ci: v128;
    if (interleaved) {
      let lo = v128.load(xRe + k * 2, 8);
      let hi = v128.load(xRe + k * 2, 24);
      xr = v128.shuffle<f32>(lo, hi, 0, 2, 4, 6);
      xi = v128.shuffle<f32>(lo, hi, 1, 3, 5, 7);
      lo = v128.load(xRe + mirror * 2);
      hi = v128.load(xRe + mirror * 2, 16);
      cr = v128.shuffle<f32>(hi, lo, 2, 0, 6, 4);
      ci = v128.shuffle<f32>(hi, lo, 3, 1, 7, 5);
    } else {
      xr = v128.load(xRe + k, 4);
      xi = v128.load(xIm + k, 4);
      cr = reversed(v128.load(xRe + mirror));
      ci = reversed(v128.load(xIm + mirror));
    }
    const er = f32x4.mul(scale, f32x4.add(xr, cr));
    const ei = f32x4.mul(scale, f32x4.sub(xi, ci));
    // The table holds half the twiddles, which the factor 2 makes good; conjugate them.
    const xrMinus = f32x4.sub(xr, cr);
    const xiPlus = f32x4.add(xi, ci);
    const tr = interleaved ? f32x4.mul(twice, xrMinus) : xrMinus;
    const ti = interleaved ? f32x4.mul(twice, xiPlus) : xiPlus;
    const wr = v128.load(tw + k);
    const wi = v128.load(tw + quarterBytes + k);
    const or = f32x4.add(f32x4.mul(tr, wr), f32x4.mul(ti, wi));
    const oi = f32x4.sub(f32x4.mul(ti, wr), f32x4.mul(tr, wi));
    v128.store(areaA + mirror, reversed(f32x4.add(er, oi)), IM);
    v128.store(areaA + mirror, reversed(f32x4.sub(or, ei)));
    v128.store(areaA + k, f32x4.sub(er, oi), 4 + IM);
    v128.store(areaA + k, f32x4.add(ei, or), 4);
  }
}

function packInterleaved(n: i32, x: usize): void {
  packReal(n, true, x, 0);
}

function packSplit(n: i32, xRe: usize, xIm: usize): void {
  packReal(n, false, xRe, xIm);
}

/** Forward real FFT of n floats at `input` to bins 0..n/2, re and im in turn, at `out` (n + 2 floats). Unscaled. n: 256..8192, a power of two. */
export function realForward(n: i32, input: usize, out: usize): void {
  const half = n >> 1;
  firstPassInterleaved(half, input, areaB);
  unpackReal(n, laterPasses(half), out);
}

/** Inverse of `realForward`: bins 0..n/2 at `input` (n + 2 floats) to n floats at `out`; imaginary parts of bins 0 and n/2 are ignored. */
export function realInverse(n: i32, input: usize, out: usize): void {
  packInterleaved(n, input);
  firstPassSplit(n >> 1, areaA, areaB);
  laterPassesExchanged(n >> 1, out);
}

/**
 * Inverse without the last interleaving, n/2 times the samples, from split bins 0..n/2. Says where odd samples lie until the next
 * transform; even ones lie `EVEN_SAMPLES` bytes behind.
 */
export function realInverseSplit(n: i32, xRe: usize, xIm: usize): usize {
  packSplit(n, xRe, xIm);
  firstPassSplit(n >> 1, areaA, areaB);
  return laterPasses(n >> 1);
}

/** Bytes from the odd samples of `realInverseSplit` to the even ones. */
export const EVEN_SAMPLES: usize = IM;

function allowed(size: i32): bool {
  return size >= MIN_SIZE && size <= MAX_SIZE && (size & (size - 1)) == 0;
}

/** Where a shell writes the samples for `fftForward` (8192 floats). */
export function fftBuffer(): usize {
  return buffer;
}

/** Where `fftForward` leaves its bins (size + 2 floats). */
export function fftSpectrum(): usize {
  return spectrum;
}

/** Buffer to spectrum, unscaled. 0 when done, 1 when the size is not a power of two in 256..8192. */
export function fftForward(size: i32): i32 {
  if (!allowed(size)) return 1;
  realForward(size, buffer, spectrum);
  return 0;
}

/** Spectrum to buffer, so that it undoes `fftForward`. 0 when done, 1 when the size is not a power of two in 256..8192. */
export function fftInverse(size: i32): i32 {
  if (!allowed(size)) return 1;
  realInverse(size, spectrum, buffer);
  return 0;
}
