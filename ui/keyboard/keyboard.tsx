// The drawn keyboard: mouse, several fingers, sliding over the keys; held keys show in the warm accent, whoever plays them.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { strings } from '../strings.ts';
import { ComputerKeys } from './computer-keys.ts';
import { isBlack, type KeyPlace, keyName, layKeys, rangeFor } from './layout.ts';

const BLACK_HEIGHT = 0.62;
const CHANNEL = 0;

export function Keyboard() {
  const store = useStore();
  const bed = useRef<HTMLFieldSetElement>(null);
  const [width, setWidth] = useState(0);
  const [typed, setTyped] = useState<ComputerKeys | null>(null);
  const fingers = useRef(new Map<number, number>());

  useEffect(() => {
    const keys = new ComputerKeys(store);
    setTyped(keys);
    return () => keys.dispose();
  }, [store]);

  useEffect(() => {
    const element = bed.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { low, high } = rangeFor(width);
  const places = width > 0 ? layKeys(low, high) : [];

  const under = (event: PointerEvent): { place: KeyPlace; velocity: number } | null => {
    const box = bed.current?.getBoundingClientRect();
    if (!box) return null;
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const hit = (black: boolean) => places.find((p) => p.black === black && x >= p.left && x < p.left + p.width);
    const place = (y < BLACK_HEIGHT ? hit(true) : undefined) ?? hit(false);
    if (!place || y < 0 || y > 1) return null;
    // Nearer to the edge is louder, as on a real key it is easier to strike there.
    const depth = place.black ? y / BLACK_HEIGHT : y;
    return { place, velocity: 0.35 + 0.6 * Math.min(1, depth) };
  };

  const lift = (finger: number): void => {
    const key = fingers.current.get(finger);
    if (key === undefined) return;
    fingers.current.delete(finger);
    store.send({ type: 'noteOff', key, velocity: 0, channel: CHANNEL });
  };

  const press = (event: PointerEvent): void => {
    const found = under(event);
    if (found && fingers.current.get(event.pointerId) === found.place.key) return;
    lift(event.pointerId);
    if (!found) return;
    fingers.current.set(event.pointerId, found.place.key);
    store.send({ type: 'noteOn', key: found.place.key, velocity: found.velocity, channel: CHANNEL });
  };

  const held = store.heldKeys.value;
  const base = typed?.base.value ?? 60;
  return (
    <section class="keyboard" aria-label={strings.keyboard.label}>
      <fieldset
        ref={bed}
        class="key-bed"
        aria-label={strings.keyboard.bed(keyName(low), keyName(high))}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          press(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons !== 0 && event.currentTarget.hasPointerCapture(event.pointerId)) press(event);
        }}
        onPointerUp={(event) => lift(event.pointerId)}
        onPointerCancel={(event) => lift(event.pointerId)}
        onLostPointerCapture={(event) => lift(event.pointerId)}
        onContextMenu={(event) => event.preventDefault()}
      >
        {places.map(({ key, black, left, width: share }) => (
          <span
            key={key}
            class={black ? 'key key-black' : 'key key-white'}
            data-key={key}
            data-held={held.has(key)}
            style={{ left: `${left * 100}%`, width: `${share * 100}%` }}
          >
            {ComputerKeys.letters.has(key - base) && <kbd>{ComputerKeys.letters.get(key - base)}</kbd>}
            {key % 12 === 0 && !isBlack(key) && <small>{keyName(key)}</small>}
          </span>
        ))}
      </fieldset>
    </section>
  );
}
