// Keys that belong to the host (the space bar starts its transport) although the view has the focus: they are passed on.
import type { FromView } from './view-messages.ts';

/** Keys that move the focus, a value or a caret stay with the view. */
const KEPT =
  /^(Tab|Enter|Escape|Arrow\w+|Home|End|PageUp|PageDown|Shift|Control|Alt|Meta|CapsLock|Dead|Process|Unidentified)$/;
const TYPED_INTO = 'textarea, select, [contenteditable=""], [contenteditable="true"], input';
const NOT_TYPED_INTO =
  'input[type=checkbox], input[type=radio], input[type=range], input[type=button], input[type=file]';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(TYPED_INTO) !== null && !target.matches(NOT_TYPED_INTO);

/**
 * Watches the keys of the window. The space bar goes to the host unless a text is being typed, whatever has the focus (Enter presses buttons);
 * any other key goes there when nobody in the view took it, notes and shortcuts among them: who takes a key prevents its default.
 */
export function passKeysToHost(tell: (message: Extract<FromView, { type: 'key' }>) => void): void {
  /** Codes of the keys whose going down was passed on: their coming up belongs to the host too. */
  const passed = new Set<string>();
  const pass = (event: KeyboardEvent, down: boolean): void => {
    const { key, code, shiftKey: shift, ctrlKey, metaKey, altKey: alt } = event;
    if (down) passed.add(code);
    else passed.delete(code);
    tell({ type: 'key', down, key, code, shift, control: ctrlKey || metaKey, alt });
  };
  const onSpace = (event: KeyboardEvent): void => {
    if (event.code !== 'Space' || isTyping(event.target)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    if (event.type === 'keyup' ? passed.has('Space') : !event.repeat) pass(event, event.type === 'keydown');
  };
  const onDown = (event: KeyboardEvent): void => {
    if (event.repeat || KEPT.test(event.key) || isTyping(event.target)) return;
    // Later: whoever in the view wants the key may have come after us.
    setTimeout(() => {
      if (!event.defaultPrevented) pass(event, true);
    }, 0);
  };
  const onUp = (event: KeyboardEvent): void => {
    setTimeout(() => {
      if (passed.has(event.code)) pass(event, false);
    }, 0);
  };
  window.addEventListener('keydown', onSpace, { capture: true });
  window.addEventListener('keyup', onSpace, { capture: true });
  window.addEventListener('keydown', onDown);
  window.addEventListener('keyup', onUp);
  // A window that loses the focus never hears of the keys let go.
  window.addEventListener('blur', () => {
    const rest = { down: false, key: '', shift: false, control: false, alt: false };
    for (const code of passed) tell({ type: 'key', code, ...rest });
    passed.clear();
  });
}
