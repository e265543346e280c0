// The passes of a complex Stockham FFT of radix 4 on split re/im, f32x4: the first, the second and those in the middle. fft-last-pass.ts ends it.
import { IM, splatTwiddlesOf, twiddlesOf } from './fft-tables';

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

export function firstPassSplit(n: i32, x: usize, y: usize): void {
  firstPass(n, false, x, y);
}

export function firstPassInterleaved(n: i32, x: usize, y: usize): void {
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
export function secondPass(n: i32, x: usize, y: usize): void {
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
export function middlePass(n: i32, s: i32, x: usize, y: usize): void {
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
