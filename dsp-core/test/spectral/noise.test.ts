// Noise as it comes out of the core: band powers, no trace of the hop, stereo, no repetition.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ERB_SCALE, ERB_SLOPE, HOP, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../../../plugin/instrument/protocol.ts';
import { buildSpectral, floats, render, type Spectral } from './build.ts';
import { toDb } from './measure.ts';

const BANDS = 32;
const ANALYSIS = 8192;
let core: Spectral;

beforeAll(async () => {
  core = await buildSpectral();
});

const erbRate = (hz: number): number => ERB_SCALE * Math.log10(1 + ERB_SLOPE * hz);
const hzOf = (rate: number): number => (10 ** (rate / ERB_SCALE) - 1) / ERB_SLOPE;
/** Frequency of a place counted in bands from the lower edge. */
const placeHz = (place: number): number =>
  hzOf(erbRate(NOISE_LOW_HZ) + ((erbRate(NOISE_HIGH_HZ) - erbRate(NOISE_LOW_HZ)) * place) / BANDS);

/** Power per band of stretches of sound, by Hann-windowed periodograms in the core's own FFT. */
function bandPowers(signals: Float32Array[], sampleRate: number): number[] {
  const density = new Float64Array(ANALYSIS / 2);
  const hann = Float64Array.from({ length: ANALYSIS }, (_, i) => Math.sin((Math.PI * i) / ANALYSIS) ** 2);
  const buffer = floats(core, core.fftBuffer(), ANALYSIS);
  const bins = floats(core, core.fftSpectrum(), ANALYSIS + 2);
  let count = 0;
  for (const signal of signals) {
    for (let from = 0; from + ANALYSIS <= signal.length; from += ANALYSIS / 2) {
      for (let i = 0; i < ANALYSIS; i++) buffer[i] = hann[i] * signal[from + i];
      core.fftForward(ANALYSIS);
      for (let k = 0; k < density.length; k++) density[k] += bins[2 * k] ** 2 + bins[2 * k + 1] ** 2;
      count++;
    }
  }
  const binHz = sampleRate / ANALYSIS;
  const scale = 2 / (count * ANALYSIS * sampleRate * 0.375);
  return Array.from({ length: BANDS }, (_, band) => {
    let power = 0;
    for (let k = 1; k < density.length; k++) {
      const from = Math.max(placeHz(band), (k - 0.5) * binHz);
      const to = Math.min(placeHz(band + 1), (k + 0.5) * binHz);
      if (to > from) power += density[k] * scale * (to - from);
    }
    return power;
  });
}

/** Power per band that the contract asks for: amplitude density linear over frequency between the centres. */
function wantedPowers(levels: number[]): number[] {
  const centres = levels.map((_, band) => placeHz(band + 0.5));
  const amplitudes = levels.map((db, band) => Math.sqrt(10 ** (db / 10) / (placeHz(band + 1) - placeHz(band))));
  const density = (hz: number): number => {
    const above = centres.findIndex((centre) => centre > hz);
    if (above === 0) return amplitudes[0] ** 2;
    if (above < 0) return amplitudes[BANDS - 1] ** 2;
    const share = (hz - centres[above - 1]) / (centres[above] - centres[above - 1]);
    return (amplitudes[above - 1] + share * (amplitudes[above] - amplitudes[above - 1])) ** 2;
  };
  return levels.map((_, band) => {
    const from = placeHz(band);
    const width = placeHz(band + 1) - from;
    let power = 0;
    for (let i = 0; i < 200; i++) power += (density(from + (width * (i + 0.5)) / 200) * width) / 200;
    return power;
  });
}

function renderNoise(levels: number[], sampleRate: number, seconds: number, seeds: number[]): Float32Array[] {
  core.prepareSpectral(sampleRate);
  return seeds.map(
    (seed) =>
      render(core, { levels: { partials: [], noise: levels }, seconds, sampleRate, f0Hz: () => 440, seed }).left,
  );
}

/** The same density everywhere, in dB per band. */
const white = Array.from({ length: BANDS }, (_, band) => -45 + toDb((placeHz(band + 1) - placeHz(band)) / 100));
/** The same power in every band: close to what pink noise is. */
const flat = new Array<number>(BANDS).fill(-36);
/** A breath: a broad hill about 2 kHz. */
const hill = Array.from(
  { length: BANDS },
  (_, band) => -30 - 3 * Math.abs(Math.log2(placeHz(band + 0.5) / 2000)) ** 1.5,
);

describe.each([
  ['white', white],
  ['flat', flat],
  ['hill', hill],
])('%s', (_name, levels) => {
  test('every band has its power within 0.3 dB', () => {
    const powers = bandPowers(renderNoise(levels, 48_000, 12, [1, 2, 3, 4, 5, 6, 7, 8]), 48_000);
    const errors = wantedPowers(levels).map((wanted, band) => toDb(powers[band] / wanted));
    // The frame resolves about 100 Hz: where a slope is steeper than that, the lowest bands hear their neighbours.
    const from = levels === hill ? 3 : 0;
    expect(Math.max(...errors.slice(from).map(Math.abs))).toBeLessThan(from > 0 ? 0.35 : 0.3);
  });
});

test.each([22_050, 44_100, 96_000, 192_000])('levels do not depend on the sample rate: %i Hz', (sampleRate) => {
  const powers = bandPowers(renderNoise(flat, sampleRate, 6, [1, 2, 3, 4]), sampleRate);
  const wanted = wantedPowers(flat);
  // Groups of four bands: enough noise for a sharp figure in a short render.
  for (let group = 0; group + 4 <= BANDS && placeHz(group + 4) < 0.46 * sampleRate; group += 4) {
    const sum = (list: number[]): number => list.slice(group, group + 4).reduce((a, b) => a + b, 0);
    expect(Math.abs(toDb(sum(powers) / sum(wanted)))).toBeLessThan(0.3);
  }
});

describe('as a signal', () => {
  test('its power does not breathe with the hop', () => {
    const signals = renderNoise(white, 48_000, 12, [1, 2, 3, 4, 5, 6, 7, 8]);
    const profile = new Float64Array(16);
    for (const signal of signals) {
      for (let i = 0; i < signal.length; i++) profile[Math.floor(((i % HOP) * 16) / HOP)] += signal[i] ** 2;
    }
    // Frames of independent phases would breathe by 3 dB; the few seconds of noise in the table differ by some tenths on their own.
    expect(toDb(Math.max(...profile) / Math.min(...profile))).toBeLessThan(0.5);
  });

  test('its values are Gaussian', () => {
    const [signal] = renderNoise(white, 48_000, 8, [3]);
    const moment = (power: number): number => signal.reduce((sum, x) => sum + x ** power, 0) / signal.length;
    expect(Math.abs(moment(4) / moment(2) ** 2 - 3)).toBeLessThan(0.1);
  });

  test('does not repeat: its autocorrelation over many seconds stays small', () => {
    const [signal] = renderNoise(white, 48_000, 12, [2]);
    const length = 24_000;
    const first = signal.subarray(0, length);
    const energy = first.reduce((sum, x) => sum + x * x, 0);
    let largest = 0;
    for (let lag = length; lag + length <= signal.length; lag += HOP) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += first[i] * signal[lag + i];
      largest = Math.max(largest, Math.abs(sum) / energy);
    }
    expect(largest).toBeLessThan(0.1);
  });

  test('width spreads it at constant power', () => {
    core.prepareSpectral(48_000);
    for (const [width, correlation] of [
      [0, 1],
      [0.5, Math.SQRT1_2],
      [1, 0],
    ]) {
      const { left, right } = render(core, {
        levels: { partials: [], noise: white },
        seconds: 6,
        sampleRate: 48_000,
        f0Hz: () => 440,
        stereo: true,
        width,
      });
      let ll = 0;
      let rr = 0;
      let lr = 0;
      for (let i = 0; i < left.length; i++) {
        ll += left[i] ** 2;
        rr += right[i] ** 2;
        lr += left[i] * right[i];
      }
      expect(Math.abs(lr / Math.sqrt(ll * rr) - correlation)).toBeLessThan(0.04);
      const wanted = white.reduce((sum, db) => sum + 10 ** (db / 10), 0);
      expect(Math.abs(toDb(ll / left.length / wanted))).toBeLessThan(0.3);
      expect(Math.abs(toDb(rr / right.length / wanted))).toBeLessThan(0.3);
    }
  });
});
