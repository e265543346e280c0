// Records the hand's way over the map and makes of it a path: places evenly spaced in time over its loop.
import type { Path } from '../../plugin/instrument/messages.ts';

interface Step {
  x: number;
  y: number;
  atMs: number;
}

/** Places a second of a recorded path, and how many there are at least and at most. */
const PLACES_PER_SECOND = 32;
const FEWEST = 8;
const MOST = 256;
/** A tap is no path. */
const SHORTEST_MS = 150;

export class PathRecorder {
  private readonly steps: Step[] = [];

  /** x and y 0..1; outside of it the path keeps to the edge. */
  add(x: number, y: number, atMs: number): void {
    const inside = (value: number): number => Math.min(1, Math.max(0, value));
    this.steps.push({ x: inside(x), y: inside(y), atMs });
  }

  /** The way so far, for drawing. */
  get way(): readonly { x: number; y: number }[] {
    return this.steps;
  }

  /** The path and how long its loop is, null where the hand hardly moved. */
  finish(): { path: Path; seconds: number } | null {
    const { steps } = this;
    const [first] = steps;
    const last = steps.at(-1);
    if (!first || !last) return null;
    const lengthMs = last.atMs - first.atMs;
    const moved = steps.some(({ x, y }) => Math.hypot(x - first.x, y - first.y) > 0.005);
    if (lengthMs < SHORTEST_MS || !moved) return null;
    const count = Math.min(MOST, Math.max(FEWEST, Math.round((lengthMs / 1000) * PLACES_PER_SECOND)));
    const path: number[] = [];
    let after = 1;
    for (let i = 0; i < count; i++) {
      const atMs = first.atMs + (lengthMs * i) / count;
      while (after < steps.length - 1 && steps[after].atMs < atMs) after++;
      const a = steps[after - 1];
      const b = steps[after];
      const share = b.atMs > a.atMs ? Math.min(1, Math.max(0, (atMs - a.atMs) / (b.atMs - a.atMs))) : 0;
      path.push(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y));
    }
    return { path, seconds: lengthMs / 1000 };
  }
}
