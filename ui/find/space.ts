// Distances and ways in a model's latent space, in units of its spread.
import type { SpaceView } from '../../plugin/instrument/messages.ts';

/** How many numbers of a latent are the sound's own, before its detail. */
export const ownNumbers = ({ dim, detail }: SpaceView): number => dim - detail;

/** The latent of a map point, as a view into the space. */
export const latentOf = (space: SpaceView, point: number): Float32Array =>
  space.latents.subarray(point * space.dim, (point + 1) * space.dim);

const spread = (space: SpaceView, i: number): number => space.std[i] || 1;

/** Root mean square distance of two latents in spreads of the model, detail left aside: 1 is as far as two sounds by chance, about. */
export function distance(space: SpaceView, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = ownNumbers(space);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += ((a[i] - b[i]) / spread(space, i)) ** 2;
  return Math.sqrt(sum / (2 * count));
}

export interface Neighbour {
  point: number;
  distance: number;
}

/** The map points that sound most alike, nearest first. */
export function neighbours(space: SpaceView, latent: ArrayLike<number>, count: number): Neighbour[] {
  const points = space.latents.length / space.dim;
  const found: Neighbour[] = [];
  for (let point = 0; point < points; point++) {
    const away = distance(space, latent, latentOf(space, point));
    if (found.length === count && away >= found[count - 1].distance) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].distance > away) at--;
    found.splice(at, 0, { point, distance: away });
    if (found.length > count) found.pop();
  }
  return found;
}

/** Where a latent belongs on the map: among the three points that sound most alike, nearer ones counting more. */
export function placeOf(
  space: SpaceView,
  points: readonly { x: number; y: number }[],
  latent: ArrayLike<number>,
): { x: number; y: number } {
  let x = 0;
  let y = 0;
  let weights = 0;
  for (const { point, distance: away } of neighbours(space, latent, 3)) {
    const weight = 1 / (away * away + 1e-6);
    x += weight * points[point].x;
    y += weight * points[point].y;
    weights += weight;
  }
  return weights > 0 ? { x: x / weights, y: y / weights } : { x: 0.5, y: 0.5 };
}

/** The way from one latent to another at `t` (0 the one, 1 the other), straight or around as the model says (Shoemake 1985). */
export function between(space: SpaceView, a: ArrayLike<number>, b: ArrayLike<number>, t: number): number[] {
  const straight = (): number[] => Array.from(a, (value, i) => value + t * (b[i] - value));
  if (space.interpolation === 'lerp') return straight();
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    lengthA += a[i] * a[i];
    lengthB += b[i] * b[i];
  }
  const cosine = dot / Math.sqrt(lengthA * lengthB || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (angle < 1e-4 || Math.PI - angle < 1e-4) return straight();
  const sine = Math.sin(angle);
  const fromA = Math.sin((1 - t) * angle) / sine;
  const fromB = Math.sin(t * angle) / sine;
  return Array.from(a, (value, i) => fromA * value + fromB * b[i]);
}
