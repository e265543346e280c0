/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import type { UiRequest } from '../../plugin/instrument/messages.ts';
import { FakeBridge } from '../fake-bridge.ts';
import { Store } from '../store.ts';
import { ComputerKeys } from './computer-keys.ts';

describe('the computer keyboard', () => {
  const bridge = new FakeBridge();
  const keys = new ComputerKeys(new Store(bridge));
  afterAll(() => keys.dispose());
  beforeEach(() => bridge.requests.splice(0));

  const send = (type: string, code: string, init: KeyboardEventInit = {}, target: EventTarget = window): void =>
    void target.dispatchEvent(new KeyboardEvent(type, { code, key: code, bubbles: true, ...init }));
  const notes = (): [string, number][] =>
    bridge.requests.flatMap((r: UiRequest): [string, number][] =>
      r.type === 'noteOn' || r.type === 'noteOff' ? [[r.type, r.key]] : [],
    );

  test('plays a note while a key is down, once however long it repeats', () => {
    send('keydown', 'KeyA');
    send('keydown', 'KeyA', { repeat: true });
    send('keyup', 'KeyA');
    expect(notes()).toEqual([
      ['noteOn', 60],
      ['noteOff', 60],
    ]);
  });

  test('ends the note that began, also when the octave changed meanwhile', () => {
    send('keydown', 'KeyS');
    send('keydown', 'KeyX');
    send('keyup', 'KeyS');
    send('keydown', 'KeyS');
    send('keyup', 'KeyS');
    send('keydown', 'KeyZ');
    expect(notes()).toEqual([
      ['noteOn', 62],
      ['noteOff', 62],
      ['noteOn', 74],
      ['noteOff', 74],
    ]);
  });

  test('lets go of everything when the window loses the focus', () => {
    send('keydown', 'KeyA');
    send('keydown', 'KeyD');
    window.dispatchEvent(new Event('blur'));
    expect(notes().slice(2)).toEqual([
      ['noteOff', 60],
      ['noteOff', 64],
    ]);
    send('keyup', 'KeyA');
    expect(notes()).toHaveLength(4);
  });

  test('leaves letters typed into a field and shortcuts alone', () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    send('keydown', 'KeyA', {}, field);
    send('keydown', 'KeyS', { ctrlKey: true });
    expect(notes()).toEqual([]);
  });

  test('Escape ends every sound', () => {
    send('keydown', 'Escape');
    expect(bridge.requests).toEqual([{ type: 'panic' }]);
  });
});
