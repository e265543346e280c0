// Inverse-FFT additive synthesis: the main lobe of the Blackman-Harris window, put where a partial lies (Rodet & Depalle 1992).
import { blackmanHarrisLobe } from './geometry';
import { imaginaryPart, realPart } from './spectra';

/** Positions of a partial between two bins that the table knows; linear interpolation between them errs by less than -105 dB. */
export const LOBE_POSITIONS: i32 = 128;
/** Bins of a lobe: the main lobe is 8 bins wide, zero at both ends, so eight bins hold all of it. */
const WIDTH: i32 = 8;
/** Bins of the lobe before the bin at or below the partial. */
export const LOBE_REACH: i32 = 3;
/** Bytes of a row: WIDTH values, then WIDTH differences to the next position. */
export const LOBE_ROW: i32 = 2 * WIDTH * 4;

const table: usize = memory.data(LOBE_POSITIONS * LOBE_ROW, 64);

/** Fills the table for frames of `size` points; `realInverseSplit` gives size / 2 times the samples, which `re` and `im` make good. */
export function prepareLobes(size: i32): void {
  const n = <f64>size;
  for (let position = 0; position < LOBE_POSITIONS; position++) {
    for (let bin = 0; bin < WIDTH; bin++) {
      const offset = <f64>(bin - LOBE_REACH);
      const here = blackmanHarrisLobe(offset - <f64>position / <f64>LOBE_POSITIONS, n);
      const next = blackmanHarrisLobe(offset - <f64>(position + 1) / <f64>LOBE_POSITIONS, n);
      const at = table + <usize>(position * LOBE_ROW + bin * 4);
      store<f32>(at, <f32>here);
      store<f32>(at, <f32>(next - here), WIDTH * 4);
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, low: v128, high: v128, factor: v128): void {
  v128.store(at, f32x4.add(v128.load(at), f32x4.mul(low, factor)));
  v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(high, factor)), 16);
}

/**
 * Adds lobes to the spectra. Arrays of `count` entries: `bytes` (i32, byte offset of the lobe's first bin from bin 0), `rows` (i32, byte offset of
 * the table row), `between` (0..1 to the next row), `re` and `im` (amplitude times cos and sin of the phase). Zero entries are skipped.
 */
// @ts-ignore: decorator
@inline
function add(
  count: i32,
  stereo: bool,
  bytes: usize,
  rows: usize,
  between: usize,
  re: usize,
  im: usize,
  gainL: f32,
  gainR: f32,
): void {
  const reL = realPart(0);
  const imL = imaginaryPart(0);
  const reR = realPart(1);
  const imR = imaginaryPart(1);
  const left = f32x4.splat(gainL);
  const right = f32x4.splat(gainR);
  const end = (<usize>count) << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const cosine = v128.load32_splat(re + i);
    const sine = v128.load32_splat(im + i);
    if (!v128.any_true(v128.or(cosine, sine))) continue;
    const row = table + <usize>load<i32>(rows + i);
    const t = v128.load32_splat(between + i);
    const low = f32x4.add(v128.load(row), f32x4.mul(t, v128.load(row, 32)));
    const high = f32x4.add(v128.load(row, 16), f32x4.mul(t, v128.load(row, 48)));
    const at = load<i32>(bytes + i);
    addTo(reL + at, low, high, f32x4.mul(left, cosine));
    addTo(imL + at, low, high, f32x4.mul(left, sine));
    if (stereo) {
      addTo(reR + at, low, high, f32x4.mul(right, cosine));
      addTo(imR + at, low, high, f32x4.mul(right, sine));
    }
  }
}

export function addLobes(count: i32, bytes: usize, rows: usize, between: usize, re: usize, im: usize, gain: f32): void {
  add(count, false, bytes, rows, between, re, im, gain, 0.0);
}

export function addLobesStereo(
  count: i32,
  bytes: usize,
  rows: usize,
  between: usize,
  re: usize,
  im: usize,
  gainL: f32,
  gainR: f32,
): void {
  add(count, true, bytes, rows, between, re, im, gainL, gainR);
}
