// In real time nothing waits: late frames are held and counted, the attack cache serves note-ons.
import { describe, expect, test } from '@jest/globals';
import type { Core } from '../../../plugin/engine/core.ts';
import { parameterById } from '../../../plugin/instrument/parameters.ts';
import { CACHE_FRAMES, EVENT, FLOOR_DB } from '../../../plugin/instrument/protocol.ts';
import {
  answer,
  fakeModel,
  firstSound,
  newCore,
  type Row,
  rms,
  sine,
  takeRows,
  toDb,
  tone,
  type Voicing,
} from './fixture.ts';
import { fitSinusoids, hzOfKey, largestStep } from './measure.ts';

const live = (): Core => newCore({ strict: false });

/** Runs `samples` in quanta of 128; `shell` sees the rows after each quantum and may answer them. */
function run(core: Core, samples: number, shell: (rows: Row[], sample: number) => void = () => {}): Float32Array {
  const left = new Float32Array(samples);
  for (let at = 0; at < samples; at += 128) {
    expect(core.process(128)).toBe(128);
    left.set(core.left.subarray(0, Math.min(128, samples - at)), at);
    shell(takeRows(core), at);
  }
  return left;
}

const answering =
  (core: Core, voicing: Voicing = tone) =>
  (rows: Row[]): void =>
    answer(core, rows, voicing);
const note = (core: Core, key: number, velocity = 1): void => void core.event(0, EVENT.noteOn, 0, key, velocity);
const sounding = (rows: Row[]): Row[] => rows.filter((row) => row.voice >= 0);

describe('late frames', () => {
  test('a note without its first frame waits in silence, is counted once, and begins when it comes, from its beginning', () => {
    const core = live();
    note(core, 60);
    const kept: Row[] = [];
    const silent = run(core, 1280, (rows) => kept.push(...sounding(rows)));
    expect(firstSound(silent)).toBe(-1);
    expect(core.underruns).toBe(1);
    expect(core.activeVoices).toBe(1);
    expect(kept.map((row) => row.frame)).toEqual([0, 1, 2, 3, 4, 5]);
    answer(core, kept, tone);
    const loud = run(core, 4800, answering(core));
    expect(firstSound(loud)).toBe(0);
    expect(core.underruns).toBe(1);
  });

  test('a note released before its first frame came is not played', () => {
    const core = live();
    note(core, 60);
    run(core, 256);
    core.event(0, EVENT.noteOff, 0, 60, 0);
    run(core, 256, answering(core));
    expect(core.activeVoices).toBe(0);
    expect(firstSound(run(core, 4800))).toBe(-1);
  });

  test('frames that stay away are held, falling by 12 dB a second, each counted once; when they come again the sound is back', () => {
    const core = live();
    note(core, 69);
    run(core, 9600, answering(core, sine));
    expect(core.underruns).toBe(1);
    const before = rms(core.left.subarray(0, 128));
    const withheld: Row[] = [];
    const held = run(core, 48_000, (rows) => withheld.push(...rows));
    const counted = core.underruns - 1;
    // 48,000 samples are 187 hops, a frame every second one, four hops of which had been asked for before.
    expect(counted).toBeGreaterThan(88);
    expect(counted).toBeLessThan(95);
    expect(toDb(rms(held, 43_200, 48_000) / rms(held, 19_200, 24_000))).toBeCloseTo(-6, 0);
    expect(largestStep(held)).toBeLessThan(0.01);
    const back = run(core, 9600, answering(core, sine));
    expect(rms(back, 4800) / rms(held, 0, 2400)).toBeCloseTo(1, 1);
    expect(before).toBeGreaterThan(0);
  });

  test('a decoder that is always too slow makes the sound lag, not stop', () => {
    const core = live();
    note(core, 69);
    run(core, 2400, answering(core, sine));
    const queue: Row[][] = [];
    const rising: Voicing = (row, payload) => {
      sine(row, payload);
      payload[0] += 12 * row.tau - 30;
    };
    const left = run(core, 96_000, (rows) => {
      queue.push(rows);
      if (queue.length > 12) answer(core, queue.shift()!, rising);
    });
    expect(core.underruns).toBeGreaterThan(150);
    expect(toDb(rms(left, 91_200, 96_000) / rms(left, 43_200, 48_000))).toBeCloseTo(12, 0);
  });

  test('a late frame that can still be heard is used, one for a note that has gone is dropped', () => {
    const core = live();
    note(core, 69);
    run(core, 4800, answering(core, sine));
    const first = rms(run(core, 1280, answering(core, sine)));
    core.event(0, EVENT.panic, 0, 0, 0);
    const stale: Row[] = [];
    run(core, 1280, (rows) => stale.push(...rows));
    note(core, 57);
    run(core, 128, answering(core, sine));
    answer(core, stale, (_row, payload) => payload.fill(20));
    const left = run(core, 24_000, answering(core, sine));
    const { amplitudes } = fitSinusoids(left, 4800, 9600, [hzOfKey(57), hzOfKey(69)], 48_000);
    expect(amplitudes[0]).toBeCloseTo(Math.SQRT2 * first, 3);
    expect(amplitudes[1]).toBeLessThan(1e-5);
  });

  test('frames that are not finite, for nobody, or wild do no harm', () => {
    const core = live();
    note(core, 69);
    let turn = 0;
    const left = run(core, 24_000, (rows) => {
      turn++;
      answer(core, rows, (_row, payload) => payload.fill([Number.NaN, Infinity, -Infinity, -1e30, FLOOR_DB][turn % 5]));
      const odd = [Number.NaN, Infinity, -7, 99, 1e30, 3.5];
      answer(
        core,
        odd.map((value) => ({
          slot: value,
          voice: odd[turn % 6],
          serial: value,
          frame: value,
          tau: 0,
          pitch: 0,
          velocity: 0,
          priority: 0,
          z: new Float32Array(4),
        })),
        sine,
      );
    });
    expect(left.every(Number.isFinite)).toBe(true);
    expect(core.faults).toBe(0);
  });
});

describe('long blocks of the host', () => {
  const RATE = 48_000;
  const HOP = 256;
  const drift = parameterById('driftDepth').index;

  /** One block of the host, in turns of 128 samples, its rows answered behind it; says which hop of its note the newest row is for, 0 without one. */
  function block(core: Core, frames: number): number {
    core.announceBlock(frames);
    for (let done = 0; done < frames; done += 128) core.process(Math.min(128, frames - done));
    const rows = takeRows(core);
    answer(core, rows, tone);
    return (Math.max(0, ...sounding(rows).map((row) => row.tau)) * RATE) / HOP;
  }

  /** A core whose attack cache is full, its sound moving, with a chord in the block that comes. */
  function playing(): Core {
    const core = live();
    run(core, RATE, answering(core));
    core.event(0, EVENT.parameter, 0, drift, 1);
    for (const key of [48, 60, 67]) note(core, key);
    return core;
  }

  test.each([512, 1024, 1100, 2048, 4096, 8192])(
    'with a decoder that answers only between blocks of %i no frame is late after the first',
    (frames) => {
      const core = playing();
      block(core, frames);
      const late = core.underruns;
      for (let at = 0; at < 2 * RATE; at += frames) block(core, frames);
      expect(core.underruns).toBe(late);
      expect(core.activeVoices).toBe(3);
    },
  );

  test('blocks up to two hops are asked for as early as ever, longer ones as much earlier as they are longer', () => {
    const ahead = (frames: number): number => {
      const core = playing();
      let most = 0;
      for (let at = frames; at < RATE; at += frames) most = Math.max(most, block(core, frames) - at / HOP);
      return most;
    };
    for (const frames of [128, 512]) {
      expect(ahead(frames)).toBeGreaterThan(4);
      expect(ahead(frames)).toBeLessThan(7);
    }
    expect(ahead(4096)).toBeGreaterThanOrEqual(16);
    expect(ahead(4096)).toBeLessThan(21);
  });

  test('a block cut in two changes nothing; when blocks have been short for a while, frames are asked for late again', () => {
    const core = playing();
    let played = 0;
    const ahead = (frames: number): number => {
      played += frames;
      return block(core, frames) - played / HOP;
    };
    for (let i = 0; i < 4; i++) ahead(4096);
    ahead(128);
    expect(ahead(4096)).toBeGreaterThanOrEqual(16);
    for (let at = 0; at < 2 * RATE; at += 128) ahead(128);
    // What was asked for early is heard first, so that for a moment nothing is asked for.
    let most = 0;
    for (let i = 0; i < 100; i++) most = Math.max(most, ahead(128));
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThan(7);
  });

  test('a bounce asks as late as ever, whatever the block', () => {
    const rowsOf = (frames: number): Row[] => {
      const core = newCore();
      core.announceBlock(frames);
      note(core, 60);
      expect(core.process(frames)).toBe(0);
      return takeRows(core);
    };
    expect(rowsOf(8192)).toEqual(rowsOf(128));
    expect(rowsOf(8192).length).toBe(6);
  });
});

describe('attack cache', () => {
  const cached = (core: Core, voicing: Voicing = sine): Map<string, Row> => {
    const rows = new Map<string, Row>();
    run(core, 48_000, (waiting) => {
      for (const row of waiting)
        if (row.voice < 0) rows.set(`${row.pitch}/${row.velocity.toFixed(2)}/${row.frame}`, row);
      answer(core, waiting, voicing);
    });
    return rows;
  };

  test('the first frames of every key of the model, in three velocities, are asked for in the background', () => {
    const rows = cached(live());
    expect(rows.size).toBe((108 - 24 + 1) * 3 * CACHE_FRAMES);
    const row = rows.get('60/0.65/7')!;
    expect(row.voice).toBe(-1);
    expect(row.priority).toBe(1);
    expect(row.tau).toBeCloseTo((7 * 256) / 48_000, 6);
  });

  test('never more than a hundred rows wait, the middle of the keyboard comes first', () => {
    const core = live();
    const rows: Row[] = [];
    run(core, 9600, (waiting) => rows.push(...waiting));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(rows[0].pitch).toBe(60);
    expect(rows.every((row) => Math.abs(row.velocity - 0.65) < 1e-6)).toBe(true);
    expect(Math.max(...rows.map((row) => Math.abs(row.pitch - 60)))).toBeLessThanOrEqual(6);
  });

  test('around a key just played comes first', () => {
    const core = live();
    run(core, 1280, answering(core, sine));
    note(core, 96);
    const rows: Row[] = [];
    run(core, 1280, (waiting) => {
      rows.push(...waiting.filter((row) => row.voice < 0));
      answer(core, waiting, sine);
    });
    const after = rows.slice(CACHE_FRAMES);
    expect(after.length).toBeGreaterThan(CACHE_FRAMES);
    expect(after.slice(0, CACHE_FRAMES).every((row) => Math.abs(row.pitch - 96) <= 4)).toBe(true);
  });

  test('a note-on is served at its sample without a decoder, and not counted as late', () => {
    const core = live();
    cached(core);
    note(core, 69, 0.8);
    const left = run(core, 1024);
    expect(firstSound(left)).toBe(0);
    expect(core.underruns).toBe(0);
  });

  test('between two velocities its levels lie between theirs in dB', () => {
    const core = live();
    const byVelocity: Voicing = (row, payload) => {
      sine(row, payload);
      payload[0] = -40 + 20 * row.velocity;
    };
    cached(core, byVelocity);
    core.event(0, EVENT.parameter, 0, 41, 0);
    note(core, 81, 0.825);
    const left = run(core, 1792);
    // Half-way between 0.65 and 1, default gain -6 dB.
    expect(toDb(rms(left, 512, 1536) * Math.SQRT2)).toBeCloseTo(-40 + 20 * 0.825 - 6, 0);
  });

  test('the exact frames take the place of the cached ones when they come', () => {
    const core = live();
    cached(core, sine);
    note(core, 69);
    const left = run(core, 9600, (rows) => {
      answer(core, rows, (row, payload) => {
        sine(row, payload);
        payload[0] -= 20;
      });
    });
    expect(toDb(rms(left, 4800) / rms(left, 0, 128))).toBeLessThan(-15);
  });

  test('when the sound moves the cache is asked for anew; the old entries serve until then', () => {
    const core = live();
    cached(core);
    core.event(0, EVENT.parameter, 0, 0, 1);
    const again: Row[] = [];
    run(core, 9600, (rows) => again.push(...rows));
    expect(again.length).toBeGreaterThan(50);
    expect(again.every((row) => row.voice === -1 && row.z[0] === 1)).toBe(true);
    note(core, 60);
    expect(firstSound(run(core, 128))).toBe(0);
  });

  test('while the sound keeps moving little is asked for, every key in its turn; all of it once it rests', () => {
    const core = live();
    cached(core);
    const keys = new Set<number>();
    const perSecond: number[] = [];
    for (let second = 0; second < 4; second++) {
      let count = 0;
      run(core, 48_000, (rows, sample) => {
        const phase = second + sample / 48_000;
        if (second < 3) core.event(0, EVENT.parameter, 0, 0, 0.5 + 0.4 * Math.sin(2 * Math.PI * phase));
        count += rows.length;
        if (second > 0 && second < 3) for (const row of rows) keys.add(row.pitch);
        answer(core, rows, sine);
      });
      perSecond.push(count);
    }
    expect(perSecond[1]).toBeLessThan(900);
    expect(perSecond[2]).toBeLessThan(900);
    expect(keys.size).toBeGreaterThan(60);
    expect(perSecond[3]).toBeGreaterThan(0.95 * (108 - 24 + 1) * 3 * CACHE_FRAMES);
  });

  test('answers for another model are dropped', () => {
    const core = live();
    const old: Row[] = [];
    run(core, 9600, (rows) => old.push(...rows));
    core.setModel(fakeModel(), 0);
    answer(core, old, sine);
    note(core, 60);
    expect(firstSound(run(core, 512))).toBe(-1);
  });

  test('rows that were lost are asked for again after some seconds', () => {
    const core = live();
    const rows: Row[] = [];
    run(core, 48_000 * 3, (waiting) => rows.push(...waiting));
    expect(rows.filter((row) => row.pitch === 60 && row.frame === 0).length).toBeGreaterThan(1);
  });

  test('offline nothing is asked for that no voice needs', () => {
    const core = newCore();
    core.process(4800);
    expect(core.requestCount).toBe(0);
  });
});
