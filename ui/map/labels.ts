// Where family names stand so that none covers another, nor lies under what stands over the map.
import type { Box } from './moving-picture.ts';

export interface Label {
  text: string;
  hue: number;
  /** Wanted middle, pixels. */
  x: number;
  y: number;
  /** Measured width, pixels. */
  width: number;
}

const HEIGHT = 18;
const GAP = 6;
/** Places tried around the wanted one, in label heights. */
const OFFSETS = [0, -1.4, 1.4, -2.8, 2.8, -4.2, 4.2];

/** Middles of the labels in the order given (important ones first), away from the boxes that are `taken`; a label that finds no free place is left out. */
export function placeLabels(
  labels: readonly Label[],
  taken: readonly Box[] = [],
): { label: Label; x: number; y: number }[] {
  const placed: { label: Label; x: number; y: number }[] = [];
  for (const label of labels) {
    for (const offset of OFFSETS) {
      const y = label.y + offset * HEIGHT;
      const half = label.width / 2 + GAP;
      const free =
        placed.every(
          (other) =>
            Math.abs(other.x - label.x) > (other.label.width + label.width) / 2 + GAP ||
            Math.abs(other.y - y) > HEIGHT + GAP / 2,
        ) &&
        taken.every(
          ({ left, top, right, bottom }) =>
            label.x + half < left || label.x - half > right || y + HEIGHT / 2 < top || y - HEIGHT / 2 > bottom,
        );
      if (!free) continue;
      placed.push({ label, x: label.x, y });
      break;
    }
  }
  return placed;
}
