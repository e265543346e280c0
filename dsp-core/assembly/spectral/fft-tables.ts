// What the FFT's passes share: its sizes, the two work areas between which they go to and fro, and the twiddle factors.

/** Largest transform, in real points. */
export const MAX_SIZE: i32 = 8192;
export const MIN_SIZE: i32 = 256;
const MAX_HALF: i32 = MAX_SIZE >> 1;

/**
 * Bytes from the real parts of a work area to its imaginary ones, and from area to area. Not a multiple of 4096: what lies so far apart falls into the
 * same few lines of the first cache.
 */
export const IM: usize = <usize>(MAX_HALF * 4 + 320);
const AREA: usize = 2 * IM + 128;

// Two work areas of split complex numbers; passes go to and fro between them.
const areas: usize = memory.data(2 * (2 * (MAX_HALF * 4 + 320) + 128), 64);
export const areaA: usize = areas;
export const areaB: usize = areas + AREA;

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
export function twiddlesOf(n: i32): usize {
  return passTwiddles + ((<usize>(3 * n) >> 1) << 2);
}

// @ts-ignore: decorator
@inline
export function splatTwiddlesOf(n: i32): usize {
  return splatTwiddles + ((<usize>(3 * n) >> 1) << 2);
}

// @ts-ignore: decorator
@inline
export function realTwiddlesOf(n: i32): usize {
  return realTwiddles + ((<usize>n >> 1) << 2);
}

buildTwiddles();
