// The tuning table: every key at its pitch, within a cent, in every way of playing.
import { describe, expect, test } from '@jest/globals';
import type { Core } from '../../../plugin/engine/core.ts';
import { readScale, tuningNotes } from '../../../plugin/instrument/tuning.ts';
import { bend, newCore, off, on, render, set, sine, tone } from './fixture.ts';
import { centsBetween, frequencyNear, hzOfKey } from './measure.ts';

const RATE = 48_000;
const STEPS = 19;
const degrees = Array.from({ length: STEPS }, (_, i) => ((1200 * (i + 1)) / STEPS).toFixed(6));
const nineteen = tuningNotes(readScale(['equal steps', STEPS, ...degrees].join('\n'), 'x'));

function tuned(notes: readonly (number | null)[] | null): Core {
  const core = newCore();
  core.setTuning(notes);
  return core;
}

function errorCents(samples: Float32Array, from: number, note: number): number {
  const hz = hzOfKey(note);
  return Math.abs(centsBetween(frequencyNear(samples, from, 16_000, hz, RATE), hz));
}

test.each([40, 52, 60, 61, 67, 75, 90])('key %d of nineteen equal steps is in tune', (key) => {
  const { left, rows } = render(tuned(nineteen), RATE / 2, [on(0, key)], tone, 8192);
  const note = nineteen[key] ?? Number.NaN;
  expect(note).toBeCloseTo(60 + ((key - 60) * 12) / 19, 4);
  expect(errorCents(left, 4800, note)).toBeLessThan(0.1);
  expect(rows[0].pitch).toBeCloseTo(note, 4);
});

test('the usual tuning gives the very bytes of none', () => {
  const reference = render(newCore(), 9600, [on(0, 61)], tone).left;
  expect(render(tuned(null), 9600, [on(0, 61)], tone).left).toEqual(reference);
  const back = tuned(nineteen);
  back.setTuning();
  expect(render(back, 9600, [on(0, 61)], tone).left).toEqual(reference);
});

test('bend, transpose, fine tune and A4 come on top', () => {
  const events = [bend(0, 0.5), set(0, 'transpose', 12), set(0, 'fineTune', 20), set(0, 'a4Hz', 452), on(0, 55)];
  const { left } = render(tuned(nineteen), RATE / 2, events, tone, 8192);
  const note = (nineteen[55] ?? 0) + 1 + 12 + 0.2 + 12 * Math.log2(452 / 440);
  expect(errorCents(left, 4800, note)).toBeLessThan(0.2);
});

test('a key without a pitch does not sound and steals nothing', () => {
  const notes = nineteen.map((note, key) => (key === 62 ? null : note));
  const core = tuned(notes);
  const { left } = render(core, 4800, [on(0, 62), off(100, 62)], tone);
  expect(left.every((sample) => sample === 0)).toBe(true);
  const mono = tuned(notes);
  const score = [set(0, 'voiceMode', 1), on(0, 60), on(2000, 62), off(3000, 62)];
  const alone = render(tuned(notes), 9600, [set(0, 'voiceMode', 1), on(0, 60)], tone);
  expect(render(mono, 9600, score, tone).left).toEqual(alone.left);
});

test('glides run from tuned pitch to tuned pitch', () => {
  const events = [set(0, 'voiceMode', 2), set(0, 'glideMs', 100), on(0, 50), on(1000, 57)];
  const { left, rows } = render(tuned(nineteen), RATE, events, sine, 8192);
  expect(errorCents(left, 1000 + 4800 + 2048, nineteen[57] ?? 0)).toBeLessThan(0.1);
  for (const { pitch } of rows) {
    expect(pitch).toBeGreaterThan((nineteen[50] ?? 0) - 1e-4);
    expect(pitch).toBeLessThan((nineteen[57] ?? 0) + 1e-4);
  }
  expect(rows[0].pitch).toBeCloseTo(nineteen[50] ?? 0, 4);
});

describe('a change of tuning', () => {
  test('leaves sounding notes alone and holds for the next', () => {
    const core = newCore();
    const one = render(core, RATE / 2, [on(0, 61)], tone, 8192);
    core.setTuning(nineteen);
    const two = render(core, RATE / 2, [], tone, 8192);
    const whole = render(newCore(), RATE, [on(0, 61)], tone, 8192);
    expect([...one.left, ...two.left]).toEqual([...whole.left]);
    const next = render(core, RATE / 2, [off(0, 61), on(24, 61), set(24, 'releaseMs', 1)], tone, 8192);
    expect(errorCents(next.left, 4800, nineteen[61] ?? 0)).toBeLessThan(0.2);
  });

  test('survives reset, prepare and a new model', () => {
    const core = tuned(nineteen);
    core.reset();
    core.prepare(RATE, { strict: true });
    const { rows } = render(core, 100, [on(0, 61)], tone);
    expect(rows[0].pitch).toBeCloseTo(nineteen[61] ?? 0, 4);
  });

  test('notes of no use are kept where pitches may lie', () => {
    const core = tuned(Array.from({ length: 128 }, (_, key) => (key % 2 ? 1e30 : -1e30)));
    const { left } = render(core, 4800, [on(0, 60), on(0, 61)], tone);
    expect(left.every(Number.isFinite)).toBe(true);
    expect(core.faults).toBe(0);
  });
});
