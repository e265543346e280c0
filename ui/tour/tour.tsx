// The first visit: an offer, and six short stops that can be left at any time.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { Icon } from '../parts/icon.tsx';
import { strings } from '../strings.ts';

const WORDS = strings.tour;

type Stop = keyof typeof WORDS.steps;
/** Where each stop points; the tab of the right column that must show it. */
const STOPS: readonly { stop: Stop; target: string }[] = [
  { stop: 'map', target: '.map' },
  { stop: 'keyboard', target: '.keyboard' },
  { stop: 'macros', target: '.side' },
  { stop: 'morph', target: '.side' },
  { stop: 'ribbon', target: '.ribbon' },
  { stop: 'drop', target: '.map' },
];
const GAP = 14;

/** Stands in the foot of the map until it is taken or refused. */
export function TourOffer() {
  const store = useStore();
  const { memory } = store;
  if (!memory.known.value || memory.value.toured || store.tourStep.value !== null) return null;
  return (
    <span class="tour-offer">
      {WORDS.offer}
      <button
        type="button"
        onClick={() => {
          store.tourStep.value = 0;
        }}
      >
        {WORDS.take}
      </button>
      <button type="button" class="icon" aria-label={WORDS.skip} onClick={() => memory.change({ toured: true })}>
        <Icon name="close" />
      </button>
    </span>
  );
}

export function Tour() {
  const store = useStore();
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const step = store.tourStep.value;
  const now = step === null ? null : STOPS[step];

  useLayoutEffect(() => {
    const element = card.current;
    const room = element?.parentElement;
    if (!element || !room || !now) return;
    const target = room.querySelector(now.target);
    target?.setAttribute('data-toured', 'true');
    setPlace(beside(element, room, target ?? room));
    return () => target?.removeAttribute('data-toured');
  }, [step]);

  useEffect(() => {
    if (step !== null) card.current?.querySelector<HTMLElement>('[data-next]')?.focus({ preventScroll: true });
  }, [step]);

  if (step === null || !now) return null;
  const end = (): void => {
    store.tourStep.value = null;
    store.memory.change({ toured: true });
  };
  const [title, text] = WORDS.steps[now.stop];
  const last = step === STOPS.length - 1;
  return (
    <div
      ref={card}
      class="tour"
      role="dialog"
      aria-label={title}
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        end();
      }}
    >
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="row-end">
        <span class="muted spring">{WORDS.progress(step + 1, STOPS.length)}</span>
        {!last && (
          <button type="button" class="quiet" onClick={end}>
            {WORDS.skip}
          </button>
        )}
        {step > 0 && (
          <button
            type="button"
            onClick={() => {
              store.tourStep.value = step - 1;
            }}
          >
            {WORDS.back}
          </button>
        )}
        <button
          type="button"
          class="accent"
          data-next
          onClick={() => {
            if (last) end();
            else store.tourStep.value = step + 1;
          }}
        >
          {last ? WORDS.end : WORDS.next}
        </button>
      </div>
    </div>
  );
}

/** Beside what is spoken of, where there is room: left of the right column, above what lies low, otherwise in its middle. */
function beside(card: Element, room: Element, target: Element): { left: number; top: number } {
  const all = room.getBoundingClientRect();
  const box = target.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const keep = (value: number, length: number, size: number): number =>
    Math.max(GAP, Math.min(value, length - size - GAP));
  const middle = box.left - all.left + (box.width - width) / 2;
  if (box.left - all.left > all.width / 2)
    return {
      left: keep(box.left - all.left - width - GAP, all.width, width),
      top: keep(box.top - all.top + 40, all.height, height),
    };
  if (box.top - all.top > all.height / 2)
    return { left: keep(middle, all.width, width), top: keep(box.top - all.top - height - GAP, all.height, height) };
  return {
    left: keep(middle, all.width, width),
    top: keep(box.top - all.top + (box.height - height) / 2, all.height, height),
  };
}
