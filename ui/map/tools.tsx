// The buttons at the foot of the map, and the path's own controls while there is one.
import { parameterById, snap } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { Icon } from '../parts/icon.tsx';
import { Choice, Slider } from '../parts/slider.tsx';
import type { Sheet } from '../store.ts';
import { strings } from '../strings.ts';

const WORDS = strings.map;

interface Props {
  zoomed: boolean;
  drawing: boolean;
  whole(): void;
  draw(on: boolean): void;
}

export function MapTools({ zoomed, drawing, whole, draw }: Props) {
  const store = useStore();
  const { listening } = store.memory.value;
  const sheet = store.sheet.value;
  const toggle = (name: Sheet): void => {
    store.sheet.value = sheet === name ? null : name;
  };
  return (
    <div class="map-actions">
      {zoomed && (
        <button type="button" onClick={whole}>
          {WORDS.whole}
        </button>
      )}
      <button
        type="button"
        title={WORDS.listenTitle}
        aria-pressed={listening}
        onClick={() => store.memory.change({ listening: !listening })}
      >
        {WORDS.listen}
      </button>
      <button
        type="button"
        title={WORDS.neighboursTitle}
        aria-pressed={sheet === 'neighbours'}
        onClick={() => toggle('neighbours')}
      >
        {WORDS.neighbours}
      </button>
      <DriftButton />
      <button type="button" aria-pressed={drawing} onClick={() => draw(!drawing)}>
        {drawing ? WORDS.drawing : WORDS.draw}
      </button>
      <button type="button" aria-pressed={sheet === 'find'} onClick={() => toggle('find')}>
        {WORDS.find}
      </button>
      <button type="button" class="accent" onClick={() => surprise(store)}>
        {WORDS.surprise}
      </button>
    </div>
  );
}

/** Lets the sound wander by itself, or stops it; how far and how fast stands among the further controls. */
function DriftButton() {
  const store = useStore();
  const on = store.value('driftDepth') > 0;
  return (
    <button
      type="button"
      title={WORDS.driftTitle}
      aria-pressed={on}
      onClick={() => store.change({ driftDepth: on ? 0 : 0.35 }, strings.steps.drift)}
    >
      {WORDS.drift}
    </button>
  );
}

/** Somewhere near a sound of the map, with macros not too far from their middles. */
function surprise(store: ReturnType<typeof useStore>): void {
  const points = store.model.peek()?.points ?? [];
  const chosen = points[Math.floor(Math.random() * points.length)];
  if (!chosen) return;
  const near = (centre: number, reach: number): number => centre + (Math.random() * 2 - 1) * reach;
  const macros = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`macro${i + 1}`, snap(parameterById(`macro${i + 1}`), near(0.5, 0.3))]),
  );
  store.change({ mapX: near(chosen.x, 0.06), mapY: near(chosen.y, 0.06), ...macros }, strings.steps.surprise);
}

/** How the path is walked; seen while there is one. */
export function PathBar() {
  const store = useStore();
  if (store.path.value.length === 0) return null;
  const beats = store.value('pathSync') > 0;
  return (
    <fieldset class="path-bar" aria-label={WORDS.path}>
      <Slider id="pathDepth" short={WORDS.path} compact />
      <Slider id={beats ? 'pathBeats' : 'pathSeconds'} short="" compact />
      <Choice id="pathSync" />
      <button
        type="button"
        class="icon"
        aria-label={WORDS.clearPath}
        title={WORDS.clearPath}
        onClick={() => store.setPath([], { pathDepth: 0 })}
      >
        <Icon name="close" />
      </button>
    </fieldset>
  );
}
