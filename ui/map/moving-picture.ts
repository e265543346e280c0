// A canvas for what moves, only as large as what is on it: the rest of the map need not be put together anew in every frame.
import type { Room } from './projection.ts';

/** Pixels of the room. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Edges lie on a grid of so many pixels, so that the canvas does not change its size with every move. */
const GRID = 64;

/** The box that holds all places with `reach` around each, on the grid and inside the room; null where there is none to be seen. */
export function boxAround(places: Iterable<{ x: number; y: number; reach: number }>, room: Room): Box | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y, reach } of places) {
    left = Math.min(left, x - reach);
    top = Math.min(top, y - reach);
    right = Math.max(right, x + reach);
    bottom = Math.max(bottom, y + reach);
  }
  const box = {
    left: Math.max(0, Math.floor(left / GRID) * GRID),
    top: Math.max(0, Math.floor(top / GRID) * GRID),
    right: Math.min(room.width, Math.ceil(right / GRID) * GRID),
    bottom: Math.min(room.height, Math.ceil(bottom / GRID) * GRID),
  };
  return box.left < box.right && box.top < box.bottom ? box : null;
}

/** Gives a canvas the size of the box, `scale` pixels of the screen to one of the room, and moves it there. */
export function placeCanvas(canvas: HTMLCanvasElement, box: Box, scale: number): void {
  const width = Math.ceil((box.right - box.left) * scale);
  const height = Math.ceil((box.bottom - box.top) * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${width / scale}px`;
    canvas.style.height = `${height / scale}px`;
  }
  canvas.style.transform = `translate(${box.left}px, ${box.top}px)`;
}

export class MovingPicture {
  private readonly context: CanvasRenderingContext2D | null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d');
  }

  /** Paints in pixels of the room, `scale` pixels of the screen to one of them; whatever leaves the box is not seen. */
  draw(box: Box | null, scale: number, paint: (context: CanvasRenderingContext2D) => void): void {
    const { canvas, context } = this;
    canvas.hidden = box === null;
    if (!box || !context) return;
    placeCanvas(canvas, box, scale);
    context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
    context.clearRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    paint(context);
  }
}
