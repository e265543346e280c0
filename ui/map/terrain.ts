// Draws what stands still on the map: contour lines of density, points as lights, family names.
import { contourDensity } from 'd3-contour';
import type { MapPointView } from '../../plugin/instrument/messages.ts';
import type { Family } from './families.ts';
import { placeLabels } from './labels.ts';
import { type Room, toScreenX, toScreenY, type View } from './projection.ts';

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

export const familyColour = (palette: Palette, hue: number, alpha = 1): string =>
  `oklch(${palette.familyLightness} ${palette.familyChroma} ${hue} / ${alpha})`;

export interface Terrain {
  points: readonly MapPointView[];
  families: readonly Family[];
  contours: Contours;
}

/** `lit` holds the points a search found, null while nobody searches. */
export function drawTerrain(
  context: CanvasRenderingContext2D,
  terrain: Terrain,
  view: View,
  room: Room,
  palette: Palette,
  lit: ReadonlySet<number> | null,
): void {
  context.clearRect(0, 0, room.width, room.height);
  const glow = context.createRadialGradient(
    room.width / 2,
    room.height / 2,
    0,
    room.width / 2,
    room.height / 2,
    Math.max(room.width, room.height) * 0.62,
  );
  glow.addColorStop(0, palette.groundGlow);
  glow.addColorStop(1, palette.ground);
  context.fillStyle = glow;
  context.fillRect(0, 0, room.width, room.height);

  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.lineJoin = 'round';
  for (const { level, rings } of terrain.contours) {
    context.globalAlpha = 0.45 + 0.55 * level;
    context.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], i) => {
        const px = toScreenX(x, view, room);
        const py = toScreenY(y, view, room);
        if (i === 0) context.moveTo(px, py);
        else context.lineTo(px, py);
      });
    }
    context.stroke();
  }
  context.globalAlpha = 1;

  const hues = new Map(terrain.families.map((family) => [family.name, family.hue]));
  const size = Math.min(2, Math.sqrt(view.zoom)) * (terrain.points.length > 1200 ? 0.8 : 1);
  terrain.points.forEach((point, index) => {
    const px = toScreenX(point.x, view, room);
    const py = toScreenY(point.y, view, room);
    if (px < -10 || py < -10 || px > room.width + 10 || py > room.height + 10) return;
    const shown = lit === null || lit.has(index);
    // Some points a little larger than others, always the same ones: lights at night are never all alike.
    const radius = (2 + ((index * 7919) % 5) * 0.28) * size * (lit?.has(index) ? 1.5 : 1);
    const hue = hues.get(point.family) ?? 0;
    context.fillStyle = familyColour(palette, hue, shown ? 0.16 : 0.04);
    disc(context, px, py, radius * 2.4);
    context.fillStyle = familyColour(palette, hue, shown ? 0.95 : 0.16);
    disc(context, px, py, radius);
  });

  drawNames(context, terrain.families, view, room, palette);
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawNames(
  context: CanvasRenderingContext2D,
  list: readonly Family[],
  view: View,
  room: Room,
  palette: Palette,
): void {
  context.font = `500 14px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
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
  for (const { label, x, y } of placeLabels(labels)) {
    const inside = Math.min(room.width - label.width / 2 - 8, Math.max(label.width / 2 + 8, x));
    context.lineWidth = 5;
    context.strokeStyle = palette.ground;
    context.globalAlpha = 0.85;
    context.strokeText(label.text, inside, y);
    context.globalAlpha = 1;
    context.fillStyle = `oklch(${palette.familyNameLightness} ${palette.familyChroma} ${label.hue})`;
    context.fillText(label.text, inside, y);
  }
}
