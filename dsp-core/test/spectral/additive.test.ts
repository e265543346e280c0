// Partials as they come out of the core: pitch, level, purity, glide, the limits of hearing and of numbers.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildSpectral, floats, render, type Spectral, writeFrame } from './build.ts';
import { centsOff, harmonicToNoiseDb, sineAt, toDb } from './measure.ts';

const RATES = [44_100, 48_000, 96_000, 192_000];
let core: Spectral;

beforeAll(async () => {
  core = await buildSpectral();
});

const sawtooth = (partials: number): number[] =>
  Array.from({ length: partials }, (_, k) => -20 - 20 * Math.log10(k + 1));
const hzOfKey = (key: number): number => 440 * 2 ** ((key - 69) / 12);
const rms = (signal: Float32Array): number => Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0) / signal.length);

describe('pitch', () => {
  // E1, ... C7 in steps of a major third or so.
  test.each([28, 33, 38, 45, 52, 60, 67, 74, 81, 88, 96])('key %i is within 0.1 cent, its partials too', (key) => {
    core.prepareSpectral(48_000);
    const f0 = hzOfKey(key);
    const { left } = render(core, {
      levels: { partials: sawtooth(8), noise: [] },
      seconds: 1,
      sampleRate: 48_000,
      f0Hz: () => f0,
    });
    for (const k of [1, 2, 5]) expect(Math.abs(centsOff(left, 12_000, k * f0, 48_000))).toBeLessThan(0.1);
  });

  test('inharmonicity and stretch put partials where the contract says', () => {
    core.prepareSpectral(48_000);
    const b = 0.0008;
    const stretch = 0.03;
    const f0 = 130.8;
    const { left } = render(core, {
      levels: { partials: sawtooth(24), noise: [] },
      seconds: 1,
      sampleRate: 48_000,
      f0Hz: () => f0,
      inharmonicity: b,
      stretch,
    });
    for (const k of [1, 2, 7, 20]) {
      const hz = f0 * k * Math.sqrt((1 + b * k * k) / (1 + b)) * k ** stretch;
      expect(Math.abs(centsOff(left, 12_000, hz, 48_000))).toBeLessThan(0.1);
    }
  });

  test('a glide over an octave follows the pitch and keeps its level', () => {
    core.prepareSpectral(48_000);
    const seconds = 1;
    const { left } = render(core, {
      levels: { partials: [-20], noise: [] },
      seconds,
      sampleRate: 48_000,
      f0Hz: (t) => 220 * 2 ** t,
    });
    // The phase that 220 * 2^t runs through, taken out; what is left must stand still.
    const amplitudes: number[] = [];
    const phases: number[] = [];
    for (let from = 0; from + 1024 <= seconds * 48_000; from += 1024) {
      let re = 0;
      let im = 0;
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        const t = (from + i) / 48_000;
        const angle = (2 * Math.PI * 220 * (2 ** t - 1)) / Math.LN2;
        const weight = 1 - Math.cos((2 * Math.PI * i) / 1024);
        re += weight * left[from + i] * Math.cos(angle);
        im -= weight * left[from + i] * Math.sin(angle);
        sum += weight;
      }
      amplitudes.push((2 * Math.hypot(re, im)) / sum);
      phases.push(Math.atan2(im, re));
    }
    for (const phase of phases) {
      const turn = (phase - phases[0]) / (2 * Math.PI);
      expect(Math.abs(turn - Math.round(turn))).toBeLessThan(0.01);
    }
    for (const amplitude of amplitudes) expect(Math.abs(20 * Math.log10(amplitude / 0.1))).toBeLessThan(0.1);
  });
});

describe.each(RATES)('at %i Hz', (sampleRate) => {
  test('two frames overlapped are exactly one', () => {
    core.prepareSpectral(sampleRate);
    const hop = core.hopSize();
    const size = core.fftSize();
    expect(size).toBe(sampleRate > 100_000 ? 4096 : sampleRate > 50_000 ? 2048 : 1024);
    expect(hop).toBe(size / 4);
    const window = floats(core, core.resynthesisWindow(), 2 * hop);
    const blackmanHarris = (i: number): number => {
      const x = (2 * Math.PI * i) / size;
      return 0.35875 + 0.48829 * Math.cos(x) + 0.14128 * Math.cos(2 * x) + 0.01168 * Math.cos(3 * x);
    };
    for (let i = 0; i < hop; i++) {
      const sum = window[i] * blackmanHarris(i - hop) + window[i + hop] * blackmanHarris(i);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
    }
  });

  // Pitches whose periods are whole samples and share little with the hop, so that errors at the hop rate cannot hide in the period.
  test.each(sampleRate === 44_100 ? [42, 105, 441, 2100] : [48, 128, 384, 1920])(
    'a tone of %i Hz is clean by 70 dB from its first sample',
    (f0) => {
      core.prepareSpectral(sampleRate);
      const { left } = render(core, {
        levels: { partials: sawtooth(128), noise: [] },
        seconds: 0.5,
        sampleRate,
        f0Hz: () => f0,
      });
      expect(harmonicToNoiseDb(left, sampleRate / f0)).toBeGreaterThan(70);
    },
  );

  test('levels are those of the frame, in dB of a sine of amplitude 1', () => {
    core.prepareSpectral(sampleRate);
    const levels = [-12, -30, -18, -45, -24, -60];
    const { left } = render(core, {
      levels: { partials: levels, noise: [] },
      seconds: 0.5,
      sampleRate,
      f0Hz: () => 261.6,
    });
    levels.forEach((db, index) => {
      const { amplitude } = sineAt(left, 0, left.length, 261.6 * (index + 1), sampleRate);
      expect(20 * Math.log10(amplitude)).toBeCloseTo(db, 1);
    });
  });
});

describe('limits', () => {
  test('a lobe next to 0 Hz is the sine it should be', () => {
    core.prepareSpectral(48_000);
    for (const f0 of [10, 24, 46.875, 70]) {
      const { left } = render(core, {
        levels: { partials: [-12], noise: [] },
        seconds: 1,
        sampleRate: 48_000,
        f0Hz: () => f0,
      });
      const { amplitude, phase } = sineAt(left, 0, left.length, f0, 48_000);
      let error = 0;
      left.forEach((x, i) => {
        error += (x - amplitude * Math.cos((2 * Math.PI * f0 * i) / 48_000 + phase)) ** 2;
      });
      expect(20 * Math.log10(amplitude)).toBeCloseTo(-12, 1);
      expect(toDb((left.length * amplitude ** 2) / 2 / error)).toBeGreaterThan(40);
    }
  });

  test('partials fade out towards the Nyquist frequency and never fold back', () => {
    core.prepareSpectral(48_000);
    const level = (f0: number): number => {
      const { left } = render(core, {
        levels: { partials: [-12], noise: [] },
        seconds: 0.1,
        sampleRate: 48_000,
        f0Hz: () => f0,
      });
      return rms(left) * Math.SQRT2;
    };
    expect(level(21_500)).toBeCloseTo(10 ** (-12 / 20), 3);
    expect(level(22_080)).toBeCloseTo(10 ** (-12 / 20) / 2, 2);
    expect(level(22_600)).toBe(0);
    expect(level(30_000)).toBe(0);
  });

  test('a sine of slow beats between unison layers comes out with both gains', () => {
    core.prepareSpectral(48_000);
    const hop = core.hopSize();
    const payload = writeFrame(core, 0, { partials: [-6.0206], noise: [] });
    core.startVoice(3, 5);
    const left = new Float32Array(hop * 200);
    const right = new Float32Array(hop * 200);
    for (let frame = 0; frame <= 200; frame++) {
      core.shapeFrames(payload, payload, 0, 440, 0, 0, 0, 0);
      core.beginFrame(3, 1);
      core.addPartials(3, 0, 440, 0, 0, 0.5, 0.1);
      core.addPartials(3, 1, 880, 0, 0, 0.2, 0.8);
      core.endFrame(3);
      if (frame === 0) continue;
      left.set(floats(core, core.segment(3, 0), hop), (frame - 1) * hop);
      right.set(floats(core, core.segment(3, 1), hop), (frame - 1) * hop);
    }
    expect(sineAt(left, 0, left.length, 440, 48_000).amplitude).toBeCloseTo(0.25, 4);
    expect(sineAt(left, 0, left.length, 880, 48_000).amplitude).toBeCloseTo(0.1, 4);
    expect(sineAt(right, 0, right.length, 440, 48_000).amplitude).toBeCloseTo(0.05, 4);
    expect(sineAt(right, 0, right.length, 880, 48_000).amplitude).toBeCloseTo(0.4, 4);
  });

  test('what is no number stays out of the sound', () => {
    core.prepareSpectral(48_000);
    const levels = {
      partials: [-20, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e9, -30],
      noise: [Number.NaN, -60, Number.POSITIVE_INFINITY, -60],
    };
    for (const f0 of [220, Number.NaN, Number.POSITIVE_INFINITY, 0, -5]) {
      const { left } = render(core, {
        levels,
        seconds: 0.1,
        sampleRate: 48_000,
        f0Hz: () => f0,
        inharmonicity: Number.NaN,
      });
      expect(left.every(Number.isFinite)).toBe(true);
      expect(rms(left)).toBeLessThan(0.2);
      expect(rms(left)).toBeGreaterThan(0.0001);
    }
    const { left } = render(core, { levels, seconds: 0.5, sampleRate: 48_000, f0Hz: () => 220 });
    const at = (k: number): number => sineAt(left, 0, left.length, 220 * k, 48_000).amplitude;
    expect(20 * Math.log10(at(1))).toBeCloseTo(-20, 0);
    expect(20 * Math.log10(at(6))).toBeCloseTo(-30, 0);
    for (const k of [2, 3, 4, 5]) expect(at(k)).toBeLessThan(0.001);
  });

  test('silence is exactly zero, and a tail into it leaves no denormal number', () => {
    core.prepareSpectral(48_000);
    const hop = core.hopSize();
    core.startVoice(0, 1);
    for (let frame = 0; frame < 400; frame++) {
      const db = -40 - frame * 0.25;
      const payload = writeFrame(core, 0, { partials: [db, db, db], noise: [db, db] });
      core.shapeFrames(payload, payload, 0, 330, 0, 0, 0, 0);
      core.beginFrame(0, 0);
      core.addPartials(0, 0, 330, 0, 0, 1, 1);
      core.addNoise(0, 1, 1, 0);
      core.endFrame(0);
      const segment = floats(core, core.segment(0, 0), hop);
      expect(segment.every((x) => x === 0 || Math.abs(x) > 1.2e-38)).toBe(true);
      // One hop after the level has met the gate the voice is still, exactly.
      if (db <= -99.25) expect(segment.every((x) => x === 0)).toBe(true);
      else expect(segment.some((x) => x !== 0)).toBe(true);
    }
  });
});

describe('repeatability', () => {
  const note = {
    levels: { partials: sawtooth(40), noise: new Array<number>(32).fill(-50) },
    seconds: 0.3,
    sampleRate: 48_000,
    f0Hz: (): number => 196,
  };

  test('the same seed gives the same samples, another seed others', () => {
    core.prepareSpectral(48_000);
    const first = render(core, { ...note, seed: 9 }).left;
    const again = render(core, { ...note, seed: 9, voice: 17 }).left;
    const other = render(core, { ...note, seed: 10 }).left;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    core.prepareSpectral(96_000);
    core.prepareSpectral(48_000);
    expect(render(core, { ...note, seed: 9 }).left).toEqual(first);
  });

  test('what a voice played before leaves no trace', () => {
    core.prepareSpectral(48_000);
    // Partials appear one after another, so each begins from whatever the voice remembers of it.
    const swell = (): number[] => {
      const out: number[] = [];
      core.startVoice(5, 77);
      for (let frame = 0; frame < 30; frame++) {
        const payload = writeFrame(core, 0, { partials: sawtooth(40).fill(-100, frame), noise: [-60] });
        core.shapeFrames(payload, payload, 0, 196, 0, 0, 0, 0);
        core.beginFrame(5, 0);
        core.addPartials(5, 0, 196, 0.001, 0, 1, 1);
        core.addNoise(5, 1, 1, 0);
        core.endFrame(5);
        out.push(...floats(core, core.segment(5, 0), core.hopSize()));
      }
      return out;
    };
    const first = swell();
    render(core, { ...note, voice: 5, inharmonicity: 0.02, stretch: 0.1, stereo: true });
    expect(swell()).toEqual(first);
  });

  test('a fresh instance gives the same samples', async () => {
    core.prepareSpectral(48_000);
    const fresh = await buildSpectral();
    fresh.prepareSpectral(48_000);
    expect(render(fresh, note).left).toEqual(render(core, note).left);
  });

  test('mono and stereo frames may follow one another without a seam', () => {
    core.prepareSpectral(48_000);
    const hop = core.hopSize();
    const run = (stereoAt: (frame: number) => boolean): { left: number[]; right: number[] } => {
      const payload = writeFrame(core, 0, { partials: sawtooth(20), noise: [-40, -50, -60] });
      core.startVoice(1, 3);
      const left: number[] = [];
      const right: number[] = [];
      for (let frame = 0; frame < 40; frame++) {
        core.shapeFrames(payload, payload, 0, 150, 0, 0, 0, 0);
        core.beginFrame(1, stereoAt(frame) ? 1 : 0);
        core.addPartials(1, 0, 150, 0, 0, 1, 1);
        core.addNoise(1, 1, 1, 0);
        core.endFrame(1);
        left.push(...floats(core, core.segment(1, 0), hop));
        right.push(...floats(core, core.segment(1, 1), hop));
      }
      return { left, right };
    };
    const mono = run(() => false);
    expect(mono.right).toEqual(mono.left);
    expect(run((frame) => frame % 5 < 2)).toEqual(mono);
  });
});
