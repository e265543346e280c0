// One power spectrum as partials plus noise bands: the most likely levels of both together.

import { MAX_FFT } from './fft.ts';
import { ANALYSIS_RATE, NOISE_BANDS, noiseCentresHz, noiseWidthsHz, PARTIALS } from './layout.ts';
import { LOBE_BINS, LOBE_POINTS, type Lobe } from './window.ts';

const ITERATIONS = 14;
/** After this many iterations partials that do not stand out of the noise are given up. */
const PRUNE_AT = 7;
/** A partial's power over the noise in its own bin below which it is taken for noise. */
const PRUNE_RATIO = 2.5;
/** Reach of a partial's lobe in the fit, in bins of 1 / window length. */
const REACH_BINS = 14;
/** A partial's own level is taken from this much of its lobe: farther out the lobes of moving partials are no longer those of the window. */
const CORE_BINS = 1;

/** At these iterations it is decided anew which bins are left to the noise. */
const TRUST_AT = [2, 5, 8, 11];
/** Beside a partial that trembles or beats stands more than its lobe: this share of its peak, falling by the fourth power from SKIRT_BINS on. */
const SKIRT_SHARE = 0.05;
const SKIRT_BINS = 1.5;
/** A valley begins this far from the nearest partial, in bins of 1 / window length. */
const VALLEY_BINS = 2;
/** A noise band with fewer trusted bins than this is no louder than its neighbours. */
const FEWEST_BINS = 1;
/** A band of as few bins (of 1 / window length) hears each neighbour half as much as itself. */
const SHARED_BINS = 0.5;
/** From this iteration on no bin counts for more than this much of the model: what stands out of noise by more is not noise. */
const OUTLIERS_AT = 4;
const OUTLIER_RATIO = 2;
/** A partial is clear when it stands this far above the valley beside it. */
const CLEAR_RATIO = 30;
/** A cell around a partial is tonal where a bin stands this far above the noise. */
const TONAL_RATIO = 10;

/** For each bin of an FFT size: which two noise bands it lies between, and how far. */
interface NoiseGrid {
  readonly band: Uint8Array;
  readonly share: Float32Array;
}

function noiseGrid(size: number): NoiseGrid {
  const bins = size / 2 + 1;
  const band = new Uint8Array(bins);
  const share = new Float32Array(bins);
  let b = 0;
  for (let i = 0; i < bins; i++) {
    const hz = (i * ANALYSIS_RATE) / size;
    while (b < NOISE_BANDS - 2 && hz > noiseCentresHz[b + 1]) b++;
    band[i] = b;
    share[i] = Math.min(1, Math.max(0, (hz - noiseCentresHz[b]) / (noiseCentresHz[b + 1] - noiseCentresHz[b])));
  }
  return { band, share };
}

/**
 * Fits a power spectrum by partials of known frequencies and noise whose amplitude density is linear between the bands' centres (as the core
 * plays it), minimising the Itakura-Saito divergence by multiplicative updates (Fevotte, Bertin, Durrieu 2009): the maximum likelihood of Gaussian
 * noise. Because the lobes of the window are part of the model, leakage is not taken for noise, nor noise for partials.
 */
export class SpectrumFit {
  /** Power A^2 / 2 of each partial (index k - 1); 0 where none was found. */
  readonly partialPower = new Float64Array(PARTIALS);
  /** One-sided power density per Hz at the centre of each noise band. */
  readonly noiseDensity = new Float64Array(NOISE_BANDS);
  /** Power that the noise would lend each partial if it were taken for one. */
  readonly maskedPower = new Float64Array(PARTIALS);

  private readonly grids = new Map<number, NoiseGrid>();
  /** How far each bin is trusted to show noise, 0..1: little in the skirts of partials. */
  private readonly trust = new Float64Array(MAX_FFT / 2 + 1);
  private readonly model = new Float64Array(MAX_FFT / 2 + 1);
  private readonly noiseAmplitude = new Float64Array(MAX_FFT / 2 + 1);
  private readonly amplitude = new Float64Array(NOISE_BANDS);
  private readonly above = new Float64Array(NOISE_BANDS);
  private readonly below = new Float64Array(NOISE_BANDS);
  private readonly density = new Float64Array(NOISE_BANDS);
  /** Geometric mean of the bins of each partial's cell outside its lobe; 0 where there are none. */
  private readonly valley = new Float64Array(PARTIALS);
  private readonly valleyBins = new Float64Array(PARTIALS);
  private readonly lowest = new Float64Array(NOISE_BANDS);
  private readonly highest = new Float64Array(NOISE_BANDS);
  private readonly first = new Int32Array(PARTIALS);
  private readonly last = new Int32Array(PARTIALS);
  private readonly lobeStart = new Int32Array(PARTIALS);
  private readonly coreFirst = new Int32Array(PARTIALS);
  private readonly coreLast = new Int32Array(PARTIALS);
  private lobeWeights = new Float32Array(PARTIALS * 64);

  /**
   * `power` |X|^2 of bins 0..size / 2 of a spectrum with window length `length` (samples), sum `windowSum` and sum of squares `windowEnergy`;
   * `partialHz` of the first `partials` partials. Bins below `lowHz` and above `highHz` are left out. Results stand in the fields.
   */
  fit(
    power: Float32Array,
    size: number,
    length: number,
    windowSum: number,
    windowEnergy: number,
    lobe: Lobe,
    partialHz: Float64Array,
    partials: number,
    lowHz: number,
    highHz: number,
  ): void {
    let grid = this.grids.get(size);
    if (!grid) {
      grid = noiseGrid(size);
      this.grids.set(size, grid);
    }
    const { band, share } = grid;
    const { model, noiseAmplitude, amplitude, above, below, first, last, lobeStart, partialPower, noiseDensity } = this;
    const { coreFirst, coreLast, trust } = this;
    const hzPerBin = ANALYSIS_RATE / size;
    const low = Math.max(1, Math.ceil(lowHz / hzPerBin));
    const high = Math.min(size / 2 - 1, Math.floor(highHz / hzPerBin));
    const lobesPerBin = length / size;
    const reach = Math.floor(Math.min(REACH_BINS, LOBE_BINS - 1) / lobesPerBin);
    // Scales from power to |X|^2: a sine of power P peaks at P/2 (sum w)^2; noise of density D lies at D rate/2 sum w^2.
    const sineScale = 0.5 * windowSum * windowSum;
    const noiseScale = 0.5 * ANALYSIS_RATE * windowEnergy;

    let loudest = 1e-30;
    for (let i = low; i <= high; i++) if (power[i] > loudest) loudest = power[i];
    const floor = loudest * 1e-11;

    // The lobes, folded at DC.
    let used = 0;
    const needed = partials * (2 * reach + 2);
    if (this.lobeWeights.length < needed) this.lobeWeights = new Float32Array(needed);
    const weights = this.lobeWeights;
    const table = lobe.power;
    for (let k = 0; k < partials; k++) {
      const at = partialHz[k] / hzPerBin;
      const from = Math.max(low, Math.ceil(at - reach));
      const to = Math.min(high, Math.floor(at + reach));
      first[k] = from;
      last[k] = to;
      lobeStart[k] = used;
      const core = CORE_BINS / lobesPerBin;
      coreFirst[k] = Math.max(low, Math.ceil(at - core));
      coreLast[k] = Math.min(high, Math.floor(at + core));
      for (let i = from; i <= to; i++) {
        const x = Math.abs(i - at) * lobesPerBin * LOBE_POINTS;
        const n = x | 0;
        let w = table[n] + (x - n) * (table[n + 1] - table[n]);
        const y = (i + at) * lobesPerBin * LOBE_POINTS;
        const m = y | 0;
        if (m < table.length - 1) w += table[m] + (y - m) * (table[m + 1] - table[m]);
        weights[used++] = w * sineScale;
      }
    }

    // Where to begin: partials at their peaks, noise at the geometric mean of what lies in the valleys of its band; a band without valleys
    // begins between its neighbours, and no higher than its lowest bin.
    const { lowest, highest, valley, valleyBins } = this;
    highest.fill(0);
    valley.fill(0);
    valleyBins.fill(0);
    above.fill(0);
    below.fill(0);
    lowest.fill(loudest);
    for (let i = low, k = 0; i <= high; i++) {
      while (k < partials - 1 && Math.abs(partialHz[k + 1] - i * hzPerBin) < Math.abs(partialHz[k] - i * hzPerBin)) k++;
      const b = share[i] > 0.5 ? band[i] + 1 : band[i];
      if (power[i] < lowest[b]) lowest[b] = power[i];
      if (power[i] > highest[band[i]]) highest[band[i]] = power[i];
      if (power[i] > highest[band[i] + 1]) highest[band[i] + 1] = power[i];
      if (partials > 0 && Math.abs(partialHz[k] / hzPerBin - i) * lobesPerBin < VALLEY_BINS) continue;
      const level = Math.log(power[i] + floor);
      above[b] += level;
      below[b] += 1;
      valley[k] += level;
      valleyBins[k] += 1;
    }
    for (let k = 0; k < partials; k++) valley[k] = valleyBins[k] > 0 ? Math.exp(valley[k] / valleyBins[k]) : 0;
    for (let b = 0; b < NOISE_BANDS; b++) {
      below[b] *= lobesPerBin;
      amplitude[b] =
        below[b] >= FEWEST_BINS
          ? Math.sqrt(Math.exp((above[b] * lobesPerBin) / below[b]))
          : Math.sqrt(lowest[b] + floor);
    }
    this.bridge();
    for (let k = 0; k < partials; k++) {
      const at = Math.round(partialHz[k] / hzPerBin);
      const i = Math.min(high, Math.max(low, at));
      partialPower[k] = last[k] < first[k] ? 0 : (0.7 * power[i]) / sineScale;
    }
    for (let k = partials; k < PARTIALS; k++) partialPower[k] = 0;

    trust.fill(1, low, high + 1);
    for (let iteration = 0; iteration <= ITERATIONS; iteration++) {
      for (let i = low; i <= high; i++) {
        const b = band[i];
        const a = amplitude[b] + share[i] * (amplitude[b + 1] - amplitude[b]);
        noiseAmplitude[i] = a;
        model[i] = a * a + floor;
      }
      if (iteration === PRUNE_AT) {
        for (let k = 0; k < partials; k++) {
          const i = Math.min(high, Math.max(low, Math.round(partialHz[k] / hzPerBin)));
          if (partialPower[k] * sineScale < PRUNE_RATIO * model[i]) partialPower[k] = 0;
        }
      }
      if (TRUST_AT.includes(iteration))
        this.findTrust(partialHz, partials, hzPerBin, lobesPerBin, sineScale, low, high);
      for (let k = 0; k < partials; k++) {
        const p = partialPower[k];
        if (p <= 0) continue;
        for (let i = first[k], w = lobeStart[k]; i <= last[k]; i++, w++) model[i] += p * weights[w];
      }
      if (iteration === ITERATIONS) break;
      const outlier = iteration < OUTLIERS_AT ? Infinity : OUTLIER_RATIO;
      // The mean of an exponentially distributed power that is cut there.
      const expected = 1 - Math.exp(-outlier);
      above.fill(0);
      below.fill(0);
      for (let i = low; i <= high; i++) {
        const inverse = 1 / model[i];
        const ratio = Math.min(power[i] * inverse, outlier) * inverse;
        const b = band[i];
        const s = share[i];
        const up = trust[i] * noiseAmplitude[i] * ratio;
        const down = trust[i] * noiseAmplitude[i] * inverse * expected;
        above[b] += (1 - s) * up;
        below[b] += (1 - s) * down;
        above[b + 1] += s * up;
        below[b + 1] += s * down;
      }
      for (let k = 0; k < partials; k++) {
        const p = partialPower[k];
        if (p <= 0) continue;
        let up = 0;
        let down = 0;
        for (let i = coreFirst[k], w = lobeStart[k] + i - first[k]; i <= coreLast[k]; i++, w++) {
          const share_ = weights[w] / model[i];
          up += (share_ * power[i]) / model[i];
          down += share_;
        }
        partialPower[k] = down > 0 ? p * (up / down) : 0;
      }
      // The root: what is multiplied is an amplitude, what is compared are powers.
      for (let b = 0; b < NOISE_BANDS; b++) {
        if (below[b] <= 0) continue;
        // A band that hardly touches its bins would otherwise grow to explain them alone.
        amplitude[b] = Math.min(amplitude[b] * Math.sqrt(above[b] / below[b]), Math.sqrt(highest[b]));
      }
      if (iteration >= PRUNE_AT) {
        this.countTrusted(band, share, low, high, lobesPerBin);
        this.bridge();
      }
    }
    this.balanceCells(power, partialHz, partials, hzPerBin, 0.5 * windowEnergy * size, low, high);
    this.share(length);
    for (let b = 0; b < NOISE_BANDS; b++) noiseDensity[b] = (amplitude[b] * amplitude[b]) / noiseScale;
    for (let k = 0; k < partials; k++) {
      const i = Math.min(high, Math.max(low, Math.round(partialHz[k] / hzPerBin)));
      this.maskedPower[k] = (noiseAmplitude[i] * noiseAmplitude[i]) / sineScale;
    }
    for (let k = partials; k < PARTIALS; k++) this.maskedPower[k] = 0;
  }

  /** Narrow bands, which a few bins decide, share their density with their neighbours. */
  private share(length: number): void {
    const { amplitude, density } = this;
    for (let b = 0; b < NOISE_BANDS; b++) density[b] = amplitude[b] * amplitude[b];
    for (let b = 0; b < NOISE_BANDS; b++) {
      const share = SHARED_BINS / (SHARED_BINS + (noiseWidthsHz[b] * length) / ANALYSIS_RATE);
      const left = density[Math.max(0, b - 1)];
      const right = density[Math.min(NOISE_BANDS - 1, b + 1)];
      amplitude[b] = Math.sqrt((density[b] + share * (left + right)) / (1 + 2 * share));
    }
  }

  /** Trusted bins (of 1 / window length) of each band, into `below`. */
  private countTrusted(band: Uint8Array, share: Float32Array, low: number, high: number, lobesPerBin: number): void {
    const { trust, below } = this;
    below.fill(0);
    for (let i = low; i <= high; i++) {
      const bins = trust[i] * lobesPerBin;
      below[band[i]] += (1 - share[i]) * bins;
      below[band[i] + 1] += share[i] * bins;
    }
  }

  /** Bands with too few bins (counted in `below`) are interpolated from their neighbours, where that is less. */
  private bridge(): void {
    const { amplitude, below } = this;
    for (let b = 0, left = -1; b < NOISE_BANDS; b++) {
      if (below[b] >= FEWEST_BINS) {
        left = b;
        continue;
      }
      let right = b + 1;
      while (right < NOISE_BANDS && below[right] < FEWEST_BINS) right++;
      if (left < 0 && right === NOISE_BANDS) return;
      let bridged = amplitude[left < 0 ? right : left];
      if (left >= 0 && right < NOISE_BANDS) {
        const t = (b - left) / (right - left);
        bridged = amplitude[left] ** (1 - t) * amplitude[right] ** t;
      }
      amplitude[b] = Math.min(amplitude[b], bridged);
    }
  }

  private findTrust(
    partialHz: Float64Array,
    partials: number,
    hzPerBin: number,
    lobesPerBin: number,
    sineScale: number,
    low: number,
    high: number,
  ): void {
    const { trust, partialPower, noiseAmplitude, first, last } = this;
    trust.fill(0, low, high + 1);
    for (let k = 0; k < partials; k++) {
      if (partialPower[k] <= 0) continue;
      const skirt = SKIRT_SHARE * partialPower[k] * sineScale;
      const at = partialHz[k] / hzPerBin;
      for (let i = first[k]; i <= last[k]; i++) {
        const d = ((i - at) * lobesPerBin) / SKIRT_BINS;
        trust[i] += skirt / (1 + d * d * d * d);
      }
    }
    for (let i = low; i <= high; i++) {
      const noise = noiseAmplitude[i] * noiseAmplitude[i];
      trust[i] = noise / (noise + trust[i] + 1e-300);
    }
    // Under the lobe of a partial that stands out clearly nothing can be heard of the noise.
    for (let k = 0; k < partials; k++) {
      if (partialPower[k] * sineScale < CLEAR_RATIO * this.valley[k]) continue;
      const at = partialHz[k] / hzPerBin;
      const reach = VALLEY_BINS / lobesPerBin;
      trust.fill(0, Math.max(low, Math.ceil(at - reach)), Math.min(high, Math.floor(at + reach)) + 1);
    }
  }

  /** What stands around a partial beyond the fit (a second string, a wider lobe, an inharmonic neighbour) is given to it, so that no power is lost. */
  private balanceCells(
    power: Float32Array,
    partialHz: Float64Array,
    partials: number,
    hzPerBin: number,
    lobeSum: number,
    low: number,
    high: number,
  ): void {
    const { model, noiseAmplitude, partialPower } = this;
    for (let k = 0; k < partials; k++) {
      const at = partialHz[k];
      const before = k > 0 ? 0.5 * (partialHz[k - 1] + at) : 0.5 * at;
      const after = k < partials - 1 ? 0.5 * (at + partialHz[k + 1]) : at + (at - before);
      const from = Math.max(low, Math.ceil(before / hzPerBin));
      const to = Math.min(high, Math.ceil(after / hzPerBin) - 1);
      let excess = 0;
      let tonal = false;
      for (let i = from; i <= to; i++) {
        excess += power[i] - model[i];
        if (power[i] > TONAL_RATIO * noiseAmplitude[i] * noiseAmplitude[i]) tonal = true;
      }
      if (tonal && excess > 0) partialPower[k] += excess / lobeSum;
    }
  }
}
