// Whatever events and frames come, the core stays finite, within its limits, and goes on.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parameters } from '../../../plugin/instrument/parameters.ts';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { answer, bend, lively, newCore, on, type Row, render, set, type Timed, takeRows, tone } from './fixture.ts';

describe('hostile events', () => {
  const wild = fc.record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) },
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
      { numRuns: 20 },
    );
  });

  test('whatever comes, the blocks do not matter', () => {
    const timed = fc.tuple(fc.integer({ min: 0, max: 3999 }), wild);
    fc.assert(
      fc.property(
        fc.array(timed, { minLength: 10, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }),
        (events, blocks) => {
          const score: Timed[] = events.map(([sample, { kind, channel, key, value }]) => [
            sample,
            kind,
            channel,
            key,
            value,
          ]);
          const notes: Timed[] = [0, 500, 1000, 2500].map((sample, i) => on(sample, 50 + 5 * i, 0.8, i % 2));
          const one = render(newCore(), 4000, [...notes, ...score], lively, 4000);
          const other = render(newCore(), 4000, [...notes, ...score], lively, blocks);
          return (
            one.rows.length === other.rows.length &&
            one.left.every((value, i) => value === other.left[i]) &&
            one.right.every((value, i) => value === other.right[i])
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test('in real time too, with answers that come late, come twice or never come', () => {
    fc.assert(
      fc.property(
        fc.array(wild, { maxLength: 40 }),
        fc.array(fc.record({ block: fc.integer({ min: 1, max: 600 }), answer: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 10,
          maxLength: 10,
        }),
        fc.constantFrom(22_050, 48_000, 192_000),
        (events, turns, sampleRate) => {
          const core = newCore({ strict: false, sampleRate });
          const kept: Row[] = [];
          let next = 0;
          for (const turn of turns) {
            for (const end = next + 4; next < Math.min(end, events.length); next++) {
              const { offset, kind, channel, key, value } = events[next];
              core.event(offset, kind, channel, key, value);
            }
            if (core.process(turn.block) !== turn.block || core.activeVoices > 32) return false;
            if (![...core.left.subarray(0, turn.block), ...core.right.subarray(0, turn.block)].every(Number.isFinite))
              return false;
            kept.push(...takeRows(core));
            for (let i = 0; i < turn.answer; i++) answer(core, kept, lively);
            if (turn.answer === 3) kept.length = 0;
          }
          return core.faults === 0;
        },
      ),
      { numRuns: 20 },
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
