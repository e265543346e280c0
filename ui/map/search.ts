// Finding sounds by name or family.
import type { MapPointView } from '../../plugin/instrument/messages.ts';

export interface Match {
  index: number;
  point: MapPointView;
}

/** Points whose name or family contains every typed word; those whose name begins with the text come first. */
export function search(points: readonly MapPointView[], text: string): Match[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const rank = (point: MapPointView): number => {
    const name = point.name.toLowerCase();
    if (name.startsWith(words[0])) return 0;
    return name.includes(words[0]) ? 1 : 2;
  };
  return points
    .map((point, index) => ({ point, index }))
    .filter(({ point }) => {
      const all = `${point.name} ${point.family}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => rank(a.point) - rank(b.point) || a.point.name.localeCompare(b.point.name));
}
