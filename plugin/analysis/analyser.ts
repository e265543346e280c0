// The analyser: a sound becomes a row of features, levels of partials and noise bands over the time of a note.
import { FLOOR_DB } from '../instrument/protocol.ts';
import { ATTACK_BANDS, Attack, attackBand } from './attack.ts';
import { FftCache, type FftSource, MAX_FFT } from './fft.ts';
import { FrameSpectrum } from './frame-spectrum.ts';
import {
  ANALYSIS_RATE,
  CENTS_COLUMN,
  COLUMNS,
  DETUNE_COLUMN,
  DETUNES,
  FRAMES,
  frameTimes,
  INHARMONICITY_COLUMN,
  LOUDEST_FRAME_DB,
  NOISE_BANDS,
  NOISE_COLUMN,
  noiseCentresHz,
  noiseWidthsHz,
  PARTIALS,
  partialRatio,
  RELEASE_COLUMN,
  VIBRATO_COLUMN,
} from './layout.ts';
import { findOnset } from './onset.ts';
import { detectPitch } from './pitch.ts';
import { measureRelease } from './release.ts';
import { SpectrumFit } from './spectrum-fit.ts';
import { halfHarmonics, longSpectrum, measureTuning, oddShare, searchF0, type Tuning } from './tuning.ts';
import { findVibrato, type PitchContour, type Vibrato } from './vibrato.ts';
import { Lobes } from './window.ts';

/** A sound shorter than this after its onset is refused, seconds. */
export const MIN_SECONDS = 0.03;
/** A sound whose loudest sample is below this (-80 dB) is silent. */
const SILENCE = 1e-4;
/** So many samples in a row at full scale are a flat top. */
const FLAT_SAMPLES = 3;
const FULL_SCALE = 0.9985;
/** Moments of analysis lie at most this far apart, seconds; several together make a late frame. */
const LONGEST_STEP = 0.045;
/** The 3 ms window that finds the onset is centred: what it hears first lies this far ahead, samples. */
const ONSET_LEAD = 71;
/** A window begins no earlier than this before the onset, samples ... */
const GUARD = 16;
/** ... and has at least this share of its length before its top, so that it rises smoothly. */
const SHORTEST_RISE = 0.15;
/** Half-harmonics stronger than this share of the harmonics mean that the true f0 is an octave lower. */
const HALF_HARMONICS = 0.02;
/** Odd partials weaker than this share of the even ones mean that the true f0 is an octave higher. */
const ODD_SHARE = 1e-4;
/** A window is shortened until the pitch moves the 8th partial by no more than this many of its bins. */
const MOST_CHIRP_BINS = 1;
const CHIRP_PARTIAL = 8;
/** Moments are averaged over this power of their powers: between the mean level in dB (0), which the ear follows, and the mean power (1). */
const MEAN_EXPONENT = 0.15;
/** The same for noise, whose moments scatter by chance. */
const NOISE_MEAN_EXPONENT = 0.3;
/** What lies lower is rumble or an offset, which short windows would smear over the lowest noise bands. */
const RUMBLE_HZ = 22;
/** The pitch contour, in which vibrato is looked for: spacing, seconds; window in periods, at least so many samples. */
const CONTOUR_STEP = 0.0125;
const CONTOUR_PERIODS = 5;
const CONTOUR_SHORTEST = 1536;
/** f0 is heard from the partials below this, a few more where they are high. */
const CONTOUR_HZ = 6500;
const CONTOUR_PARTIALS = 3.5;
/** A vibrato deeper than this hides where each partial lies, cents. */
const DEEP_VIBRATO_CENTS = 6;
/** Pitch that a sound without one is analysed at, MIDI note. */
const UNPITCHED_KEY = 60;

/** What is known about a sound before it is analysed. */
export interface SoundLabel {
  /** Nominal MIDI note, or null where it is to be found. */
  key: number | null;
  /** 0..1 or null. */
  velocity: number | null;
  /** Seconds from the start of the sound to the moment its key was let go; without it no release is measured. */
  holdSeconds?: number | null;
}

export interface SoundFeatures {
  /** FRAMES x COLUMNS, see layout.ts: levels in dB, inharmonicity, cents against `pitch`, vibrato, detunes. */
  frames: Float32Array;
  /** MIDI note, fractional: the measured f0. */
  pitch: number;
  /** False where no pitch was known or found, and the sound was taken for a C4. */
  pitched: boolean;
  /** Seconds from the onset to the end of the sound, at most FRAME_SECONDS. */
  seconds: number;
  /** What normalising added to the levels, dB. */
  gainDb: number;
  inharmonicity: number;
  /** Share of the power that the partials carry, 0..1. */
  voiced: number;
  /** Sample of the onset. */
  onset: number;
  /** Share of samples that stand at full scale in flat tops, 0..1: what was cut off there is lost. */
  clipped: number;
}

/** The sound cannot be analysed; the message is a sentence for the musician. */
export class UnfitSound extends Error {}

interface SoundTuning extends Tuning {
  pitched: boolean;
}

interface Moment {
  seconds: number;
  /** Frames that it lies between: `frame` and `frame` + 1, by `share`. */
  frame: number;
  share: number;
}

const moments: readonly Moment[] = frameTimes.flatMap((t, frame) => {
  const next = frameTimes[frame + 1];
  if (next === undefined) return [{ seconds: t, frame, share: 0 }];
  const steps = Math.ceil((next - t) / LONGEST_STEP);
  return Array.from({ length: steps }, (_, i) => ({
    seconds: t + (i / steps) * (next - t),
    frame,
    share: i / steps,
  }));
});

export function midiOfHz(hz: number): number {
  return 69 + 12 * Math.log2(hz / 440);
}

export function hzOfMidi(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}

/** One at a time per thread: it owns buffers, and its FFT source is shared. */
export class Analyser {
  private readonly fft: FftCache;
  private readonly lobes: Lobes;
  private readonly spectrum: FrameSpectrum;
  private readonly fit = new SpectrumFit();
  private readonly partialHz = new Float64Array(PARTIALS);
  private readonly partialSum = new Float64Array(FRAMES * PARTIALS);
  private readonly noiseSum = new Float64Array(FRAMES * NOISE_BANDS);
  private readonly centsSum = new Float64Array(FRAMES);
  private readonly centsWeight = new Float64Array(FRAMES);
  private readonly momentWeight = new Float64Array(FRAMES);
  private heard = 0;
  private readonly corrections = new Float64Array(ATTACK_BANDS);
  private readonly deviations = new Float64Array(PARTIALS);
  private readonly deviationWeights = new Float64Array(PARTIALS);

  constructor(source: FftSource) {
    this.fft = new FftCache(source);
    this.lobes = new Lobes(this.fft);
    this.spectrum = new FrameSpectrum(this.fft);
  }

  /** Analyses a mono sound at ANALYSIS_RATE. Throws UnfitSound for silence and for what is too short. */
  analyse(samples: Float32Array, label: SoundLabel): SoundFeatures {
    const sound = this.check(samples);
    const heard = findOnset(sound, ANALYSIS_RATE);
    const onset = heard > 0 ? Math.min(sound.length, heard + ONSET_LEAD) : 0;
    const end = lastSound(sound);
    const available = (end - onset) / ANALYSIS_RATE;
    if (available < MIN_SECONDS) {
      const ms = Math.max(1, Math.round(available * 1000));
      throw new UnfitSound(`${ms} ms is too short; at least ${MIN_SECONDS * 1000} ms are needed.`);
    }
    const tuning = this.tune(sound, onset, label.key);
    const clean = highPass(sound, Math.min(RUMBLE_HZ, 0.4 * tuning.f0Hz));
    const release = label.holdSeconds ? measureRelease(clean, Math.round(label.holdSeconds * ANALYSIS_RATE)) : 0;
    return { ...this.measure(clean, onset, end, tuning, release), clipped: clippedShare(sound) };
  }

  private check(samples: Float32Array): Float32Array {
    let peak = 0;
    for (let n = 0; n < samples.length; n++) {
      const a = Math.abs(samples[n]);
      if (!Number.isFinite(a)) throw new UnfitSound('the sound contains samples that are not numbers.');
      if (a > peak) peak = a;
    }
    if (peak < SILENCE) throw new UnfitSound('silent.');
    return samples;
  }

  private tune(sound: Float32Array, onset: number, key: number | null): SoundTuning {
    const { spectrum } = this;
    const known = key ?? detectPitch(sound, onset, this.fft);
    const nominal = known ?? UNPITCHED_KEY;
    longSpectrum(sound, onset, hzOfMidi(nominal), spectrum);
    let tuning = measureTuning(spectrum, searchF0(spectrum, hzOfMidi(nominal)));
    if (oddShare(spectrum, tuning) < ODD_SHARE && tuning.f0Hz < 2200) {
      tuning = measureTuning(spectrum, tuning.f0Hz * 2);
    } else {
      // An organ may sound one or two octaves below its key.
      for (let octaves = 0; octaves < 2; octaves++) {
        if (tuning.f0Hz < 50 || halfHarmonics(spectrum, tuning) < HALF_HARMONICS) break;
        longSpectrum(sound, onset, tuning.f0Hz / 2, spectrum);
        tuning = measureTuning(spectrum, tuning.f0Hz / 2);
      }
    }
    return { ...tuning, pitched: known !== null };
  }

  private measure(
    sound: Float32Array,
    onset: number,
    end: number,
    given: SoundTuning,
    release: number,
  ): Omit<SoundFeatures, 'clipped'> {
    const { partialSum, noiseSum, centsSum, centsWeight, momentWeight, spectrum, fit, partialHz } = this;
    for (const sums of [partialSum, noiseSum, centsSum, centsWeight, momentWeight]) sums.fill(0);
    const period = ANALYSIS_RATE / given.f0Hz;
    const shortest = Math.min(MAX_FFT, Math.max(512, Math.round(4 * period)));
    const longest = Math.min(MAX_FFT, Math.max(2048, Math.round(10 * period)));
    const seconds = Math.min(frameTimes[FRAMES - 1], (end - onset) / ANALYSIS_RATE);
    const attack = new Attack(sound, onset, given.f0Hz, longest);
    const { tuning, vibrato } = this.sway(sound, onset, seconds, given);
    for (const moment of moments) {
      if (moment.seconds > seconds) break;
      const at = Math.round(moment.seconds * ANALYSIS_RATE);
      const top = onset + at;
      const wanted = Math.min(longest, Math.max(shortest, 2 * at));
      const length = at > wanted && top + wanted < end ? this.steady(sound, top, wanted, shortest, tuning) : wanted;
      // The window does not reach before the onset nor behind the end, where silence would be taken for level; near either its top moves inwards.
      const begin = Math.max(onset - GUARD, top - (length >> 1));
      const stop = Math.min(end + GUARD, begin + length);
      const start = Math.max(begin, Math.min(onset - GUARD, stop - length), stop - length);
      const whole = stop - start;
      if (whole < 256) continue;
      const edge = Math.ceil(SHORTEST_RISE * whole);
      const peak = Math.min(stop - edge, Math.max(start + edge, top));
      const rise = peak - start;
      const fall = stop - peak;
      spectrum.begin(rise, fall);
      spectrum.add(sound, peak);
      const swing = vibrato ? vibrato.cents((peak - onset) / ANALYSIS_RATE, whole / ANALYSIS_RATE) : 0;
      const cents = this.follow(tuning) - swing;
      fit.fit(
        spectrum.power,
        spectrum.size,
        spectrum.length,
        spectrum.windowSum,
        spectrum.windowEnergy,
        this.lobes.nearest(rise, fall),
        partialHz,
        tuning.partials,
        Math.min(30, 0.7 * tuning.f0Hz),
        18_000,
      );
      if (attack.touches(top)) {
        attack.corrections(top, peak, rise, fall, this.corrections);
        this.correct();
      }
      this.add(moment.frame, 1 - moment.share, cents);
      if (moment.share > 0) this.add(moment.frame + 1, moment.share, cents);
    }
    const features = this.normalise(tuning, seconds, onset);
    for (let j = 0; j < FRAMES; j++) {
      const row = j * COLUMNS;
      features.frames[row + VIBRATO_COLUMN] = vibrato ? vibrato.depth(frameTimes[j]) : 0;
      features.frames[row + VIBRATO_COLUMN + 1] = vibrato ? vibrato.rateHz : 0;
      features.frames.set(tuning.detunes, row + DETUNE_COLUMN);
      features.frames[row + RELEASE_COLUMN] = release;
    }
    return features;
  }

  /** The vibrato of a sound, and its tuning without it: the pitch is the middle of the contour, not where a spectrum of the whole has its peaks. */
  private sway(
    sound: Float32Array,
    onset: number,
    seconds: number,
    given: SoundTuning,
  ): { tuning: SoundTuning; vibrato: Vibrato | null } {
    if (!given.pitched) return { tuning: given, vibrato: null };
    const contour = this.contour(sound, onset, seconds, given);
    const vibrato = findVibrato(contour);
    if (!vibrato) return { tuning: given, vibrato };
    if (Math.max(...frameTimes.map((t) => vibrato.depth(t))) < DEEP_VIBRATO_CENTS) {
      return { tuning: { ...given, f0Hz: middle(given, contour) }, vibrato };
    }
    // A deep vibrato hides where single partials lie, and what was taken for their places bends the contour.
    const plain = { ...given, deviation: new Float64Array(PARTIALS).fill(1), detunes: new Float32Array(DETUNES) };
    const tuning = { ...plain, f0Hz: middle(plain, this.contour(sound, onset, seconds, plain)) };
    return { tuning, vibrato };
  }

  /** f0 every CONTOUR_STEP over the first `seconds`, weighted by how loud the partials are that it was heard from. */
  private contour(sound: Float32Array, onset: number, seconds: number, tuning: Tuning): PitchContour {
    const { spectrum } = this;
    const length = Math.min(
      MAX_FFT,
      Math.max(CONTOUR_SHORTEST, Math.round((CONTOUR_PERIODS * ANALYSIS_RATE) / tuning.f0Hz)),
    );
    const half = length >> 1;
    const start = half / ANALYSIS_RATE;
    const count = Math.max(0, Math.floor((seconds - 2 * start) / CONTOUR_STEP));
    const cents = new Float64Array(count);
    const weight = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      spectrum.begin(half, length - half, Math.max(CONTOUR_HZ, CONTOUR_PARTIALS * tuning.f0Hz));
      spectrum.add(sound, onset + Math.round((start + n * CONTOUR_STEP) * ANALYSIS_RATE));
      cents[n] = this.deviation(tuning);
      weight[n] = this.heard > 0 ? 1 : 0;
    }
    return { cents, weight, count, start, step: CONTOUR_STEP, windowSeconds: length / ANALYSIS_RATE };
  }

  /** The longest window, up to `wanted` samples, in which a gliding or vibrating pitch stays within a bin. */
  private steady(sound: Float32Array, top: number, wanted: number, shortest: number, tuning: Tuning): number {
    const { spectrum } = this;
    const half = shortest >> 1;
    const highHz = Math.max(CONTOUR_HZ, CONTOUR_PARTIALS * tuning.f0Hz);
    const apart = wanted >> 2;
    spectrum.begin(half, shortest - half, highHz);
    spectrum.add(sound, top - apart);
    const before = this.deviation(tuning);
    spectrum.begin(half, shortest - half, highHz);
    spectrum.add(sound, top + apart);
    const after = this.deviation(tuning);
    // Cents over half the window; twice that over the whole.
    const movedHz = tuning.f0Hz * CHIRP_PARTIAL * Math.abs(2 ** ((2 * (after - before)) / 1200) - 1);
    const bins = (movedHz * wanted) / ANALYSIS_RATE;
    if (!(bins > MOST_CHIRP_BINS)) return wanted;
    return Math.max(shortest, Math.round(wanted * Math.sqrt(MOST_CHIRP_BINS / bins)));
  }

  /** Sets `partialHz` to where the partials are at this moment, and says how many cents f0 lies from the sound's. */
  private follow(tuning: Tuning): number {
    const cents = this.deviation(tuning);
    const { spectrum, partialHz } = this;
    const { f0Hz, inharmonicity, deviation, partials } = tuning;
    const binsHz = ANALYSIS_RATE / spectrum.length;
    const shift = 2 ** (cents / 1200);
    for (let k = 1; k <= partials; k++) {
      const hz = f0Hz * partialRatio(k, inharmonicity) * deviation[k - 1] * shift;
      const reach = Math.min(0.3 * f0Hz, 1.2 * binsHz);
      const i = spectrum.peak(hz - reach, hz + reach);
      let at = hz;
      if (i >= 0) {
        const seenHz = spectrum.frequency(i);
        if (Math.abs(seenHz - hz) < reach) at = seenHz;
      }
      partialHz[k - 1] = at;
    }
    return cents;
  }

  /** How many cents f0 lies from the sound's in the present spectrum, by its first partials; how many of those were heard is left in `heard`. */
  private deviation(tuning: Tuning): number {
    const { spectrum, deviations, deviationWeights } = this;
    const { f0Hz, inharmonicity, deviation, partials } = tuning;
    const binsHz = ANALYSIS_RATE / spectrum.length;
    let seen = 0;
    for (let k = 1; k <= Math.min(partials, 24); k++) {
      const hz = f0Hz * partialRatio(k, inharmonicity) * deviation[k - 1];
      if (hz > 6000 && k > 3) break;
      const reach = Math.min(0.4 * f0Hz, Math.max(1.5 * binsHz, 0.05 * hz));
      const i = spectrum.peak(hz - reach, hz + reach);
      if (i < 0) continue;
      const cents = 1200 * Math.log2(spectrum.frequency(i) / hz);
      if (!(Math.abs(cents) < 100)) continue;
      deviations[seen] = cents;
      deviationWeights[seen] = Math.sqrt(spectrum.power[i]) * k;
      seen++;
    }
    let cents = 0;
    if (seen > 0) {
      cents = weightedMedian(deviations, deviationWeights, seen);
      let sum = 0;
      let weights = 0;
      for (let n = 0; n < seen; n++) {
        if (Math.abs(deviations[n] - cents) > 10) continue;
        sum += deviations[n] * deviationWeights[n];
        weights += deviationWeights[n];
      }
      if (weights > 0) cents = sum / weights;
    }
    this.heard = seen;
    return cents;
  }

  /** Scales the fit's powers by the corrections of the bands they lie in. */
  private correct(): void {
    const { fit, partialHz, corrections } = this;
    const at = (hz: number): number => {
      const place = attackBand(hz);
      const b = Math.min(ATTACK_BANDS - 2, Math.floor(place));
      return corrections[b] ** (1 - place + b) * corrections[b + 1] ** (place - b);
    };
    for (let k = 0; k < PARTIALS; k++) {
      if (fit.partialPower[k] === 0 && fit.maskedPower[k] === 0) continue;
      const scale = at(partialHz[k]);
      fit.partialPower[k] *= scale;
      fit.maskedPower[k] *= scale;
    }
    for (let b = 0; b < NOISE_BANDS; b++) fit.noiseDensity[b] *= at(noiseCentresHz[b]);
  }

  private add(frame: number, weight: number, cents: number): void {
    const { partialSum, noiseSum, fit } = this;
    let total = 0;
    const p = frame * PARTIALS;
    for (let k = 0; k < PARTIALS; k++) {
      const power = Math.max(fit.partialPower[k], 0.06 * fit.maskedPower[k]);
      total += power;
      partialSum[p + k] += weight * power ** MEAN_EXPONENT;
    }
    const n = frame * NOISE_BANDS;
    for (let b = 0; b < NOISE_BANDS; b++)
      noiseSum[n + b] += weight * (fit.noiseDensity[b] * noiseWidthsHz[b]) ** NOISE_MEAN_EXPONENT;
    this.momentWeight[frame] += weight;
    this.centsSum[frame] += weight * total * cents;
    this.centsWeight[frame] += weight * total;
  }

  private normalise(tuning: SoundTuning, seconds: number, onset: number): Omit<SoundFeatures, 'clipped'> {
    const { partialSum, noiseSum, momentWeight, centsSum, centsWeight } = this;
    const frames = new Float32Array(FRAMES * COLUMNS).fill(FLOOR_DB);
    let loudest = 0;
    let tonal = 0;
    let all = 0;
    for (let j = 0; j < FRAMES; j++) {
      const weight = momentWeight[j];
      if (weight <= 0) continue;
      let partials = 0;
      let noise = 0;
      for (let k = 0; k < PARTIALS; k++) {
        partialSum[j * PARTIALS + k] = (partialSum[j * PARTIALS + k] / weight) ** (1 / MEAN_EXPONENT);
        partials += partialSum[j * PARTIALS + k];
      }
      for (let b = 0; b < NOISE_BANDS; b++) {
        noiseSum[j * NOISE_BANDS + b] = (noiseSum[j * NOISE_BANDS + b] / weight) ** (1 / NOISE_MEAN_EXPONENT);
        noise += noiseSum[j * NOISE_BANDS + b];
      }
      tonal += partials;
      all += partials + noise;
      loudest = Math.max(loudest, partials + noise);
    }
    if (loudest <= 0) throw new UnfitSound('silent.');
    const gainDb = LOUDEST_FRAME_DB - 10 * Math.log10(loudest);
    for (let j = 0; j < FRAMES; j++) {
      const row = j * COLUMNS;
      if (momentWeight[j] > 0) {
        for (let k = 0; k < PARTIALS; k++) {
          // A level is that of a sine's amplitude: A^2 / 2 is the power.
          frames[row + k] = levelDb(2 * partialSum[j * PARTIALS + k], gainDb);
        }
        for (let b = 0; b < NOISE_BANDS; b++) {
          frames[row + NOISE_COLUMN + b] = levelDb(noiseSum[j * NOISE_BANDS + b], gainDb);
        }
      }
      frames[row + INHARMONICITY_COLUMN] = tuning.inharmonicity;
      frames[row + CENTS_COLUMN] = centsWeight[j] > 0 ? centsSum[j] / centsWeight[j] : 0;
    }
    return {
      frames,
      pitch: midiOfHz(tuning.f0Hz),
      pitched: tuning.pitched,
      seconds,
      gainDb,
      inharmonicity: tuning.inharmonicity,
      voiced: all > 0 ? tonal / all : 0,
      onset,
    };
  }
}

/** The mean pitch of a contour, Hz. */
function middle({ f0Hz }: Tuning, { cents, weight, count }: PitchContour): number {
  let sum = 0;
  let weights = 0;
  for (let n = 0; n < count; n++) {
    sum += weight[n] * cents[n];
    weights += weight[n];
  }
  return weights > 0 ? f0Hz * 2 ** (sum / weights / 1200) : f0Hz;
}

function levelDb(power: number, gainDb: number): number {
  return Math.max(FLOOR_DB, 10 * Math.log10(power + 1e-30) + gainDb);
}

/** Second-order Butterworth high-pass (Bristow-Johnson's cookbook), twice; the sound itself stays as it is. */
function highPass(samples: Float32Array, hz: number): Float32Array {
  const w = (2 * Math.PI * hz) / ANALYSIS_RATE;
  const alpha = Math.sin(w) * Math.SQRT1_2;
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const [b0, b1, a1, a2] = [(1 + cos) / 2 / a0, -(1 + cos) / a0, (-2 * cos) / a0, (1 - alpha) / a0];
  const out = samples.slice();
  for (let pass = 0; pass < 2; pass++) {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let n = 0; n < out.length; n++) {
      const x = out[n];
      const y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      out[n] = y;
    }
  }
  return out;
}

/** Share of samples within runs of at least FLAT_SAMPLES at full scale. */
function clippedShare(samples: Float32Array): number {
  let flat = 0;
  let run = 0;
  for (let n = 0; n <= samples.length; n++) {
    if (n < samples.length && Math.abs(samples[n]) >= FULL_SCALE) {
      run++;
    } else {
      if (run >= FLAT_SAMPLES) flat += run;
      run = 0;
    }
  }
  return samples.length > 0 ? flat / samples.length : 0;
}

/** Sample behind the last that is not silence (-90 dB below full scale). */
function lastSound(samples: Float32Array): number {
  let n = samples.length;
  while (n > 0 && Math.abs(samples[n - 1]) < 3e-5) n--;
  return n;
}

function weightedMedian(values: Float64Array, weights: Float64Array, count: number): number {
  // Insertion sort of at most 24 pairs.
  let total = 0;
  for (let i = 0; i < count; i++) {
    const v = values[i];
    const w = weights[i];
    total += w;
    let j = i;
    for (; j > 0 && values[j - 1] > v; j--) {
      values[j] = values[j - 1];
      weights[j] = weights[j - 1];
    }
    values[j] = v;
    weights[j] = w;
  }
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += weights[i];
    if (sum >= total / 2) return values[i];
  }
  return 0;
}
