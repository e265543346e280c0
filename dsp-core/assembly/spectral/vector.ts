// Elementary functions on four floats at once: polynomials, the same bits on every machine.

/** sin(pi r) for r in -0.5..0.5; minimax, error 3e-9. */
// @ts-ignore: decorator
@inline
function sinHalf(r: v128, square: v128): v128 {
  let p = f32x4.splat(0.0772201281);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.598045174));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.55003138));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.16770688));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(3.14159258));
  return f32x4.mul(p, r);
}

/** cos(pi r) for r in -0.5..0.5; minimax, error 5e-8. */
// @ts-ignore: decorator
@inline
function cosHalf(square: v128): v128 {
  let p = f32x4.splat(0.219696795);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-1.33188016));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(4.05841191));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-4.93479286));
  return f32x4.add(f32x4.mul(p, square), f32x4.splat(0.999999953));
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
  const whole = f32x4.nearest(x);
  const r = f32x4.sub(x, whole);
  let p = f32x4.splat(0.00134100002);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.00967603636));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0555029731));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.240221074));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.693147225));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.00000008));
  return i32x4.add(p, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
}

/** dB of a level (20 log10) as a power of two. */
export const DB_TO_LOG2: f32 = 0.16609640474436813;

/** Four sums as one. */
// @ts-ignore: decorator
@inline
export function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
