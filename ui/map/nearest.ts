// Which sounds lie near a place, and how that is said.
import Flatbush from 'flatbush';
import type { MapPointView } from '../../plugin/instrument/messages.ts';
import { strings } from '../strings.ts';

export interface Near {
  index: number;
  point: MapPointView;
  /** In units of the map. */
  distance: number;
}

/** A tree over the points of each map that was asked for: twenty thousand are not looked at one by one while a hand moves. */
const trees = new WeakMap<readonly MapPointView[], Flatbush>();

function treeOf(points: readonly MapPointView[]): Flatbush {
  let tree = trees.get(points);
  if (!tree) {
    tree = new Flatbush(points.length);
    for (const { x, y } of points) tree.add(x, y);
    tree.finish();
    trees.set(points, tree);
  }
  return tree;
}

/** The `count` points nearest to a place, nearest first. */
export function nearest(points: readonly MapPointView[], x: number, y: number, count: number): Near[] {
  if (points.length === 0) return [];
  return treeOf(points)
    .neighbors(x, y, count)
    .map((index) => ({ index, point: points[index], distance: Math.hypot(points[index].x - x, points[index].y - y) }));
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
