// Which voice plays: stealing, retriggering, pedals, mono, legato, controllers that end notes.
import { describe, expect, test } from '@jest/globals';
import type { Core } from '../../../plugin/engine/core.ts';
import { EVENT, VOICE_REPORT } from '../../../plugin/instrument/protocol.ts';
import {
  answer,
  cc,
  fakeModel,
  newCore,
  off,
  on,
  render,
  rms,
  set,
  sine,
  type Timed,
  takeRows,
  tone,
} from './fixture.ts';
import { centsBetween, fitSinusoids, frequencyNear, hzOfKey, largestStep } from './measure.ts';

const MS = 48;
const short = set(0, 'releaseMs', 20);

/** Keys now sounding, lowest first. */
function keys(core: Core): number[] {
  const report = core.voiceReport();
  const found: number[] = [];
  for (let at = 0; report[at] === 1; at += VOICE_REPORT) found.push(report[at + 2]);
  return found.sort((a, b) => a - b);
}

/** Plays a score and says which keys sound at its end. */
function keysAfter(ms: number, score: readonly Timed[]): number[] {
  const core = newCore();
  render(core, ms * MS, [short, ...score], tone);
  return keys(core);
}

describe('poly', () => {
  test('no more than the voices asked for sound, the oldest held note goes first', () => {
    const core = newCore();
    render(core, 2000, [set(0, 'voices', 3), on(0, 60), on(10, 62), on(20, 64), on(30, 65)], tone);
    expect(core.activeVoices).toBe(3);
    expect(keys(core)).toEqual([62, 64, 65]);
  });

  test('a released note goes before a held one, the quietest first', () => {
    const score = [
      set(0, 'voices', 3),
      set(0, 'releaseMs', 2000),
      on(0, 60),
      on(10, 62),
      on(20, 64),
      off(1000, 64),
      off(9000, 62),
      on(9600, 70),
    ];
    const core = newCore();
    render(core, 12_000, score, tone);
    expect(keys(core)).toEqual([60, 62, 70]);
  });

  test('fewer voices asked for while notes sound take effect at once', () => {
    const core = newCore();
    render(core, 4000, [on(0, 60), on(10, 62), on(20, 64), set(2000, 'voices', 1)], tone);
    expect(keys(core)).toEqual([64]);
  });

  test('a voice that becomes narrow again while it sounds makes no click on either side', () => {
    const wide = [set(0, 'unison', 2), set(0, 'spread', 1), set(0, 'detune', 10), set(0, 'attackMs', 20), on(0, 50)];
    const narrowed = render(newCore(), 9600, [...wide, set(5000, 'unison', 1)], sine);
    const still = render(newCore(), 9600, wide, sine);
    for (const side of ['left', 'right'] as const) {
      expect(largestStep(narrowed[side], 4800)).toBeLessThan(2 * largestStep(still[side], 4800));
    }
  });

  test('stealing makes no click', () => {
    const still = render(newCore(), 9600, [set(0, 'voices', 1), set(0, 'attackMs', 20), on(0, 50)], sine);
    const stolen = render(
      newCore(),
      9600,
      [set(0, 'voices', 1), set(0, 'attackMs', 20), on(0, 50), on(4800, 52)],
      sine,
    );
    expect(largestStep(stolen.left, 4700)).toBeLessThan(1.5 * largestStep(still.left, 4700));
  });

  test('a stolen voice has gone 5 ms later', () => {
    const { left } = render(newCore(), 24_000, [set(0, 'voices', 1), on(0, 50), on(4800, 93)], sine);
    const { amplitudes } = fitSinusoids(left, 4800 + 5 * MS, 12_000, [hzOfKey(50), hzOfKey(93)], 48_000);
    expect(amplitudes[0] / amplitudes[1]).toBeLessThan(1e-3);
  });

  test('a key struck again releases its old note', () => {
    expect(keysAfter(50, [on(0, 60), on(2 * MS, 60)])).toEqual([60]);
  });

  test('velocity 0 is a note-off', () => {
    expect(keysAfter(100, [on(0, 60), on(0, 64), on(20 * MS, 60, 0)])).toEqual([64]);
  });

  test('a note-off on another channel or key leaves the note', () => {
    expect(keysAfter(100, [on(0, 60), off(MS, 61), off(MS, 60, 3)])).toEqual([60]);
  });
});

describe('pedals and controllers', () => {
  test('the sustain pedal holds notes until it goes up', () => {
    const score = [cc(0, 64, 1), on(0, 60), off(10 * MS, 60), on(20 * MS, 64)];
    expect(keysAfter(200, score)).toEqual([60, 64]);
    expect(keysAfter(200, [...score, cc(100 * MS, 64, 0)])).toEqual([64]);
  });

  test('the sustain pedal of another channel holds nothing', () => {
    expect(keysAfter(100, [cc(0, 64, 1, 2), on(0, 60), off(10 * MS, 60)])).toEqual([]);
  });

  test('sostenuto holds the keys that were down when it came, and only those', () => {
    const score = [on(0, 60), cc(5 * MS, 66, 1), on(10 * MS, 64), off(20 * MS, 60), off(20 * MS, 64)];
    expect(keysAfter(150, score)).toEqual([60]);
    expect(keysAfter(250, [...score, cc(150 * MS, 66, 0)])).toEqual([]);
  });

  test('all notes off releases, the pedal still holds; all sound off and panic end within 5 ms', () => {
    const chord = [on(0, 60), on(0, 64), on(0, 67, 1, 1)];
    expect(keysAfter(100, [...chord, cc(20 * MS, 123, 0)])).toEqual([67]);
    expect(keysAfter(100, [...chord, cc(0, 64, 1), cc(20 * MS, 123, 0)])).toEqual([60, 64, 67]);
    expect(keysAfter(25, [...chord, cc(0, 64, 1), cc(20 * MS, 120, 0)])).toEqual([67]);
    const { left } = render(newCore(), 40 * MS, [...chord, [20 * MS, EVENT.panic, 0, 0, 0]], tone);
    expect(rms(left, 19 * MS, 20 * MS)).toBeGreaterThan(0);
    expect(rms(left, 25 * MS)).toBe(0);
  });

  test('reset controllers takes bend, pressure and pedal back', () => {
    const core = newCore();
    const { rows } = render(
      core,
      300 * MS,
      [
        short,
        [0, EVENT.pitchBend, 0, 0, 1],
        [0, EVENT.pressure, 0, 0, 1],
        cc(0, 64, 1),
        on(MS, 60),
        off(2 * MS, 60),
        on(2 * MS, 64),
        cc(100 * MS, 121, 0),
      ],
      tone,
    );
    expect(keys(core)).toEqual([64]);
    expect(rows[0].pitch).toBe(62);
    expect(rows[0].z[0]).toBeCloseTo(0.6, 5);
    expect(rows.at(-1)!.pitch).toBe(64);
    expect(rows.at(-1)!.z[0]).toBeCloseTo(0, 3);
  });

  test('key pressure reaches its key alone', () => {
    const core = newCore();
    const { rows } = render(core, 300 * MS, [on(0, 60), on(0, 64), [50 * MS, EVENT.keyPressure, 0, 64, 1]], tone);
    const last = (key: number): number => rows.filter((row) => row.pitch === key).at(-1)!.z[0];
    expect(last(60)).toBe(0);
    expect(last(64)).toBeCloseTo(0.6, 2);
  });
});

describe('mono and legato', () => {
  const mono = set(0, 'voiceMode', 1);
  const legato = set(0, 'voiceMode', 2);

  test.each([
    ['mono', mono],
    ['legato', legato],
  ] as const)('%s plays the key pressed last, and goes back through the keys still held', (_, mode) => {
    const held = [mode, on(0, 60), on(20 * MS, 64), on(40 * MS, 67)];
    expect(keysAfter(60, held)).toEqual([67]);
    expect(keysAfter(80, [...held, off(60 * MS, 67)])).toEqual([64]);
    expect(keysAfter(80, [...held, off(60 * MS, 64)])).toEqual([67]);
    expect(keysAfter(100, [...held, off(60 * MS, 64), off(80 * MS, 67)])).toEqual([60]);
    expect(keysAfter(250, [...held, off(60 * MS, 64), off(80 * MS, 67), off(90 * MS, 60)])).toEqual([]);
  });

  test('mono begins the sound again, legato goes on in it', () => {
    const score = [on(0, 60), on(300 * MS, 64)];
    const again = render(newCore(), 400 * MS, [mono, ...score], tone).rows;
    const onward = render(newCore(), 400 * MS, [legato, ...score], tone).rows;
    expect(again.filter((row) => row.frame === 0)).toHaveLength(2);
    expect(onward.filter((row) => row.frame === 0)).toHaveLength(1);
    expect(onward.at(-1)!.tau).toBeGreaterThan(0.35);
    expect(onward.at(-1)!.pitch).toBe(64);
  });

  test('legato keeps phase and level: no step in the sound', () => {
    const { left } = render(newCore(), 400 * MS, [legato, on(0, 60), on(200 * MS, 62)], sine);
    expect(largestStep(left, 195 * MS, 215 * MS)).toBeLessThan(1.2 * largestStep(left, 250 * MS, 400 * MS));
    const hz = frequencyNear(left, 230 * MS, 150 * MS, hzOfKey(62), 48_000);
    expect(Math.abs(centsBetween(hz, hzOfKey(62)))).toBeLessThan(0.5);
  });

  test('legato glides only between notes that overlap, mono always', () => {
    const apart = [set(0, 'glideMs', 200), on(0, 48), off(50 * MS, 48), on(300 * MS, 60)];
    const second = (mode: Timed): number =>
      render(newCore(), 310 * MS, [short, mode, ...apart], tone).rows.filter((row) => row.serial === 2)[0].pitch;
    expect(second(legato)).toBe(60);
    expect(second(mono)).toBe(48);
  });

  test('a chord held from poly ends when mono begins', () => {
    const chord = [mono, on(0, 40), off(10 * MS, 40), set(20 * MS, 'voiceMode', 0), on(30 * MS, 60), on(30 * MS, 64)];
    expect(keysAfter(60, [...chord, set(40 * MS, 'voiceMode', 2), on(50 * MS, 72)])).toEqual([72]);
  });

  test('the sustain pedal holds the last key', () => {
    expect(keysAfter(200, [mono, cc(0, 64, 1), on(0, 60), off(20 * MS, 60)])).toEqual([60]);
    expect(keysAfter(200, [mono, cc(0, 64, 1), on(0, 60), off(20 * MS, 60), cc(50 * MS, 64, 0)])).toEqual([]);
  });
});

describe('model slots', () => {
  test('a model for the other slot is for new notes; sounding ones go on with theirs, their latent kept', () => {
    const core = newCore();
    render(core, 4800, [on(0, 60)], tone);
    core.setModel({ ...fakeModel(), mean: Float32Array.from([0.7, 0, 0, 0]) }, 1);
    core.event(0, EVENT.noteOn, 0, 72, 1);
    core.event(0, EVENT.parameter, 0, 1, 1);
    const { rows, left } = render(core, 48_000, [], tone);
    const old = rows.filter((row) => row.slot === 0);
    const fresh = rows.filter((row) => row.slot === 1);
    expect(old.length).toBeGreaterThan(10);
    expect(old.every((row) => row.pitch === 60 && row.z.every((value) => value === 0))).toBe(true);
    expect(fresh[0].z[0]).toBeCloseTo(0.7, 6);
    expect(fresh.every((row) => row.pitch === 72)).toBe(true);
    const { amplitudes } = fitSinusoids(left, 20_000, 9600, [hzOfKey(60), hzOfKey(72)], 48_000);
    for (const amplitude of amplitudes) expect(amplitude).toBeGreaterThan(0.02);
  });

  test('a model put into the slot that sounds ends its notes without a click and without waiting', () => {
    const core = newCore();
    const before = render(core, 4800, [on(0, 50)], sine);
    core.setModel(fakeModel({ partials: 3, noiseBands: 0, frameSize: 3, inharmonicityOffset: -1 }), 0);
    const { left } = render(core, 4800, [], sine);
    expect(core.activeVoices).toBe(0);
    expect(largestStep(left)).toBeLessThan(1.2 * largestStep(before.left, 2000));
    expect(rms(left, 300)).toBe(0);
  });

  test('models of different size share rows and frames', () => {
    const core = newCore();
    core.event(0, EVENT.noteOn, 0, 60, 1);
    expect(core.process(1)).toBe(0);
    const wide = {
      ...fakeModel({
        latentDim: 6,
        frameSize: 30,
        mean: new Float32Array(6).fill(0.5),
        std: new Float32Array(6).fill(1),
      }),
    };
    wide.macros = Array.from({ length: 8 }, () => new Float32Array(6));
    core.setModel(wide, 1);
    core.event(0, EVENT.noteOn, 0, 72, 1);
    core.process(1);
    const rows = takeRows(core);
    expect(rows.filter((row) => row.slot === 1)[0].z).toEqual(new Float32Array(6).fill(0.5));
    answer(core, rows, (_row, payload) => {
      payload.fill(-100);
      payload[0] = -20;
    });
    expect(core.process(512)).toBe(512);
    const { left } = render(core, 24_000, [], (_row, payload) => {
      payload.fill(-100);
      payload[0] = -20;
    });
    const { amplitudes } = fitSinusoids(left, 9600, 9600, [hzOfKey(60), hzOfKey(72)], 48_000);
    for (const amplitude of amplitudes) expect(amplitude).toBeCloseTo(0.1 * 10 ** (-6 / 20), 3);
  });
});
