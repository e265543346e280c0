// The map: pressing goes to a place and plays it, dragging glides through the sounds between.
import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Corner } from '../../plugin/instrument/messages.ts';
import { parameterById } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { startDrag } from '../drag.ts';
import { WakeHint } from '../notices.tsx';
import { keyStep } from '../stepping.ts';
import { CORNER_LETTERS, type Store } from '../store.ts';
import { strings } from '../strings.ts';
import { TourOffer } from '../tour/tour.tsx';
import { FindSound } from './find-sound.tsx';
import { nearest, placeWords } from './nearest.ts';
import { PathRecorder } from './path-recorder.ts';
import { Pinch } from './pinch.ts';
import { type Place, placeNear, placeOfPoint } from './places.ts';
import { panBy, type Room, toMapX, toMapY, toScreenX, toScreenY, type View, WHOLE, zoomAt } from './projection.ts';
import { MapScene } from './scene.ts';
import { tipOf } from './tip.ts';
import { MapTools, PathBar } from './tools.tsx';

/** Pixels within which a point is meant; a finger is less exact than a mouse. */
const HIT = 11;
const TOUCH_HIT = 20;
const PRESS_VELOCITY = 0.8;
const ZOOM_STEP = 1.18;
/** The shortest loop of a path, seconds. */
const SHORTEST_LOOP = parameterById('pathSeconds').min;
const WORDS = strings.map;

export function MapView() {
  const store = useStore();
  const ground = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const moving = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLDivElement>(null);
  const scene = useRef<MapScene | null>(null);
  const pinch = useRef(new Pinch());
  const endGlide = useRef<() => void>(() => {});
  /** Where the map stands in the window, as of the last time a hand came. */
  const corner = useRef({ left: 0, top: 0 });
  const [zoomed, setZoomed] = useState(false);
  /** Whether the next drag draws a path. */
  const [drawing, setDrawing] = useState(false);
  // What changes while a hand moves is held in signals: the map itself is not put together anew for it.
  const hovered = useSignal<Place | null>(null);
  const pressed = useSignal(false);
  const focused = useSignal(false);
  /** Room and view, for the tip. */
  const layout = useSignal<Layout | null>(null);
  const model = store.model.value;
  const points = model?.points ?? [];
  const { listening } = store.memory.value;
  const puck = (): { x: number; y: number } => ({
    x: store.signalOf('mapX').peek(),
    y: store.signalOf('mapY').peek(),
  });

  useEffect(() => {
    if (!ground.current || !marks.current || !moving.current) return;
    const canvases = { ground: ground.current, marks: marks.current, moving: moving.current };
    const made = new MapScene(store, canvases, (view, room) => {
      layout.value = { view, room };
      setZoomed(view.zoom > 1.001);
    });
    scene.current = made;
    return () => made.dispose();
  }, [store]);

  const findCorner = (): void => {
    const box = overlay.current?.getBoundingClientRect();
    if (box) corner.current = { left: box.left, top: box.top };
  };
  const local = (event: { clientX: number; clientY: number }): { px: number; py: number } => ({
    px: event.clientX - corner.current.left,
    py: event.clientY - corner.current.top,
  });

  const placeAt = (px: number, py: number, reach = HIT): Place | null => {
    const map = scene.current;
    if (!map || !model) return null;
    const { view, room } = map;
    const away = (place: { x: number; y: number }): number =>
      Math.hypot(toScreenX(place.x, view, room) - px, toScreenY(place.y, view, room) - py);
    return placeNear(model, store.own.peek(), toMapX(px, view, room), toMapY(py, view, room), away, reach);
  };

  const moveTo = (px: number, py: number): void => {
    const map = scene.current;
    if (!map) return;
    const near = placeAt(px, py);
    const there = near?.point !== -1 ? near : null;
    store.set('mapX', there ? there.x : toMapX(px, map.view, map.room));
    store.set('mapY', there ? there.y : toMapY(py, map.view, map.room));
  };

  const point = (place: Place | null): void => {
    hovered.value = place;
    scene.current?.hover(place);
  };

  /** Holds a note for as long as the hand is down. */
  const sound = (on: boolean, key: number): void => {
    if (on) store.send({ type: 'noteOn', key, velocity: PRESS_VELOCITY, channel: 0 });
    else store.send({ type: 'noteOff', key, velocity: 0, channel: 0 });
    pressed.value = on;
    scene.current?.press(on);
  };

  const insideRoom = (px: number, py: number): boolean => {
    const room = scene.current?.room;
    return room !== undefined && px >= 0 && py >= 0 && px <= room.width && py <= room.height;
  };

  const glide = (down: PointerEvent): void => {
    const { px, py } = local(down);
    const started = placeAt(px, py, down.pointerType === 'touch' ? TOUCH_HIT : HIT);
    const key = store.lastKey.peek();
    const { x, y } = puck();
    const before = { mapX: x, mapY: y };
    if (started?.entry) store.playEntry(started.entry);
    store.begin(['mapX', 'mapY'], strings.steps.place);
    if (!started?.entry) moveTo(px, py);
    sound(true, key);
    point(null);
    endGlide.current = startDrag(down, {
      move(_dx, _dy, event) {
        const place = local(event);
        if (insideRoom(place.px, place.py)) moveTo(place.px, place.py);
      },
      end(event) {
        const corner = started ? cornerUnder(event) : null;
        if (started && corner !== null) {
          // The point was carried to the morph pad: the place on the map was only passed through.
          store.set('mapX', before.mapX);
          store.set('mapY', before.mapY);
        }
        store.end();
        if (started && corner !== null) putInto(corner, started);
        sound(false, key);
      },
    });
  };

  const drawPath = (down: PointerEvent): void => {
    const recorder = new PathRecorder();
    const key = store.lastKey.peek();
    const add = (event: PointerEvent): void => {
      const map = scene.current;
      if (!map) return;
      const { px, py } = local(event);
      const place = { x: toMapX(px, map.view, map.room), y: toMapY(py, map.view, map.room) };
      recorder.add(place.x, place.y, event.timeStamp);
      map.drawWay(recorder.way);
      store.set('mapX', place.x);
      store.set('mapY', place.y);
    };
    const { x, y } = puck();
    const before = { mapX: x, mapY: y };
    // An old path would pull the place away from the hand.
    const walked = store.value('pathDepth');
    store.set('pathDepth', 0);
    add(down);
    sound(true, key);
    startDrag(down, {
      move: (_dx, _dy, event) => add(event),
      end(event) {
        add(event);
        scene.current?.drawWay(null);
        sound(false, key);
        setDrawing(false);
        // Drawing heard the places on its way; the puck stays where it was.
        store.set('mapX', before.mapX);
        store.set('mapY', before.mapY);
        store.set('pathDepth', walked);
        const made = recorder.finish();
        if (made)
          store.setPath(made.path, {
            pathDepth: 1,
            pathReach: 1,
            pathSync: 0,
            pathSeconds: Math.max(SHORTEST_LOOP, made.seconds),
          });
      },
    });
  };

  const putInto = (corner: Corner, place: Place): void =>
    store.setCorner(corner, place.entry ? { name: place.name, latent: Array.from(place.latent) } : place.point);

  const onPointerDown = (event: PointerEvent): void => {
    if (!model) return;
    findCorner();
    if (event.pointerType === 'touch' && pinch.current.down(event)) {
      // A second finger turns the first one's gliding into moving the map.
      endGlide.current();
      return;
    }
    if (event.button === 0 && drawing) {
      drawPath(event);
      return;
    }
    if (event.button === 0 && (listening || event.altKey)) {
      const { px, py } = local(event);
      const place = placeAt(px, py, TOUCH_HIT);
      if (place) store.audition(place.latent);
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
    const near = placeAt(px, py);
    const before = hovered.peek();
    if (near?.name !== before?.name || near?.x !== before?.x || near?.y !== before?.y) point(near);
  };

  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const map = scene.current;
    if (!map || event.deltaY === 0) return;
    const { px, py } = local(event);
    map.setView(zoomAt(map.view, map.room, px, py, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
  };

  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    const { px, py } = local(event);
    const { x, y } = puck();
    const byKey = event.clientX === 0 && event.clientY === 0;
    const [near] = nearest(points, x, y, 1);
    const place = byKey && model && near ? placeOfPoint(model, near.index) : placeAt(px, py);
    if (!place) return;
    store.menus.show(event, place.name, [
      { label: strings.menu.listen, act: () => store.audition(place.latent) },
      { label: strings.menu.goHere, act: () => goToPlace(place) },
      ...CORNER_LETTERS.map((letter, corner) => ({
        label: strings.menu.toCorner(letter),
        act: () => putInto(corner as Corner, place),
      })),
    ]);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !model) return;
    const { x, y } = puck();
    if (event.key === 'Escape' && drawing) {
      event.stopPropagation();
      setDrawing(false);
      return;
    }
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const map = scene.current;
      const factor = event.key === '-' ? 1 / ZOOM_STEP : ZOOM_STEP;
      if (map)
        map.setView(
          zoomAt(map.view, map.room, toScreenX(x, map.view, map.room), toScreenY(y, map.view, map.room), factor),
        );
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const [near] = nearest(points, x, y, 1);
      if (near) store.audition(placeOfPoint(model, near.index).latent);
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
    if (next !== null) store.change({ [id]: next }, strings.steps.place);
  };

  const goToPlace = (place: Place): void => {
    if (place.entry) store.playEntry(place.entry);
    else store.change({ mapX: place.x, mapY: place.y }, strings.steps.placeOf(place.name));
  };
  const goTo = useCallback(
    (index: number): void => {
      const point = store.model.peek()?.points[index];
      if (point) store.change({ mapX: point.x, mapY: point.y }, strings.steps.placeOf(point.name));
    },
    [store],
  );
  const light = useCallback((found: ReadonlySet<number> | null): void => scene.current?.light(found), []);

  const home = (): void => {
    const preset = store.sound.peek()?.preset;
    if (preset) store.change({ mapX: preset.map.x, mapY: preset.map.y }, strings.steps.place);
  };

  const pointed = useComputed(() => hovered.value !== null);
  const help = drawing ? WORDS.helpPath : listening ? WORDS.helpListening : WORDS.help;
  return (
    <section class="map" aria-label={WORDS.label} data-drawing={drawing}>
      <canvas ref={ground} class="map-picture" />
      <canvas ref={marks} hidden />
      <canvas ref={moving} class="map-moving" hidden />
      <div
        ref={overlay}
        class="map-overlay"
        role="slider"
        tabIndex={0}
        aria-label={WORDS.slider}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={useComputed(() => Math.round(store.value('mapX') * 100))}
        aria-valuetext={useComputed(() => placeText(store))}
        data-pointed={pointed}
        onPointerEnter={findCorner}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => pinch.current.up(event)}
        onPointerCancel={(event) => pinch.current.up(event)}
        onPointerLeave={() => point(null)}
        onWheel={onWheel}
        onKeyDown={onKeyDown}
        onDblClick={home}
        onContextMenu={onContextMenu}
        onFocus={(event) => {
          focused.value = event.currentTarget.matches('[data-tabbing="true"] :focus-visible');
        }}
        onBlur={() => {
          focused.value = false;
        }}
      />
      <MapTip layout={layout} hovered={hovered} pressed={pressed} focused={focused} />
      {model && <FindSound light={light} goTo={goTo} />}
      <MapProgress />
      <WakeHint />
      <footer class="map-foot">
        <p>
          {model && <span>{WORDS.count(points.length)}</span>}
          {model && <span class="map-help">{help}</span>}
          <TourOffer />
        </p>
        {model && (
          <div class="map-tools">
            <PathBar />
            <MapTools
              zoomed={zoomed}
              drawing={drawing}
              whole={() => scene.current?.setView(WHOLE)}
              draw={(on) => setDrawing(on)}
            />
          </div>
        )}
      </footer>
    </section>
  );
}

interface Layout {
  view: View;
  room: Room;
}

interface TipProps {
  layout: Signal<Layout | null>;
  hovered: Signal<Place | null>;
  pressed: Signal<boolean>;
  focused: Signal<boolean>;
}

/** Says what is under the pointer, or under the puck while it is held. */
function MapTip({ layout, hovered, pressed, focused }: TipProps) {
  const store = useStore();
  if (!layout.value) return null;
  const held = pressed.value || focused.value;
  if (!hovered.value && !held) return null;
  const puck = { x: store.value('mapX'), y: store.value('mapY') };
  const { view, room } = layout.value;
  const tip = tipOf(view, room, hovered.value, held ? wordsHere(store) : null, puck);
  if (!tip) return null;
  return (
    <div class="tip" aria-hidden="true" style={{ transform: `translate(${tip.left}px, ${tip.top}px)` }}>
      <strong>{tip.title}</strong>
      <span>{tip.detail}</span>
    </div>
  );
}

/** What the puck lies between. */
const wordsHere = (store: Store) =>
  placeWords(nearest(store.model.value?.points ?? [], store.value('mapX'), store.value('mapY'), 6));

/** Where the puck is, as it is spoken. */
function placeText(store: Store): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const words = wordsHere(store);
  const place = WORDS.place(percent(store.value('mapX')), percent(store.value('mapY')));
  return words ? `${place}, ${words.title}` : place;
}

function MapProgress() {
  const store = useStore();
  const status = store.statusOf.map.value;
  if (!status) return store.hasModel.value ? null : <p class="map-empty">{WORDS.empty}</p>;
  const known = status.progress >= 0;
  return (
    <div class="map-progress" role="status">
      <p>{status.text}</p>
      <progress aria-label={status.text} max={1} {...(known ? { value: status.progress } : {})} />
    </div>
  );
}

function cornerUnder(event: PointerEvent): Corner | null {
  const pad = document.elementFromPoint(event.clientX, event.clientY)?.closest('.morph-pad');
  if (!pad) return null;
  const box = pad.getBoundingClientRect();
  const right = event.clientX > box.left + box.width / 2 ? 1 : 0;
  const lower = event.clientY > box.top + box.height / 2 ? 2 : 0;
  return (right + lower) as Corner;
}
