import type { HostMessage } from '../../instrument/messages.ts';
import { Learning } from './learning.ts';

function open() {
  const said: HostMessage[] = [];
  const set: [string, number][] = [];
  const host = { voice: null, emit: (m: HostMessage) => void said.push(m), say: () => {}, refuse: () => {} };
  const learning = new Learning(host, (id, value) => set.push([id, value]));
  return { learning, set, last: () => said.at(-1) };
}

describe('MIDI learn', () => {
  test('the next controller that moves takes the parameter, and moves it', () => {
    const { learning, set, last } = open();
    learning.learn('macro2');
    expect(last()).toMatchObject({ waiting: 'macro2' });
    learning.hear([0xb0, 21, 127]);
    expect(last()).toMatchObject({ controllers: { macro2: 21 }, waiting: null });
    learning.hear([0xb3, 21, 0]);
    expect(set).toEqual([
      ['macro2', 1],
      ['macro2', 0],
    ]);
  });

  test('follows the parameter’s own curve', () => {
    const { learning, set } = open();
    learning.learn('bendRange');
    learning.hear([0xb0, 30, 127]);
    learning.hear([0xb0, 30, 0]);
    expect(set.map(([, value]) => value)).toEqual([96, 0]);
  });

  test('sustain, bank numbers and channel modes are never learned; notes neither', () => {
    const { learning, set, last } = open();
    learning.learn('macro1');
    for (const number of [64, 101, 6, 123]) learning.hear([0xb0, number, 127]);
    learning.hear([0x90, 21, 100]);
    expect(last()).toMatchObject({ controllers: {}, waiting: 'macro1' });
    expect(set).toEqual([]);
  });

  test('a controller has one parameter at a time', () => {
    const { learning, last } = open();
    learning.learn('macro1');
    learning.hear([0xb0, 21, 1]);
    learning.learn('macro2');
    learning.hear([0xb0, 21, 1]);
    expect(last()).toMatchObject({ controllers: { macro2: 21 } });
  });

  test('goes into a session and comes back, without what is not known here', () => {
    const { learning } = open();
    learning.learn('macro1');
    learning.hear([0xb0, 21, 1]);
    const kept = learning.state();
    const other = open();
    other.learning.restore({ ...kept, unheardOf: 3, macro4: 400 });
    expect(other.learning.state()).toEqual({ macro1: 21 });
    other.learning.forget('macro1');
    expect(other.learning.state()).toBeUndefined();
  });
});
