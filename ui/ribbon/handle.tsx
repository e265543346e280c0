// A place of the note's time that is dragged along the ribbon: where notes begin, where the loop begins and ends.
import { parameterById } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { startDrag } from '../drag.ts';
import { controlMenu } from '../menu/control-menu.ts';
import { keyStep } from '../stepping.ts';
import { strings } from '../strings.ts';
import { valueText } from '../value-text.ts';

export function Handle({ id, kind }: { id: string; kind: 'position' | 'loop' }) {
  const store = useStore();
  const parameter = parameterById(id);
  const value = store.value(id);

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement)) return;
    const width = handle.parentElement?.clientWidth ?? 1;
    let share = value;
    store.begin([id]);
    startDrag(event, {
      move(dx, _dy, moved) {
        share = Math.min(1, Math.max(0, share + (moved.shiftKey ? dx / 10 : dx) / width));
        store.set(id, share);
      },
      end: () => store.end(),
    });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyStep(parameter, value, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    store.change({ [id]: next });
  };

  return (
    <span
      class={`ribbon-handle ribbon-${kind}`}
      role="slider"
      tabIndex={0}
      aria-label={parameter.label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value}
      aria-valuetext={valueText(parameter, value)}
      title={`${parameter.label} ${valueText(parameter, value)}`}
      style={{ left: `${value * 100}%` }}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => store.reset(id)}
      onContextMenu={(event) =>
        store.menus.show(event, strings.menu.label(parameter.label), controlMenu(store, parameter))
      }
    />
  );
}
