// The path over the map: where it is when, in seconds and in beats, and what it does to the sound.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Core } from '../../../plugin/engine/core.ts';
import { parameterById } from '../../../plugin/instrument/parameters.ts';
import { CONTROL_INTERVAL, EVENT, MAX_PATH_POINTS } from '../../../plugin/instrument/protocol.ts';
import { fakeModel, LATENT, newCore, off, on, render, set, type Timed, tone } from './fixture.ts';

const RATE = 48_000;
const map = Array.from({ length: 20 }, (_, i) => ({
  x: (i * 0.618) % 1,
  y: (i * 0.414 + 0.1) % 1,
  latent: Float32Array.from({ length: LATENT }, (_, d) => Math.sin(i * (d + 1)) * 1.5),
}));
/** Round the middle: right, down, left, up. */
const square = [0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8];

function coreWith(path: readonly number[]): Core {
  const core = newCore({ model: fakeModel({ map }) });
  core.setPath(path);
  return core;
}

/** The place on the map as the voice report says it. */
function place(core: Core): [number, number] {
  const report = core.voiceReport();
  return [report[4], report[5]];
}

const tempo = (sample: number, bpm: number): Timed => [sample, EVENT.tempo, 0, 0, bpm];
const songPosition = (sample: number, beats: number): Timed => [sample, EVENT.songPosition, 0, 0, beats];

/** Plays for a while and says where the path is then; the first event of the score is a note. */
function placeAfter(path: readonly number[], seconds: number, score: readonly Timed[]): [number, number] {
  const core = coreWith(path);
  render(core, Math.round(seconds * RATE), [...score, on(0, 60)], tone, 8192);
  return place(core);
}

/** Where a path is at a share of its loop, worked out another way: by walking its closed polygon. */
function along(path: readonly number[], share: number): [number, number] {
  const count = path.length / 2;
  const turns = (((share % 1) + 1) % 1) * count;
  const [from, part] = [Math.floor(turns) % count, turns % 1];
  const to = (from + 1) % count;
  return [0, 1].map((axis) => path[2 * from + axis] * (1 - part) + path[2 * to + axis] * part) as [number, number];
}

const near = (actual: readonly number[], expected: readonly number[], within: number): void => {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThan(within);
  });
};

const full = [set(0, 'pathDepth', 1), set(0, 'pathSeconds', 1)];
/** Share of a second that a control tick may be early or late. */
const tick = (2 * CONTROL_INTERVAL) / RATE;

describe('in seconds', () => {
  test('the loop goes from point to point in even time and closes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        (points, seconds, loop) => {
          const path = points.flat();
          const found = placeAfter(path, seconds, [set(0, 'pathDepth', 1), set(0, 'pathSeconds', loop)]);
          near(found, along(path, seconds / loop), (2 * tick * points.length) / loop + 1e-4);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('it stands at its beginning while nothing sounds, and begins there again with the next phrase', () => {
    const core = coreWith(square);
    render(core, RATE, full, tone, 8192);
    render(core, RATE / 4, [on(0, 60)], tone, 8192);
    near(place(core), [0.8, 0.2], 0.01);
    render(core, RATE, [off(0, 60)], tone, 8192);
    expect(core.activeVoices).toBe(0);
    const { rows } = render(core, RATE / 8, [on(0, 60)], tone, 8192);
    near(place(core), [0.5, 0.2], 0.01);
    const first = newCore({ model: fakeModel({ map }) });
    render(first, 64, [set(0, 'mapX', 0.2), set(0, 'mapY', 0.2)], tone);
    near([...(rows.find(({ frame }) => frame === 0)?.z ?? [])], [...first.latent()], 0.02);
  });

  test('a longer loop from now on goes on from where it is', () => {
    const core = coreWith(square);
    render(core, RATE / 4, [...full, on(0, 60)], tone, 8192);
    const { rows } = render(core, RATE / 4, [set(0, 'pathSeconds', 10)], tone, 256);
    near(place(core), along(square, 0.25 + 0.25 / 10), 0.02);
    const steps = rows.slice(1).map((row, i) => Math.max(...row.z.map((z, d) => Math.abs(z - rows[i].z[d]))));
    expect(Math.max(...steps)).toBeLessThan(0.2);
  });
});

describe('in beats', () => {
  const beats = [set(0, 'pathDepth', 1), set(0, 'pathSync', 1), set(0, 'pathBeats', 2)];

  test.each([
    [120, 0.37],
    [90, 0.5],
    [240, 0.9],
  ])('at %d beats a minute, %d seconds on', (bpm, seconds) => {
    near(placeAfter(square, seconds, [...beats, tempo(0, bpm)]), along(square, (seconds * bpm) / 60 / 2), 0.01);
  });

  test('without a tempo it is 120; one that is none changes nothing, one out of range is kept in range', () => {
    for (const odd of [tempo(0, Number.NaN), songPosition(0, Number.NaN), songPosition(0, Infinity)]) {
      near(placeAfter(square, 0.3, [...beats, odd]), along(square, 0.3), 0.01);
    }
    near(placeAfter(square, 0.3, [...beats, tempo(0, -7)]), along(square, (0.3 * 10) / 120), 0.01);
  });

  test('it goes where the song is, also backwards, and runs on from there', () => {
    const score = [...beats, songPosition(4800, 16.5), songPosition(9600, -0.5)];
    near(placeAfter(square, 0.15, score), along(square, (0.5 + 0.1) / 2), 0.01);
    near(placeAfter(square, 0.25, score), along(square, (1.5 + 0.1) / 2), 0.01);
  });

  test('a host that tells the position in every block, rounded, gives the bytes of one that tells it once', () => {
    const told = Array.from({ length: 60 }, (_, i) => songPosition(i * 512, Math.fround(3000 + (i * 512 * 2) / RATE)));
    const once = render(coreWith(square), 30_000, [...beats, told[0], on(0, 60)], tone);
    const often = render(coreWith(square), 30_000, [...beats, ...told, on(0, 60)], tone);
    expect(often.left).toEqual(once.left);
    expect(once.rows.at(-1)?.z).not.toEqual(once.rows[0].z);
  });

  test('it runs on while nothing sounds, and the first note begins where it is then', () => {
    const core = coreWith(square);
    render(core, RATE / 2, beats, tone, 8192);
    const { rows } = render(core, 4800, [on(0, 60)], tone, 8192);
    const there = newCore({ model: fakeModel({ map }) });
    const [x, y] = along(square, 0.5);
    render(there, 64, [set(0, 'mapX', x), set(0, 'mapY', y)], tone);
    near([...rows[0].z], [...there.latent()], 0.02);
  });
});

describe('depth and reach', () => {
  test.each([
    [1, 1],
    [0.25, 1],
    [1, 0],
    [1, 1.5],
    [0.6, 0.5],
  ])('depth %d, reach %d', (depth, reach) => {
    const score = [
      ...full,
      set(0, 'pathDepth', depth),
      set(0, 'pathReach', reach),
      set(0, 'mapX', 0.1),
      set(0, 'mapY', 0.6),
    ];
    const [x, y] = along(square, 0.25);
    const expected = [
      [0.1, x],
      [0.6, y],
    ].map(([puck, at]) => Math.min(1, Math.max(0, puck + depth * (0.5 + reach * (at - 0.5) - puck))));
    near(placeAfter(square, 0.25, score), expected, 0.01);
  });

  test('without a path depth changes nothing, and with a depth of 0 a path does not', () => {
    const plain = render(newCore({ model: fakeModel({ map }) }), 9600, [on(0, 60)], tone).left;
    expect(render(coreWith([]), 9600, [...full, on(0, 60)], tone).left).toEqual(plain);
    expect(render(coreWith(square), 9600, [on(0, 60)], tone).left).toEqual(plain);
  });

  test('the sound is that of the place', () => {
    const core = coreWith(square);
    core.setSound([1, 2, 3, 4], 0.9, 0.9);
    render(core, RATE / 3, [...full, on(0, 60)], tone, 8192);
    const [x, y] = place(core);
    const still = newCore({ model: fakeModel({ map }) });
    still.setSound([1, 2, 3, 4], 0.9, 0.9);
    for (const [id, value] of [
      ['mapX', x],
      ['mapY', y],
    ] as const) {
      still.event(0, EVENT.parameter, 0, parameterById(id).index, value);
    }
    still.process(1);
    near([...core.latent()], [...still.latent()], 1e-5);
  });
});

describe('what is no path', () => {
  test('is refused with a sentence, and the path stays', () => {
    const core = coreWith(square);
    for (const bad of [
      [0.5],
      [0.5, Number.NaN],
      [0.5, 0.5, Infinity, 0],
      new Array<number>(2 * MAX_PATH_POINTS + 2).fill(0.5),
    ]) {
      expect(() => core.setPath(bad)).toThrow('A path has x and y of up to 256 points');
    }
    render(core, RATE / 4, [...full, on(0, 60)], tone, 8192);
    near(place(core), [0.8, 0.2], 0.01);
  });

  test('places off the map are brought back to its edge; the longest path is taken', () => {
    near(placeAfter([-3, 7], 0.1, full), [0, 1], 1e-6);
    const circle = Array.from({ length: MAX_PATH_POINTS }, (_, i) => {
      const angle = (2 * Math.PI * i) / MAX_PATH_POINTS;
      return [0.5 + 0.3 * Math.cos(angle), 0.5 + 0.3 * Math.sin(angle)];
    }).flat();
    near(placeAfter(circle, 0.25, full), [0.5, 0.8], 0.01);
  });
});
