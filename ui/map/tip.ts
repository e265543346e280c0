// What the tip over the map says, and where it stands.
import type { Place } from './places.ts';
import { type Room, toScreenX, toScreenY, type View } from './projection.ts';

export interface Tip {
  title: string;
  detail: string;
  left: number;
  top: number;
}

/** Widest and highest the tip gets, pixels; its frame, and what a letter of it takes at most on average. */
const WIDEST = 452;
const BELOW = 96;
const FRAME = 40;
const LETTER = 9;

/** `hovered` comes first; `words` are of the puck's own place. */
export function tipOf(
  view: View,
  room: Room,
  hovered: Place | null,
  words: { title: string; detail: string } | null,
  puck: { x: number; y: number },
): Tip | null {
  const said = hovered ? { title: hovered.name, detail: hovered.detail } : words;
  if (!said) return null;
  const { x, y } = hovered ?? puck;
  const px = toScreenX(x, view, room);
  const py = toScreenY(y, view, room);
  // A tip of few words stays at its place up to the edge of the room.
  const width = Math.min(WIDEST, FRAME + LETTER * Math.max(said.title.length, said.detail.length));
  const left = Math.min(Math.max(12, px - 40), Math.max(12, room.width - width));
  // Below its place, or above where the room ends.
  const top = py + BELOW < room.height ? py + 28 : py - 88;
  return { ...said, left, top };
}
