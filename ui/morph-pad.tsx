// The morph pad: four sounds in its corners, the hand between them, and how much of it is mixed in.
import { useRef } from 'preact/hooks';
import type { Corner } from '../plugin/instrument/messages.ts';
import { parameterById, toNormalised } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import { startDrag } from './drag.ts';
import { nearest } from './map/nearest.ts';
import { Slider } from './slider.tsx';
import { keyStep } from './stepping.ts';
import { valueText } from './value-text.ts';

/** Pixels between the pad's edge and the puck's furthest place. */
const INSET = 12;
const LETTERS = ['A', 'B', 'C', 'D'] as const;

export function MorphPad() {
  const store = useStore();
  const pad = useRef<HTMLDivElement>(null);
  const x = parameterById('morphX');
  const y = parameterById('morphY');
  const valueX = store.value('morphX');
  const valueY = store.value('morphY');
  const corners = store.corners.value;

  const moveTo = (event: PointerEvent): void => {
    const box = pad.current?.getBoundingClientRect();
    if (!box) return;
    const share = (from: number, length: number): number =>
      Math.min(1, Math.max(0, (from - INSET) / (length - 2 * INSET)));
    store.set('morphX', share(event.clientX - box.left, box.width));
    store.set('morphY', share(event.clientY - box.top, box.height));
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    store.begin(['morphX', 'morphY'], 'morph');
    moveTo(event);
    startDrag(event, { move: (_dx, _dy, moved) => moveTo(moved), end: () => store.end() });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    // Down the pad is towards C and D, so the arrow that points down raises Y.
    const key = event.key === 'ArrowDown' ? 'ArrowUp' : event.key === 'ArrowUp' ? 'ArrowDown' : event.key;
    const next = keyStep(sideways ? x : y, sideways ? valueX : valueY, key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    store.change(sideways ? { morphX: next } : { morphY: next }, 'morph');
  };

  /** The sound nearest to the puck of the map; a point can also be dragged here from the map. */
  const putHere = (corner: Corner): void => {
    const [near] = nearest(store.model.peek()?.points ?? [], store.value('mapX'), store.value('mapY'), 1);
    if (near) store.setCorner(corner, near.index);
  };

  // The puck stays whole at the edges.
  const along = (value: number): string =>
    `calc(${INSET}px + (100% - ${2 * INSET}px) * ${Math.min(1, Math.max(0, value))})`;
  const place = { left: along(valueX), top: along(valueY) };
  const text = `${valueText(x, valueX)} across, ${valueText(y, valueY)} down`;
  return (
    <section class="panel morph" aria-label="Morph">
      <h2>
        Morph <Slider id="morphMix" short="Mix" compact />
      </h2>
      <div
        ref={pad}
        class="morph-pad"
        role="slider"
        tabIndex={0}
        aria-label="Morph between the corners"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(toNormalised(x, valueX) * 100)}
        aria-valuetext={text}
        data-mixed={store.value('morphMix') > 0}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        onDblClick={() => store.reset('morphX', 'morphY')}
      >
        {LETTERS.map((letter, corner) => (
          <span key={letter} class={`corner corner-${letter.toLowerCase()}`}>
            <button
              type="button"
              disabled={!store.hasModel.value}
              title="Put the sound under the puck of the map here"
              aria-label={`Put the sound under the puck of the map into corner ${letter}`}
              onPointerDown={(event) => event.stopPropagation()}
              onDblClick={(event) => event.stopPropagation()}
              onKeyDown={(event) => event.stopPropagation()}
              onClick={() => putHere(corner as Corner)}
            >
              {letter}
            </button>
            <span class="corner-name">{corners[corner]?.name ?? ''}</span>
          </span>
        ))}
        <span class="morph-puck" style={place} />
      </div>
    </section>
  );
}
