// Plays from the computer's keyboard: the row from A is the white keys, the row above the black ones, Z and X change the octave, Escape ends every sound.
import { signal } from '@preact/signals';
import type { Store } from '../store.ts';

/** Places of the keys, not letters: the same fingers on every keyboard layout. */
const STEPS: Readonly<Record<string, number>> = {
  KeyA: 0,
  KeyW: 1,
  KeyS: 2,
  KeyE: 3,
  KeyD: 4,
  KeyF: 5,
  KeyT: 6,
  KeyG: 7,
  KeyY: 8,
  KeyH: 9,
  KeyU: 10,
  KeyJ: 11,
  KeyK: 12,
  KeyO: 13,
  KeyL: 14,
  KeyP: 15,
  Semicolon: 16,
};
const LETTERS = Object.entries(STEPS).map(([code, step]) => ({
  step,
  letter: code === 'Semicolon' ? ';' : code.slice(3),
}));
const VELOCITY = 0.75;
const LOWEST = 12;
const HIGHEST = 108;

export class ComputerKeys {
  /** The note of the key A. */
  readonly base = signal(60);
  /** Letter by step above the base. */
  static readonly letters = new Map(LETTERS.map(({ step, letter }) => [step, letter]));
  private readonly held = new Map<string, number>();

  constructor(private readonly store: Store) {
    window.addEventListener('keydown', this.onDown);
    window.addEventListener('keyup', this.onUp);
    window.addEventListener('blur', this.releaseAll);
  }

  dispose(): void {
    window.removeEventListener('keydown', this.onDown);
    window.removeEventListener('keyup', this.onUp);
    window.removeEventListener('blur', this.releaseAll);
    this.releaseAll();
  }

  private readonly onDown = (event: KeyboardEvent): void => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'Escape') this.store.send({ type: 'panic' });
    if (event.code === 'KeyZ') this.base.value = Math.max(LOWEST, this.base.value - 12);
    if (event.code === 'KeyX') this.base.value = Math.min(HIGHEST, this.base.value + 12);
    const step = STEPS[event.code];
    if (step === undefined || this.held.has(event.code)) return;
    // Taken: a host around the UI is not to hear this key too.
    event.preventDefault();
    const key = Math.min(127, this.base.value + step);
    this.held.set(event.code, key);
    this.store.send({ type: 'noteOn', key, velocity: VELOCITY, channel: 0 });
  };

  private readonly onUp = (event: KeyboardEvent): void => {
    const key = this.held.get(event.code);
    if (key === undefined) return;
    this.held.delete(event.code);
    this.store.send({ type: 'noteOff', key, velocity: 0, channel: 0 });
  };

  /** A window that loses the focus never hears of the keys let go. */
  private readonly releaseAll = (): void => {
    for (const key of this.held.values()) this.store.send({ type: 'noteOff', key, velocity: 0, channel: 0 });
    this.held.clear();
  };
}

/** Whether letters go into a field, ours or of the page around us. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'range'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
