// How note time runs: speed, freeze, position, loops, and how a held sound dies on.
import { describe, expect, test } from '@jest/globals';
import {
  falling,
  newCore,
  off,
  on,
  PARTIALS,
  type Row,
  render,
  rms,
  set,
  type Timed,
  toDb,
  tone,
  type Voicing,
} from './fixture.ts';

const RATE = 48_000;
const seconds = (s: number): number => Math.round(s * RATE);

function rowsOf(score: readonly Timed[], length: number): Row[] {
  return render(newCore(), seconds(length), score, tone, 8192).rows;
}

/** Rows are asked for this long before they are heard. */
const AHEAD = (5 * 256) / RATE;

describe('speed, freeze, position', () => {
  test('frame by frame at first, then every second hop', () => {
    const taus = rowsOf([on(0, 60)], 0.2).map((row) => row.tau);
    const hops = taus.map((tau) => Math.round((tau * RATE) / 256));
    expect(hops.slice(0, 11)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13]);
  });

  test('tau runs with the speed from the position', () => {
    const rows = rowsOf([set(0, 'speed', 2), set(0, 'position', 0.2), on(0, 60)], 0.5);
    expect(rows[0].tau).toBeCloseTo(0.6, 5);
    const last = rows.at(-1)!;
    const hop = 7 + (last.frame - 7) * 2;
    expect(last.tau).toBeCloseTo(0.6 + (2 * hop * 256) / RATE, 4);
  });

  test('freeze holds tau; then nothing changes and nothing is asked for', () => {
    const rows = rowsOf([on(0, 60), set(seconds(0.5), 'freeze', 1)], 2);
    expect(rows.at(-1)!.tau).toBeGreaterThan(0.5);
    expect(rows.at(-1)!.tau).toBeLessThan(0.5 + AHEAD + 0.02);
    const resumed = rowsOf([on(0, 60), set(seconds(0.5), 'freeze', 1), set(seconds(1.5), 'freeze', 0)], 2);
    expect(resumed.at(-1)!.tau).toBeGreaterThan(0.9);
    expect(resumed.at(-1)!.tau).toBeLessThan(1.1);
  });

  test('a turn of the position takes sounding notes along', () => {
    const rows = rowsOf([on(0, 60), set(0, 'freeze', 1), set(seconds(0.5), 'position', 0.5)], 1);
    expect(rows.at(-1)!.tau).toBeCloseTo(1.5, 4);
  });
});

describe('hold', () => {
  test('tau stops at the end of the sustain region, also after release', () => {
    const rows = rowsOf([set(0, 'releaseMs', 5000), on(0, 60), off(seconds(2.9), 60)], 3.5);
    expect(Math.max(...rows.map((row) => row.tau))).toBeCloseTo(2.8, 5);
    expect(rows.at(-1)!.tau).toBeCloseTo(2.8, 5);
  });

  test('a sustained sound stays', () => {
    const { left } = render(newCore(), seconds(6), [on(0, 69)], falling(1), 8192);
    const at = (s: number): number => toDb(rms(left, seconds(s), seconds(s + 0.1)));
    expect(at(5.8)).toBeCloseTo(at(3), 1);
  });

  test('a sound that was falling falls on as fast', () => {
    const { left } = render(newCore(), seconds(6), [on(0, 69)], falling(12), 8192);
    const at = (s: number): number => toDb(rms(left, seconds(s), seconds(s + 0.1)));
    expect(at(2.6) - at(1.6)).toBeCloseTo(-12, 0);
    for (const s of [3.2, 4.2, 5.2]) expect(Math.abs(at(s + 0.6) - at(s) + 7.2)).toBeLessThan(0.4);
    expect(Math.abs(at(3.2) - at(2.6) + 7.2)).toBeLessThan(0.6);
  });

  test('and at half the speed half as fast', () => {
    const { left } = render(
      newCore(),
      seconds(8),
      [set(0, 'speed', 0.5), set(0, 'position', 0.6), on(0, 69)],
      falling(12),
      8192,
    );
    const at = (s: number): number => toDb(rms(left, seconds(s), seconds(s + 0.1)));
    expect(Math.abs(at(7) - at(6) + 6)).toBeLessThan(0.6);
  });

  test('a player who turns the sound down while it passes the end is not taken for its decay', () => {
    const turned = Array.from({ length: 130 }, (_, i) => set(seconds(1.5 + i * 0.01), 'macro1', 0.5 - 0.003 * i));
    const loudByLatent: Voicing = (row, payload) => {
      tone(row, payload);
      for (let k = 0; k < PARTIALS; k++) payload[k] += 6 * row.z[0];
    };
    const { left } = render(newCore(), seconds(6), [on(0, 69), ...turned], loudByLatent, 8192);
    const at = (s: number): number => toDb(rms(left, seconds(s), seconds(s + 0.1)));
    expect(at(1.5) - at(2.9)).toBeGreaterThan(3);
    expect(at(5.8)).toBeCloseTo(at(3), 1);
  });

  test('a sound that has died frees its voice', () => {
    const core = newCore();
    render(core, seconds(5), [on(0, 69)], falling(60), 8192);
    expect(core.activeVoices).toBe(0);
  });
});

describe('loops', () => {
  const loop = (mode: number): Timed[] => [set(0, 'loopMode', mode), set(0, 'loopStart', 0.1), set(0, 'loopEnd', 0.2)];

  test('forward goes round between start and end while the key is held, then on to the end', () => {
    const rows = rowsOf([...loop(1), set(0, 'releaseMs', 20_000), on(0, 60), off(seconds(2), 60)], 6);
    const held = rows.filter((row) => row.tau <= 0.6);
    expect(held.length).toBeGreaterThan(150);
    const jumps = rows.filter((row, i) => i > 0 && row.tau < rows[i - 1].tau);
    // From 0.6 s on, once every 0.3 s, until 2 s.
    expect(jumps).toHaveLength(5);
    for (const jump of jumps) expect(jump.tau).toBeGreaterThanOrEqual(0.3);
    expect(rows.at(-1)!.tau).toBeCloseTo(3, 4);
  });

  test('ping-pong turns at both ends', () => {
    const taus = rowsOf([...loop(2), on(0, 60)], 2).map((row) => row.tau);
    const turned = taus.slice(taus.findIndex((tau) => tau > 0.58));
    expect(Math.min(...turned)).toBeGreaterThanOrEqual(0.3 - 1e-6);
    expect(Math.max(...turned)).toBeLessThanOrEqual(0.6 + 1e-6);
    const steps = turned.slice(1).map((tau, i) => Math.abs(tau - turned[i]));
    expect(Math.max(...steps)).toBeLessThan(0.0108);
    expect(turned.filter((tau, i) => i > 0 && tau < turned[i - 1]).length).toBeGreaterThan(40);
  });

  test('ends in the wrong order and of no length still loop', () => {
    const rows = rowsOf([set(0, 'loopMode', 1), set(0, 'loopStart', 0.5), set(0, 'loopEnd', 0.5), on(0, 60)], 3);
    expect(Math.max(...rows.map((row) => row.tau))).toBeLessThanOrEqual(1.53);
  });
});
