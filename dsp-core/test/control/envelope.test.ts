// Levels and times of the amplitude envelope, of velocity, pressure and master gain.
import { describe, expect, test } from '@jest/globals';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { cc, newCore, off, on, render, rms, set, sine, type Timed, toDb } from './fixture.ts';
import { largestStep, peak } from './measure.ts';

/** Key whose sine is high enough for its level to be read over 5 ms. */
const KEY = 93;
const MS = 48;

/** Level in dB against the steady level of a full note, over the 4 ms about each time (ms). */
function levels(events: readonly Timed[], timesMs: readonly number[], lengthMs: number): number[] {
  const { left } = render(newCore(), lengthMs * MS, [set(0, 'gainDb', 0), ...events], sine, 4096);
  const full = 0.1 / Math.SQRT2;
  return timesMs.map((ms) => toDb(rms(left, (ms - 2) * MS, (ms + 2) * MS) / full));
}

describe('attack, decay, sustain, release', () => {
  test('the attack rises in a straight line for attackMs', () => {
    const [quarter, half, end] = levels([set(0, 'attackMs', 100), on(0, KEY)], [25, 50, 110], 200);
    expect(quarter).toBeCloseTo(toDb(0.25), 0);
    expect(half).toBeCloseTo(toDb(0.5), 0);
    expect(end).toBeCloseTo(0, 1);
  });

  test('the decay has come within a thousandth of the sustain level after decayMs', () => {
    const [early, late] = levels(
      [set(0, 'attackMs', 0), set(0, 'decayMs', 200), set(0, 'sustain', 0.5), on(0, KEY)],
      [60, 210],
      400,
    );
    // 60 dB of distance in 200 ms: 18 dB in 60 ms, 0.5 + 0.5 * 10^(-18/20).
    expect(early).toBeCloseTo(toDb(0.5 + 0.5 * 10 ** (-18 / 20)), 0);
    expect(late).toBeCloseTo(toDb(0.5), 1);
  });

  test('the release falls 60 dB in releaseMs and ends at -100 dB', () => {
    const events = [set(0, 'attackMs', 0), set(0, 'releaseMs', 120), on(0, KEY), off(100 * MS, KEY)];
    const [half, later] = levels(events, [160, 200], 400);
    expect(half).toBeCloseTo(-30, 0);
    expect(later).toBeCloseTo(-50, 0);
    const core = newCore();
    const { left } = render(core, 400 * MS, events, sine);
    // -100 dB comes after 200 ms.
    expect(peak(left, 302 * MS)).toBe(0);
    expect(peak(left, 290 * MS, 299 * MS)).toBeGreaterThan(0);
    expect(core.activeVoices).toBe(0);
  });

  test('a sustain level of 0 ends the voice', () => {
    const core = newCore();
    render(core, 300 * MS, [set(0, 'attackMs', 0), set(0, 'decayMs', 50), set(0, 'sustain', 0), on(0, KEY)], sine);
    expect(core.activeVoices).toBe(0);
  });

  test('the sustain level follows its parameter while a key is held', () => {
    const [before, after] = levels(
      [set(0, 'sustain', 1), set(0, 'decayMs', 50), on(0, KEY), set(100 * MS, 'sustain', 0.25)],
      [90, 250],
      300,
    );
    expect(before).toBeCloseTo(0, 1);
    expect(after).toBeCloseTo(toDb(0.25), 1);
  });

  test('retriggered in mono a slow attack goes on from the level it had, without a click', () => {
    const events = [set(0, 'voiceMode', 1), set(0, 'attackMs', 400), on(0, 60), on(200 * MS, 62)];
    const { left } = render(newCore(), 300 * MS, events, sine, 512);
    const before = rms(left, 190 * MS, 200 * MS);
    expect(rms(left, 205 * MS, 215 * MS) / before).toBeGreaterThan(0.9);
    expect(largestStep(left, 195 * MS, 215 * MS)).toBeLessThan(1.6 * largestStep(left, 150 * MS, 195 * MS));
  });
});

describe('levels', () => {
  test('velocity lowers the level by 40 dB x velocityToLevel over its range', () => {
    const [soft] = levels([set(0, 'velocityToLevel', 0.5), on(0, KEY, 0.25)], [50], 100);
    expect(soft).toBeCloseTo(-15, 1);
    const [flat] = levels([set(0, 'velocityToLevel', 0), on(0, KEY, 0.01)], [50], 100);
    expect(flat).toBeCloseTo(0, 1);
  });

  test('pressure raises the level by pressureToLevel', () => {
    const pressed: Timed = [50 * MS, EVENT.pressure, 0, 0, 0.5];
    const events = [set(0, 'pressureMacro', 0), set(0, 'pressureToLevel', 12), on(0, KEY), pressed];
    const [before, after] = levels(events, [40, 150], 200);
    expect(before).toBeCloseTo(0, 1);
    expect(after).toBeCloseTo(6, 1);
  });

  test('the gain moves smoothly to its value', () => {
    const { left } = render(
      newCore(),
      200 * MS,
      [set(0, 'gainDb', 0), on(0, 60), set(100 * MS, 'gainDb', -40)],
      sine,
      512,
    );
    expect(toDb(rms(left, 150 * MS, 200 * MS) / rms(left, 50 * MS, 100 * MS))).toBeCloseTo(-40, 1);
    expect(largestStep(left, 99 * MS)).toBeLessThanOrEqual(1.05 * largestStep(left, 50 * MS, 99 * MS));
  });
});

describe('channel volume and expression', () => {
  test('take 40 log10 of their value each, glide there without a step, and expression returns on reset', () => {
    const half = 64 / 127;
    const score = [on(0, KEY), cc(100 * MS, 7, half), cc(300 * MS, 11, half), cc(500 * MS, 121, 0)];
    const [before, volume, both, reset] = levels(score, [80, 250, 450, 650], 700);
    expect(before).toBeCloseTo(0, 1);
    expect(volume).toBeCloseTo(40 * Math.log10(half), 1);
    expect(both).toBeCloseTo(80 * Math.log10(half), 1);
    expect(reset).toBeCloseTo(volume, 1);
    const { left } = render(newCore(), 200 * MS, score, sine);
    expect(largestStep(left, 90 * MS)).toBeLessThan(1.05 * largestStep(left, 20 * MS, 90 * MS));
  });

  test('concern their own channel only', () => {
    const [other] = levels([on(0, KEY), cc(10 * MS, 7, 0, 3)], [200], 300);
    expect(other).toBeCloseTo(0, 1);
  });
});
