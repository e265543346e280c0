// Automation tables become parameter events: straight lines on the control grid, jumps for stepped parameters.
import { describe, expect, test } from '@jest/globals';
import { parameterById } from '../instrument/parameters.ts';
import { CONTROL_INTERVAL, EVENT } from '../instrument/protocol.ts';
import { readLanes } from './lanes.ts';

const RATE = 48_000;
const read = (...lines: string[]) => readLanes(lines.join('\n'), 'x.csv', RATE);
const macro1 = parameterById('macro1').index;

describe('a lane', () => {
  test('begins and ends at its points and is straight between them, on the grid', () => {
    const events = read('seconds,parameter,value', '0.01,macro1,0.25', '0.03,macro1,0.75');
    const [first, last] = [events[0], events[events.length - 1]];
    expect([first.frame, first.value]).toEqual([480, 0.25]);
    expect([last.frame, last.value]).toEqual([1440, 0.75]);
    expect(events).toHaveLength(960 / CONTROL_INTERVAL + 1);
    for (const { frame, kind, key, value } of events) {
      expect([kind, key]).toEqual([EVENT.parameter, macro1]);
      expect(frame % CONTROL_INTERVAL).toBe(0);
      expect(value).toBeCloseTo(0.25 + (0.5 * (frame - 480)) / 960, 6);
    }
  });

  test('off the grid, points keep their own sample', () => {
    const frames = read('0.0001,tilt,0', '0.002,tilt,6').map(({ frame }) => frame);
    expect(frames).toEqual([5, 32, 64, 96]);
  });

  test('holds where two points are equal, and jumps where they share a time', () => {
    const events = read('0,macro1,0.5', '1,macro1,0.5', '1,macro1,0.9');
    expect(events.map(({ frame, value }) => [frame, value])).toEqual([
      [0, 0.5],
      [48_000, 0.9],
    ]);
  });

  test('of a stepped parameter jumps at its points only', () => {
    expect(read('0,unison,1', '1,unison,4').map(({ frame, value }) => [frame, value])).toEqual([
      [0, 1],
      [48_000, 4],
    ]);
  });
});

test('lanes may be mixed and out of order, with comments, spaces and Windows line ends', () => {
  const events = readLanes('# my lanes\r\n 1 , macro2 , 1\r\n0,macro1,0\r\n\r\n0.5,macro2,1\r\n', 'x.csv', RATE);
  expect(events.map(({ frame, key, value }) => [frame, key, value])).toEqual([
    [0, macro1, 0],
    [24_000, macro1 + 1, 1],
  ]);
});
