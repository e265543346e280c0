// Noise: spectra of one continuous white noise at hop spacing, coloured by the bands' levels and added to the voice's own spectrum. As neighbouring frames
// are windows of the same noise, the crossfade between them leaves no trace; independent random phases would flutter at the hop rate.
import { MAX_NOISE_BANDS, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../generated/constants';
import { bandPlaceHz } from './bands';
import { realForward } from './fft';
import { blackmanHarris, fftSize, hopSize, MAX_FFT, PHYSICAL_VOICES, sampleRateHz } from './geometry';
import { bandAmplitudes, soundingBands } from './levels';
import { hash } from './random';
import { imaginaryPart, realPart } from './spectra';

/** Floats of the table of noise spectra: about 3.6 s of noise at any sample rate. */
const TABLE_FLOATS: i32 = 524_288;
/** The noise itself is the same in every core. */
const NOISE_SEED: u32 = 0x4e6f6973;
/** Hops in which a voice moves from one place of the table to another, at equal power, so that noise never repeats audibly. */
const CROSSFADE_HOPS: i32 = 16;

/** Rows of [re | im] of bins 0..`stored`-1, `frames` of them, coherent round the end. */
const table: usize = memory.data(TABLE_FLOATS * 4, 16);
let frames: i32 = 1;
/** Bins of a row, a multiple of 4. */
let stored: i32 = 4;
/** First and last bin that carry noise. */
let lowBin: i32 = 0;
let highBin: i32 = 1;

const samples: usize = memory.data(MAX_FFT * 4, 16);
const window: usize = memory.data(MAX_FFT * 4, 16);
const windowed: usize = memory.data(MAX_FFT * 4, 16);
const bins: usize = memory.data((MAX_FFT + 4) * 4, 16);

/** Gain per bin of the frame at hand; room for a vector behind the last bin. */
const gains: usize = memory.data((MAX_FFT / 2 + 8) * 4, 16);

// ---- Per voice -------------------------------------------------------------------------------------------------------

/** [row | row it moves to | hops until the move ends | seed | moves made], i32 each. */
const STATE: i32 = 5 * 4;
const states: usize = memory.data(PHYSICAL_VOICES * STATE, 16);

// ---- Per number of bands: where each stretch between two centres begins ---------------------------------------------------------------

/** A model's layout and another's, so that notes of two models may sound side by side. */
const LAYOUTS: i32 = 2;
/** Stretch: [first bin (i32) | place of that bin between the two centres | step per bin | sqrt(density per band power)] */
const STRETCH: i32 = 16;
const LAYOUT_BYTES: i32 = (MAX_NOISE_BANDS + 2) * STRETCH;
const layouts: usize = memory.data(LAYOUTS * LAYOUT_BYTES, 16);
const layoutBands: usize = memory.data(LAYOUTS * 4, 16);
let newestLayout: i32 = 0;

/** Gain of the last bin, which the upper edge cuts: root of the share inside. */
let highShare: f32 = 1.0;

/** A standard normal number for every index (Box & Muller 1958). */
function gaussian(index: i32): f32 {
  const pair = index >> 1;
  const u = (<f64>hash(NOISE_SEED, 2 * pair) + 0.5) / 4294967296.0;
  const v = <f64>hash(NOISE_SEED, 2 * pair + 1) / 4294967296.0;
  const radius = Math.sqrt(-2.0 * Math.log(u));
  const angle = 2.0 * Math.PI * v;
  return <f32>(radius * ((index & 1) == 0 ? Math.cos(angle) : Math.sin(angle)));
}

/** Fills the table for the geometry now prepared. Not on the audio thread: some ten milliseconds. */
export function prepareNoise(): void {
  const n = fftSize();
  const hop = hopSize();
  const binHz = <f64>sampleRateHz() / <f64>n;
  const lowEdge = <f64>NOISE_LOW_HZ / binHz;
  const highEdge = <f64>NOISE_HIGH_HZ / binHz;
  // One bin below the edge as well: the window blurs by more than the first band is wide, and would take 3 dB from it.
  lowBin = max(0, <i32>Math.floor(lowEdge + 0.5) - 1);
  highBin = min(n / 2 - 1, <i32>Math.floor(highEdge + 0.5));
  highShare = <f32>Math.sqrt(max(0.0, min(1.0, highEdge - (<f64>highBin - 0.5))));
  stored = (highBin + 4) & ~3;
  frames = TABLE_FLOATS / (2 * stored);
  const length = frames * hop;

  // A window slides round the noise, which closes on itself; the middle of the window is the time origin of its row.
  for (let i = 0; i < n; i++) {
    store<f32>(samples + ((<usize>i) << 2), gaussian((i - n / 2 + length) % length));
    store<f32>(window + ((<usize>i) << 2), <f32>((2.0 * blackmanHarris(<f64>(i - n / 2), <f64>n)) / <f64>n));
  }
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < n; i++) {
      const offset = i - n / 2;
      const at = (<usize>i) << 2;
      store<f32>(windowed + ((<usize>(offset & (n - 1))) << 2), load<f32>(samples + at) * load<f32>(window + at));
    }
    realForward(n, windowed, bins);
    const row = table + ((<usize>(frame * 2 * stored)) << 2);
    for (let bin = 0; bin < stored; bin++) {
      store<f32>(row + ((<usize>bin) << 2), load<f32>(bins + ((<usize>bin) << 3)));
      store<f32>(row + ((<usize>(stored + bin)) << 2), load<f32>(bins + ((<usize>bin) << 3), 4));
    }
    memory.copy(samples, samples + ((<usize>hop) << 2), (<usize>(n - hop)) << 2);
    const next = (frame + 1) * hop + n / 2 - hop;
    for (let i = 0; i < hop; i++) store<f32>(samples + ((<usize>(n - hop + i)) << 2), gaussian((next + i) % length));
  }
  equalise(n);
  memory.fill(layoutBands, 0, LAYOUTS * 4);
}

/** Makes every bin's power over the whole table what white noise of variance 1 has on average: some seconds of noise are off by tenths of a dB. */
function equalise(n: i32): void {
  let expected: f64 = 0.0;
  for (let i = 0; i < n; i++)
    expected += <f64>load<f32>(window + ((<usize>i) << 2)) * <f64>load<f32>(window + ((<usize>i) << 2));
  const row = (<usize>(2 * stored)) << 2;
  const imaginary = (<usize>stored) << 2;
  const end = table + row * <usize>frames;
  for (let bin = 0; bin < stored; bin++) {
    let power: f64 = 0.0;
    for (let at = table + ((<usize>bin) << 2); at < end; at += row) {
      const re = <f64>load<f32>(at);
      const im = <f64>load<f32>(at + imaginary);
      power += re * re + im * im;
    }
    const gain = <f32>Math.sqrt((expected * <f64>frames) / power);
    for (let at = table + ((<usize>bin) << 2); at < end; at += row) {
      store<f32>(at, load<f32>(at) * gain);
      store<f32>(at + imaginary, load<f32>(at + imaginary) * gain);
    }
  }
}

/** Places a voice somewhere in the noise. */
export function startNoise(voice: i32, seed: u32): void {
  const state = states + <usize>(voice * STATE);
  const own = hash(seed, 0x6e6f6973);
  store<i32>(state, <i32>(hash(own, 0) % <u32>frames));
  store<i32>(state, 0, 4);
  store<i32>(state, frames / 2, 8);
  store<u32>(state, own, 12);
  store<u32>(state, 1, 16);
}

function buildLayout(layout: usize, bands: i32): void {
  const binHz = <f64>sampleRateHz() / <f64>fftSize();
  for (let i = 0; i <= bands; i++) {
    const at = layout + <usize>(i * STRETCH);
    // Stretch i runs from centre i-1 to centre i; the first and the last hold.
    const from = i > 0 ? bandPlaceHz(<f64>i - 0.5, bands) / binHz : 0.0;
    const to = i < bands ? bandPlaceHz(<f64>i + 0.5, bands) / binHz : from + 1.0;
    const begin = i > 0 ? max(lowBin, min(highBin + 1, <i32>Math.ceil(from))) : lowBin;
    store<i32>(at, begin);
    const holds = i == 0 || i == bands;
    store<f32>(at, holds ? 0.0 : <f32>((<f64>begin - from) / (to - from)), 4);
    store<f32>(at, holds ? 0.0 : <f32>(1.0 / (to - from)), 8);
    if (i < bands) {
      const width = bandPlaceHz(<f64>i + 1.0, bands) - bandPlaceHz(<f64>i, bands);
      // White noise of variance 1 has a one-sided density of 2 / rate.
      store<f32>(at, <f32>Math.sqrt((0.5 * <f64>sampleRateHz()) / width), 12);
    }
  }
  store<i32>(layout + <usize>((bands + 1) * STRETCH), highBin + 1);
}

/** The layout for a number of bands; built (some microseconds) when it is neither of the last two. */
function layoutOf(bands: i32): usize {
  for (let i = 0; i < LAYOUTS; i++) {
    if (load<i32>(layoutBands + ((<usize>i) << 2)) == bands) return layouts + <usize>(i * LAYOUT_BYTES);
  }
  newestLayout = (newestLayout + 1) % LAYOUTS;
  store<i32>(layoutBands + ((<usize>newestLayout) << 2), bands);
  const layout = layouts + <usize>(newestLayout * LAYOUT_BYTES);
  buildLayout(layout, bands);
  return layout;
}

/** Amplitude density between band centres, linear over frequency, as gains of white noise per bin. */
function fillGains(bands: i32): void {
  const layout = layoutOf(bands);
  const ramp = f32x4(0.0, 1.0, 2.0, 3.0);
  let here: f32 = load<f32>(layout, 12) * load<f32>(bandAmplitudes);
  let at = layout;
  for (let i = 0; i <= bands; i++, at += STRETCH) {
    const next = i < bands ? load<f32>(at, 12) * load<f32>(bandAmplitudes + ((<usize>i) << 2)) : here;
    const rise = next - here;
    const step = rise * load<f32>(at, 8);
    let gain = f32x4.add(f32x4.splat(here + rise * load<f32>(at, 4)), f32x4.mul(f32x4.splat(step), ramp));
    const step4 = f32x4.splat(4.0 * step);
    const end = gains + ((<usize>load<i32>(at, STRETCH)) << 2);
    // Whole vectors: what is too much is overwritten by the next stretch.
    for (let bin = gains + ((<usize>load<i32>(at)) << 2); bin < end; bin += 16) {
      v128.store(bin, gain);
      gain = f32x4.add(gain, step4);
    }
    here = next;
  }
  const low = gains + ((<usize>lowBin) << 2);
  const high = gains + ((<usize>highBin) << 2);
  store<f32>(high, load<f32>(high) * highShare);
  for (let bin = gains; bin < low; bin += 4) store<f32>(bin, 0.0);
  // Bin 0 is doubled when the spectrum is folded.
  store<f32>(gains, 0.5 * load<f32>(gains));
  v128.store(high, f32x4.splat(0.0), 4);
}

/** Adds a row of the table times the gains and `factor` to a channel. */
function addRow(channel: i32, row: i32, factor: f32): void {
  const scale = f32x4.splat(factor);
  const bytes = (<usize>stored) << 2;
  const re = realPart(channel);
  const im = imaginaryPart(channel);
  const noise = table + <usize>row * bytes * 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const gain = f32x4.mul(scale, v128.load(gains + i));
    v128.store(re + i, f32x4.add(v128.load(re + i), f32x4.mul(gain, v128.load(noise + i))));
    v128.store(im + i, f32x4.add(v128.load(im + i), f32x4.mul(gain, v128.load(noise + bytes + i))));
  }
}

/** Adds the noise at a place of the table and, for the side signal, at half the table's length from there. */
function addPlace(row: i32, stereo: bool, factor: f32, gainL: f32, gainR: f32, middle: f32, side: f32): void {
  addRow(0, row, factor * gainL * middle);
  if (!stereo) return;
  addRow(1, row, factor * gainR * middle);
  if (side == 0.0) return;
  const other = (row + (frames >> 1)) % frames;
  addRow(0, other, factor * gainL * side);
  addRow(1, other, -factor * gainR * side);
}

/**
 * Adds the noise bands of levels.ts to the spectra and moves the voice one hop on. `width` 0..1: left and right the same .. uncorrelated, at constant
 * power (middle and side at the cosine and sine of width times 45 degrees); without effect unless `stereo`.
 */
export function addNoiseBands(voice: i32, stereo: bool, gainL: f32, gainR: f32, width: f32): void {
  const state = states + <usize>(voice * STATE);
  let row = load<i32>(state);
  let target = load<i32>(state, 4);
  let left = load<i32>(state, 8);
  const bands = soundingBands();
  if (bands > 0) {
    fillGains(bands);
    let middle: f32 = 1.0;
    let side: f32 = 0.0;
    if (stereo && width > 0.0) {
      const angle = 0.25 * Math.PI * <f64>min<f32>(1.0, width);
      middle = <f32>Math.cos(angle);
      side = <f32>Math.sin(angle);
    }
    if (left <= CROSSFADE_HOPS) {
      const turn = (0.5 * Math.PI * <f64>(CROSSFADE_HOPS + 1 - left)) / <f64>(CROSSFADE_HOPS + 1);
      addPlace(row, stereo, <f32>Math.cos(turn), gainL, gainR, middle, side);
      addPlace(target, stereo, <f32>Math.sin(turn), gainL, gainR, middle, side);
    } else {
      addPlace(row, stereo, 1.0, gainL, gainR, middle, side);
    }
  }
  row = (row + 1) % frames;
  target = (target + 1) % frames;
  left--;
  if (left == CROSSFADE_HOPS) {
    const moves = load<u32>(state, 16);
    // Never near its own place nor near the place of the side signal: those would be heard twice.
    const leap = frames / 8 + <i32>(hash(load<u32>(state, 12), moves) % <u32>(frames / 4));
    target = (row + leap) % frames;
    store<u32>(state, moves + 1, 16);
  } else if (left == 0) {
    row = target;
    left = frames / 2;
  }
  store<i32>(state, row);
  store<i32>(state, target, 4);
  store<i32>(state, left, 8);
}
