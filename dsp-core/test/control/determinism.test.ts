// The same events give the same bytes, whatever the blocks; a note begins at its sample.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parameters } from '../../../plugin/instrument/parameters.ts';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import {
  answer,
  bend,
  cc,
  fakeModel,
  firstSound,
  lively,
  newCore,
  off,
  on,
  render,
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
      { numRuns: 12 },
    );
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
      { numRuns: 40 },
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

describe('hostile events', () => {
  const wild = fc.record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 7 }) },
      { weight: 1, arbitrary: fc.integer({ min: -5, max: 99 }) },
    ),
    channel: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 15 }) },
      { weight: 1, arbitrary: fc.integer() },
    ),
    key: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 127 }) },
      { weight: 3, arbitrary: fc.constantFrom(6, 38, 64, 66, 74, 100, 101, 120, 121, 123) },
      { weight: 1, arbitrary: fc.integer() },
    ),
    value: fc.oneof(
      { weight: 6, arbitrary: fc.float({ min: -1, max: 2, noNaN: true }) },
      { weight: 1, arbitrary: fc.float() },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e30) },
    ),
    offset: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 600 }) },
      { weight: 1, arbitrary: fc.integer() },
    ),
  });

  test('whatever comes, output stays finite, voices stay within the limit, and nothing waits for ever', () => {
    fc.assert(
      fc.property(
        fc.array(wild, { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 8, maxLength: 8 }),
        (events, blocks) => {
          const core = newCore();
          let next = 0;
          for (const block of blocks) {
            for (const end = next + 8; next < Math.min(end, events.length); next++) {
              const { offset, kind, channel, key, value } = events[next];
              core.event(offset, kind, channel, key, value);
            }
            for (let done = 0, idle = 0; done < block; ) {
              const got = core.process(block - done);
              for (let i = 0; i < got; i++) {
                if (!Number.isFinite(core.left[i]) || !Number.isFinite(core.right[i])) return false;
              }
              done += got;
              idle = got > 0 ? 0 : idle + 1;
              if (idle > 50 || core.activeVoices > 32) return false;
              answer(core, takeRows(core), lively);
            }
          }
          return core.faults === 0;
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keys, channels, kinds and numbers that are none change nothing', () => {
    const clean = render(newCore(), 3000, [on(10, 60)], lively);
    const dirty = render(
      newCore(),
      3000,
      [
        on(0, 128),
        on(0, -1),
        on(0, 60, 1, 16),
        on(0, 61, Number.NaN),
        [5, 77, 0, 0, 1],
        [5, EVENT.parameter, 0, parameters.length, 1],
        [5, EVENT.parameter, 0, -1, 1],
        [5, EVENT.parameter, 0, 0, Number.NaN],
        [6, EVENT.pitchBend, 0, 0, Number.NaN],
        on(10, 60),
      ],
      lively,
    );
    expect(dirty.left).toEqual(clean.left);
  });

  test('values beyond a range are clamped to it', () => {
    const full = render(newCore(), 3000, [bend(0, 1), set(0, 'transpose', 48), on(10, 30, 1)], lively);
    const beyond = render(newCore(), 3000, [bend(0, 40), set(0, 'transpose', 1e9), on(10, 30, 77)], lively);
    expect(beyond.left).toEqual(full.left);
  });

  test('the queue says when it is full, and goes on afterwards', () => {
    const core = newCore();
    let taken = 0;
    while (core.event(5, EVENT.pitchBend, 0, 0, 0)) taken++;
    expect(taken).toBe(4096);
    expect(core.process(64)).toBe(64);
    expect(core.event(0, EVENT.pitchBend, 0, 0, 0)).toBe(true);
  });

  test('thousands of notes at one sample leave the last sixteen', () => {
    const core = newCore();
    for (let i = 0; i < 4000; i++) core.event(0, EVENT.noteOn, i % 16, i % 128, 1);
    core.process(1);
    expect(core.activeVoices).toBe(16);
    answer(core, takeRows(core), tone);
    expect(core.process(64)).toBe(64);
  });
});

describe('parameters', () => {
  test('while nothing sounds a parameter jumps: a note begins as the sound just selected', () => {
    const { rows } = render(newCore(), 500, [set(3, 'macro1', 1), on(3, 60)], tone);
    expect(rows[0].z[0]).toBe(1);
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
