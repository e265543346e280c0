// The host's own keyboard: two octaves and a half for the pointer, and the middle row of a computer keyboard.
import { make } from './element.ts';

const LOW = 48;
const HIGH = 77;
const VELOCITY = 100;
const BLACK = new Set([1, 3, 6, 8, 10]);
const TYPED = ['a', 'w', 's', 'e', 'd', 'f', 't', 'g', 'y', 'h', 'u', 'j', 'k', 'o', 'l', 'p', ';'];
const TYPED_LOW = 60;
const NAMES = ['C', 'C sharp', 'D', 'D sharp', 'E', 'F', 'F sharp', 'G', 'G sharp', 'A', 'A sharp', 'B'];

export function drawKeyboard(into: HTMLElement, send: (bytes: [number, number, number]) => void): void {
  const buttons = new Map<number, HTMLButtonElement>();
  const down = (key: number): void => {
    const button = buttons.get(key);
    if (!button || button.dataset.down) return;
    button.dataset.down = 'true';
    send([0x90, key, VELOCITY]);
  };
  const up = (key: number): void => {
    const button = buttons.get(key);
    if (!button?.dataset.down) return;
    delete button.dataset.down;
    send([0x80, key, 64]);
  };
  for (let key = LOW; key <= HIGH; key++) {
    const label = `${NAMES[key % 12]} ${Math.floor(key / 12) - 1}`;
    const button = make('button', {
      type: 'button',
      className: BLACK.has(key % 12) ? 'black' : 'white',
      ariaLabel: label,
    });
    button.dataset.key = String(key);
    button.onpointerdown = (event) => {
      button.setPointerCapture(event.pointerId);
      down(key);
    };
    button.onpointerup = () => up(key);
    button.onpointercancel = () => up(key);
    buttons.set(key, button);
    into.append(button);
  }
  // Keys typed into a module's own face are that module's.
  const typedKey = ({ key, target, repeat, ctrlKey, metaKey }: KeyboardEvent): number => {
    const own = target instanceof Element && target.closest('.gui, input, select') !== null;
    const at = TYPED.indexOf(key.toLowerCase());
    return own || repeat || ctrlKey || metaKey || at < 0 ? -1 : TYPED_LOW + at;
  };
  window.addEventListener('keydown', (event) => down(typedKey(event)));
  window.addEventListener('keyup', (event) => up(typedKey(event)));
}
