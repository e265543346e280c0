// Seeded randomness of the control side: a hash, and a small bell-shaped generator for drift.

/** Mixes two words into one (a 32-bit finaliser after murmur3). */
export function hash(a: u32, b: u32): u32 {
  let h = a ^ (b * 0x9e3779b9);
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return h ^ (h >>> 16);
}

/** Next state of a 32-bit xorshift generator (Marsaglia 2003); never 0 from a state other than 0. */
export function xorshift(state: u32): u32 {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state;
}

/** Mean 0, variance 1, within +-3.46, from one word: the sum of four uniform bytes' worth each (Irwin-Hall). */
export function bell(word: u32): f32 {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  // Four uniforms 0..255: mean 510, variance 4 (256^2 - 1) / 12.
  return (<f32>sum - 510.0) * <f32>(1.0 / 147.80054);
}
