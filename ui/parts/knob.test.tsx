/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
import { act } from 'preact/test-utils';
import { press, show } from '../test-room.tsx';
import { Knob } from './knob.tsx';

async function showKnob() {
  const { bridge, store, room, find } = await show(<Knob id="macro1" />);
  return { bridge, store, knob: () => find('[role="slider"]'), field: () => room.querySelector('input') };
}

describe('a knob', () => {
  test('is a slider that speaks the name of the model and its value', async () => {
    const { knob } = await showKnob();
    expect(knob().getAttribute('aria-label')).toBe('Brightness');
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
    expect(knob().tabIndex).toBe(0);
  });

  test('steps with the arrows', async () => {
    const { knob } = await showKnob();
    await press(knob(), 'ArrowUp');
    await press(knob(), 'ArrowRight');
    expect(knob().getAttribute('aria-valuetext')).toBe('52 %');
    await press(knob(), 'End');
    expect(knob().getAttribute('aria-valuenow')).toBe('1');
  });

  test('follows the host', async () => {
    const { bridge, knob } = await showKnob();
    await act(() => bridge.emit({ type: 'parameters', values: { macro1: 0.25 } }));
    expect(knob().getAttribute('aria-valuetext')).toBe('25 %');
  });

  test('takes a typed value, refuses nonsense and keeps the field open', async () => {
    const { knob, field } = await showKnob();
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
    const { knob, field } = await showKnob();
    await press(knob(), '9');
    const input = field();
    if (!input) throw new Error('There is no field.');
    await press(input, 'Escape');
    expect(field()).toBeNull();
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
  });

  test('a double-click resets it, and undo brings it back', async () => {
    const { store, knob } = await showKnob();
    await press(knob(), 'Home');
    await act(() => void knob().dispatchEvent(new MouseEvent('dblclick', { bubbles: true })));
    expect(knob().getAttribute('aria-valuetext')).toBe('50 %');
    await act(() => store.history.undo());
    expect(knob().getAttribute('aria-valuenow')).not.toBe('0.6');
  });
});
