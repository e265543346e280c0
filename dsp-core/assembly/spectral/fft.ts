// Real FFT, 256 to 8192 points: a Stockham autosort FFT of half the size (radix 4, last pass radix 4 or 8) on split re/im, f32x4.
// After Stockham 1966 (autosort) and the packing of a real signal into a complex one of half its length (Sorensen et al. 1987).

/** Largest transform, in real points. */
const MAX_SIZE: i32 = 8192;
const MIN_SIZE: i32 = 256;
const MAX_HALF: i32 = MAX_SIZE >> 1;

const buffer: usize = memory.data(MAX_SIZE * 4, 16);
const spectrum: usize = memory.data((MAX_SIZE + 4) * 4, 16);

// Two work areas of split complex numbers; passes go to and fro between them.
const aRe: usize = memory.data(MAX_HALF * 4, 16);
const aIm: usize = memory.data(MAX_HALF * 4, 16);
const bRe: usize = memory.data(MAX_HALF * 4, 16);
const bIm: usize = memory.data(MAX_HALF * 4, 16);

/**
 * Twiddles of a radix-4 pass of length n: [w1 re | w1 im | w2 re | w2 im | w3 re | w3 im], n/4 floats each, at float 3 n / 2
 * (so the tables of 16, 32, ... 4096 lie one behind the other).
 */
const passTwiddles: usize = memory.data(3 * MAX_HALF * 4, 16);
/** 0.5 exp(-2 pi i k / N) for k = 1..N/4 of a real transform of N: [re | im], N/4 floats each, at float N / 2. */
const realTwiddles: usize = memory.data(MAX_SIZE * 4, 16);

function buildTwiddles(): void {
  for (let n = 16; n <= MAX_HALF; n <<= 1) {
    const quarter = n >> 2;
    const table = twiddlesOf(n);
    for (let p = 0; p < quarter; p++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2.0 * Math.PI * <f64>(p * power)) / <f64>n;
        const at = table + (((power - 1) * 2 * quarter + p) << 2);
        store<f32>(at, <f32>Math.cos(angle));
        store<f32>(at + (quarter << 2), <f32>Math.sin(angle));
      }
    }
  }
  for (let n = MIN_SIZE; n <= MAX_SIZE; n <<= 1) {
    const quarter = n >> 2;
    const table = realTwiddlesOf(n);
    for (let k = 1; k <= quarter; k++) {
      const angle = (-2.0 * Math.PI * <f64>k) / <f64>n;
      store<f32>(table + ((k - 1) << 2), <f32>(0.5 * Math.cos(angle)));
      store<f32>(table + ((quarter + k - 1) << 2), <f32>(0.5 * Math.sin(angle)));
    }
  }
}

// @ts-ignore: decorator
@inline
function twiddlesOf(n: i32): usize {
  return passTwiddles + ((<usize>(3 * n) >> 1) << 2);
}

// @ts-ignore: decorator
@inline
function realTwiddlesOf(n: i32): usize {
  return realTwiddles + ((<usize>n >> 1) << 2);
}

buildTwiddles();

/** Four floats in reverse order. */
// @ts-ignore: decorator
@inline
function reversed(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 3, 2, 1, 0);
}

/** Stores the columns of the four rows y0..y3 one behind the other. */
// @ts-ignore: decorator
@inline
function storeTransposed(at: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  const t0 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
  v128.store(at, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(at, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 16);
  v128.store(at, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 32);
  v128.store(at, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 48);
}

/** First pass (stride 1): four neighbouring butterflies at a time, results transposed into place. Input split, or interleaved at xRe. */
// @ts-ignore: decorator
@inline
function firstPass(n: i32, interleaved: bool, xRe: usize, xIm: usize, yRe: usize, yIm: usize): void {
  const quarter = <usize>n; // n / 4 floats, in bytes
  const tw = twiddlesOf(n);
  const step: usize = interleaved ? quarter * 2 : quarter;
  for (let p: usize = 0; p < quarter; p += 16) {
    let ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128;
    if (interleaved) {
      let at = xRe + p * 2;
      let lo = v128.load(at);
      let hi = v128.load(at, 16);
      ar = v128.shuffle<f32>(lo, hi, 0, 2, 4, 6);
      ai = v128.shuffle<f32>(lo, hi, 1, 3, 5, 7);
      at += step;
      lo = v128.load(at);
      hi = v128.load(at, 16);
      br = v128.shuffle<f32>(lo, hi, 0, 2, 4, 6);
      bi = v128.shuffle<f32>(lo, hi, 1, 3, 5, 7);
      at += step;
      lo = v128.load(at);
      hi = v128.load(at, 16);
      cr = v128.shuffle<f32>(lo, hi, 0, 2, 4, 6);
      ci = v128.shuffle<f32>(lo, hi, 1, 3, 5, 7);
      at += step;
      lo = v128.load(at);
      hi = v128.load(at, 16);
      dr = v128.shuffle<f32>(lo, hi, 0, 2, 4, 6);
      di = v128.shuffle<f32>(lo, hi, 1, 3, 5, 7);
    } else {
      const re = xRe + p;
      const im = xIm + p;
      ar = v128.load(re);
      ai = v128.load(im);
      br = v128.load(re + step);
      bi = v128.load(im + step);
      cr = v128.load(re + step * 2);
      ci = v128.load(im + step * 2);
      dr = v128.load(re + step * 3);
      di = v128.load(im + step * 3);
    }
    const sumR = f32x4.add(ar, cr);
    const sumI = f32x4.add(ai, ci);
    const difR = f32x4.sub(ar, cr);
    const difI = f32x4.sub(ai, ci);
    const oddSumR = f32x4.add(br, dr);
    const oddSumI = f32x4.add(bi, di);
    const oddDifR = f32x4.sub(br, dr);
    const oddDifI = f32x4.sub(bi, di);
    const u1r = f32x4.add(difR, oddDifI);
    const u1i = f32x4.sub(difI, oddDifR);
    const u2r = f32x4.sub(sumR, oddSumR);
    const u2i = f32x4.sub(sumI, oddSumI);
    const u3r = f32x4.sub(difR, oddDifI);
    const u3i = f32x4.add(difI, oddDifR);
    const at = tw + p;
    const w1r = v128.load(at);
    const w1i = v128.load(at + quarter);
    const w2r = v128.load(at + quarter * 2);
    const w2i = v128.load(at + quarter * 3);
    const w3r = v128.load(at + quarter * 4);
    const w3i = v128.load(at + quarter * 5);
    storeTransposed(
      yRe + p * 4,
      f32x4.add(sumR, oddSumR),
      f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)),
      f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)),
      f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)),
    );
    storeTransposed(
      yIm + p * 4,
      f32x4.add(sumI, oddSumI),
      f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)),
      f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)),
      f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)),
    );
  }
}

function firstPassSplit(n: i32, xRe: usize, xIm: usize, yRe: usize, yIm: usize): void {
  firstPass(n, false, xRe, xIm, yRe, yIm);
}

function firstPassInterleaved(n: i32, x: usize, yRe: usize, yIm: usize): void {
  firstPass(n, true, x, 0, yRe, yIm);
}

/** A radix-4 pass of length n with stride s >= 4 floats: twiddles are constant along the stride. */
function middlePass(n: i32, s: i32, xRe: usize, xIm: usize, yRe: usize, yIm: usize): void {
  const quarter = n >> 2;
  const table = <usize>quarter << 2;
  const stride = <usize>s << 2;
  const leap = stride * <usize>quarter;
  let tw = twiddlesOf(n);
  for (let p = 0; p < quarter; p++, tw += 4) {
    const w1r = v128.load32_splat(tw);
    const w1i = v128.load32_splat(tw + table);
    const w2r = v128.load32_splat(tw + table * 2);
    const w2i = v128.load32_splat(tw + table * 3);
    const w3r = v128.load32_splat(tw + table * 4);
    const w3i = v128.load32_splat(tw + table * 5);
    const end = xRe + stride;
    while (xRe < end) {
      const ar = v128.load(xRe);
      const ai = v128.load(xIm);
      const cr = v128.load(xRe + leap * 2);
      const ci = v128.load(xIm + leap * 2);
      const br = v128.load(xRe + leap);
      const bi = v128.load(xIm + leap);
      const dr = v128.load(xRe + leap * 3);
      const di = v128.load(xIm + leap * 3);
      const sumR = f32x4.add(ar, cr);
      const sumI = f32x4.add(ai, ci);
      const difR = f32x4.sub(ar, cr);
      const difI = f32x4.sub(ai, ci);
      const oddSumR = f32x4.add(br, dr);
      const oddSumI = f32x4.add(bi, di);
      const oddDifR = f32x4.sub(br, dr);
      const oddDifI = f32x4.sub(bi, di);
      v128.store(yRe, f32x4.add(sumR, oddSumR));
      v128.store(yIm, f32x4.add(sumI, oddSumI));
      const u1r = f32x4.add(difR, oddDifI);
      const u1i = f32x4.sub(difI, oddDifR);
      v128.store(yRe + stride, f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)));
      v128.store(yIm + stride, f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)));
      const u2r = f32x4.sub(sumR, oddSumR);
      const u2i = f32x4.sub(sumI, oddSumI);
      v128.store(yRe + stride * 2, f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)));
      v128.store(yIm + stride * 2, f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)));
      const u3r = f32x4.sub(difR, oddDifI);
      const u3i = f32x4.add(difI, oddDifR);
      v128.store(yRe + stride * 3, f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)));
      v128.store(yIm + stride * 3, f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)));
      xRe += 16;
      xIm += 16;
      yRe += 16;
      yIm += 16;
    }
    yRe += stride * 3;
    yIm += stride * 3;
  }
}

/** Last pass where four transforms are left: no twiddles. `s` floats of stride. */
function lastPass4(s: i32, xRe: usize, xIm: usize, yRe: usize, yIm: usize): void {
  const stride = <usize>s << 2;
  const end = xRe + stride;
  while (xRe < end) {
    const ar = v128.load(xRe);
    const ai = v128.load(xIm);
    const cr = v128.load(xRe + stride * 2);
    const ci = v128.load(xIm + stride * 2);
    const br = v128.load(xRe + stride);
    const bi = v128.load(xIm + stride);
    const dr = v128.load(xRe + stride * 3);
    const di = v128.load(xIm + stride * 3);
    const sumR = f32x4.add(ar, cr);
    const sumI = f32x4.add(ai, ci);
    const difR = f32x4.sub(ar, cr);
    const difI = f32x4.sub(ai, ci);
    const oddSumR = f32x4.add(br, dr);
    const oddSumI = f32x4.add(bi, di);
    const oddDifR = f32x4.sub(br, dr);
    const oddDifI = f32x4.sub(bi, di);
    v128.store(yRe, f32x4.add(sumR, oddSumR));
    v128.store(yIm, f32x4.add(sumI, oddSumI));
    v128.store(yRe + stride, f32x4.add(difR, oddDifI));
    v128.store(yIm + stride, f32x4.sub(difI, oddDifR));
    v128.store(yRe + stride * 2, f32x4.sub(sumR, oddSumR));
    v128.store(yIm + stride * 2, f32x4.sub(sumI, oddSumI));
    v128.store(yRe + stride * 3, f32x4.sub(difR, oddDifI));
    v128.store(yIm + stride * 3, f32x4.add(difI, oddDifR));
    xRe += 16;
    xIm += 16;
    yRe += 16;
    yIm += 16;
  }
}

/** Last pass where eight transforms are left: no twiddles but the eighth roots of one. */
function lastPass8(s: i32, xRe: usize, xIm: usize, yRe: usize, yIm: usize): void {
  const stride = <usize>s << 2;
  const end = xRe + stride;
  const root = f32x4.splat(0.70710678118654752);
  while (xRe < end) {
    // Even inputs: a four-point transform of 0, 2, 4, 6.
    let ar = v128.load(xRe);
    let ai = v128.load(xIm);
    let cr = v128.load(xRe + stride * 4);
    let ci = v128.load(xIm + stride * 4);
    let br = v128.load(xRe + stride * 2);
    let bi = v128.load(xIm + stride * 2);
    let dr = v128.load(xRe + stride * 6);
    let di = v128.load(xIm + stride * 6);
    let sumR = f32x4.add(ar, cr);
    let sumI = f32x4.add(ai, ci);
    let difR = f32x4.sub(ar, cr);
    let difI = f32x4.sub(ai, ci);
    let oddSumR = f32x4.add(br, dr);
    let oddSumI = f32x4.add(bi, di);
    let oddDifR = f32x4.sub(br, dr);
    let oddDifI = f32x4.sub(bi, di);
    const e0r = f32x4.add(sumR, oddSumR);
    const e0i = f32x4.add(sumI, oddSumI);
    const e1r = f32x4.add(difR, oddDifI);
    const e1i = f32x4.sub(difI, oddDifR);
    const e2r = f32x4.sub(sumR, oddSumR);
    const e2i = f32x4.sub(sumI, oddSumI);
    const e3r = f32x4.sub(difR, oddDifI);
    const e3i = f32x4.add(difI, oddDifR);
    // Odd inputs: 1, 3, 5, 7.
    ar = v128.load(xRe + stride);
    ai = v128.load(xIm + stride);
    cr = v128.load(xRe + stride * 5);
    ci = v128.load(xIm + stride * 5);
    br = v128.load(xRe + stride * 3);
    bi = v128.load(xIm + stride * 3);
    dr = v128.load(xRe + stride * 7);
    di = v128.load(xIm + stride * 7);
    sumR = f32x4.add(ar, cr);
    sumI = f32x4.add(ai, ci);
    difR = f32x4.sub(ar, cr);
    difI = f32x4.sub(ai, ci);
    oddSumR = f32x4.add(br, dr);
    oddSumI = f32x4.add(bi, di);
    oddDifR = f32x4.sub(br, dr);
    oddDifI = f32x4.sub(bi, di);
    const o0r = f32x4.add(sumR, oddSumR);
    const o0i = f32x4.add(sumI, oddSumI);
    v128.store(yRe, f32x4.add(e0r, o0r));
    v128.store(yIm, f32x4.add(e0i, o0i));
    v128.store(yRe + stride * 4, f32x4.sub(e0r, o0r));
    v128.store(yIm + stride * 4, f32x4.sub(e0i, o0i));
    // exp(-i pi / 4) (r + i m) = root ((r + m) + i (m - r))
    const p1r = f32x4.add(difR, oddDifI);
    const p1i = f32x4.sub(difI, oddDifR);
    const o1r = f32x4.mul(root, f32x4.add(p1r, p1i));
    const o1i = f32x4.mul(root, f32x4.sub(p1i, p1r));
    v128.store(yRe + stride, f32x4.add(e1r, o1r));
    v128.store(yIm + stride, f32x4.add(e1i, o1i));
    v128.store(yRe + stride * 5, f32x4.sub(e1r, o1r));
    v128.store(yIm + stride * 5, f32x4.sub(e1i, o1i));
    // -i (r + i m) = m - i r
    const p2r = f32x4.sub(sumR, oddSumR);
    const p2i = f32x4.sub(sumI, oddSumI);
    v128.store(yRe + stride * 2, f32x4.add(e2r, p2i));
    v128.store(yIm + stride * 2, f32x4.sub(e2i, p2r));
    v128.store(yRe + stride * 6, f32x4.sub(e2r, p2i));
    v128.store(yIm + stride * 6, f32x4.add(e2i, p2r));
    // exp(-3 i pi / 4) (r + i m) = root ((m - r) - i (r + m))
    const p3r = f32x4.sub(difR, oddDifI);
    const p3i = f32x4.add(difI, oddDifR);
    const o3r = f32x4.mul(root, f32x4.sub(p3i, p3r));
    const o3i = f32x4.mul(root, f32x4.add(p3r, p3i));
    v128.store(yRe + stride * 3, f32x4.add(e3r, o3r));
    v128.store(yIm + stride * 3, f32x4.sub(e3i, o3i));
    v128.store(yRe + stride * 7, f32x4.sub(e3r, o3r));
    v128.store(yIm + stride * 7, f32x4.add(e3i, o3i));
    xRe += 16;
    xIm += 16;
    yRe += 16;
    yIm += 16;
  }
}

/** All passes behind the first, whose results lie in area b. Ends in area a or b: true when in a. `swap` exchanges re and im (inverse). */
function laterPasses(n: i32, swap: bool): bool {
  let xRe = swap ? bIm : bRe;
  let xIm = swap ? bRe : bIm;
  let yRe = swap ? aIm : aRe;
  let yIm = swap ? aRe : aIm;
  let inA = false;
  let s = 4;
  n >>= 2;
  while (n > 8) {
    middlePass(n, s, xRe, xIm, yRe, yIm);
    const re = xRe;
    const im = xIm;
    xRe = yRe;
    xIm = yIm;
    yRe = re;
    yIm = im;
    inA = !inA;
    n >>= 2;
    s <<= 2;
  }
  if (n == 8) lastPass8(s, xRe, xIm, yRe, yIm);
  else lastPass4(s, xRe, xIm, yRe, yIm);
  return !inA;
}

/** From the half-size transform (split, at zRe and zIm) to bins 0..n/2 of the real one, interleaved at `out` (n + 2 floats). */
function unpackReal(n: i32, zRe: usize, zIm: usize, out: usize): void {
  const half = n >> 1;
  const quarterBytes = <usize>n;
  const tw = realTwiddlesOf(n);
  const first = load<f32>(zRe);
  const second = load<f32>(zIm);
  store<f32>(out, first + second);
  store<f32>(out, 0.0, 4);
  const top = out + (<usize>half << 3);
  store<f32>(top, first - second);
  store<f32>(top, 0.0, 4);
  const one = f32x4.splat(0.5);
  for (let k: usize = 0; k < quarterBytes; k += 16) {
    // Bins k+1..k+4 and their mirror images.
    const mirror = (<usize>half << 2) - k - 16;
    const zr = v128.load(zRe + k, 4);
    const zi = v128.load(zIm + k, 4);
    const cr = reversed(v128.load(zRe + mirror));
    const ci = reversed(v128.load(zIm + mirror));
    const er = f32x4.mul(one, f32x4.add(zr, cr));
    const ei = f32x4.mul(one, f32x4.sub(zi, ci));
    const or = f32x4.add(zi, ci);
    const oi = f32x4.sub(cr, zr);
    const wr = v128.load(tw + k);
    const wi = v128.load(tw + quarterBytes + k);
    const tr = f32x4.sub(f32x4.mul(or, wr), f32x4.mul(oi, wi));
    const ti = f32x4.add(f32x4.mul(or, wi), f32x4.mul(oi, wr));
    const hr = reversed(f32x4.sub(er, tr));
    const hi = reversed(f32x4.sub(ti, ei));
    const lr = f32x4.add(er, tr);
    const li = f32x4.add(ei, ti);
    const high = out + mirror * 2;
    v128.store(high, v128.shuffle<f32>(hr, hi, 0, 4, 1, 5));
    v128.store(high, v128.shuffle<f32>(hr, hi, 2, 6, 3, 7), 16);
    const low = out + k * 2;
    v128.store(low, v128.shuffle<f32>(lr, li, 0, 4, 1, 5), 8);
    v128.store(low, v128.shuffle<f32>(lr, li, 2, 6, 3, 7), 24);
  }
}

/**
 * From bins 0..n/2 (interleaved at xRe, or split) to the half-size spectrum in area a whose inverse transform holds even samples in re and odd
 * ones in im, times n/2. Scale `gain` is multiplied in.
 */
// @ts-ignore: decorator
@inline
function packReal(n: i32, interleaved: bool, xRe: usize, xIm: usize, gain: f32): void {
  const half = n >> 1;
  const quarterBytes = <usize>n;
  const tw = realTwiddlesOf(n);
  const dc = load<f32>(xRe);
  const nyquist = interleaved ? load<f32>(xRe + (<usize>half << 3)) : load<f32>(xRe + (<usize>half << 2));
  store<f32>(aRe, (dc + nyquist) * gain);
  store<f32>(aIm, (dc - nyquist) * gain);
  const scale = f32x4.splat(gain);
  const twice = f32x4.splat(2.0 * gain);
  for (let k: usize = 0; k < quarterBytes; k += 16) {
    const mirror = (<usize>half << 2) - k - 16;
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
    const tr = f32x4.mul(twice, f32x4.sub(xr, cr));
    const ti = f32x4.mul(twice, f32x4.add(xi, ci));
    // The table holds half the twiddles, which the factor 2 above makes good; conjugate them.
    const wr = v128.load(tw + k);
    const wi = v128.load(tw + quarterBytes + k);
    const or = f32x4.add(f32x4.mul(tr, wr), f32x4.mul(ti, wi));
    const oi = f32x4.sub(f32x4.mul(ti, wr), f32x4.mul(tr, wi));
    v128.store(aRe + mirror, reversed(f32x4.add(er, oi)));
    v128.store(aIm + mirror, reversed(f32x4.sub(or, ei)));
    v128.store(aRe + k, f32x4.sub(er, oi), 4);
    v128.store(aIm + k, f32x4.add(ei, or), 4);
  }
}

function packInterleaved(n: i32, x: usize): void {
  packReal(n, true, x, 0, <f32>1.0 / <f32>n);
}

function packSplit(n: i32, xRe: usize, xIm: usize): void {
  packReal(n, false, xRe, xIm, 1.0);
}

/** Inverse of the half-size spectrum in area a; true when the result is in area a. */
function inverseHalf(half: i32): bool {
  firstPassSplit(half, aIm, aRe, bIm, bRe);
  return laterPasses(half, true);
}

/** Forward real FFT of n floats at `input` to bins 0..n/2, re and im in turn, at `out` (n + 2 floats). Unscaled. n: 256..8192, a power of two. */
export function realForward(n: i32, input: usize, out: usize): void {
  const half = n >> 1;
  firstPassInterleaved(half, input, bRe, bIm);
  if (laterPasses(half, false)) unpackReal(n, aRe, aIm, out);
  else unpackReal(n, bRe, bIm, out);
}

/** Inverse of `realForward`: bins 0..n/2 at `input` (n + 2 floats) to n floats at `out`; imaginary parts of bins 0 and n/2 are ignored. */
export function realInverse(n: i32, input: usize, out: usize): void {
  const half = n >> 1;
  packInterleaved(n, input);
  const inA = inverseHalf(half);
  const re = inA ? aRe : bRe;
  const im = inA ? aIm : bIm;
  const bytes = <usize>half << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const even = v128.load(re + i);
    const odd = v128.load(im + i);
    v128.store(out + i * 2, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
    v128.store(out + i * 2, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
  }
}

/**
 * Inverse without the last interleaving and without scale (n times the samples), from split bins 0..n/2. The result lies where `evenSamples` and
 * `oddSamples` say until the next transform.
 */
export function realInverseSplit(n: i32, xRe: usize, xIm: usize): void {
  packSplit(n, xRe, xIm);
  const inA = inverseHalf(n >> 1);
  even = inA ? aRe : bRe;
  odd = inA ? aIm : bIm;
}

let even: usize = 0;
let odd: usize = 0;

/** Samples 0, 2, 4, ... of the last `realInverseSplit`. */
export function evenSamples(): usize {
  return even;
}

/** Samples 1, 3, 5, ... of the last `realInverseSplit`. */
export function oddSamples(): usize {
  return odd;
}

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
