// The last pass of the complex FFT: without twiddles, radix 4 or 8 as the length wants it, into a work area or out of it.
import { IM } from './fft-tables';

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
export function lastPass4(exchanged: bool, s: i32, x: usize, y: usize): void {
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
export function lastPass8(exchanged: bool, s: i32, x: usize, y: usize): void {
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
