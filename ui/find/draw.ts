// New latents by chance: from the prior, around a sound, away from others. The same seed always gives the same sound.
import type { SpaceView } from '../../plugin/instrument/messages.ts';
import { normal } from './chance.ts';
import { distance, ownNumbers } from './space.ts';

/** Sounds among which "less like this" chooses. */
const CANDIDATES = 48;

/** A sound of the model's prior; its detail is the usual one. */
export function random(space: SpaceView, seed: number): number[] {
  const next = normal(seed);
  const own = ownNumbers(space);
  return space.mean.map((mean, i) => (i < own ? mean + space.std[i] * next() : mean));
}

/**
 * A sound near another: `amount` 0..1 of the model's spread in every direction but those of the locked macros (0..7), along which nothing
 * changes. Detail is left as it is.
 */
export function perturb(
  space: SpaceView,
  latent: ArrayLike<number>,
  amount: number,
  locked: readonly number[],
  seed: number,
): number[] {
  const own = ownNumbers(space);
  const next = normal(seed);
  // In units of the spread, in which chance is the same in every direction.
  const step = Array.from({ length: own }, () => amount * next());
  for (const axis of orthogonal(locked.map((macro) => scaled(space, space.directions[macro], own)))) {
    const along = dot(step, axis);
    for (let i = 0; i < own; i++) step[i] -= along * axis[i];
  }
  return Array.from(latent, (value, i) => (i < own ? value + step[i] * space.std[i] : value));
}

/** A sound near `latent` that is as little like the disliked ones as chance allows. */
export function lessLike(
  space: SpaceView,
  latent: ArrayLike<number>,
  disliked: readonly (readonly number[])[],
  amount: number,
  locked: readonly number[],
  seed: number,
): number[] {
  let best = Array.from(latent);
  let furthest = -1;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    // Seeds far enough apart that the candidates of one draw are not those of the next.
    const drawn = perturb(space, latent, amount, locked, seed + candidate * 7_919_001);
    const nearest = Math.min(...disliked.map((other) => distance(space, drawn, other)));
    if (nearest <= furthest) continue;
    furthest = nearest;
    best = drawn;
  }
  return best;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const scaled = (space: SpaceView, direction: readonly number[], own: number): number[] =>
  Array.from({ length: own }, (_, i) => direction[i] / (space.std[i] || 1));

/** Unit vectors that span the same directions, each at right angles to the others (Gram and Schmidt). */
function orthogonal(directions: readonly number[][]): number[][] {
  const axes: number[][] = [];
  for (const direction of directions) {
    let rest = [...direction];
    for (const axis of axes) {
      const along = dot(rest, axis);
      rest = rest.map((value, i) => value - along * axis[i]);
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-6) axes.push(rest.map((value) => value / length));
  }
  return axes;
}
