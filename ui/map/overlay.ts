// Draws what lies over the ground of the map: marks that stand (path, home, the user's presets), and what moves (the puck and its trail, the voices, the point
// under the pointer).
import type { VoiceView } from '../../plugin/instrument/messages.ts';
import { type Box, boxAround } from './moving-picture.ts';
import { type Room, toScreenX, toScreenY, type View } from './projection.ts';
import type { Sheet } from './sheet.ts';
import type { Palette } from './terrain.ts';

interface Spot {
  x: number;
  y: number;
}

export interface TrailStep {
  x: number;
  y: number;
  atMs: number;
}

/** How long the trail of the puck is seen. */
export const TRAIL_MS = 1600;

/** Pixels from the middle of a voice's place to where it sits, where several or the puck are there. */
const SEAT = 22;
/** Widest reach of what is drawn around a place, pixels. */
const WIDEST = { puck: 16, voice: SEAT + 8, hovered: 9, trail: 5, way: 2, own: 7, home: 10 };

/** What stands until somebody changes it. */
export interface Marks {
  /** The recorded path, places in turn. */
  path: readonly Spot[];
  /** 0..1: how strongly the path moves the sound. */
  pathDepth: number;
  /** Where the user's own presets lie. */
  own: readonly Spot[];
  /** Where the sound that plays is at home. */
  home: Spot | null;
}

/** What moves. */
export interface Scene {
  /** The path that is being drawn. */
  way: readonly Spot[];
  puck: Spot | null;
  pressed: boolean;
  trail: readonly TrailStep[];
  voices: readonly VoiceView[];
  hovered: Spot | null;
  nowMs: number;
}

export function drawMarks(context: Sheet, marks: Marks, view: View, room: Room, palette: Palette): void {
  drawPath(context, marks.path, marks.pathDepth, view, room, palette);
  context.strokeStyle = palette.you;
  context.fillStyle = palette.ground;
  context.lineWidth = 1.75;
  for (const { x, y } of marks.own) {
    diamond(context, toScreenX(x, view, room), toScreenY(y, view, room), 5);
    context.fill();
    context.stroke();
  }
  if (!marks.home) return;
  context.globalAlpha = 0.7;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.arc(toScreenX(marks.home.x, view, room), toScreenY(marks.home.y, view, room), 8, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

const reachOf =
  (view: View, room: Room) =>
  ({ x, y }: Spot, reach: number): { x: number; y: number; reach: number } => ({
    x: toScreenX(x, view, room),
    y: toScreenY(y, view, room),
    reach,
  });

/** Where `drawMarks` draws; null where nothing is to be seen. */
export function boxOfMarks(marks: Marks, view: View, room: Room): Box | null {
  const at = reachOf(view, room);
  const places = [
    ...marks.path.map((place) => at(place, WIDEST.way)),
    ...marks.own.map((place) => at(place, WIDEST.own)),
  ];
  if (marks.home) places.push(at(marks.home, WIDEST.home));
  return boxAround(places, room);
}

/** Where `drawScene` draws; null where nothing is to be seen. */
export function boxOf(scene: Scene, view: View, room: Room): Box | null {
  const at = reachOf(view, room);
  const places = [
    ...scene.way.map((place) => at(place, WIDEST.way)),
    ...scene.trail.map((place) => at(place, WIDEST.trail)),
    ...scene.voices.map((place) => at(place, WIDEST.voice)),
  ];
  if (scene.hovered) places.push(at(scene.hovered, WIDEST.hovered));
  if (scene.puck) places.push(at(scene.puck, WIDEST.puck));
  return boxAround(places, room);
}

export function drawScene(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  room: Room,
  palette: Palette,
): void {
  const ring = (x: number, y: number, radius: number): void => {
    context.beginPath();
    context.arc(toScreenX(x, view, room), toScreenY(y, view, room), radius, 0, 2 * Math.PI);
  };

  drawPath(context, scene.way, 1, view, room, palette);

  context.fillStyle = palette.you;
  for (const step of scene.trail) {
    const left = 1 - (scene.nowMs - step.atMs) / TRAIL_MS;
    if (left <= 0) continue;
    context.globalAlpha = 0.55 * left;
    ring(step.x, step.y, 1.5 + 3 * left);
    context.fill();
  }
  context.globalAlpha = 1;

  if (scene.hovered) {
    context.strokeStyle = palette.text;
    context.lineWidth = 1.5;
    ring(scene.hovered.x, scene.hovered.y, 7);
    context.stroke();
  }

  context.strokeStyle = palette.moving;
  context.lineWidth = 1.75;
  scene.voices.forEach((voice, i) => {
    // Voices of one place would cover each other: they stand around it like seats around a table.
    const seats = scene.voices.length;
    const angle = (2 * Math.PI * i) / Math.max(3, seats) - Math.PI / 2;
    const reach = seats > 1 || scene.puck ? SEAT : 0;
    context.globalAlpha = 0.35 + 0.65 * Math.min(1, voice.level);
    context.beginPath();
    context.arc(
      toScreenX(voice.x, view, room) + reach * Math.cos(angle),
      toScreenY(voice.y, view, room) + reach * Math.sin(angle),
      3.5 + 3 * Math.min(1, voice.level),
      0,
      2 * Math.PI,
    );
    context.stroke();
  });
  context.globalAlpha = 1;

  if (!scene.puck) return;
  context.strokeStyle = palette.you;
  context.fillStyle = palette.you;
  context.lineWidth = 2.5;
  ring(scene.puck.x, scene.puck.y, scene.pressed ? 14 : 12);
  context.stroke();
  ring(scene.puck.x, scene.puck.y, 4);
  context.fill();
}

function drawPath(
  context: Sheet,
  path: readonly Spot[],
  depth: number,
  view: View,
  room: Room,
  palette: Palette,
): void {
  if (path.length < 2) return;
  context.strokeStyle = palette.moving;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.globalAlpha = 0.3 + 0.6 * depth;
  context.beginPath();
  path.forEach(({ x, y }, i) => {
    if (i === 0) context.moveTo(toScreenX(x, view, room), toScreenY(y, view, room));
    else context.lineTo(toScreenX(x, view, room), toScreenY(y, view, room));
  });
  context.stroke();
  // The way home closes the loop.
  const last = path[path.length - 1];
  context.setLineDash([2, 5]);
  context.beginPath();
  context.moveTo(toScreenX(last.x, view, room), toScreenY(last.y, view, room));
  context.lineTo(toScreenX(path[0].x, view, room), toScreenY(path[0].y, view, room));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function diamond(context: Sheet, x: number, y: number, radius: number): void {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
}
