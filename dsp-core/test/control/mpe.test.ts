// MPE: each note its own bend, pressure and slide; zones by parameter and by configuration message.
import { describe, expect, test } from '@jest/globals';
import { EVENT } from '../../../plugin/instrument/protocol.ts';
import { bend, cc, newCore, off, on, type Row, render, set, type Timed, tone } from './fixture.ts';

const MS = 48;
const LATER = 100 * MS;

/** Last row of the note whose key (unbent) was `key`, told by the order of notes. */
function lastRows(score: readonly Timed[], lengthMs = 300): Row[] {
  const { rows } = render(newCore(), lengthMs * MS, score, tone);
  const bySerial = new Map<number, Row>();
  for (const row of rows) bySerial.set(row.serial, row);
  return [...bySerial.values()];
}

const press = (sample: number, value: number, channel: number): Timed => [sample, EVENT.pressure, channel, 0, value];
const drift = set(0, 'driftDepth', 0.001);

describe('lower zone by parameter', () => {
  const zone = set(0, 'mpe', 1);

  test('a bend on a member channel moves its note alone, by the MPE bend range', () => {
    const [low, high] = lastRows([zone, on(0, 60, 1, 1), on(0, 64, 1, 2), bend(LATER, 0.25, 2)]);
    expect(low.pitch).toBe(60);
    expect(high.pitch).toBe(76);
  });

  test('a bend on the master channel moves every note of the zone, by the bend range', () => {
    const [low, high] = lastRows([zone, on(0, 60, 1, 1), on(0, 64, 1, 2), bend(LATER, 0.5, 2), bend(LATER, 1, 0)]);
    expect(low.pitch).toBe(62);
    expect(high.pitch).toBe(90);
  });

  test('pressure and slide reach their note alone; slide is neutral until CC 74 comes', () => {
    const [a, b, c] = lastRows([
      zone,
      drift,
      set(0, 'slideMacro', 2),
      on(0, 60, 1, 1),
      on(0, 64, 1, 2),
      on(0, 67, 1, 3),
      press(LATER, 1, 2),
      cc(LATER, 74, 1, 3),
    ]);
    // Macro 1 (latent 0) by 0.3 of pressure, macro 2 (latent 1) by 0.5 of slide: from the middle 0.5 a move of m is 2 m of the offset.
    expect(a.z[0]).toBeCloseTo(0, 1);
    expect(a.z[1]).toBeCloseTo(0, 1);
    expect(b.z[0]).toBeCloseTo(0.6, 1);
    expect(b.z[1]).toBeCloseTo(0, 1);
    expect(c.z[0]).toBeCloseTo(0, 1);
    expect(c.z[1]).toBeCloseTo(1, 1);
  });

  test('the pedal on the master channel holds the zone', () => {
    const core = newCore();
    render(core, 400 * MS, [zone, set(0, 'releaseMs', 20), cc(0, 64, 1, 0), on(0, 60, 1, 4), off(LATER, 60, 4)], tone);
    expect(core.activeVoices).toBe(1);
  });

  test('a released note keeps its bend when its channel is used again', () => {
    const [first, second] = lastRows([
      zone,
      set(0, 'releaseMs', 3000),
      bend(0, 0.25, 1),
      on(0, 60, 1, 1),
      off(LATER, 60, 1),
      bend(LATER + 10, -0.25, 1),
      on(LATER + 20, 64, 1, 1),
    ]);
    expect(first.pitch).toBe(72);
    expect(second.pitch).toBe(52);
  });

  test('registered parameter 0 on one member sets the range of all', () => {
    const [low] = lastRows([
      zone,
      cc(0, 101, 0, 5),
      cc(0, 100, 0, 5),
      cc(0, 6, 24 / 127, 5),
      on(0, 60, 1, 1),
      bend(LATER, 0.5, 1),
    ]);
    expect(low.pitch).toBe(72);
  });
});

describe('zones', () => {
  test('without MPE a message concerns the notes of its channel only', () => {
    const [low, high] = lastRows([on(0, 60, 1, 0), on(0, 64, 1, 1), bend(LATER, 1, 0)]);
    expect(low.pitch).toBe(62);
    expect(high.pitch).toBe(64);
  });

  test('both zones: channel 16 is the master of channels 9 to 15', () => {
    const [low, high] = lastRows([set(0, 'mpe', 2), on(0, 60, 1, 3), on(0, 64, 1, 12), bend(LATER, 1, 15)]);
    expect(low.pitch).toBe(60);
    expect(high.pitch).toBe(66);
  });

  const configure = (channel: number, members: number): Timed[] => [
    cc(0, 101, 0, channel),
    cc(0, 100, 6 / 127, channel),
    cc(0, 6, members / 127, channel),
  ];

  test('the MPE configuration message sets how many members a zone has', () => {
    const score = [on(0, 60, 1, 3), on(0, 64, 1, 4), bend(LATER, 1, 0)];
    const [inside, outside] = lastRows([...configure(0, 3), ...score]);
    expect(inside.pitch).toBe(62);
    expect(outside.pitch).toBe(64);
  });

  test('no members end the zone', () => {
    const [note] = lastRows([set(0, 'mpe', 1), ...configure(0, 0), on(0, 60, 1, 3), bend(LATER, 1, 0)]);
    expect(note.pitch).toBe(60);
  });

  test('a zone that grows takes channels from the other', () => {
    const [upper, lower] = lastRows([
      ...configure(0, 10),
      ...configure(15, 6),
      on(0, 60, 1, 9),
      on(0, 64, 1, 8),
      bend(LATER, 1, 15),
    ]);
    expect(upper.pitch).toBe(62);
    expect(lower.pitch).toBe(64);
  });
});
