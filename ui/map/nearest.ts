// Which sounds lie near a place, and how that is said.
import type { MapPointView } from '../../plugin/instrument/messages.ts';
import { strings } from '../strings.ts';

export interface Near {
  index: number;
  point: MapPointView;
  /** In units of the map. */
  distance: number;
}

/** The `count` points nearest to a place, nearest first. */
export function nearest(points: readonly MapPointView[], x: number, y: number, count: number): Near[] {
  const found: Near[] = [];
  for (let index = 0; index < points.length; index++) {
    const point = points[index];
    const distance = Math.hypot(point.x - x, point.y - y);
    if (found.length === count && distance >= found[count - 1].distance) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].distance > distance) at--;
    found.splice(at, 0, { index, point, distance });
    if (found.length > count) found.pop();
  }
  return found;
}

/** On a point one hears that point. */
export const ON_POINT = 0.003;

export interface PlaceWords {
  title: string;
  detail: string;
}

/** A name and its distance, kept on one line. */
const named = ({ point, distance }: Near): string => `${point.name}\u00a0${distance.toFixed(2).replace(/^0/, '')}`;

/** "Between glass harp and flute" and the distances behind it. */
export function placeWords(near: readonly Near[]): PlaceWords | null {
  if (near.length === 0) return null;
  const others = near.filter((n, i) => near.findIndex((m) => m.point.name === n.point.name) === i);
  const [first, second] = others;
  if (first.distance < ON_POINT) {
    const rest = others.slice(1, 3);
    return {
      title: first.point.name,
      detail: [first.point.family, ...rest.map((n) => named(n))].join(' · '),
    };
  }
  const title = second ? strings.map.between(first.point.name, second.point.name) : strings.map.near(first.point.name);
  return {
    title,
    detail: strings.map.nearest(
      others
        .slice(0, 3)
        .map((n) => named(n))
        .join(' · '),
    ),
  };
}
