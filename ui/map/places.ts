// The things on the map that can be pressed: the model's points and the user's presets.
import type { ModelView } from '../../plugin/instrument/messages.ts';
import { latentOf } from '../find/space.ts';
import type { Entry } from '../library/shelf.ts';
import type { OwnPlace } from '../store.ts';
import { strings } from '../strings.ts';
import { nearest } from './nearest.ts';

export interface Place {
  name: string;
  detail: string;
  x: number;
  y: number;
  latent: ArrayLike<number>;
  /** Index of the model's point, -1 for a preset of the user's. */
  point: number;
  entry: Entry | null;
}

/** What lies nearest to a place; `distanceOf` measures in pixels, and nothing beyond `reach` counts. */
export function placeNear(
  model: ModelView,
  own: readonly OwnPlace[],
  x: number,
  y: number,
  distanceOf: (place: { x: number; y: number }) => number,
  reach: number,
): Place | null {
  // A preset of one's own lies over the points and is taken first.
  const mine = own.map((place) => ({ place, away: distanceOf(place) })).sort((a, b) => a.away - b.away)[0];
  if (mine && mine.away <= reach) {
    const { entry, name } = mine.place;
    const detail = [entry.family, strings.map.yours].filter(Boolean).join(' · ');
    return { name, detail, x: mine.place.x, y: mine.place.y, latent: entry.preset.latent, point: -1, entry };
  }
  const [near] = nearest(model.points, x, y, 1);
  if (!near || distanceOf(near.point) > reach) return null;
  return placeOfPoint(model, near.index);
}

export function placeOfPoint(model: ModelView, index: number): Place {
  const { name, family, x, y } = model.points[index];
  return { name, detail: family, x, y, latent: latentOf(model.space, index), point: index, entry: null };
}
