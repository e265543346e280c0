// The behaviour of a slider of one parameter: drag, wheel, arrows, typing, double-click, spoken value. Its face is drawn elsewhere.
import { useState } from 'preact/hooks';
import { parameterById, toNormalised, toPlain } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import { startDrag } from './drag.ts';
import { controlMenu } from './menu/control-menu.ts';
import { keyStep, stepBy } from './stepping.ts';
import { strings } from './strings.ts';
import { parseValue, valueText } from './value-text.ts';

/** Pixels of a drag over the whole range; with Shift ten times as many. */
const DRAG_PIXELS = 220;

export function useControl(id: string, direction: 'vertical' | 'horizontal' = 'vertical', pixels = DRAG_PIXELS) {
  const store = useStore();
  const parameter = parameterById(id);
  const value = store.value(id);
  const label = store.labelOf(parameter);
  const [typing, setTyping] = useState<string | null>(null);

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    let position = toNormalised(parameter, value);
    store.begin([id]);
    startDrag(event, {
      move(dx, dy, moved) {
        const by = direction === 'vertical' ? -dy : dx;
        position = Math.min(1, Math.max(0, position + by / (moved.shiftKey ? pixels * 10 : pixels)));
        store.set(id, toPlain(parameter, position));
      },
      end: () => store.end(),
    });
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.deltaY === 0) return;
    store.change({ [id]: stepBy(parameter, store.value(id), -Math.sign(event.deltaY), event.shiftKey ? 0.002 : 0.02) });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || /^[0-9.-]$/.test(event.key)) {
      event.preventDefault();
      setTyping(event.key === 'Enter' ? valueText(parameter, value) : event.key);
      return;
    }
    if (event.key === 'Delete' || event.key === 'Backspace') {
      store.reset(id);
      return;
    }
    const next = keyStep(parameter, value, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    store.change({ [id]: next });
  };

  /** Takes what was typed; returns false, and keeps the field open, where it is no value. */
  const commit = (text: string): boolean => {
    const plain = parseValue(parameter, text);
    if (plain === null) return false;
    store.change({ [id]: plain });
    setTyping(null);
    return true;
  };

  const { controllers, waiting } = store.learned.value;
  const startTyping = (): void => setTyping(valueText(parameter, value));
  return {
    parameter,
    value,
    label,
    normalised: toNormalised(parameter, value),
    typing,
    commit,
    cancelTyping: () => setTyping(null),
    slider: {
      role: 'slider' as const,
      tabIndex: 0,
      'aria-label': label,
      'aria-valuemin': parameter.min,
      'aria-valuemax': parameter.max,
      'aria-valuenow': value,
      'aria-valuetext': valueText(parameter, value),
      'data-parameter': id,
      'data-learned': controllers[id],
      'data-waiting': waiting === id || undefined,
      onPointerDown,
      onWheel,
      onKeyDown,
      onDblClick: () => store.reset(id),
      onContextMenu: (event: MouseEvent) =>
        store.menus.show(event, strings.menu.label(label), controlMenu(store, parameter, startTyping)),
    },
  };
}
