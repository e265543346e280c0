// The points of the map as little lights, written straight into the pixels of one picture: twenty thousand discs are too many to be drawn one by one.
import type { Sheet } from './sheet.ts';

/** How far the glow reaches, in radii. */
const GLOW = 2.4;

export interface Light {
  /** Middle and radius, pixels of the room. */
  x: number;
  y: number;
  radius: number;
  /** 0..1 of the disc and of the glow around it. */
  core: number;
  glow: number;
  /** Red, green and blue, 0..255. */
  colour: ArrayLike<number>;
}

/** What any CSS colour is in bytes. */
export function bytesOf(colour: string): Uint8ClampedArray {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) return new Uint8ClampedArray(3);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data.subarray(0, 3);
}

/** Paints the lights over what the sheet holds; those behind come first. `width` and `height`: pixels of the room. */
export function drawLights(context: Sheet, lights: Iterable<Light>, width: number, height: number): void {
  const ratio = context.getTransform().a;
  const picture = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
  const pixels = picture.getContext('2d');
  if (!pixels) return;
  const image = pixels.createImageData(picture.width, picture.height);
  for (const light of lights) {
    if (light.glow > 0) disc(image, light, ratio, light.radius * GLOW, light.glow);
    disc(image, light, ratio, light.radius, light.core);
  }
  pixels.putImageData(image, 0, 0);
  context.drawImage(picture, 0, 0, width, height);
}

/** One disc with a soft edge of a pixel, laid over what is there (Porter and Duff 1984, "over"). */
export function disc(
  { data, width, height }: { data: Uint8ClampedArray; width: number; height: number },
  { x, y, colour }: Pick<Light, 'x' | 'y' | 'colour'>,
  ratio: number,
  radius: number,
  strength: number,
): void {
  const middleX = x * ratio;
  const middleY = y * ratio;
  const reach = radius * ratio;
  const left = Math.max(0, Math.floor(middleX - reach - 0.5));
  const right = Math.min(width - 1, Math.ceil(middleX + reach + 0.5));
  const top = Math.max(0, Math.floor(middleY - reach - 0.5));
  const bottom = Math.min(height - 1, Math.ceil(middleY + reach + 0.5));
  const farthest = (reach + 0.5) ** 2;
  for (let row = top; row <= bottom; row++) {
    const dy = row + 0.5 - middleY;
    for (let column = left; column <= right; column++) {
      const dx = column + 0.5 - middleX;
      // A root of squares: Math.hypot guards against overflows that cannot be here, and takes as long as all the rest.
      const squared = dx * dx + dy * dy;
      if (squared >= farthest) continue;
      const alpha = Math.min(1, reach + 0.5 - Math.sqrt(squared)) * strength;
      const at = 4 * (row * width + column);
      const below = (data[at + 3] / 255) * (1 - alpha);
      const whole = alpha + below;
      for (let c = 0; c < 3; c++) data[at + c] = (colour[c] * alpha + data[at + c] * below) / whole;
      data[at + 3] = 255 * whole;
    }
  }
}
