// Chance that can be repeated: the same seed gives the same numbers on every machine.

/** Seeds are whole numbers below this: short enough to be told to somebody. */
export const SEEDS = 1_000_000;

/** Numbers of [0, 1) from a seed: mulberry32 (Tommy Ettinger, public domain). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Numbers of the standard normal distribution (Box and Muller 1958). */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A seed that nobody chose. */
export const freshSeed = (): number => Math.floor(Math.random() * SEEDS);
