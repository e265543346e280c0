// From decoded levels to amplitudes: every knob of the spectrum group, and the gate.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ERB_SCALE, ERB_SLOPE, NOISE_HIGH_HZ, NOISE_LOW_HZ } from '../../../plugin/instrument/protocol.ts';
import { buildSpectral, floats, type Levels, type Spectral, writeFrame } from './build.ts';

let core: Spectral;

beforeAll(async () => {
  core = await buildSpectral();
  core.prepareSpectral(48_000);
});

interface Shape {
  mix?: number;
  f0Hz?: number;
  tilt?: number;
  oddEven?: number;
  noiseBalance?: number;
  formant?: number;
}

/** Levels in dB after shaping; -Infinity for exact silence. */
function shape(a: Levels, b: Levels, knobs: Shape = {}): { partials: number[]; noise: number[]; power: number } {
  const { mix = 0, f0Hz = 500, tilt = 0, oddEven = 0, noiseBalance = 0, formant = 0 } = knobs;
  const from = writeFrame(core, 0, a);
  const to = writeFrame(core, 1, b);
  core.shapeFrames(from, to, mix, f0Hz, tilt, oddEven, noiseBalance, formant);
  const partials = [...floats(core, core.partialAmplitudes.value, a.partials.length)];
  const noise = [...floats(core, core.bandAmplitudes.value, a.noise.length)];
  const db = (x: number): number => 20 * Math.log10(x);
  return {
    partials: partials.map((x, i) => (i < core.soundingPartials() ? db(x) : Number.NEGATIVE_INFINITY)),
    noise: noise.map((x) => (core.soundingBands() > 0 ? db(x) : Number.NEGATIVE_INFINITY)),
    power: core.shapedPower(),
  };
}

function expectDb(actual: number[], wanted: number[]): void {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((db, i) => {
    if (Number.isFinite(wanted[i])) expect(db).toBeCloseTo(wanted[i], 3);
    else expect(db).toBe(wanted[i]);
  });
}

const SILENT = Number.NEGATIVE_INFINITY;
const frame: Levels = { partials: [-10, -20, -30, -40, -50, -60, -70], noise: [-15, -25, -35, -45, -55] };

test('leaves levels as they are when every knob is at rest', () => {
  const { partials, noise } = shape(frame, frame);
  expectDb(partials, [...(frame.partials as number[])]);
  expectDb(noise, [...(frame.noise as number[])]);
});

test('interpolates two frames in dB', () => {
  const other = { partials: [-30, -30, -30, -30, -30, -30, -30], noise: [-35, -35, -35, -35, -35] };
  const { partials, noise } = shape(frame, other, { mix: 0.25 });
  expectDb(partials, [-15, -22.5, -30, -37.5, -45, -52.5, -60]);
  expectDb(noise, [-20, -27.5, -35, -42.5, -50]);
});

test('tilt turns about 500 Hz, partials and noise alike', () => {
  const { partials, noise } = shape(frame, frame, { tilt: -6, f0Hz: 250 });
  expectDb(
    partials,
    (frame.partials as number[]).map((db, i) => db - 6 * Math.log2(((i + 1) * 250) / 500)),
  );
  const rate = (hz: number): number => ERB_SCALE * Math.log10(1 + ERB_SLOPE * hz);
  const centre = (band: number): number => {
    const at = rate(NOISE_LOW_HZ) + ((rate(NOISE_HIGH_HZ) - rate(NOISE_LOW_HZ)) * (band + 0.5)) / 5;
    return (10 ** (at / ERB_SCALE) - 1) / ERB_SLOPE;
  };
  expectDb(
    noise,
    (frame.noise as number[]).map((db, i) => Math.min(0, db - 6 * Math.log2(centre(i) / 500))),
  );
});

test('nothing gets louder than a sine of amplitude 1', () => {
  const { partials } = shape(frame, frame, { tilt: 12, f0Hz: 8000 });
  expect(Math.max(...partials)).toBeCloseTo(0, 4);
});

describe('odd and even', () => {
  test('-1 takes the even partials away', () => {
    expectDb(shape(frame, frame, { oddEven: -1 }).partials, [-10, SILENT, -30, SILENT, -50, SILENT, -70]);
  });

  test('+1 takes the odd ones away, but never the fundamental', () => {
    expectDb(shape(frame, frame, { oddEven: 1 }).partials, [-10, -20, SILENT, -40, SILENT, -60, SILENT]);
  });

  test('half way halves', () => {
    const half = 20 * Math.log10(0.5);
    expectDb(shape(frame, frame, { oddEven: -0.5 }).partials, [-10, -20 + half, -30, -40 + half, -50, -60 + half, -70]);
  });
});

describe('noise balance', () => {
  test('leaves one alone at either end', () => {
    const tones = shape(frame, frame, { noiseBalance: -1 });
    expect(tones.noise.every((db) => db === SILENT)).toBe(true);
    expect(tones.partials[0]).toBeCloseTo(-10 + 3.0103, 3);
    const noise = shape(frame, frame, { noiseBalance: 1 });
    expect(noise.partials.every((db) => db === SILENT)).toBe(true);
    expect(noise.noise[0]).toBeCloseTo(-15 + 3.0103, 3);
  });

  test('keeps the power of equal halves', () => {
    const equal = { partials: [-20], noise: [-23.0103] };
    const powers = [-1, -0.6, 0, 0.3, 1].map((noiseBalance) => shape(equal, equal, { noiseBalance }).power);
    for (const power of powers) expect(power).toBeCloseTo(powers[2], 5);
  });
});

describe('formant shift', () => {
  test('an octave up reads every level at half its place, held below the first', () => {
    expectDb(shape(frame, frame, { formant: 12 }).partials, [-10, -10, -15, -20, -25, -30, -35]);
  });

  test('an octave down reads at twice the place and is silent beyond the last', () => {
    expectDb(shape(frame, frame, { formant: -12 }).partials, [-20, -40, -60, SILENT, SILENT, SILENT, SILENT]);
  });

  test('moves a hill of noise by its interval', () => {
    const bands = 32;
    const rate = (hz: number): number => ERB_SCALE * Math.log10(1 + ERB_SLOPE * hz);
    const place = (hz: number): number =>
      ((rate(hz) - rate(NOISE_LOW_HZ)) / (rate(NOISE_HIGH_HZ) - rate(NOISE_LOW_HZ))) * bands - 0.5;
    const hill = (hz: number): Levels => ({
      partials: [-20],
      noise: Array.from({ length: bands }, (_, band) => -20 - 0.5 * (band - place(hz)) ** 2),
    });
    const peak = (levels: number[]): number => levels.indexOf(Math.max(...levels));
    const { noise } = shape(hill(1000), hill(1000), { formant: 12 });
    expect(Math.abs(peak(noise) - place(2000))).toBeLessThan(1);
    const down = shape(hill(1000), hill(1000), { formant: -7 }).noise;
    expect(Math.abs(peak(down) - place(1000 * 2 ** (-7 / 12)))).toBeLessThan(1);
  });
});

test('the floor is exact silence, and so is what tilt pushes below it', () => {
  const quiet = { partials: [-98.5, -99, -100, -140, Number.NaN], noise: [-99, -120, -98] };
  const { partials, noise } = shape(quiet, quiet);
  expectDb(partials, [-98.5, SILENT, SILENT, SILENT, SILENT]);
  expectDb(noise, [SILENT, SILENT, -98]);
  expectDb(shape(quiet, quiet, { tilt: 12, f0Hz: 1000 }).partials, [-86.5, SILENT, SILENT, SILENT, SILENT]);
  const nothing = { partials: [-100, -100], noise: [-100, -100] };
  expect(shape(nothing, nothing).power).toBe(0);
  expect(core.soundingPartials()).toBe(0);
  expect(core.soundingBands()).toBe(0);
});

test('power is the sum of partial and noise powers', () => {
  const { power } = shape(frame, frame);
  const tones = (frame.partials as number[]).reduce((sum, db) => sum + 10 ** (db / 10) / 2, 0);
  const noise = (frame.noise as number[]).reduce((sum, db) => sum + 10 ** (db / 10), 0);
  expect(power / (tones + noise)).toBeCloseTo(1, 4);
});

test('a frame may end at the last partial: what lies behind it in memory is not heard', () => {
  const short = { partials: [-20, -20, -20], noise: [] };
  const long = { partials: new Array<number>(128).fill(-20), noise: [] };
  shape(long, long);
  shape(short, short);
  expect([...floats(core, core.partialAmplitudes.value, 4)].map((x) => x > 0)).toEqual([true, true, true, false]);
});
