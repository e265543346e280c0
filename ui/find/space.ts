// Distances and ways in a model's latent space, in units of its spread.
import type { SpaceView } from '../../plugin/instrument/messages.ts';

/** How many numbers of a latent are the sound's own, before its detail. */
export const ownNumbers = ({ dim, detail }: SpaceView): number => dim - detail;

/** The latent of a map point, as a view into the space. */
export const latentOf = (space: SpaceView, point: number): Float32Array =>
  space.latents.subarray(point * space.dim, (point + 1) * space.dim);

/** One over the model's spread in each of the sound's own numbers; found once for a space. */
const scales = new WeakMap<SpaceView, Float64Array>();

function scaleOf(space: SpaceView): Float64Array {
  let scale = scales.get(space);
  if (!scale) {
    scale = Float64Array.from({ length: ownNumbers(space) }, (_, i) => 1 / (space.std[i] || 1));
    scales.set(space, scale);
  }
  return scale;
}

/** Squares of the differences in spreads, added up until they exceed `limit`; `b` begins at `from`. */
function squares(scale: Float64Array, a: ArrayLike<number>, b: ArrayLike<number>, from: number, limit: number): number {
  let sum = 0;
  for (let i = 0; i < scale.length && sum <= limit; i++) {
    const difference = (a[i] - b[from + i]) * scale[i];
    sum += difference * difference;
  }
  return sum;
}

/** Root mean square distance of two latents in spreads of the model, detail left aside: 1 is as far as two sounds by chance, about. */
export const distance = (space: SpaceView, a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(squares(scaleOf(space), a, b, 0, Number.POSITIVE_INFINITY) / (2 * ownNumbers(space)));

export interface Neighbour {
  point: number;
  distance: number;
}

/** The map points that sound most alike, nearest first. */
export function neighbours(space: SpaceView, latent: ArrayLike<number>, count: number): Neighbour[] {
  const { dim, latents } = space;
  const scale = scaleOf(space);
  const found: { point: number; sum: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (let point = 0; point * dim < latents.length; point++) {
    const sum = squares(scale, latent, latents, point * dim, worst);
    if (found.length === count && sum >= worst) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].sum > sum) at--;
    found.splice(at, 0, { point, sum });
    if (found.length > count) found.pop();
    if (found.length === count) worst = found[count - 1].sum;
  }
  return found.map(({ point, sum }) => ({ point, distance: Math.sqrt(sum / (2 * scale.length)) }));
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
