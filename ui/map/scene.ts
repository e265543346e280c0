// Keeps the pictures of the map up to date (ground, marks, what moves): redraws only what changed, at most once a frame.
import { effect } from '@preact/signals';
import type { ModelView, Path } from '../../plugin/instrument/messages.ts';
import { onSchemeChange } from '../scheme.ts';
import type { Store } from '../store.ts';
import { type Box, MovingPicture } from './moving-picture.ts';
import { boxOf, boxOfMarks, drawMarks, drawScene, TRAIL_MS, type TrailStep } from './overlay.ts';
import { readPalette } from './palette.ts';
import { type Room, toScreenX, toScreenY, type View, WHOLE } from './projection.ts';
import { StillPicture } from './still-picture.ts';
import { type Palette, Terrain } from './terrain.ts';

const TRAIL_STEPS = 90;
/** A ground that takes longer to draw is moved as a picture while the view moves, and drawn anew when it rests, both milliseconds. */
const QUICK_MS = 5;
const SETTLE_MS = 140;

export class MapScene {
  view: View = WHOLE;
  room: Room = { width: 1, height: 1 };
  private terrain = new Terrain([], []);
  /** Known once the canvas stands in a page and has a size. */
  private palette: Palette | null = null;
  private lit: ReadonlySet<number> | null = null;
  /** The path that is being drawn. */
  private way: readonly { x: number; y: number }[] = [];
  private hovered: { x: number; y: number } | null = null;
  private pressed = false;
  private sounding = false;
  private trail: TrailStep[] = [];
  private puckBefore: { x: number; y: number } | null = null;
  private groundDirty = true;
  private marksDirty = true;
  private readonly ground: StillPicture;
  private readonly marks: StillPicture;
  private readonly moving: MovingPicture;
  /** The view of which the ground was drawn, and how long that took. */
  private drawnView: View = WHOLE;
  private drawnMs = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly stops: (() => void)[] = [];
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private readonly store: Store,
    canvases: { ground: HTMLCanvasElement; marks: HTMLCanvasElement; moving: HTMLCanvasElement },
    private readonly onRoom: (view: View, room: Room) => void,
  ) {
    const { ground } = canvases;
    this.ground = new StillPicture(ground, { seeThrough: false });
    this.marks = new StillPicture(canvases.marks, { seeThrough: true });
    this.moving = new MovingPicture(canvases.moving);
    const resize = new ResizeObserver(() => this.measure());
    resize.observe(ground);
    this.stops.push(
      () => resize.disconnect(),
      onSchemeChange(ground, () => {
        this.palette = readPalette(ground) ?? this.palette;
        this.redrawAll();
      }),
      effect(() => this.take(store.model.value)),
      effect(() => {
        void store.value('mapX');
        void store.value('mapY');
        this.redraw();
      }),
      effect(() => {
        void store.path.value;
        void store.value('pathDepth');
        void store.own.value;
        void store.sound.value;
        this.marksDirty = true;
        this.redraw();
      }),
      effect(() => {
        const sounding = (store.meters.value?.voices.length ?? 0) > 0;
        if (sounding || this.sounding) this.redraw();
        this.sounding = sounding;
      }),
    );
    // Canvas text drawn before the font has come would keep the fallback's shapes.
    void document.fonts.ready.then(() => this.redrawAll());
    this.measure();
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
  }

  setView(view: View): void {
    this.view = view;
    if (this.drawnMs > QUICK_MS) this.movePicture();
    else this.redrawAll();
    this.onRoom(this.view, this.room);
  }

  /** Shows the ground as it was drawn, moved and scaled to where the view is now. */
  private movePicture(): void {
    const { view, drawnView, room } = this;
    const scale = view.zoom / drawnView.zoom;
    const left = toScreenX(0, view, room) - scale * toScreenX(0, drawnView, room);
    const top = toScreenY(0, view, room) - scale * toScreenY(0, drawnView, room);
    this.ground.canvas.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    this.marksDirty = true;
    this.redraw();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.redrawAll(), SETTLE_MS);
  }

  light(found: ReadonlySet<number> | null): void {
    if (found === this.lit) return;
    this.lit = found;
    this.redrawAll();
  }

  hover(place: { x: number; y: number } | null): void {
    if (this.hovered === place) return;
    this.hovered = place;
    this.redraw();
  }

  press(pressed: boolean): void {
    this.pressed = pressed;
    this.redraw();
  }

  /** Shows the way of the hand while a path is drawn, null afterwards. */
  drawWay(way: readonly { x: number; y: number }[] | null): void {
    if ((way === null) !== (this.way.length === 0)) this.marksDirty = true;
    this.way = way ?? [];
    this.redraw();
  }

  private take(model: ModelView | null): void {
    this.terrain = new Terrain(model?.points ?? [], this.store.families.peek());
    this.trail = [];
    this.puckBefore = null;
    this.view = WHOLE;
    this.redrawAll();
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.ground.canvas;
    if (width === 0 || height === 0) return;
    this.room = { width, height };
    this.palette ??= readPalette(this.ground.canvas);
    this.ground.fit(Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio));
    // Resizing clears a canvas, so it is painted again before the browser shows it.
    this.groundDirty = true;
    this.draw();
    this.onRoom(this.view, this.room);
  }

  private redrawAll(): void {
    this.groundDirty = true;
    this.redraw();
  }

  private redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { store, view, room, palette, lit, way } = this;
    if (!palette) return;
    if (this.groundDirty) {
      const beganMs = performance.now();
      this.ground.draw(devicePixelRatio, (sheet) => this.terrain.draw(sheet, view, room, palette, lit, this.taken()));
      this.drawnMs = performance.now() - beganMs;
      this.drawnView = view;
      this.ground.canvas.style.transform = '';
    }
    if (this.groundDirty || this.marksDirty) {
      const marks = {
        // The old path makes room for the one that is being drawn.
        path: way.length > 0 ? [] : placesOf(store.path.peek()),
        pathDepth: store.signalOf('pathDepth').peek(),
        own: store.own.peek(),
        home: store.sound.peek()?.preset.map ?? null,
      };
      this.marks.drawIn(boxOfMarks(marks, view, room), devicePixelRatio, (sheet) =>
        drawMarks(sheet, marks, view, room, palette),
      );
    }
    this.groundDirty = false;
    this.marksDirty = false;
    const nowMs = performance.now();
    const puck = store.model.peek() ? { x: store.signalOf('mapX').peek(), y: store.signalOf('mapY').peek() } : null;
    this.follow(puck, nowMs);
    const scene = {
      way,
      puck,
      pressed: this.pressed,
      trail: this.trail,
      voices: store.meters.peek()?.voices ?? [],
      hovered: this.hovered,
      nowMs,
    };
    this.moving.draw(boxOf(scene, view, room), devicePixelRatio, (context) =>
      drawScene(context, scene, view, room, palette),
    );
    if (this.trail.length > 0) this.redraw();
  }

  /** Where the search box and the buttons stand over the map. */
  private taken(): Box[] {
    const { canvas } = this.ground;
    const map = canvas.parentElement;
    const from = map?.getBoundingClientRect();
    if (!map || !from) return [];
    return [...map.querySelectorAll('.find, .map-foot p > *, .map-tools')].map((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left: left - from.left, top: top - from.top, right: right - from.left, bottom: bottom - from.top };
    });
  }

  /** Lengthens the trail where the puck has moved since the last frame, and forgets what has faded. */
  private follow(puck: { x: number; y: number } | null, nowMs: number): void {
    const { trail, puckBefore } = this;
    if (puck && puckBefore && (puck.x !== puckBefore.x || puck.y !== puckBefore.y) && !this.still.matches) {
      trail.push({ ...puck, atMs: nowMs });
      if (trail.length > TRAIL_STEPS) trail.shift();
    }
    while (trail.length > 0 && nowMs - trail[0].atMs > TRAIL_MS) trail.shift();
    this.puckBefore = puck;
  }
}

function placesOf(path: Path): { x: number; y: number }[] {
  return Array.from({ length: path.length / 2 }, (_, i) => ({ x: path[2 * i], y: path[2 * i + 1] }));
}
