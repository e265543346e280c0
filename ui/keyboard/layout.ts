// Where the keys of the drawn keyboard lie.

export const WHITE_STEPS = [0, 2, 4, 5, 7, 9, 11];
/** Share of a black key's width in a white one's. */
const BLACK_WIDTH = 0.6;

export interface KeyPlace {
  key: number;
  black: boolean;
  /** Shares of the whole width. */
  left: number;
  width: number;
}

export const isBlack = (key: number): boolean => !WHITE_STEPS.includes(((key % 12) + 12) % 12);

/** Octave names with middle C (60) as C4. */
export const keyName = (key: number): string =>
  `${['C', 'C sharp', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'][key % 12]}${Math.floor(key / 12) - 1}`;

/** The keys from `low` to `high`, both white. */
export function layKeys(low: number, high: number): KeyPlace[] {
  const whites = [];
  for (let key = low; key <= high; key++) if (!isBlack(key)) whites.push(key);
  const width = 1 / whites.length;
  const places: KeyPlace[] = whites.map((key, i) => ({ key, black: false, left: i * width, width }));
  for (let key = low + 1; key < high; key++) {
    if (!isBlack(key)) continue;
    const after = whites.findIndex((white) => white > key);
    places.push({ key, black: true, left: (after - BLACK_WIDTH / 2) * width, width: BLACK_WIDTH * width });
  }
  return places;
}

/** The range shown in so many pixels: whole octaves around middle C, as many as leave the keys playable. */
export function rangeFor(pixels: number): { low: number; high: number } {
  const octaves = Math.min(6, Math.max(1, Math.floor(pixels / (7 * 26))));
  const low = { 1: 60, 2: 48, 3: 48, 4: 36, 5: 36, 6: 24 }[octaves] ?? 24;
  return { low, high: low + 12 * octaves };
}
