// Linear amplitudes of the frame being built: written by shape.ts, read by partials.ts and noise.ts.
import { MAX_NOISE_BANDS, MAX_PARTIALS } from '../generated/constants';

/** Amplitude of partial k at float k - 1; zero behind the last. */
export const partialAmplitudes: usize = memory.data(MAX_PARTIALS * 4, 16);
/** Root mean square of the noise inside each band. */
export const bandAmplitudes: usize = memory.data(MAX_NOISE_BANDS * 4, 16);

let partials: i32 = 0;
let bands: i32 = 0;

/** Says how far the frame reaches: partials up to the last that sounds; noise bands, 0 when none sounds. */
export function setLevelCounts(soundingPartials: i32, noiseBands: i32): void {
  partials = soundingPartials;
  bands = noiseBands;
}

export function soundingPartials(): i32 {
  return partials;
}

/** Noise bands of the frame, 0 when all are silent. */
export function soundingBands(): i32 {
  return bands;
}
