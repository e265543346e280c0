// The picture in the ribbon: the note as the host drew it, and over it what is really heard, each spectrum at the time of the note that sounds.
import type { SoundPicture } from '../../plugin/instrument/messages.ts';
import { heatTable } from './heat.ts';

const COLUMNS = 600;
const ROWS = 96;
const LOW_HZ = 45;
const HIGH_HZ = 14_000;
const FLOOR_DB = -96;
const TOP_DB = -26;
/** MIDI notes of a picture's edges (messages.ts), and the share of its levels that counts as silence here. */
const PICTURE_TOP_KEY = 136;
const PICTURE_LOW_KEY = 24;
const PICTURE_FLOOR = 0.2;

/** Centre of a row, Hz; row 0 is the top. */
const rowHz = (row: number): number => LOW_HZ * (HIGH_HZ / LOW_HZ) ** (1 - (row + 0.5) / ROWS);
const BELOW = (HIGH_HZ / LOW_HZ) ** (-0.5 / ROWS);

export class RibbonPainter {
  private readonly column: ImageData;
  private readonly context: CanvasRenderingContext2D | null;
  private heat: Uint8ClampedArray | null = null;
  private stops = '';
  private lastColumn = -1;

  /** `canvas` gets the picture's own size; whoever shows it stretches it. */
  constructor(canvas: HTMLCanvasElement) {
    canvas.width = COLUMNS;
    canvas.height = ROWS;
    this.context = canvas.getContext('2d', { alpha: false });
    this.column = new ImageData(1, ROWS);
  }

  /** Takes other colours, silence first, and begins anew where they differ. */
  colour(stops: readonly string[]): void {
    const named = stops.join();
    if (named === this.stops || stops.includes('')) return;
    this.stops = named;
    this.heat = heatTable(stops);
    this.clear();
  }

  clear(): void {
    this.lastColumn = -1;
    const { heat } = this;
    if (!this.context || !heat) return;
    this.context.fillStyle = `rgb(${heat[0]} ${heat[1]} ${heat[2]})`;
    this.context.fillRect(0, 0, COLUMNS, ROWS);
  }

  /** Lays the picture of the whole note down. */
  lay({ width, height, levels }: SoundPicture): void {
    const { heat: table } = this;
    if (!this.context || !table) return;
    const image = new ImageData(COLUMNS, ROWS);
    const rowsPerKey = height / (PICTURE_TOP_KEY - PICTURE_LOW_KEY);
    for (let row = 0; row < ROWS; row++) {
      const key = 69 + 12 * Math.log2(rowHz(row) / 440);
      const from = Math.round((PICTURE_TOP_KEY - key) * rowsPerKey);
      if (from < 0 || from >= height) continue;
      for (let x = 0; x < COLUMNS; x++) {
        // The rows of the ribbon are wider than the picture's: the loudest of those it covers.
        const column = Math.floor((x / COLUMNS) * width);
        let level = 0;
        for (let y = Math.max(0, from - 2); y <= Math.min(height - 1, from + 2); y++) {
          level = Math.max(level, levels[y * width + column]);
        }
        const heat = Math.round((Math.max(0, level / 255 - PICTURE_FLOOR) / (1 - PICTURE_FLOOR)) * 235) * 4;
        for (let c = 0; c < 4; c++) image.data[(row * COLUMNS + x) * 4 + c] = table[heat + c];
      }
    }
    this.context.putImageData(image, 0, 0);
    this.lastColumn = -1;
  }

  /** Writes a spectrum (dB, bin i at i * binHz) at a share 0..1 of the note time. */
  write(levelsDb: Float32Array, binHz: number, share: number): void {
    const { heat: table } = this;
    if (!this.context || !table) return;
    const { data } = this.column;
    for (let row = 0; row < ROWS; row++) {
      const hz = rowHz(row);
      const from = Math.max(1, Math.round((hz * BELOW) / binHz));
      const to = Math.min(levelsDb.length - 1, Math.max(from, Math.round(hz / BELOW / binHz)));
      let db = FLOOR_DB;
      for (let bin = from; bin <= to; bin++) if (levelsDb[bin] > db) db = levelsDb[bin];
      const heat = Math.min(255, Math.max(0, Math.round(((db - FLOOR_DB) / (TOP_DB - FLOOR_DB)) * 255))) * 4;
      for (let c = 0; c < 4; c++) data[row * 4 + c] = table[heat + c];
    }
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(share * COLUMNS)));
    // Spectra come less often than columns pass: what lies between takes the same picture, unless time leapt.
    const gap = column - this.lastColumn;
    const first = gap > 0 && gap < COLUMNS / 6 ? this.lastColumn + 1 : column;
    for (let x = first; x <= column; x++) this.context.putImageData(this.column, x, 0);
    this.lastColumn = column;
  }
}
