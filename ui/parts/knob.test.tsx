/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { StoreContext } from '../context.ts';
import { FakeBridge } from '../fake-bridge.ts';
import { Store } from '../store.ts';
import { testModel } from '../test-model.ts';
import { Knob } from './knob.tsx';

async function show(): Promise<{
  bridge: FakeBridge;
  store: Store;
  knob: () => HTMLElement;
  field: () => HTMLInputElement | null;
}> {
  const bridge = new FakeBridge(testModel);
  const store = new Store(bridge);
  const room = document.createElement('div');
  document.body.replaceChildren(room);
  await act(() =>
    render(
      <StoreContext.Provider value={store}>
        <Knob id="macro1" />
      </StoreContext.Provider>,
      room,
    ),
  );
  const knob = (): HTMLElement => {
    const found = room.querySelector<HTMLElement>('[role="slider"]');
    if (!found) throw new Error('There is no knob.');
    return found;
  };
  return { bridge, store, knob, field: () => room.querySelector('input') };
}

const press = (target: Element, key: string, init: KeyboardEventInit = {}): Promise<void> =>
  act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })));

describe('a knob', () => {
  test('is a slider that speaks the name of the model and its value', async () => {
    const { knob } = await show();
    expect(knob().getAttribute('aria-label')).toBe('Brightness');
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
    expect(knob().tabIndex).toBe(0);
  });

  test('steps with the arrows', async () => {
    const { knob } = await show();
    await press(knob(), 'ArrowUp');
    await press(knob(), 'ArrowRight');
    expect(knob().getAttribute('aria-valuetext')).toBe('52 %');
    await press(knob(), 'End');
    expect(knob().getAttribute('aria-valuenow')).toBe('1');
  });

  test('follows the host', async () => {
    const { bridge, knob } = await show();
    await act(() => bridge.emit({ type: 'parameters', values: { macro1: 0.25 } }));
    expect(knob().getAttribute('aria-valuetext')).toBe('25 %');
  });

  test('takes a typed value, refuses nonsense and keeps the field open', async () => {
    const { knob, field } = await show();
    await press(knob(), 'Enter');
    const input = field();
    if (!input) throw new Error('There is no field.');
    input.value = 'loud';
    await press(input, 'Enter');
    expect(field()?.getAttribute('aria-invalid')).toBe('true');
    input.value = '73';
    await press(input, 'Enter');
    expect(field()).toBeNull();
    expect(knob().getAttribute('aria-valuetext')).toBe('73 %');
  });

  test('Escape leaves the value alone', async () => {
    const { knob, field } = await show();
    await press(knob(), '9');
    const input = field();
    if (!input) throw new Error('There is no field.');
    await press(input, 'Escape');
    expect(field()).toBeNull();
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
  });

  test('a double-click resets it, and undo brings it back', async () => {
    const { store, knob } = await show();
    await press(knob(), 'Home');
    await act(() => void knob().dispatchEvent(new MouseEvent('dblclick', { bubbles: true })));
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
    await act(() => store.history.undo());
    expect(knob().getAttribute('aria-valuenow')).not.toBe('0.6');
  });
});
