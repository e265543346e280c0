// A picture that runs to the left as time passes, one strip for every look at the spectrum. Phase as hue after the rainbowgrams of Engel et al. (2017).
import { heatTable } from './heat.ts';
import { type LiveSpectrum, ROWS } from './live-spectrum.ts';

const FLOOR_DB = -84;
const TOP_DB = -16;
const HUES = 48;
const SHADES = 48;
/** CSS pixels that a look moves the picture. */
const STRIDE = 3;

export class RunningPicture {
  private heat: Uint8ClampedArray | null = null;
  private rainbow: Uint8ClampedArray | null = null;
  private readonly strip: HTMLCanvasElement;
  private readonly stripImage = new ImageData(1, ROWS);

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly byPhase: boolean,
  ) {
    this.strip = document.createElement('canvas');
    this.strip.width = 1;
    this.strip.height = ROWS;
  }

  /** Takes other colours, silence first, and begins anew. */
  colour(stops: readonly string[]): void {
    if (stops.includes('')) return;
    this.heat = heatTable(stops);
    this.rainbow = rainbowTable(stops[0]);
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = stops[0];
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  add(spectrum: LiveSpectrum): void {
    const { canvas, heat, rainbow, stripImage } = this;
    const context = canvas.getContext('2d');
    const stripContext = this.strip.getContext('2d');
    if (!context || !stripContext || !heat || !rainbow) return;
    for (let row = 0; row < ROWS; row++) {
      const level = Math.min(1, Math.max(0, (spectrum.levelsDb[row] - FLOOR_DB) / (TOP_DB - FLOOR_DB)));
      const turn = spectrum.turns[row] / (2 * Math.PI) + 0.5;
      const hue = Math.min(HUES - 1, Math.floor(turn * HUES));
      const shade = Math.min(SHADES - 1, Math.floor(level * SHADES));
      const from = this.byPhase ? 4 * (hue * SHADES + shade) : 4 * Math.round(level * 255);
      const table = this.byPhase ? rainbow : heat;
      for (let c = 0; c < 4; c++) stripImage.data[4 * row + c] = table[from + c];
    }
    stripContext.putImageData(stripImage, 0, 0);
    const stride = Math.round(STRIDE * devicePixelRatio);
    context.drawImage(canvas, -stride, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.strip, canvas.width - stride, 0, stride, canvas.height);
  }
}

/** HUES x SHADES x RGBA: each hue from the ground to its full strength. */
function rainbowTable(ground: string): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = SHADES;
  canvas.height = HUES;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return new Uint8ClampedArray(HUES * SHADES * 4);
  context.fillStyle = ground;
  context.fillRect(0, 0, SHADES, HUES);
  for (let hue = 0; hue < HUES; hue++) {
    for (let shade = 1; shade < SHADES; shade++) {
      const share = shade / (SHADES - 1);
      context.fillStyle = `oklch(${0.55 + 0.25 * share} 0.16 ${(360 * hue) / HUES} / ${share ** 0.8})`;
      context.fillRect(shade, hue, 1, 1);
    }
  }
  return context.getImageData(0, 0, SHADES, HUES).data;
}
