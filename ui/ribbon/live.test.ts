/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { linger, peakDb } from '../top/meter.tsx';
import { LiveSpectrum, ROWS } from './live-spectrum.ts';
import { trigger } from './wave.ts';

const RATE = 48_000;
const sine = (hz: number, amplitude = 0.5, length = 4096): Float32Array =>
  Float32Array.from({ length }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / RATE));

describe('the live spectrum', () => {
  const spectrum = new LiveSpectrum();
  const loudest = (): number => spectrum.levelsDb.indexOf(Math.max(...spectrum.levelsDb));

  test('a sine is one row, higher notes stand higher, at their level', () => {
    spectrum.analyse(sine(440), RATE);
    const low = loudest();
    expect(Math.abs(spectrum.levelsDb[low] - 20 * Math.log10(0.5))).toBeLessThan(2);
    expect(spectrum.levelsDb[Math.max(0, low - 20)]).toBeLessThan(-50);
    spectrum.analyse(sine(3520), RATE);
    const high = loudest();
    expect(high).toBeLessThan(low);
    // Three octaves of 8.6.
    expect(low - high).toBeCloseTo((3 / Math.log2(400)) * ROWS, -1);
  });

  test('phase turns as far as the pitch lies beside its bin', () => {
    const bin = RATE / 2048;
    const turnOf = (hz: number): number => {
      spectrum.analyse(sine(hz), RATE);
      return spectrum.turns[loudest()];
    };
    expect(turnOf(40 * bin)).toBeCloseTo(0, 2);
    // A quarter of a bin over 256 of 2048 samples.
    expect(turnOf(40.25 * bin)).toBeCloseTo((2 * Math.PI * 0.25) / 8, 2);
    expect(turnOf(39.75 * bin)).toBeCloseTo((-2 * Math.PI * 0.25) / 8, 2);
  });
});

describe('the oscilloscope', () => {
  test('begins where the wave rises, wherever it was cut', () => {
    for (const shift of [0, 17, 60, 101]) {
      const wave = sine(440).subarray(shift);
      const at = trigger(wave);
      expect(wave[at]).toBeGreaterThanOrEqual(0);
      expect(wave[at - 1]).toBeLessThan(0);
    }
  });

  test('silence stands at its beginning', () => {
    expect(trigger(new Float32Array(4096))).toBe(0);
  });
});

describe('the meter', () => {
  test('a peak stands, then falls, and a louder one takes its place', () => {
    const peak = { db: -6, atMs: 0 };
    expect(linger(peak, -20, 800)).toBe(peak);
    expect(linger(peak, -3, 100)).toEqual({ db: -3, atMs: 100 });
    // 1.9 s after it has stood it is 45.6 dB lower.
    expect(linger(peak, -53, 2800)).toBe(peak);
    expect(linger(peak, -50, 3000)).toEqual({ db: -50, atMs: 3000 });
  });

  test('speaks decibels', () => {
    expect(peakDb(0.5)).toBeCloseTo(-6.02, 2);
  });
});
