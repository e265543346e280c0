// From decoded levels in dB to the linear amplitudes of a frame: interpolation in time, then formant, tilt, odd/even, noise balance. Audio thread.
import { FLOOR_DB, MAX_NOISE_BANDS, MAX_PARTIALS } from '../generated/constants';
import { bandPlace, bandPlaceHz } from './bands';
import { bandAmplitudes, partialAmplitudes, setLevelCounts } from './levels';
import { partialOctaves } from './partials';
import { DB_TO_LOG2, exp2, sum } from './vector';

/** Where the tilt turns, Hz. */
const TILT_PIVOT_HZ: f32 = 500.0;
/** A level at or below this is exact silence: its lobe is skipped, and no tail runs into denormal numbers. */
const GATE_DB: f32 = FLOOR_DB + 1.0;
/** No partial and no band is louder than this, whatever decoder and tilt say. */
const CEILING_DB: f32 = 0.0;
/** Balance gains below this (-120 dB) are nothing. */
const SILENT_GAIN: f32 = 1e-6;
/** What loops compare with and multiply by, loaded where it is used (vector.ts says why): floor, a level that none has, gate, dB to octaves of amplitude. */
const LIMITS: usize = memory.data<f32>([FLOOR_DB, 1e6, GATE_DB, DB_TO_LOG2], 16);

let partials: i32 = 0;
let bands: i32 = 0;
let partialOffset: i32 = 0;
let noiseOffset: i32 = 0;

/** Levels at rest behind interpolation, dB; FLOOR_DB behind the last; room for vectors that begin at the last. */
const partialDb: usize = memory.data((MAX_PARTIALS + 8) * 4, 16);
const bandDb: usize = memory.data((MAX_NOISE_BANDS + 8) * 4, 16);
const shiftedDb: usize = memory.data((MAX_PARTIALS + 8) * 4, 16);

/** Octaves of the band centres above the tilt's pivot, and where each band reads under the formant shift; for `axisBands` and `axisSemitones`. */
const bandOctaves: usize = memory.data(MAX_NOISE_BANDS * 4, 16);
const bandSources: usize = memory.data(MAX_NOISE_BANDS * 4, 16);
let axisBands: i32 = 0;
let axisSemitones: f32 = 0.0;
let sourcesKnown: bool = false;

let power: f32 = 0.0;

/** Forgets what was derived from earlier layouts. */
export function resetShape(): void {
  axisBands = 0;
  sourcesKnown = false;
  power = 0.0;
  setLevelCounts(0, 0);
}

/** Where a model keeps its columns: counts, and offsets in floats inside the payload. */
export function setFrameLayout(partialCount: i32, noiseBandCount: i32, partialsAt: i32, noiseAt: i32): void {
  partials = min(partialCount, MAX_PARTIALS);
  bands = min(noiseBandCount, MAX_NOISE_BANDS);
  partialOffset = partialsAt;
  noiseOffset = noiseAt;
}

/** Finite levels above the floor as they are, all else (NaN, infinities) the floor. */
// @ts-ignore: decorator
@inline
function guarded(db: v128): v128 {
  const floor = v128.load32_splat(LIMITS);
  const sound = v128.and(f32x4.gt(db, floor), f32x4.lt(db, v128.load32_splat(LIMITS, 4)));
  return v128.bitselect(db, floor, sound);
}

/** Mixes `count` levels of two frames in dB into `to`, with at least four floors behind the last. */
function mixLevels(a: usize, b: usize, count: i32, mix: f32, to: usize): void {
  const share = f32x4.splat(mix);
  const end = (<usize>count) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const from = guarded(v128.load(a + i));
    v128.store(to + i, f32x4.add(from, f32x4.mul(share, f32x4.sub(guarded(v128.load(b + i)), from))));
  }
  v128.store(to + end, f32x4.splat(FLOOR_DB));
}

/** The level at a fractional place of a row of `count` levels: linear in dB, held below the first, the floor beyond the last. */
// @ts-ignore: decorator
@inline
function levelAt(row: usize, count: i32, place: f32): f32 {
  if (place <= 0.0) return load<f32>(row);
  if (place > <f32>(count - 1)) return FLOOR_DB;
  const below = <i32>place;
  const at = row + ((<usize>below) << 2);
  const low = load<f32>(at);
  return low + (place - <f32>below) * (load<f32>(at, 4) - low);
}

/** Band centres above the pivot and, under a formant shift, the places they read; kept until bands or shift change. */
function prepareAxis(semitones: f32): void {
  if (axisBands != bands) {
    axisBands = bands;
    sourcesKnown = false;
    for (let i = 0; i < bands; i++) {
      const octaves = Math.log(bandPlaceHz(<f64>i + 0.5, bands) / <f64>TILT_PIVOT_HZ) / Math.LN2;
      store<f32>(bandOctaves + ((<usize>i) << 2), <f32>octaves);
    }
  }
  if (semitones == 0.0 || (sourcesKnown && axisSemitones == semitones)) return;
  axisSemitones = semitones;
  sourcesKnown = true;
  const ratio = Math.pow(2.0, <f64>semitones / 12.0);
  for (let i = 0; i < bands; i++) {
    const source = bandPlace(bandPlaceHz(<f64>i + 0.5, bands) / ratio, bands) - 0.5;
    store<f32>(bandSources + ((<usize>i) << 2), <f32>source);
  }
}

/**
 * Shapes payloads at `frameA` and `frameB` (dB, see setFrameLayout), mixed 0..1 from A to B in dB, into the amplitudes of levels.ts.
 *
 * - formant: a level is read at 1 / ratio of its place (partial number, or frequency on the bands' axis); held below the first, silent beyond the last.
 * - tilt: dB per octave from 500 Hz, by the place of a partial at pitch `f0Hz`, or of a band's centre. Nothing gets louder than 0 dB.
 * - oddEven: -1 takes the even partials away, +1 the odd ones from the third; the fundamental stays.
 * - noiseBalance b: partials times sqrt(2) cos((1 + b) 45 deg), noise times sqrt(2) sin((1 + b) 45 deg): unchanged at 0, one alone at either end,
 *   and constant power in between where both have the same.
 *
 * A level at or below FLOOR_DB + 1 before or after shaping is exact silence; what is not finite counts as the floor.
 */
export function shapeFrames(
  frameA: usize,
  frameB: usize,
  mix: f32,
  f0Hz: f32,
  tiltDbPerOctave: f32,
  oddEven: f32,
  noiseBalance: f32,
  formantSemitones: f32,
): void {
  prepareAxis(formantSemitones);
  const quarterTurn = 0.25 * Math.PI * <f64>(1.0 + noiseBalance);
  const partialGain: f32 = noiseBalance == 0.0 ? 1.0 : <f32>(Math.SQRT2 * Math.cos(quarterTurn));
  const noiseGain: f32 = noiseBalance == 0.0 ? 1.0 : <f32>(Math.SQRT2 * Math.sin(quarterTurn));
  power = 0.0;
  const sounding =
    partialGain > SILENT_GAIN
      ? shapePartials(frameA, frameB, mix, f0Hz, tiltDbPerOctave, oddEven, formantSemitones, partialGain)
      : 0;
  const noisy =
    noiseGain > SILENT_GAIN && shapeBands(frameA, frameB, mix, tiltDbPerOctave, formantSemitones, noiseGain);
  setLevelCounts(sounding, noisy ? bands : 0);
}

/** Partial amplitudes; the number of the last partial that sounds. */
function shapePartials(
  frameA: usize,
  frameB: usize,
  mix: f32,
  f0Hz: f32,
  tilt: f32,
  oddEven: f32,
  semitones: f32,
  gain: f32,
): i32 {
  if (partials == 0) return 0;
  const at = (<usize>partialOffset) << 2;
  mixLevels(frameA + at, frameB + at, partials, mix, partialDb);
  // Vectors reach behind the last partial.
  v128.store(partialDb + ((<usize>partials) << 2), f32x4.splat(FLOOR_DB));
  let levels = partialDb;
  if (semitones != 0.0) {
    levels = shiftedDb;
    const ratio = <f32>Math.pow(2.0, <f64>-semitones / 12.0);
    for (let i = 0; i < partials; i++) {
      store<f32>(shiftedDb + ((<usize>i) << 2), levelAt(partialDb, partials, <f32>(i + 1) * ratio - 1.0));
    }
    v128.store(shiftedDb + ((<usize>partials) << 2), f32x4.splat(FLOOR_DB));
  }
  const odd = gain * min<f32>(1.0, 1.0 - oddEven);
  const even = gain * min<f32>(1.0, 1.0 + oddEven);
  let gains = f32x4(gain, even, odd, even);
  const laterGains = f32x4(odd, even, odd, even);
  const octaves = partialOctaves();
  const base: f32 = tilt != 0.0 && f0Hz > 0.0 ? <f32>(Math.log(<f64>f0Hz / <f64>TILT_PIVOT_HZ) / Math.LN2) : 0.0;
  const baseOctaves = f32x4.splat(base);
  const slope = f32x4.splat(tilt);
  const ceiling = f32x4.splat(CEILING_DB);
  let squares = f32x4.splat(0.0);
  let last = 0;
  const end = (<usize>partials) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const source = v128.load(levels + i);
    const gate = v128.load32_splat(LIMITS, 8);
    const db = f32x4.pmin(ceiling, f32x4.add(source, f32x4.mul(slope, f32x4.add(baseOctaves, v128.load(octaves + i)))));
    const open = v128.and(f32x4.gt(source, gate), f32x4.gt(db, gate));
    const amplitude = v128.and(open, f32x4.mul(gains, exp2(f32x4.mul(db, v128.load32_splat(LIMITS, 12)))));
    gains = laterGains;
    v128.store(partialAmplitudes + i, amplitude);
    squares = f32x4.add(squares, f32x4.mul(amplitude, amplitude));
    if (v128.any_true(open)) last = <i32>(i >> 2) + 4;
  }
  power += 0.5 * sum(squares);
  return min(last, (partials + 3) & ~3);
}

/** Band amplitudes; whether any sounds. */
function shapeBands(frameA: usize, frameB: usize, mix: f32, tilt: f32, semitones: f32, gain: f32): bool {
  if (bands == 0) return false;
  const at = (<usize>noiseOffset) << 2;
  mixLevels(frameA + at, frameB + at, bands, mix, bandDb);
  v128.store(bandDb + ((<usize>bands) << 2), f32x4.splat(FLOOR_DB));
  let levels = bandDb;
  if (semitones != 0.0) {
    levels = shiftedDb;
    for (let i = 0; i < bands; i++) {
      store<f32>(shiftedDb + ((<usize>i) << 2), levelAt(bandDb, bands, load<f32>(bandSources + ((<usize>i) << 2))));
    }
    v128.store(shiftedDb + ((<usize>bands) << 2), f32x4.splat(FLOOR_DB));
  }
  const slope = f32x4.splat(tilt);
  const ceiling = f32x4.splat(CEILING_DB);
  const gains = f32x4.splat(gain);
  let squares = f32x4.splat(0.0);
  let any = false;
  const end = (<usize>bands) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const source = v128.load(levels + i);
    const gate = v128.load32_splat(LIMITS, 8);
    const db = f32x4.pmin(ceiling, f32x4.add(source, f32x4.mul(slope, v128.load(bandOctaves + i))));
    const open = v128.and(f32x4.gt(source, gate), f32x4.gt(db, gate));
    const amplitude = v128.and(open, f32x4.mul(gains, exp2(f32x4.mul(db, v128.load32_splat(LIMITS, 12)))));
    v128.store(bandAmplitudes + i, amplitude);
    squares = f32x4.add(squares, f32x4.mul(amplitude, amplitude));
    if (v128.any_true(open)) any = true;
  }
  power += sum(squares);
  return any;
}

/** Power of the last shaped frame: sum of A^2 / 2 over the partials and of the noise bands' powers, linear. */
export function shapedPower(): f32 {
  return power;
}
