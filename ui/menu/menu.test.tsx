/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { act } from 'preact/test-utils';
import { parameterById } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { click, press, show } from '../test-room.tsx';
import { controlMenu } from './control-menu.ts';
import { Menu } from './menu.tsx';

const MACRO = parameterById('macro2');

function Room() {
  const store = useStore();
  return (
    <>
      <button
        type="button"
        id="control"
        onContextMenu={(event) => store.menus.show(event, 'Menu of Attack', controlMenu(store, MACRO))}
      >
        Attack
      </button>
      <Menu menus={store.menus} />
    </>
  );
}

/** A control whose menu is open; `byKey` as by the menu key, which has no pointer. */
async function opened(byKey = false) {
  const shown = await show(<Room />);
  const control = shown.find('#control');
  control.focus();
  const at = byKey ? { clientX: 0, clientY: 0 } : { clientX: 40, clientY: 30 };
  const open = (): Promise<void> =>
    act(() => void control.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at })));
  await open();
  const labels = (): string[] => [...shown.room.querySelectorAll('[role^="menuitem"]')].map((item) => item.textContent);
  return { ...shown, control, labels, open };
}

describe('the menu of a control', () => {
  test.each([false, true])('says what can be done and takes the focus, by the menu key: %s', async (byKey) => {
    const { find, labels } = await opened(byKey);
    expect(find('[role="menu"]').getAttribute('aria-label')).toBe('Menu of Attack');
    expect(labels()).toEqual([
      'Reset',
      'Learn MIDI',
      'Leave as it is when finding sounds',
      'In a host: automate “macro2”',
    ]);
    expect(document.activeElement?.textContent).toBe('Reset');
  });

  test('is walked by arrows, around its end, and left by Escape, which gives the focus back', async () => {
    const { find, room, control } = await opened();
    const menu = find('[role="menu"]');
    await press(menu, 'ArrowDown');
    expect(document.activeElement?.textContent).toBe('Learn MIDI');
    await press(menu, 'ArrowUp');
    await press(menu, 'ArrowUp');
    expect(document.activeElement?.textContent).toContain('In a host');
    await press(menu, 'Home');
    expect(document.activeElement?.textContent).toBe('Reset');
    await press(menu, 'Escape');
    expect(room.querySelector('[role="menu"]')).toBeNull();
    expect(document.activeElement).toBe(control);
  });

  test('goes when something else is pressed', async () => {
    const { room } = await opened();
    await act(() => void document.body.dispatchEvent(new Event('pointerdown', { bubbles: true })));
    expect(room.querySelector('[role="menu"]')).toBeNull();
  });

  test('resets, as one undo step', async () => {
    const { store, button } = await opened();
    store.begin(['macro2']);
    store.set('macro2', 0.9);
    store.end();
    await click(button('Reset'));
    expect(store.value('macro2')).toBe(0.5);
    store.history.undo();
    expect(store.value('macro2')).toBe(0.9);
  });

  test('waits for a controller, stops waiting, and forgets one that was learned', async () => {
    const { bridge, button, labels, open } = await opened();
    await click(button('Learn MIDI'));
    expect(bridge.requests.at(-1)).toEqual({ type: 'learn', id: 'macro2' });
    await open();
    await click(button('Stop waiting for a controller'));
    expect(bridge.requests.at(-1)).toEqual({ type: 'learn', id: null });
    await act(() => bridge.learned('macro2', 74));
    await open();
    await click(button('Forget controller 74'));
    await open();
    expect(labels()).not.toContain('Forget controller 74');
  });

  test('locks a macro against finding, and says so', async () => {
    const { store, button, find, open } = await opened();
    await click(button('Leave as it is when finding sounds'));
    expect(store.locked.value).toEqual([1]);
    await open();
    expect(find('[role="menuitemcheckbox"]').getAttribute('aria-checked')).toBe('true');
  });

  test('a line that only tells something does nothing', async () => {
    const { bridge, button, room } = await opened();
    const before = bridge.requests.length;
    await click(button('In a host: automate “macro2”'));
    expect(bridge.requests).toHaveLength(before);
    expect(room.querySelector('[role="menu"]')).not.toBeNull();
  });
});
