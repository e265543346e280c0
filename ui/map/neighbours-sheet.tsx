// The sounds most like the one that is heard, by distance in the latent space: each can be listened to or gone to.
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { type Neighbour, neighbours } from '../find/space.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { strings } from '../strings.ts';
import { placeOfPoint } from './places.ts';

const SHOWN = 24;
/** The hand must have rested for so long before the list follows it. */
const REST_MS = 160;
const WORDS = strings.neighbours;

export function NeighboursSheet() {
  const store = useStore();
  const model = store.model.value;
  const [found, setFound] = useState<readonly Neighbour[]>([]);
  const place = ['mapX', 'mapY', 'morphX', 'morphY', 'morphMix'].map((id) => store.value(id)).join();
  const sound = store.sound.value;

  useEffect(() => {
    if (!model || !sound) return;
    let current = true;
    const rest = setTimeout(async () => {
      const { latent } = await store.capture(sound.preset.name);
      if (current) setFound(neighbours(model.space, latent, SHOWN));
    }, REST_MS);
    return () => {
      current = false;
      clearTimeout(rest);
    };
  }, [place, sound, model]);

  return (
    <Sheet name="neighbours" title={WORDS.title}>
      <p class="sheet-lead muted">{WORDS.lead}</p>
      <ol class="neighbours">
        {model &&
          found.map(({ point, distance }) => {
            const near = placeOfPoint(model, point);
            return (
              <li key={point}>
                <button
                  type="button"
                  class="icon"
                  aria-label={WORDS.listen(near.name)}
                  onClick={() => store.audition(near.latent)}
                >
                  <Icon name="sound" />
                </button>
                <button
                  type="button"
                  class="row-main"
                  title={WORDS.goTo(near.name)}
                  onClick={() => store.change({ mapX: near.x, mapY: near.y }, strings.steps.placeOf(near.name))}
                >
                  <span class="family-dot" style={{ '--hue': store.hueOf(near.detail) }} />
                  <span class="row-name">{near.name}</span>
                  <span class="distance">{distance.toFixed(2)}</span>
                </button>
              </li>
            );
          })}
      </ol>
    </Sheet>
  );
}
