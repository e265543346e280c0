// Seeded randomness without state: a hash of (seed, counter). After the 32-bit finaliser of Wellons' hash-prospector (lowbias32).

// @ts-ignore: decorator
@inline
export function hash(seed: u32, counter: u32): u32 {
  let x = counter * 0x9e3779b9 + seed;
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

/** Uniform in 0..1 (1 excluded). */
// @ts-ignore: decorator
@inline
export function uniform(seed: u32, counter: u32): f32 {
  return <f32>(hash(seed, counter) >> 8) * <f32>(1.0 / 16777216.0);
}
