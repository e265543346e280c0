// How far each partial of the frame being built is off the stretched series: read by partials.ts. Audio thread.
import { MAX_COLUMN_CENTS, MAX_PARTIALS } from '../generated/constants';

/** Octaves of partial k at float k - 1; 0 behind the last that has a detune of its own. */
const octaves: usize = memory.data((MAX_PARTIALS + 4) * 4, 16);
/** Floats at the front that may not be 0. */
let filled: i32 = 0;

/** No partial is off the series. */
export function noDetunes(): void {
  memory.fill(octaves, 0, (<usize>filled) << 2);
  filled = 0;
}

/** Takes `count` detunes in cents between `a` and `b` (mix 0..1), each kept within MAX_COLUMN_CENTS either way. All must be finite. */
export function setDetunes(a: usize, b: usize, count: i32, mix: f32): void {
  const share = f32x4.splat(mix);
  const most = f32x4.splat(MAX_COLUMN_CENTS);
  const least = f32x4.splat(-MAX_COLUMN_CENTS);
  const octave = f32x4.splat(<f32>(1.0 / 1200.0));
  const end = (<usize>min(count, MAX_PARTIALS)) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const from = v128.load(a + i);
    const cents = f32x4.add(from, f32x4.mul(share, f32x4.sub(v128.load(b + i), from)));
    v128.store(octaves + i, f32x4.mul(octave, f32x4.min(most, f32x4.max(least, cents))));
  }
  // What the last vector read too much, and what the frame before had more.
  const reach = max<usize>(end + 16, (<usize>filled) << 2);
  memory.fill(octaves + end, 0, min<usize>(reach, (MAX_PARTIALS + 4) << 2) - end);
  filled = <i32>(end >> 2);
}

/** Whether any partial may be off the series. */
export function detuned(): bool {
  return filled > 0;
}

/** Octaves by which partials 1.. are off; multiples of 4 may be read up to MAX_PARTIALS. */
export function detuneOctaves(): usize {
  return octaves;
}
