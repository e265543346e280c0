// The morph pad: four sounds in its corners, the hand between and beyond them, and how much of it is mixed in.
import { useRef, useState } from 'preact/hooks';
import type { Corner } from '../plugin/instrument/messages.ts';
import { parameterById, toNormalised } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import { startDrag } from './drag.ts';
import { openFiles } from './files.ts';
import { carriedPreset, carriesPreset } from './library/carry.ts';
import { nearest } from './map/nearest.ts';
import { controlMenu } from './menu/control-menu.ts';
import { Slider } from './parts/slider.tsx';
import { keyStep } from './stepping.ts';
import { CORNER_LETTERS } from './store.ts';
import { strings } from './strings.ts';
import { valueText } from './value-text.ts';

/** Share of the pad's width and height, on each side, that lies beyond its corners; the names of the corners stand there. */
const BEYOND_X = 0.12;
const BEYOND_Y = 0.2;
const WORDS = strings.morph;
/** Pixels from the pad's edge that the whole puck needs. */
const EDGE = 12;

export function MorphPad() {
  const store = useStore();
  const pad = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const x = parameterById('morphX');
  const y = parameterById('morphY');
  const valueX = store.value('morphX');
  const valueY = store.value('morphY');
  const corners = store.corners.value;

  const moveTo = (event: PointerEvent): void => {
    const box = pad.current?.getBoundingClientRect();
    if (!box) return;
    const value = (share: number, beyond: number): number => (share - beyond) / (1 - 2 * beyond);
    store.set('morphX', value((event.clientX - box.left) / box.width, BEYOND_X));
    store.set('morphY', value((event.clientY - box.top) / box.height, BEYOND_Y));
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // A hand on the pad wants to hear it.
    const unheard = store.value('morphMix') === 0;
    store.begin(unheard ? ['morphX', 'morphY', 'morphMix'] : ['morphX', 'morphY'], strings.steps.morph);
    if (unheard) store.set('morphMix', 1);
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
    store.change(sideways ? { morphX: next } : { morphY: next }, strings.steps.morph);
  };

  /** The sound nearest to the puck of the map; a point can also be dragged here from the map. */
  const putHere = (corner: Corner): void => {
    const [near] = nearest(store.model.peek()?.points ?? [], store.value('mapX'), store.value('mapY'), 1);
    if (near) store.setCorner(corner, near.index);
  };

  const onDragOver = (event: DragEvent): void => {
    if (!carriesPreset(event) && !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    const box = pad.current?.getBoundingClientRect();
    if (!box) return;
    const right = event.clientX > box.left + box.width / 2 ? 1 : 0;
    const lower = event.clientY > box.top + box.height / 2 ? 2 : 0;
    const corner = (right + lower) as Corner;
    const preset = carriedPreset(event);
    if (preset) store.setCorner(corner, { name: preset.name, latent: preset.latent });
    else void openFiles(store, event.dataTransfer?.files, { corner });
  };

  /** The puck stays whole, and inside, however far beyond the corners the sound is. */
  const along = (value: number, beyond: number): string =>
    `clamp(${EDGE}px, ${(beyond + value * (1 - 2 * beyond)) * 100}%, 100% - ${EDGE}px)`;
  const place = { left: along(valueX, BEYOND_X), top: along(valueY, BEYOND_Y) };
  const beyond = valueX < 0 || valueX > 1 || valueY < 0 || valueY > 1;
  const text = WORDS.place(valueText(x, valueX), valueText(y, valueY));
  const way = store.model.value?.space.interpolation;
  return (
    <section class="panel morph" aria-label={strings.side.morph}>
      <h2>
        {strings.side.morph}
        {way && <span class="aside morph-way">{WORDS.ways[way]}</span>}
        <Slider id="morphMix" short={WORDS.mix} compact />
      </h2>
      {/* Dropping is one way of several: points and presets go into a corner by their menus and buttons, too. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only takes what is dropped */}
      <div
        ref={pad}
        class="morph-pad"
        data-mixed={store.value('morphMix') > 0}
        data-over={over}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <div
          class="morph-field"
          role="slider"
          tabIndex={0}
          aria-label={WORDS.slider}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(toNormalised(x, valueX) * 100)}
          aria-valuetext={text}
          title={beyond ? text : undefined}
          onPointerDown={onPointerDown}
          onKeyDown={onKeyDown}
          onDblClick={() => store.reset('morphX', 'morphY')}
          onContextMenu={(event) =>
            store.menus.show(event, strings.menu.label(strings.side.morph), [
              ...controlMenu(store, x),
              ...controlMenu(store, y).map((item) => ({ ...item, label: `${item.label} (Y)` })),
            ])
          }
        >
          <span class="morph-frame" style={{ inset: `${BEYOND_Y * 100}% ${BEYOND_X * 100}%` }} />
          <span class="morph-puck" style={place} />
        </div>
        {CORNER_LETTERS.map((letter, corner) => (
          <span key={letter} class={`corner corner-${letter.toLowerCase()}`}>
            <button
              type="button"
              disabled={!store.hasModel.value}
              title={WORDS.put}
              aria-label={WORDS.putInto(letter)}
              onClick={() => putHere(corner as Corner)}
            >
              {letter}
            </button>
            <span class="corner-name">{corners[corner]?.name ?? ''}</span>
          </span>
        ))}
      </div>
    </section>
  );
}
