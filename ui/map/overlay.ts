// Draws what moves on the map: the puck and its trail, the voices, the point under the pointer.
import type { VoiceView } from '../../plugin/instrument/messages.ts';
import { type Room, toScreenX, toScreenY, type View } from './projection.ts';
import type { Palette } from './terrain.ts';

export interface TrailStep {
  x: number;
  y: number;
  atMs: number;
}

/** How long the trail of the puck is seen. */
export const TRAIL_MS = 1600;

export interface Scene {
  /** The recorded path, or the one that is being drawn; places in turn. */
  path: readonly { x: number; y: number }[];
  /** 0..1: how strongly the path moves the sound. */
  pathDepth: number;
  /** Where the user's own presets lie. */
  own: readonly { x: number; y: number }[];
  /** Where the sound that plays is at home. */
  home: { x: number; y: number } | null;
  puck: { x: number; y: number } | null;
  pressed: boolean;
  trail: readonly TrailStep[];
  voices: readonly VoiceView[];
  hovered: { x: number; y: number } | null;
  nowMs: number;
}

export function drawOverlay(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  room: Room,
  palette: Palette,
): void {
  context.clearRect(0, 0, room.width, room.height);
  const ring = (x: number, y: number, radius: number): void => {
    context.beginPath();
    context.arc(toScreenX(x, view, room), toScreenY(y, view, room), radius, 0, 2 * Math.PI);
  };

  drawPath(context, scene, view, room, palette);

  context.strokeStyle = palette.you;
  context.fillStyle = palette.ground;
  context.lineWidth = 1.75;
  for (const { x, y } of scene.own) {
    diamond(context, toScreenX(x, view, room), toScreenY(y, view, room), 5);
    context.fill();
    context.stroke();
  }
  if (scene.home) {
    context.globalAlpha = 0.7;
    context.setLineDash([3, 3]);
    ring(scene.home.x, scene.home.y, 8);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

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
    const reach = seats > 1 || scene.puck ? 22 : 0;
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
  context: CanvasRenderingContext2D,
  { path, pathDepth }: Scene,
  view: View,
  room: Room,
  palette: Palette,
): void {
  if (path.length < 2) return;
  context.strokeStyle = palette.moving;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.globalAlpha = 0.3 + 0.6 * pathDepth;
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

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
}
