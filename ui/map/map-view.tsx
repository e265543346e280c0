// The map: pressing goes to a place and plays it, dragging glides through the sounds between.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Corner } from '../../plugin/instrument/messages.ts';
import { parameterById, snap } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { startDrag } from '../drag.ts';
import { WakeHint } from '../notices.tsx';
import { keyStep } from '../stepping.ts';
import { FindSound } from './find-sound.tsx';
import { type Near, nearest, placeWords } from './nearest.ts';
import { Pinch } from './pinch.ts';
import { panBy, toMapX, toMapY, toScreenX, toScreenY, WHOLE, zoomAt } from './projection.ts';
import { MapScene } from './scene.ts';

/** Pixels within which a point is meant. */
const HIT = 11;
const PRESS_VELOCITY = 0.8;
const ZOOM_STEP = 1.18;

interface Tip {
  title: string;
  detail: string;
  left: number;
  top: number;
}

export function MapView() {
  const store = useStore();
  const ground = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const scene = useRef<MapScene | null>(null);
  const pinch = useRef(new Pinch());
  const endGlide = useRef<() => void>(() => {});
  const [hovered, setHovered] = useState<Near | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const [pressed, setPressed] = useState(false);
  const [focused, setFocused] = useState(false);
  /** Counts changes of room and view, so that the tip follows the puck. */
  const [, setLayout] = useState(0);
  const model = store.model.value;
  const points = model?.points ?? [];
  const x = store.value('mapX');
  const y = store.value('mapY');

  useEffect(() => {
    if (!ground.current || !overlay.current) return;
    const made = new MapScene(store, ground.current, overlay.current, () => {
      setLayout((count) => count + 1);
      setZoomed((scene.current?.view.zoom ?? 1) > 1.001);
    });
    scene.current = made;
    return () => made.dispose();
  }, [store]);

  const local = (event: { clientX: number; clientY: number }): { px: number; py: number } => {
    const box = overlay.current?.getBoundingClientRect();
    return { px: event.clientX - (box?.left ?? 0), py: event.clientY - (box?.top ?? 0) };
  };

  const pointAt = (px: number, py: number): Near | null => {
    const map = scene.current;
    if (!map) return null;
    const [near] = nearest(points, toMapX(px, map.view, map.room), toMapY(py, map.view, map.room), 1);
    if (!near) return null;
    const away = Math.hypot(
      toScreenX(near.point.x, map.view, map.room) - px,
      toScreenY(near.point.y, map.view, map.room) - py,
    );
    return away <= HIT ? near : null;
  };

  const moveTo = (px: number, py: number): void => {
    const map = scene.current;
    if (!map) return;
    const near = pointAt(px, py);
    store.set('mapX', near ? near.point.x : toMapX(px, map.view, map.room));
    store.set('mapY', near ? near.point.y : toMapY(py, map.view, map.room));
  };

  const glide = (down: PointerEvent): void => {
    const { px, py } = local(down);
    const started = pointAt(px, py);
    const key = store.lastKey.peek();
    const before = { mapX: x, mapY: y };
    store.begin(['mapX', 'mapY'], 'place on the map');
    moveTo(px, py);
    store.send({ type: 'noteOn', key, velocity: PRESS_VELOCITY, channel: 0 });
    setPressed(true);
    setHovered(null);
    scene.current?.hover(null);
    scene.current?.press(true);
    endGlide.current = startDrag(down, {
      move(_dx, _dy, event) {
        const place = local(event);
        const room = scene.current?.room;
        const inside = room && place.px >= 0 && place.py >= 0 && place.px <= room.width && place.py <= room.height;
        if (inside) moveTo(place.px, place.py);
      },
      end(event) {
        const corner = started ? cornerUnder(event) : null;
        if (started && corner !== null) {
          // The point was carried to the morph pad: the place on the map was only passed through.
          store.set('mapX', before.mapX);
          store.set('mapY', before.mapY);
        }
        store.end();
        if (started && corner !== null) store.setCorner(corner, started.index);
        store.send({ type: 'noteOff', key, velocity: 0, channel: 0 });
        setPressed(false);
        scene.current?.press(false);
      },
    });
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (!model) return;
    if (event.pointerType === 'touch' && pinch.current.down(event)) {
      // A second finger turns the first one's gliding into moving the map.
      endGlide.current();
      return;
    }
    if (event.button === 0 && !event.shiftKey) {
      glide(event);
      return;
    }
    startDrag(event, {
      move: (dx, dy) => scene.current?.setView(panBy(scene.current.view, scene.current.room, dx, dy)),
      end: () => {},
    });
  };

  const onPointerMove = (event: PointerEvent): void => {
    const map = scene.current;
    const pinched = pinch.current.move(event);
    if (map && pinched) {
      const { px, py } = local(pinched);
      map.setView(panBy(zoomAt(map.view, map.room, px, py, pinched.factor), map.room, pinched.dx, pinched.dy));
    }
    if (event.buttons !== 0) return;
    const { px, py } = local(event);
    const near = pointAt(px, py);
    if (near?.index === hovered?.index) return;
    setHovered(near);
    scene.current?.hover(near ? near.point : null);
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const map = scene.current;
    if (!map || event.deltaY === 0) return;
    const { px, py } = local(event);
    map.setView(zoomAt(map.view, map.room, px, py, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !model) return;
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const map = scene.current;
      const factor = event.key === '-' ? 1 / ZOOM_STEP : ZOOM_STEP;
      if (map)
        map.setView(
          zoomAt(map.view, map.room, toScreenX(x, map.view, map.room), toScreenY(y, map.view, map.room), factor),
        );
      return;
    }
    const vertical = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    if (!vertical && event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    const id = vertical ? 'mapY' : 'mapX';
    // Down the screen is up in value.
    const key = event.key === 'ArrowUp' ? 'ArrowDown' : event.key === 'ArrowDown' ? 'ArrowUp' : event.key;
    const next = keyStep(parameterById(id), store.value(id), key, event.shiftKey);
    if (next !== null) store.change({ [id]: next }, 'place on the map');
  };

  const goTo = useCallback(
    (index: number): void => {
      const point = store.model.peek()?.points[index];
      if (point) store.change({ mapX: point.x, mapY: point.y }, `place of ${point.name}`);
    },
    [store],
  );
  const light = useCallback((found: ReadonlySet<number> | null): void => scene.current?.light(found), []);

  const home = (): void => {
    const preset = store.sound.peek()?.preset;
    if (preset) store.change({ mapX: preset.map.x, mapY: preset.map.y }, 'place on the map');
  };

  const surprise = (): void => {
    const chosen = points[Math.floor(Math.random() * points.length)];
    if (!chosen) return;
    const near = (centre: number, reach: number): number => centre + (Math.random() * 2 - 1) * reach;
    const macros = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [`macro${i + 1}`, snap(parameterById(`macro${i + 1}`), near(0.5, 0.3))]),
    );
    store.change({ mapX: near(chosen.x, 0.06), mapY: near(chosen.y, 0.06), ...macros }, 'surprise');
  };

  const words = placeWords(nearest(points, x, y, 6));
  const tip = tipOf(scene.current, hovered, pressed || focused ? words : null, x, y);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return (
    <section class="map" aria-label="Map of sounds">
      <canvas ref={ground} />
      <canvas
        ref={overlay}
        class="map-overlay"
        role="slider"
        tabIndex={0}
        aria-label="Place on the map"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(x * 100)}
        aria-valuetext={`${percent(x)} across, ${percent(y)} down${words ? `, ${words.title}` : ''}`}
        data-pointed={hovered !== null}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => pinch.current.up(event)}
        onPointerCancel={(event) => pinch.current.up(event)}
        onPointerLeave={() => {
          setHovered(null);
          scene.current?.hover(null);
        }}
        onWheel={onWheel}
        onKeyDown={onKeyDown}
        onDblClick={home}
        onContextMenu={(event) => event.preventDefault()}
        onFocus={(event) => setFocused(event.currentTarget.matches('[data-tabbing="true"] :focus-visible'))}
        onBlur={() => setFocused(false)}
      />
      {tip && (
        <div class="tip" aria-hidden="true" style={{ left: `${tip.left}px`, top: `${tip.top}px` }}>
          <strong>{tip.title}</strong>
          <span>{tip.detail}</span>
        </div>
      )}
      {model && <FindSound light={light} goTo={goTo} />}
      <MapProgress />
      <WakeHint />
      <footer class="map-foot">
        <p>
          {model && <span>{points.length} sounds</span>}
          {model && (
            <span class="map-help">press to play · drag to glide · scroll to zoom · Shift and drag to pan</span>
          )}
        </p>
        {model && (
          <div class="map-actions">
            {zoomed && (
              <button type="button" onClick={() => scene.current?.setView(WHOLE)}>
                Whole map
              </button>
            )}
            <DriftButton />
            <button type="button" class="accent" onClick={surprise}>
              Surprise me
            </button>
          </div>
        )}
      </footer>
    </section>
  );
}

/** Lets the sound wander by itself, or stops it; how far and how fast stands among the further controls. */
function DriftButton() {
  const store = useStore();
  const on = store.value('driftDepth') > 0;
  return (
    <button type="button" aria-pressed={on} onClick={() => store.change({ driftDepth: on ? 0 : 0.35 }, 'drift')}>
      Drift
    </button>
  );
}

function MapProgress() {
  const store = useStore();
  const status = store.statusOf.map.value;
  if (!status)
    return store.hasModel.value ? null : <p class="map-empty">Drop a model (.timbre) here, or press Load.</p>;
  const known = status.progress >= 0;
  return (
    <div class="map-progress" role="status">
      <p>{status.text}</p>
      <progress aria-label={status.text} max={1} {...(known ? { value: status.progress } : {})} />
    </div>
  );
}

function tipOf(
  map: MapScene | null,
  hovered: Near | null,
  words: { title: string; detail: string } | null,
  x: number,
  y: number,
): Tip | null {
  if (!map || (!hovered && !words)) return null;
  const place = hovered?.point ?? { x, y };
  const px = toScreenX(place.x, map.view, map.room);
  const py = toScreenY(place.y, map.view, map.room);
  const left = Math.min(Math.max(12, px - 40), Math.max(12, map.room.width - 452));
  // Below its place, or above where the room ends.
  const top = py + 96 < map.room.height ? py + 28 : py - 88;
  if (hovered) return { title: hovered.point.name, detail: hovered.point.family, left, top };
  return words ? { ...words, left, top } : null;
}

function cornerUnder(event: PointerEvent): Corner | null {
  const pad = document.elementFromPoint(event.clientX, event.clientY)?.closest('.morph-pad');
  if (!pad) return null;
  const box = pad.getBoundingClientRect();
  const right = event.clientX > box.left + box.width / 2 ? 1 : 0;
  const lower = event.clientY > box.top + box.height / 2 ? 2 : 0;
  return (right + lower) as Corner;
}
