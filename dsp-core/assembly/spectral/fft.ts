// Real FFT, 256 to 8192 points: a Stockham autosort FFT of half the size (radix 4, last pass radix 4 or 8) on split re/im, f32x4.
// After Stockham 1966 (autosort) and the packing of a real signal into a complex one of half its length (Sorensen et al. 1987).

/** Largest transform, in real points. */
const MAX_SIZE: i32 = 8192;
const MIN_SIZE: i32 = 256;
const MAX_HALF: i32 = MAX_SIZE >> 1;

const buffer: usize = memory.data(MAX_SIZE * 4, 16);
const spectrum: usize = memory.data((MAX_SIZE + 4) * 4, 16);

/**
 * Bytes from the real parts of a work area to its imaginary ones, and from area to area. Not a multiple of 4096: what lies so far apart falls into the
 * same few lines of the first cache.
 */
const IM: usize = <usize>(MAX_HALF * 4 + 320);
const AREA: usize = 2 * IM + 128;

// Two work areas of split complex numbers; passes go to and fro between them.
const areas: usize = memory.data(2 * (2 * (MAX_HALF * 4 + 320) + 128), 64);
const areaA: usize = areas;
const areaB: usize = areas + AREA;

/**
 * Twiddles of a first pass of length n: [w1 re | w1 im | w2 re | w2 im | w3 re | w3 im], n/4 floats each, at float 3 n / 2
 * (so the tables of all lengths lie one behind the other).
 */
const passTwiddles: usize = memory.data(3 * MAX_HALF * 4, 16);
/** The same for later passes, the six of each butterfly side by side. */
const splatTwiddles: usize = memory.data((3 * MAX_HALF * 4) / 4, 16);
/** 0.5 exp(-2 pi i k / N) for k = 1..N/4 of a real transform of N: [re | im], N/4 floats each, at float N / 2. */
const realTwiddles: usize = memory.data(MAX_SIZE * 4, 16);

function buildTwiddles(): void {
  for (let n = 16; n <= MAX_HALF; n <<= 1) {
    const quarter = n >> 2;
    const table = twiddlesOf(n);
    const splat = splatTwiddlesOf(n);
    for (let p = 0; p < quarter; p++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2.0 * Math.PI * <f64>(p * power)) / <f64>n;
        const at = table + (((power - 1) * 2 * quarter + p) << 2);
        store<f32>(at, <f32>Math.cos(angle));
        store<f32>(at + (quarter << 2), <f32>Math.sin(angle));
        if (n <= MAX_HALF / 4) {
          const beside = splat + <usize>(24 * p + 8 * (power - 1));
          store<f32>(beside, <f32>Math.cos(angle));
          store<f32>(beside, <f32>Math.sin(angle), 4);
        }
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
function splatTwiddlesOf(n: i32): usize {
  return splatTwiddles + ((<usize>(3 * n) >> 1) << 2);
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

/** First pass (stride 1): four neighbouring butterflies at a time, results transposed into place. Input a work area, or interleaved. */
// @ts-ignore: decorator
@inline
function firstPass(n: i32, interleaved: bool, x: usize, y: usize): void {
  const quarter = <usize>n; // n / 4 floats, in bytes
  const tw = twiddlesOf(n);
  const step: usize = interleaved ? quarter * 2 : quarter;
  for (let p: usize = 0; p < quarter; p += 16) {
    let ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128;
    if (interleaved) {
      let at = x + p * 2;
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
      let at = x + p;
      ar = v128.load(at);
      ai = v128.load(at, IM);
      at += step;
      br = v128.load(at);
      bi = v128.load(at, IM);
      at += step;
      cr = v128.load(at);
      ci = v128.load(at, IM);
      at += step;
      dr = v128.load(at);
      di = v128.load(at, IM);
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
      y + p * 4,
      f32x4.add(sumR, oddSumR),
      f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)),
      f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)),
      f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)),
    );
    storeTransposed(
      y + p * 4 + IM,
      f32x4.add(sumI, oddSumI),
      f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)),
      f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)),
      f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)),
    );
  }
}

function firstPassSplit(n: i32, x: usize, y: usize): void {
  firstPass(n, false, x, y);
}

function firstPassInterleaved(n: i32, x: usize, y: usize): void {
  firstPass(n, true, x, y);
}

/** Four butterflies of radix 4 with the same twiddles: inputs `leap` bytes apart from x, outputs `stride` bytes apart from y. */
// @ts-ignore: decorator
@inline
function butterfly4(
  x: usize,
  leap: usize,
  y: usize,
  stride: usize,
  w1r: v128,
  w1i: v128,
  w2r: v128,
  w2i: v128,
  w3r: v128,
  w3i: v128,
): void {
  const x1 = x + leap;
  const x2 = x1 + leap;
  const x3 = x2 + leap;
  const ar = v128.load(x);
  const ai = v128.load(x, IM);
  const cr = v128.load(x2);
  const ci = v128.load(x2, IM);
  const br = v128.load(x1);
  const bi = v128.load(x1, IM);
  const dr = v128.load(x3);
  const di = v128.load(x3, IM);
  const sumR = f32x4.add(ar, cr);
  const sumI = f32x4.add(ai, ci);
  const difR = f32x4.sub(ar, cr);
  const difI = f32x4.sub(ai, ci);
  const oddSumR = f32x4.add(br, dr);
  const oddSumI = f32x4.add(bi, di);
  const oddDifR = f32x4.sub(br, dr);
  const oddDifI = f32x4.sub(bi, di);
  v128.store(y, f32x4.add(sumR, oddSumR));
  v128.store(y, f32x4.add(sumI, oddSumI), IM);
  const y1 = y + stride;
  const u1r = f32x4.add(difR, oddDifI);
  const u1i = f32x4.sub(difI, oddDifR);
  v128.store(y1, f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)));
  v128.store(y1, f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)), IM);
  const y2 = y1 + stride;
  const u2r = f32x4.sub(sumR, oddSumR);
  const u2i = f32x4.sub(sumI, oddSumI);
  v128.store(y2, f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)));
  v128.store(y2, f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)), IM);
  const y3 = y2 + stride;
  const u3r = f32x4.sub(difR, oddDifI);
  const u3i = f32x4.add(difI, oddDifR);
  v128.store(y3, f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)));
  v128.store(y3, f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)), IM);
}

/** The pass of length n behind the first: its stride is one vector, so every butterfly has twiddles of its own. */
function secondPass(n: i32, x: usize, y: usize): void {
  const leap = (<usize>n) << 2; // n / 4 vectors
  let tw = splatTwiddlesOf(n);
  for (const end = x + leap; x < end; x += 16, y += 64, tw += 24) {
    const w1r = v128.load32_splat(tw);
    const w1i = v128.load32_splat(tw, 4);
    const w2r = v128.load32_splat(tw, 8);
    const w2i = v128.load32_splat(tw, 12);
    const w3r = v128.load32_splat(tw, 16);
    const w3i = v128.load32_splat(tw, 20);
    butterfly4(x, leap, y, 16, w1r, w1i, w2r, w2i, w3r, w3i);
  }
}

/** A radix-4 pass of length n with stride s >= 16 floats: twiddles are constant along the stride. */
function middlePass(n: i32, s: i32, x: usize, y: usize): void {
  const quarter = n >> 2;
  const stride = (<usize>s) << 2;
  const leap = stride * <usize>quarter;
  let tw = splatTwiddlesOf(n);
  for (let p = 0; p < quarter; p++, tw += 24) {
    const w1r = v128.load32_splat(tw);
    const w1i = v128.load32_splat(tw, 4);
    const w2r = v128.load32_splat(tw, 8);
    const w2i = v128.load32_splat(tw, 12);
    const w3r = v128.load32_splat(tw, 16);
    const w3i = v128.load32_splat(tw, 20);
    for (const end = x + stride; x < end; x += 16, y += 16)
      butterfly4(x, leap, y, stride, w1r, w1i, w2r, w2i, w3r, w3i);
    y += stride * 3;
  }
}

/** Four results of a last pass: split into a work area, or re and im exchanged and interleaved (`y` then counts in pairs). */
// @ts-ignore: decorator
@inline
function put(exchanged: bool, y: usize, re: v128, im: v128): void {
  if (exchanged) {
    v128.store(y, v128.shuffle<f32>(im, re, 0, 4, 1, 5));
    v128.store(y, v128.shuffle<f32>(im, re, 2, 6, 3, 7), 16);
  } else {
    v128.store(y, re);
    v128.store(y, im, IM);
  }
}

/** Last pass where four transforms are left: no twiddles. `s` floats of stride. */
// @ts-ignore: decorator
@inline
function lastPass4(exchanged: bool, s: i32, x: usize, y: usize): void {
  const stride = (<usize>s) << 2;
  const leap = exchanged ? stride * 2 : stride;
  for (const end = x + stride; x < end; x += 16, y += exchanged ? 32 : 16) {
    const x1 = x + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    const ar = v128.load(x);
    const ai = v128.load(x, IM);
    const cr = v128.load(x2);
    const ci = v128.load(x2, IM);
    const br = v128.load(x1);
    const bi = v128.load(x1, IM);
    const dr = v128.load(x3);
    const di = v128.load(x3, IM);
    const sumR = f32x4.add(ar, cr);
    const sumI = f32x4.add(ai, ci);
    const difR = f32x4.sub(ar, cr);
    const difI = f32x4.sub(ai, ci);
    const oddSumR = f32x4.add(br, dr);
    const oddSumI = f32x4.add(bi, di);
    const oddDifR = f32x4.sub(br, dr);
    const oddDifI = f32x4.sub(bi, di);
    put(exchanged, y, f32x4.add(sumR, oddSumR), f32x4.add(sumI, oddSumI));
    const y1 = y + leap;
    put(exchanged, y1, f32x4.add(difR, oddDifI), f32x4.sub(difI, oddDifR));
    const y2 = y1 + leap;
    put(exchanged, y2, f32x4.sub(sumR, oddSumR), f32x4.sub(sumI, oddSumI));
    const y3 = y2 + leap;
    put(exchanged, y3, f32x4.sub(difR, oddDifI), f32x4.add(difI, oddDifR));
  }
}

/** Last pass where eight transforms are left: no twiddles but the eighth roots of one. */
// @ts-ignore: decorator
@inline
function lastPass8(exchanged: bool, s: i32, x: usize, y: usize): void {
  const stride = (<usize>s) << 2;
  const leap = exchanged ? stride * 2 : stride;
  const root = f32x4.splat(0.70710678118654752);
  for (const end = x + stride; x < end; x += 16, y += exchanged ? 32 : 16) {
    // Even inputs: a four-point transform of 0, 2, 4, 6.
    const x1 = x + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    const x4 = x3 + stride;
    const x5 = x4 + stride;
    const x6 = x5 + stride;
    const x7 = x6 + stride;
    let ar = v128.load(x);
    let ai = v128.load(x, IM);
    let cr = v128.load(x4);
    let ci = v128.load(x4, IM);
    let br = v128.load(x2);
    let bi = v128.load(x2, IM);
    let dr = v128.load(x6);
    let di = v128.load(x6, IM);
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
    ar = v128.load(x1);
    ai = v128.load(x1, IM);
    cr = v128.load(x5);
    ci = v128.load(x5, IM);
    br = v128.load(x3);
    bi = v128.load(x3, IM);
    dr = v128.load(x7);
    di = v128.load(x7, IM);
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
    const high = y + leap * 4;
    put(exchanged, y, f32x4.add(e0r, o0r), f32x4.add(e0i, o0i));
    put(exchanged, high, f32x4.sub(e0r, o0r), f32x4.sub(e0i, o0i));
    // exp(-i pi / 4) (r + i m) = root ((r + m) + i (m - r))
    const p1r = f32x4.add(difR, oddDifI);
    const p1i = f32x4.sub(difI, oddDifR);
    const o1r = f32x4.mul(root, f32x4.add(p1r, p1i));
    const o1i = f32x4.mul(root, f32x4.sub(p1i, p1r));
    put(exchanged, y + leap, f32x4.add(e1r, o1r), f32x4.add(e1i, o1i));
    put(exchanged, high + leap, f32x4.sub(e1r, o1r), f32x4.sub(e1i, o1i));
    // -i (r + i m) = m - i r
    const p2r = f32x4.sub(sumR, oddSumR);
    const p2i = f32x4.sub(sumI, oddSumI);
    put(exchanged, y + leap * 2, f32x4.add(e2r, p2i), f32x4.sub(e2i, p2r));
    put(exchanged, high + leap * 2, f32x4.sub(e2r, p2i), f32x4.add(e2i, p2r));
    // exp(-3 i pi / 4) (r + i m) = root ((m - r) - i (r + m))
    const p3r = f32x4.sub(difR, oddDifI);
    const p3i = f32x4.add(difI, oddDifR);
    const o3r = f32x4.mul(root, f32x4.sub(p3i, p3r));
    const o3i = f32x4.mul(root, f32x4.add(p3r, p3i));
    put(exchanged, y + leap * 3, f32x4.add(e3r, o3r), f32x4.sub(e3i, o3i));
    put(exchanged, high + leap * 3, f32x4.sub(e3r, o3r), f32x4.add(e3i, o3i));
  }
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
