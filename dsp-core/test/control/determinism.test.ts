// The same events give the same bytes, whatever the blocks; a note begins at its sample.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import {
  answer,
  bend,
  cc,
  fakeModel,
  firstSound,
  livelier,
  lively,
  newCore,
  off,
  on,
  render,
  richModel,
  set,
  type Timed,
  takeRows,
  tone,
} from './fixture.ts';

const map = [0, 1, 2, 3, 4].map((i) => ({
  x: i / 4,
  y: (i * 0.37) % 1,
  latent: Float32Array.from([Math.sin(i), Math.cos(i), i / 5, 0.2]),
}));

/** Everything that could depend on a block: chords, stealing, unison, drift, bends, glide, loops, automation at odd samples. */
const score: Timed[] = [
  set(0, 'voices', 4),
  set(0, 'driftDepth', 0.5),
  set(0, 'attackMs', 7),
  set(0, 'releaseMs', 90),
  on(100, 60, 0.8),
  on(100, 64, 0.7),
  on(700, 67, 0.9),
  bend(1500, 0.5),
  set(2001, 'unison', 3),
  set(2001, 'spread', 1),
  on(3007, 72, 0.4),
  on(3008, 76, 1),
  on(3009, 79, 1),
  set(4000, 'mapX', 0.9),
  set(4111, 'macro2', 1),
  cc(5000, 64, 1),
  off(5001, 72),
  off(5200, 76),
  set(6000, 'loopMode', 1),
  set(6001, 'gainDb', -20),
  cc(7777, 64, 0),
  set(8000, 'voiceMode', 1),
  set(8000, 'glideMs', 30),
  on(8001, 50),
  on(9000, 62),
  off(10_000, 62),
  [11_000, EVENT.pressure, 0, 0, 0.9],
  cc(11_500, 74, 0.9),
  [14_000, EVENT.panic, 0, 0, 0],
  on(15_000, 55),
];
const LENGTH = 20_000;

describe('block sizes', () => {
  const model = fakeModel({ map });
  const reference = render(newCore({ model }), LENGTH, score, lively, 128);

  test.each([1, 32, 509, 4096, 8192])('blocks of %d give the bytes that blocks of 128 give', (block) => {
    const again = render(newCore({ model }), LENGTH, score, lively, block);
    expect(Buffer.from(again.left.buffer).equals(Buffer.from(reference.left.buffer))).toBe(true);
    expect(Buffer.from(again.right.buffer).equals(Buffer.from(reference.right.buffer))).toBe(true);
    expect(again.rows).toEqual(reference.rows);
  });

  test('the score sounds, on both sides differently', () => {
    expect(firstSound(reference.left)).toBe(100);
    expect(reference.left).not.toEqual(reference.right);
  });

  test('a second render, and one after reset, give the same bytes; another seed does not', () => {
    const core = newCore({ model });
    const first = render(core, LENGTH, score, lively, 128);
    expect(first.left).toEqual(reference.left);
    const other = render(newCore({ model, seed: 2 }), LENGTH, score, lively, 128);
    expect(other.left).not.toEqual(reference.left);
  });

  test('reset forgets what sounded: the same notes give the same bytes again', () => {
    const core = newCore();
    const notes = [on(5, 60), off(3000, 60)];
    const first = render(core, 6000, notes, lively);
    core.event(10, EVENT.noteOn, 0, 40, 1);
    core.reset();
    expect(core.requestCount).toBe(0);
    expect(render(core, 6000, notes, lively).left).toEqual(first.left);
  });

  test('any cut into blocks gives the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 9 }), (blocks) => {
        const again = render(newCore({ model }), 6000, score, lively, blocks);
        return again.left.every((value, i) => value === reference.left[i]);
      }),
      { numRuns: 8 },
    );
  });
});

describe('with every column, detail, a tuning and a path', () => {
  const withEverything: Timed[] = [
    set(0, 'pathDepth', 0.7),
    set(0, 'pathSync', 1),
    set(0, 'pathBeats', 1),
    [0, EVENT.tempo, 0, 0, 171],
    [333, EVENT.songPosition, 0, 0, 9.4],
    ...score,
    [3333, EVENT.tempo, 0, 0, 77],
    set(6500, 'pathSync', 0),
    set(6500, 'pathSeconds', 0.3),
    [9999, EVENT.songPosition, 0, 0, 12],
  ];
  const play = (blocks: number | readonly number[], length = LENGTH) => {
    const core = newCore({ model: richModel({ map }) });
    core.setTuning(Array.from({ length: 128 }, (_, key) => (key === 79 ? null : 60 + (key - 60) * 0.97)));
    core.setPath([0.1, 0.2, 0.9, 0.4, 0.6, 0.9, 0.2, 0.7]);
    return render(core, length, withEverything, livelier, blocks);
  };
  const reference = play(128);

  test.each([1, 32, 509, 8192])('blocks of %d give the bytes that blocks of 128 give', (block) => {
    const again = play(block);
    expect(Buffer.from(again.left.buffer).equals(Buffer.from(reference.left.buffer))).toBe(true);
    expect(Buffer.from(again.right.buffer).equals(Buffer.from(reference.right.buffer))).toBe(true);
    expect(again.rows).toEqual(reference.rows);
  });

  test('so does any cut into blocks, and the path moves what is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 9 }), (blocks) =>
        play(blocks, 5000).left.every((value, i) => value === reference.left[i]),
      ),
      { numRuns: 5 },
    );
    const first = reference.rows.filter(({ serial }) => serial === reference.rows[0].serial);
    expect(Math.abs(first[first.length - 1].z[0] - first[0].z[0])).toBeGreaterThan(0.05);
  });
});

describe('a note begins at its sample', () => {
  test('first non-zero output is the note-on sample, at any sample, block and rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 2048 }),
        fc.constantFrom(22_050, 44_100, 48_000, 96_000, 192_000),
        fc.constantFrom(0, 1, 300),
        (sample, block, sampleRate, attackMs) => {
          const { left } = render(
            newCore({ sampleRate }),
            4000,
            [set(0, 'attackMs', attackMs), on(sample, 57)],
            tone,
            block,
          );
          return firstSound(left) === sample;
        },
      ),
      { numRuns: 25 },
    );
  });

  test('with no attack the note has its full strength at once', () => {
    const { left } = render(newCore(), 2000, [set(0, 'attackMs', 0), on(500, 69)], tone);
    const early = Math.max(...left.subarray(500, 609).map(Math.abs));
    const later = Math.max(...left.subarray(1500, 1609).map(Math.abs));
    expect(early).toBeGreaterThan(0.9 * later);
  });

  test('events beyond a call keep waiting, and events at one sample keep their order', () => {
    const core = newCore();
    core.event(700, EVENT.noteOn, 0, 60, 1);
    core.event(700, EVENT.noteOff, 0, 60, 0);
    core.event(300, EVENT.noteOn, 0, 64, 1);
    core.event(700, EVENT.noteOn, 0, 60, 0.5);
    expect(core.process(256)).toBe(256);
    expect(core.activeVoices).toBe(0);
    expect(core.process(256)).toBe(44);
    expect(core.activeVoices).toBe(1);
    answer(core, takeRows(core), tone);
    expect(core.process(212)).toBe(212);
    expect(core.process(256)).toBe(188);
    // Both notes of key 60 began: the first was released before it was heard, the second is held.
    const begun = takeRows(core).filter((row) => row.pitch === 60 && row.frame === 0);
    expect(begun.map((row) => row.velocity)).toContain(0.5);
  });
});

describe('parameters', () => {
  test('while nothing sounds a parameter jumps: a note begins as the sound just selected', () => {
    const { rows } = render(newCore(), 500, [set(3, 'macro1', 1), on(3, 60)], tone);
    expect(rows[0].z[0]).toBe(1);
  });

  test('a stepped parameter goes to its nearest step', () => {
    const { rows } = render(newCore(), 100, [set(0, 'transpose', 2.6), on(0, 60)], tone);
    expect(rows[0].pitch).toBe(63);
  });

  test('while a note sounds it glides with its time constant, and arrives exactly', () => {
    const core = newCore();
    render(core, 4800, [on(0, 60)], tone);
    core.event(0, EVENT.parameter, 0, 0, 1);
    const early = render(core, 480, [], tone);
    const late = render(core, 9600, [], tone);
    const first = early.rows.concat(late.rows).map((row) => row.z[0]);
    expect(first[0]).toBeGreaterThan(0);
    expect(first[0]).toBeLessThan(0.9);
    expect(first.every((value, i) => i === 0 || value >= first[i - 1])).toBe(true);
    expect(first.at(-1)).toBe(1);
  });
});
