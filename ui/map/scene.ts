// Keeps the two canvases of the map up to date: redraws only what changed, at most once a frame.
import { effect } from '@preact/signals';
import type { ModelView, Path } from '../../plugin/instrument/messages.ts';
import { onSchemeChange } from '../scheme.ts';
import type { Store } from '../store.ts';
import { drawOverlay, TRAIL_MS, type TrailStep } from './overlay.ts';
import { readPalette } from './palette.ts';
import { type Room, toScreenX, toScreenY, type View, WHOLE } from './projection.ts';
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
  private path: readonly { x: number; y: number }[] = [];
  /** The way that is being drawn. */
  private drawn: readonly { x: number; y: number }[] | null = null;
  private hovered: { x: number; y: number } | null = null;
  private pressed = false;
  private sounding = false;
  private trail: TrailStep[] = [];
  private terrainDirty = true;
  /** The view of which the ground was drawn, and how long that took. */
  private drawnView: View = WHOLE;
  private drawnMs = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly stops: (() => void)[] = [];
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private readonly store: Store,
    private readonly ground: HTMLCanvasElement,
    private readonly overlay: HTMLCanvasElement,
    private readonly onRoom: () => void,
  ) {
    const resize = new ResizeObserver(() => this.measure());
    resize.observe(ground);
    this.stops.push(
      () => resize.disconnect(),
      onSchemeChange(ground, () => {
        this.palette = readPalette(ground) ?? this.palette;
        this.redrawAll();
      }),
      effect(() => this.take(store.model.value)),
      effect(() => this.movePuck(store.value('mapX'), store.value('mapY'))),
      effect(() => {
        this.path = placesOf(store.path.value);
        this.redraw();
      }),
      effect(() => {
        void store.value('pathDepth');
        void store.own.value;
        void store.sound.value;
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
    this.onRoom();
  }

  /** Shows the ground as it was drawn, moved and scaled to where the view is now. */
  private movePicture(): void {
    const { view, drawnView, room } = this;
    const scale = view.zoom / drawnView.zoom;
    const left = toScreenX(0, view, room) - scale * toScreenX(0, drawnView, room);
    const top = toScreenY(0, view, room) - scale * toScreenY(0, drawnView, room);
    this.ground.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    this.redraw();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.redrawAll(), SETTLE_MS);
  }

  light(found: ReadonlySet<number> | null): void {
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
    this.drawn = way;
    this.redraw();
  }

  private take(model: ModelView | null): void {
    this.terrain = new Terrain(model?.points ?? [], this.store.families.peek());
    this.trail = [];
    this.view = WHOLE;
    this.redrawAll();
  }

  private movePuck(x: number, y: number): void {
    if (!this.still.matches) {
      this.trail.push({ x, y, atMs: performance.now() });
      if (this.trail.length > TRAIL_STEPS) this.trail.shift();
    }
    this.redraw();
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.ground;
    if (width === 0 || height === 0) return;
    this.room = { width, height };
    this.palette ??= readPalette(this.ground);
    for (const canvas of [this.ground, this.overlay]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    // Resizing clears a canvas, so it is painted again before the browser shows it.
    this.terrainDirty = true;
    this.draw();
    this.onRoom();
  }

  private redrawAll(): void {
    this.terrainDirty = true;
    this.redraw();
  }

  private redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { view, room, palette } = this;
    if (!palette) return;
    if (this.terrainDirty) {
      this.terrainDirty = false;
      const context = scaled(this.ground);
      const beganMs = performance.now();
      if (context) this.terrain.draw(context, view, room, palette, this.lit);
      this.drawnMs = performance.now() - beganMs;
      this.drawnView = view;
      this.ground.style.transform = '';
    }
    const nowMs = performance.now();
    while (this.trail.length > 0 && nowMs - this.trail[0].atMs > TRAIL_MS) this.trail.shift();
    const context = scaled(this.overlay);
    if (!context) return;
    const puck = this.store.model.peek()
      ? { x: this.store.signalOf('mapX').peek(), y: this.store.signalOf('mapY').peek() }
      : null;
    const scene = {
      path: this.drawn ?? this.path,
      pathDepth: this.drawn ? 1 : this.store.signalOf('pathDepth').peek(),
      own: this.store.own.peek(),
      home: this.store.sound.peek()?.preset.map ?? null,
      puck,
      pressed: this.pressed,
      trail: this.trail,
      voices: this.store.meters.peek()?.voices ?? [],
      hovered: this.hovered,
      nowMs,
    };
    drawOverlay(context, scene, view, room, palette);
    if (this.trail.length > 0) this.redraw();
  }
}

function placesOf(path: Path): { x: number; y: number }[] {
  return Array.from({ length: path.length / 2 }, (_, i) => ({ x: path[2 * i], y: path[2 * i + 1] }));
}

function scaled(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return context;
}
