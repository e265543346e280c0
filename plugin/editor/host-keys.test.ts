/** @jest-environment jsdom */
// Which keys of the view reach the host: the space bar always but while typing, the rest only when nobody wanted them.
import { passKeysToHost } from './host-keys.ts';
import type { FromView } from './view-messages.ts';

type Key = Extract<FromView, { type: 'key' }>;

const told: Key[] = [];
passKeysToHost((key) => told.push(key));

/** Lets what was put off until after all listeners happen. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function press(code: string, key: string, on: EventTarget = document.body, init: KeyboardEventInit = {}) {
  const down = new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true, ...init });
  on.dispatchEvent(down);
  await settle();
  on.dispatchEvent(new KeyboardEvent('keyup', { code, key, bubbles: true, cancelable: true, ...init }));
  await settle();
  return down;
}

beforeEach(() => {
  told.length = 0;
  document.body.innerHTML = '<button id="button"></button><input id="text" /><input id="slider" type="range" />';
});
const element = (id: string): HTMLElement => document.getElementById(id) ?? document.body;

test('the space bar goes to the host, down and up, and presses no button', async () => {
  let seen = 0;
  element('button').addEventListener('keydown', () => seen++);
  const event = await press('Space', ' ', element('button'));
  expect(told.map(({ code, down }) => [code, down])).toEqual([
    ['Space', true],
    ['Space', false],
  ]);
  expect(event.defaultPrevented).toBe(true);
  expect(seen).toBe(0);
});

test('held down it is told once', async () => {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'Space', key: ' ', bubbles: true, repeat: true }));
  await settle();
  expect(told).toEqual([]);
});

test('in a text field everything is text; a slider is none', async () => {
  const event = await press('Space', ' ', element('text'));
  await press('KeyR', 'r', element('text'));
  expect(event.defaultPrevented).toBe(false);
  expect(told).toEqual([]);
  await press('Space', ' ', element('slider'));
  expect(told).toHaveLength(2);
});

test('a key that somebody took stays, even by a listener that came later', async () => {
  const take = (event: KeyboardEvent): void => {
    if (event.code === 'KeyA') event.preventDefault();
  };
  window.addEventListener('keydown', take);
  await press('KeyA', 'a');
  expect(told).toEqual([]);
  await press('KeyR', 'r');
  expect(told[0]).toMatchObject({ code: 'KeyR', key: 'r', down: true });
  window.removeEventListener('keydown', take);
});

test('shortcuts of the host carry their modifiers; keys that move the focus stay', async () => {
  await press('KeyS', 's', document.body, { ctrlKey: true });
  expect(told[0]).toMatchObject({ code: 'KeyS', control: true, shift: false });
  told.length = 0;
  await press('Tab', 'Tab');
  await press('ArrowUp', 'ArrowUp');
  expect(told).toEqual([]);
});

test('keys that are down when the focus goes come up for the host', async () => {
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', { code: 'Space', key: ' ', bubbles: true, cancelable: true }),
  );
  window.dispatchEvent(new Event('blur'));
  expect(told.map(({ down }) => down)).toEqual([true, false]);
});
