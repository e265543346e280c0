// Pitch within one cent, static, bent and after a glide, at every usual rate; tones are clean.
import { describe, expect, test } from '@jest/globals';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { bend, cc, fakeModel, newCore, off, on, PARTIALS, render, set, sine, tone, type Voicing } from './fixture.ts';
import { centsBetween, fitSinusoids, frequencyNear, hzOfKey } from './measure.ts';

/** Worst error in cents of the fundamental and its fifth partial. */
function errorCents(samples: Float32Array, from: number, hz: number, sampleRate: number): number {
  const length = Math.round(0.4 * sampleRate);
  return Math.max(
    ...[1, 3].map((k) => Math.abs(centsBetween(frequencyNear(samples, from, length, k * hz, sampleRate), k * hz))),
  );
}

describe.each([44_100, 48_000, 96_000])('at %d Hz', (sampleRate) => {
  const length = Math.round(0.5 * sampleRate);
  const from = Math.round(0.05 * sampleRate);

  test.each([33, 45, 57, 69, 81, 93, 96])('key %d is in tune', (key) => {
    const { left } = render(newCore({ sampleRate }), length, [on(0, key)], tone, 8192);
    expect(errorCents(left, from, hzOfKey(key), sampleRate)).toBeLessThan(0.5);
  });

  test('bends, tuning and transposition are exact multipliers', () => {
    const events = [
      bend(0, 0.37),
      set(0, 'bendRange', 12),
      set(0, 'fineTune', 31),
      set(0, 'transpose', -5),
      set(0, 'a4Hz', 452),
      on(0, 60),
    ];
    const { left } = render(newCore({ sampleRate }), length, events, tone, 8192);
    expect(errorCents(left, from, hzOfKey(60 + 0.37 * 12 + 0.31 - 5, 452), sampleRate)).toBeLessThan(0.5);
  });

  test('a glide over an octave ends on the pitch', () => {
    const glide = Math.round(0.1 * sampleRate);
    const events = [set(0, 'voiceMode', 2), set(0, 'glideMs', 100), on(0, 48), on(1000, 60)];
    const { left } = render(newCore({ sampleRate }), glide + 2 * length, events, tone, 8192);
    expect(errorCents(left, 1000 + glide + 2 * 1024, hzOfKey(60), sampleRate)).toBeLessThan(0.5);
  });
});

test('half-way through a glide the pitch is half-way in semitones', () => {
  const events = [set(0, 'voiceMode', 1), set(0, 'glideMs', 2000), on(0, 48), on(4800, 60)];
  const { left } = render(newCore(), 96_000, events, sine, 8192);
  const middle = 4800 + 48_000;
  const hz = frequencyNear(left, middle - 512, 1024, hzOfKey(54), 48_000);
  expect(Math.abs(centsBetween(hz, hzOfKey(54)))).toBeLessThan(4);
});

test('a bend that came before the note applies to it; registered parameter 0 sets its range', () => {
  const events = [cc(0, 101, 0), cc(0, 100, 0), cc(0, 6, 7 / 127), cc(0, 38, 50 / 127), bend(1, -1), on(2, 60)];
  const { left, rows } = render(newCore(), 24_000, events, tone);
  expect(errorCents(left, 3000, hzOfKey(52.5), 48_000)).toBeLessThan(0.5);
  expect(rows[0].pitch).toBeCloseTo(52.5, 5);
});

test('the pitch told to the decoder is the sounding one by A4 = 440 Hz, kept inside the range of the model', () => {
  const { rows } = render(newCore(), 100, [set(0, 'a4Hz', 466.163_76), on(0, 60), on(0, 120), on(0, 2)], tone);
  const pitches = new Set(rows.map((row) => Math.round(row.pitch * 1000) / 1000));
  expect(pitches).toEqual(new Set([61, 108, 24]));
});

test('a glide in poly begins at the key before', () => {
  const { rows } = render(newCore(), 4000, [set(0, 'glideMs', 100), on(0, 48), off(10, 48), on(1000, 60)], tone);
  const second = rows.filter((row) => row.serial === 2);
  expect(second[0].pitch).toBe(48);
  expect(second[1].pitch).toBeCloseTo(48 + (12 * 256) / 4800, 4);
});

test('a column of cents moves the pitch', () => {
  const sharp: Voicing = (row, payload) => {
    tone(row, payload);
    payload[PARTIALS] = 40;
  };
  const model = fakeModel({ noiseBands: 0, centsOffset: PARTIALS, inharmonicityOffset: -1 });
  const { left } = render(newCore({ model }), 24_000, [on(0, 57)], sharp);
  expect(errorCents(left, 3000, hzOfKey(57.4), 48_000)).toBeLessThan(0.5);
});

test('a set of sines renders with at least 60 dB between harmonics and the rest', () => {
  const set5: Voicing = (_row, payload) => {
    payload.fill(-100);
    for (let k = 0; k < 5; k++) payload[k] = -24 - 3 * k;
    payload[payload.length - 1] = 0;
  };
  for (const key of [40, 57, 69, 84]) {
    const { left } = render(newCore(), 24_000, [on(0, key)], set5, 8192);
    const hz = hzOfKey(key);
    const fit = fitSinusoids(
      left,
      6000,
      9600,
      [1, 2, 3, 4, 5].map((k) => k * hz),
      48_000,
    );
    expect(10 * Math.log10((fit.power - fit.residualPower) / fit.residualPower)).toBeGreaterThan(60);
    fit.amplitudes.forEach((amplitude, k) => {
      // -6 dB is the instrument's default gain.
      expect(20 * Math.log10(amplitude)).toBeCloseTo(-24 - 3 * k - 6, 1);
    });
  }
});

test('unison spreads its layers by detune, symmetric about the pitch, at equal loudness', () => {
  const events = [set(0, 'unison', 2), set(0, 'detune', 20), set(0, 'spread', 0), on(0, 69)];
  const { left, right } = render(newCore(), 60_000, events, sine, 8192);
  expect(left).toEqual(right);
  const fit = fitSinusoids(left, 6000, 48_000, [hzOfKey(69 - 0.2), hzOfKey(69 + 0.2)], 48_000);
  expect(fit.residualPower / fit.power).toBeLessThan(1e-5);
  for (const amplitude of fit.amplitudes) expect(20 * Math.log10(amplitude)).toBeCloseTo(-20 - 6 - 3.01, 1);
});

test('spread puts the layers left and right', () => {
  const events = [set(0, 'unison', 2), set(0, 'detune', 20), set(0, 'spread', 1), on(0, 69)];
  const { left, right } = render(newCore(), 60_000, events, sine, 8192);
  const frequencies = [hzOfKey(69 - 0.2), hzOfKey(69 + 0.2)];
  const l = fitSinusoids(left, 6000, 48_000, frequencies, 48_000).amplitudes;
  const r = fitSinusoids(right, 6000, 48_000, frequencies, 48_000).amplitudes;
  expect(l[0] / l[1]).toBeGreaterThan(1000);
  expect(r[1] / r[0]).toBeGreaterThan(1000);
});

test('a bend event while the note sounds moves it', () => {
  const core = newCore();
  render(core, 9600, [on(0, 60)], tone);
  core.event(0, EVENT.pitchBend, 0, 0, 1);
  const { left } = render(core, 30_000, [], tone, 8192);
  expect(errorCents(left, 2048, hzOfKey(62), 48_000)).toBeLessThan(0.5);
});
