// The icon of the instrument: two waves, drawn as SVG and, from the same curves, as PNG.
import { PNG } from 'pngjs';

/** Cubic Bezier curves in a square of 28: what you play, and its echo. */
const WAVE = [
  [3, 19, 6, 25, 9, 25, 11, 15],
  [11, 15, 13, 5, 15, 4, 18, 11],
  [18, 11, 21, 18, 22, 22, 25, 17],
] as const;
const ECHO = [
  [5, 15, 8, 20, 10, 18, 13, 10],
  [13, 10, 15.5, 3.5, 17, 4, 19, 15],
  [19, 15, 20.8, 24, 23, 23, 26, 13],
] as const;
const SIDE = 28;
const STROKE = 2.4;
const GROUND: Colour = [13, 16, 23];
const YOU: Colour = [240, 176, 87];
const MOVING: Colour = [66, 197, 201];
const ECHO_OPACITY = 0.75;
/** Share of the side by which the ground's corners are rounded. */
const ROUNDING = 0.2;

type Colour = readonly [number, number, number];
type Curve = readonly [number, number, number, number, number, number, number, number];

const hex = ([r, g, b]: Colour): string => `#${[r, g, b].map((c) => c.toString(16).padStart(2, '0')).join('')}`;
const pathOf = (curves: readonly Curve[]): string =>
  `M${curves[0][0]} ${curves[0][1]}${curves.map((c) => `C${c.slice(2).join(' ')}`).join('')}`;

export function iconSvg(): string {
  const stroke = `fill="none" stroke-width="${STROKE}" stroke-linecap="round"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}"><rect width="${SIDE}" height="${SIDE}" rx="${SIDE * ROUNDING}" fill="${hex(GROUND)}"/><path d="${pathOf(ECHO)}" ${stroke} stroke="${hex(MOVING)}" opacity="${ECHO_OPACITY}"/><path d="${pathOf(WAVE)}" ${stroke} stroke="${hex(YOU)}"/></svg>\n`;
}

/** PNG bytes of `size` pixels a side; the waves fill `share` of it, on a ground with round corners or one that fills the square. */
export function drawIcon(size: number, share: number, square = false): Buffer {
  const png = new PNG({ width: size, height: size });
  const scale = (SIDE / size) * (1 / share);
  const pixel = SIDE / size;
  const [wave, echo] = [WAVE, ECHO].map((curves) => curves.flatMap((curve) => pointsOf(curve)));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const px = SIDE / 2 + (x + 0.5 - size / 2) * scale;
      const py = SIDE / 2 + (y + 0.5 - size / 2) * scale;
      const cover = (points: readonly Point[]): number =>
        Math.min(1, Math.max(0, (STROKE / 2 - distance(points, px, py)) / (pixel / share) + 0.5));
      const colour = mix(mix(GROUND, MOVING, ECHO_OPACITY * cover(echo)), YOU, cover(wave));
      const at = 4 * (y * size + x);
      colour.forEach((c, i) => {
        png.data[at + i] = Math.round(c);
      });
      png.data[at + 3] = square ? 255 : Math.round(255 * ground(x + 0.5, y + 0.5, size));
    }
  }
  return PNG.sync.write(png);
}

type Point = readonly [number, number];

function pointsOf([x0, y0, x1, y1, x2, y2, x3, y3]: Curve, count = 24): Point[] {
  return Array.from({ length: count + 1 }, (_, i) => {
    const t = i / count;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
  });
}

/** From a place to the nearest piece of a polyline. */
function distance(points: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < points.length; i++) {
    const [ax, ay] = points[i - 1];
    const [dx, dy] = [points[i][0] - ax, points[i][1] - ay];
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return nearest;
}

/** How much of a pixel lies inside the square with round corners. */
function ground(x: number, y: number, size: number): number {
  const radius = ROUNDING * size;
  const dx = Math.max(radius - x, x - (size - radius), 0);
  const dy = Math.max(radius - y, y - (size - radius), 0);
  return Math.min(1, Math.max(0, radius - Math.hypot(dx, dy) + 0.5));
}

const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];
