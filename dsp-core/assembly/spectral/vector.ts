// Elementary functions on four floats at once: polynomials, the same bits on every machine.
//
// Constants inside loops are loaded from memory (load32_splat) instead of written as vectors: V8 builds a vector constant by several instructions each time
// it is used, a load is one. For the same reason pmin and pmax stand where no NaN can come.

/** Coefficients of sin(pi r) / r and of cos(pi r), highest power of r^2 first. */
const SINE: usize = memory.data<f32>([0.0772201281, -0.598045174, 2.55003138, -5.16770688, 3.14159258], 16);
const COSINE: usize = memory.data<f32>([0.219696795, -1.33188016, 4.05841191, -4.93479286, 0.999999953], 16);
/** Coefficients of 2^r, highest power first. */
const POWER: usize = memory.data<f32>([0.00134100002, 0.00967603636, 0.0555029731, 0.240221074, 0.693147225, 1.00000008], 16);
/** 1.5 * 2^23: a float between -2^22 and 2^22 added to it is rounded to a whole number, which then stands in its lowest bits. */
const ROUNDER: usize = memory.data<f32>([12582912.0], 16);
/** 2^23 as a float and its bits: likewise for whole numbers from 0 on. */
const WHOLE: usize = memory.data<f32>([8388608.0], 16);

/** sin(pi r) for r in -0.5..0.5; minimax, error 3e-9. */
// @ts-ignore: decorator
@inline
function sinHalf(r: v128, square: v128): v128 {
  let p = v128.load32_splat(SINE);
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(SINE, 4));
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(SINE, 8));
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(SINE, 12));
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(SINE, 16));
  return f32x4.mul(p, r);
}

/** cos(pi r) for r in -0.5..0.5; minimax, error 5e-8. */
// @ts-ignore: decorator
@inline
function cosHalf(square: v128): v128 {
  let p = v128.load32_splat(COSINE);
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(COSINE, 4));
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(COSINE, 8));
  p = f32x4.add(f32x4.mul(p, square), v128.load32_splat(COSINE, 12));
  return f32x4.add(f32x4.mul(p, square), v128.load32_splat(COSINE, 16));
}

/** Stores amplitude cos(2 pi turns) at `re` and amplitude sin(2 pi turns) at `im`; turns within -2^22..2^22. */
// @ts-ignore: decorator
@inline
export function storePolar(re: usize, im: usize, turns: v128, amplitude: v128): void {
  // By the half angle: one polynomial range, no quadrants to sort.
  const r = f32x4.sub(turns, f32x4.nearest(turns));
  const square = f32x4.mul(r, r);
  const s = sinHalf(r, square);
  const c = cosHalf(square);
  const twice = f32x4.mul(f32x4.add(amplitude, amplitude), s);
  v128.store(re, f32x4.sub(amplitude, f32x4.mul(twice, s)));
  v128.store(im, f32x4.mul(twice, c));
}

/** 2^x for x in -126..127, relative error 1.5e-7. */
// @ts-ignore: decorator
@inline
export function exp2(x: v128): v128 {
  const rounder = v128.load32_splat(ROUNDER);
  const rounded = f32x4.add(x, rounder);
  const r = f32x4.sub(x, f32x4.sub(rounded, rounder));
  let p = v128.load32_splat(POWER);
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(POWER, 4));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(POWER, 8));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(POWER, 12));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(POWER, 16));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(POWER, 20));
  // Of the whole number the shift leaves what belongs to the exponent.
  return i32x4.add(p, i32x4.shl(rounded, 23));
}

/** Whole floats from 0 to 2^23 as integers. */
// @ts-ignore: decorator
@inline
export function integers(whole: v128): v128 {
  const base = v128.load32_splat(WHOLE);
  return i32x4.sub(f32x4.add(whole, base), base);
}

/** dB of a level (20 log10) as a power of two. */
export const DB_TO_LOG2: f32 = 0.16609640474436813;

/** Four sums as one. */
// @ts-ignore: decorator
@inline
export function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
