// Draws what stands still on the map: contour lines of density, points as lights, names of families and, from near, of points.
import { contourDensity } from 'd3-contour';
import type { MapPointView } from '../../plugin/instrument/messages.ts';
import type { Family } from './families.ts';
import { type Label, placeLabels } from './labels.ts';
import { bytesOf, drawLights, type Light } from './lights.ts';
import type { Box } from './moving-picture.ts';
import { type Room, toScreenX, toScreenY, type View } from './projection.ts';
import type { Sheet } from './sheet.ts';

export interface Palette {
  ground: string;
  groundGlow: string;
  line: string;
  text: string;
  muted: string;
  you: string;
  moving: string;
  /** OKLCH lightness and chroma of all families. */
  familyLightness: string;
  familyNameLightness: string;
  familyChroma: string;
  font: string;
}

/** Contours are found on a grid of this size that reaches beyond the map by BEYOND on every side. */
const GRID = 640;
const BEYOND = 0.2;
const SPAN = 1 + 2 * BEYOND;
const BANDWIDTH = 24;
const LEVELS = 13;
/** Above so many points each is drawn smaller, and without its glow. */
const MANY = 1200;
const VERY_MANY = 4000;
/** Pixels of the room at which lights and names have their usual size; they grow and shrink with it, though less. */
const USUAL_PIXELS = 620_000;
const growth = ({ width, height }: Room): number =>
  Math.min(1.6, Math.max(0.8, ((width * height) / USUAL_PIXELS) ** 0.35));
const FAMILY_NAME_PX = 14;
/** From this zoom on points are named, where no more than so many are to be seen. */
const NAMES_ZOOM = 2.5;
const NAMED = 90;

export type Contours = { level: number; rings: [number, number][][] }[];

/** Rings of equal density in map units, from thin to dense. */
export function contours(points: readonly MapPointView[]): Contours {
  const density = contourDensity<MapPointView>()
    .x((p) => ((p.x + BEYOND) / SPAN) * GRID)
    .y((p) => ((p.y + BEYOND) / SPAN) * GRID)
    .size([GRID, GRID])
    .cellSize(4)
    .bandwidth(BANDWIDTH)
    .thresholds(LEVELS)([...points]);
  const back = (value: number): number => (value / GRID) * SPAN - BEYOND;
  return density.map((layer, i) => ({
    level: (i + 1) / density.length,
    rings: layer.coordinates.flat().map((ring) => ring.map(([x, y]): [number, number] => [back(x), back(y)])),
  }));
}

interface Shown {
  x: number;
  y: number;
  name: string;
  hue: number;
}

/** One map: what is found once for its points. */
export class Terrain {
  private readonly hues: ReadonlyMap<string, number>;
  private readonly rings: { level: number; path: Path2D }[] | null;
  /** Bytes of the families' colours by hue, as of the last palette. */
  private colours = new Map<number, Uint8ClampedArray>();
  private coloursFor = '';

  constructor(
    readonly points: readonly MapPointView[],
    readonly families: readonly Family[],
  ) {
    this.hues = new Map(families.map((family) => [family.name, family.hue]));
    this.rings =
      points.length > 2 ? contours(points).map(({ level, rings }) => ({ level, path: pathOf(rings) })) : null;
  }

  /** `lit` holds the points a search found, null while nobody searches; no name stands in the boxes that are `taken`. */
  draw(
    context: Sheet,
    view: View,
    room: Room,
    palette: Palette,
    lit: ReadonlySet<number> | null,
    taken: readonly Box[] = [],
  ): void {
    drawGround(context, room, palette);
    this.drawContours(context, view, room, palette);
    const shown = this.drawPoints(context, view, room, palette, lit);
    drawFamilyNames(context, this.families, view, room, palette, taken);
    if (view.zoom >= NAMES_ZOOM && shown.length <= NAMED) drawPointNames(context, shown, room, palette, taken);
  }

  private drawContours(context: Sheet, view: View, room: Room, palette: Palette): void {
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    context.lineJoin = 'round';
    const left = toScreenX(0, view, room);
    const top = toScreenY(0, view, room);
    // Lines are moved, not scaled: they are as thin from near as from afar.
    const place = new DOMMatrix([toScreenX(1, view, room) - left, 0, 0, toScreenY(1, view, room) - top, left, top]);
    for (const { level, path } of this.rings ?? []) {
      context.globalAlpha = 0.45 + 0.55 * level;
      const moved = new Path2D();
      moved.addPath(path, place);
      context.stroke(moved);
    }
    context.globalAlpha = 1;
  }

  private drawPoints(
    context: Sheet,
    view: View,
    room: Room,
    palette: Palette,
    lit: ReadonlySet<number> | null,
  ): Shown[] {
    const { points, hues } = this;
    const many = points.length > MANY;
    const size = growth(room) * Math.min(2, Math.sqrt(view.zoom)) * (points.length > VERY_MANY ? 0.6 : many ? 0.8 : 1);
    const colours = `${palette.familyLightness} ${palette.familyChroma}`;
    if (this.coloursFor !== colours) {
      this.colours = new Map(this.families.map(({ hue }) => [hue, bytesOf(`oklch(${colours} ${hue})`)]));
      this.coloursFor = colours;
    }
    const lights: Light[] = [];
    const glow = points.length > VERY_MANY ? 0 : 0.16;
    const seen: Shown[] = [];
    for (let index = 0; index < points.length; index++) {
      const point = points[index];
      const x = toScreenX(point.x, view, room);
      const y = toScreenY(point.y, view, room);
      if (x < -10 || y < -10 || x > room.width + 10 || y > room.height + 10) continue;
      const shown = lit === null || lit.has(index);
      const hue = hues.get(point.family) ?? 0;
      lights.push({
        x,
        y,
        colour: this.colours.get(hue) ?? [0, 0, 0],
        core: shown ? 0.95 : 0.16,
        glow: shown ? glow : glow / 4,
        // Some points a little larger than others, always the same ones: lights at night are never all alike.
        radius: (2 + ((index * 7919) % 5) * 0.28) * size * (lit?.has(index) ? 1.5 : 1),
      });
      if (shown && seen.length <= NAMED) seen.push({ x, y, name: point.name, hue });
    }
    drawLights(context, lights, room.width, room.height);
    return seen;
  }
}

/** A path in map units. */
function pathOf(rings: readonly [number, number][][]): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(([x, y], i) => {
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
  }
  return path;
}

function drawGround(context: Sheet, { width, height }: Room, palette: Palette): void {
  const reach = Math.max(width, height) * 0.62;
  const glow = context.createRadialGradient(width / 2, height / 2, 0, width / 2, height / 2, reach);
  glow.addColorStop(0, palette.groundGlow);
  glow.addColorStop(1, palette.ground);
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
}

function drawFamilyNames(
  context: Sheet,
  list: readonly Family[],
  view: View,
  room: Room,
  palette: Palette,
  taken: readonly Box[],
): void {
  context.font = `500 ${Math.round(FAMILY_NAME_PX * Math.max(1, Math.sqrt(growth(room))))}px ${palette.font}`;
  const labels = [...list]
    .sort((a, b) => b.count - a.count)
    .map((family) => ({
      text: family.name,
      hue: family.hue,
      x: toScreenX(family.x, view, room),
      y: toScreenY(family.y, view, room) - 16,
      width: context.measureText(family.name).width,
    }))
    .filter(({ x, y }) => x > 0 && y > 0 && x < room.width && y < room.height);
  write(context, labels, room, palette, taken);
}

function drawPointNames(
  context: Sheet,
  shown: readonly Shown[],
  room: Room,
  palette: Palette,
  taken: readonly Box[],
): void {
  context.font = `400 12px ${palette.font}`;
  const labels = shown.map(({ x, y, name, hue }) => ({
    text: name,
    hue,
    x,
    y: y + 14,
    width: context.measureText(name).width,
  }));
  context.globalAlpha = 0.8;
  write(context, labels, room, palette, taken);
  context.globalAlpha = 1;
}

function write(context: Sheet, labels: readonly Label[], room: Room, palette: Palette, taken: readonly Box[]): void {
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const strength = context.globalAlpha;
  for (const { label, x, y } of placeLabels(labels, taken)) {
    const inside = Math.min(room.width - label.width / 2 - 8, Math.max(label.width / 2 + 8, x));
    context.lineWidth = 5;
    context.lineJoin = 'round';
    context.strokeStyle = palette.ground;
    context.globalAlpha = 0.85 * strength;
    context.strokeText(label.text, inside, y);
    context.globalAlpha = strength;
    context.fillStyle = `oklch(${palette.familyNameLightness} ${palette.familyChroma} ${label.hue})`;
    context.fillText(label.text, inside, y);
  }
}
