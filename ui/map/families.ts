// The families of a map: a hue each, by the direction in which they lie, and the place where their name stands.
import type { MapPointView } from '../../plugin/instrument/messages.ts';

export interface Family {
  name: string;
  /** OKLCH hue, degrees. */
  hue: number;
  /** Where the family is densest. */
  x: number;
  y: number;
  count: number;
}

const FIRST_HUE = 20;
/** Reach of the density estimate for the label's place, in units of the map. */
const REACH = 0.07;
const SAMPLE = 300;

/** Families sorted by their direction from the middle, hues evenly spaced, so that neighbours on the map are neighbours in hue. */
export function families(points: readonly MapPointView[]): Family[] {
  const groups = new Map<string, MapPointView[]>();
  for (const point of points) {
    const group = groups.get(point.family);
    if (group) group.push(point);
    else groups.set(point.family, [point]);
  }
  const found = [...groups].map(([name, group]) => {
    const x = group.reduce((sum, p) => sum + p.x, 0) / group.length;
    const y = group.reduce((sum, p) => sum + p.y, 0) / group.length;
    return { name, direction: Math.atan2(y - 0.5, x - 0.5), count: group.length, ...densest(group) };
  });
  found.sort((a, b) => a.direction - b.direction || a.name.localeCompare(b.name));
  return found.map(({ name, x, y, count }, i) => ({
    name,
    x,
    y,
    count,
    hue: (FIRST_HUE + (360 * i) / found.length) % 360,
  }));
}

/** Looks at SAMPLE points of a family at most: a name need not stand more exactly. */
function densest(whole: readonly MapPointView[]): { x: number; y: number } {
  const stride = Math.max(1, Math.ceil(whole.length / SAMPLE));
  const group = whole.filter((_, i) => i % stride === 0);
  let best = group[0];
  let most = Number.NEGATIVE_INFINITY;
  for (const candidate of group) {
    let density = 0;
    for (const other of group) {
      const d = Math.hypot(candidate.x - other.x, candidate.y - other.y) / REACH;
      density += Math.exp(-d * d);
    }
    if (density > most) {
      most = density;
      best = candidate;
    }
  }
  return { x: best.x, y: best.y };
}
