// From a hand to the ear: how soon a latent that begins to move is heard, and what it asks of the decoder.
import { describe, expect, test } from '@jest/globals';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { answer, newCore, on, type Row, render, rms, set, type Timed, takeRows, toDb, tone } from './fixture.ts';

const HOP = 256;
const NOTE: readonly Timed[] = [on(0, 60)];
const AT = 100 * HOP;
/** Moments spread over the two hops between sparse frames. */
const MOMENTS = Array.from({ length: 8 }, (_, i) => AT + (i * 2 * HOP) / 8 + 5);

/** The score with macro 1 moved at `at`. */
const play = (at: number, more: readonly Timed[] = NOTE): ReturnType<typeof render> =>
  render(newCore(), AT + 16 * HOP, [...more, set(at, 'macro1', 1)], tone);

/** Rows of the note for frames that had been asked for before. */
const repeated = (rows: readonly Row[]): Row[] =>
  rows.filter((row, i) => rows.findIndex(({ frame }) => frame === row.frame) < i);

describe('a macro that moves while a note is at rest', () => {
  const still = render(newCore(), AT + 16 * HOP, NOTE, tone);

  test('is heard within five hops, whenever it comes', () => {
    for (const at of MOMENTS) {
      const { left } = play(at);
      const first = left.findIndex((sample, i) => sample !== still.left[i]);
      expect(first - at).toBeGreaterThan(0);
      expect(first - at).toBeLessThanOrEqual(5 * HOP + 32);
    }
  });

  test('has one frame or two asked for again, and none once it moves', () => {
    for (const at of MOMENTS) {
      const again = repeated(play(at).rows);
      expect(again.length).toBeGreaterThanOrEqual(1);
      expect(again.length).toBeLessThanOrEqual(2);
      expect(again[0].z[0]).toBeGreaterThan(0);
    }
  });

  test('with drift every frame is new anyway', () => {
    for (const at of MOMENTS) expect(repeated(play(at, [set(0, 'driftDepth', 0.3), ...NOTE]).rows)).toEqual([]);
  });
});

describe('in real time', () => {
  /** Level at the end of a note that stands still and is given another sound at `at`, answers coming `late` quanta after their rows. */
  function levelOfFrozen(at: number, late: number): number {
    const core = newCore({ strict: false });
    core.event(0, EVENT.parameter, 0, set(0, 'freeze', 1)[3], 1);
    const under: Row[][] = Array.from({ length: late }, () => []);
    const left = new Float32Array(AT + 64 * HOP);
    for (let done = 0; done < left.length; done += 128) {
      if (done === 48 * HOP) core.event(0, EVENT.noteOn, 0, 60, 1);
      if (at >= done && at < done + 128) core.setSound(Float32Array.of(1, 0, 0, 0), 0.5, 0.5);
      core.process(128);
      left.set(core.left.subarray(0, 128), done);
      under.push(takeRows(core));
      answer(core, under.shift()!, tone);
    }
    return toDb(rms(left, left.length - 4 * HOP));
  }

  test.each([0, 1, 3, 5])('a note that stands still ends as the new sound with answers %i quanta late', (late) => {
    const wanted = levelOfFrozen(0, late);
    for (const at of MOMENTS) expect(levelOfFrozen(at, late)).toBeCloseTo(wanted, 3);
    expect(Math.abs(levelOfFrozen(AT + 200 * HOP, late) - wanted)).toBeGreaterThan(0.1);
  });
});
