// The points of the map as little lights: each kind is painted once and then only copied, so that twenty thousand cost little.
import type { Sheet } from './terrain.ts';

/** Radii are told apart in steps of this, pixels. */
const STEP = 0.25;
/** How far the glow reaches, in radii. */
const GLOW = 2.4;

export interface LightKind {
  /** OKLCH lightness, chroma and hue as CSS writes them. */
  colour: string;
  /** 0..1 of the middle and of the glow. */
  core: number;
  glow: number;
  /** Pixels. */
  radius: number;
}

export class Lights {
  private readonly sprites = new Map<string, HTMLCanvasElement>();

  constructor(private readonly pixelRatio: number) {}

  /** Paints one light with its middle at x, y (pixels of the room). */
  paint(context: Sheet, kind: LightKind, x: number, y: number): void {
    const sprite = this.sprite(kind);
    const size = sprite.width / this.pixelRatio;
    context.drawImage(sprite, x - size / 2, y - size / 2, size, size);
  }

  private sprite({ colour, core, glow, radius }: LightKind): HTMLCanvasElement {
    const stepped = Math.max(STEP, Math.round(radius / STEP) * STEP);
    const key = `${colour} ${core} ${glow} ${stepped}`;
    const kept = this.sprites.get(key);
    if (kept) return kept;
    const canvas = document.createElement('canvas');
    const half = Math.ceil(stepped * (glow > 0 ? GLOW : 1) + 1);
    canvas.width = 2 * half * this.pixelRatio;
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    if (context) {
      context.scale(this.pixelRatio, this.pixelRatio);
      const disc = (alpha: number, size: number): void => {
        context.fillStyle = `oklch(${colour} / ${alpha})`;
        context.beginPath();
        context.arc(half, half, size, 0, 2 * Math.PI);
        context.fill();
      };
      if (glow > 0) disc(glow, stepped * GLOW);
      disc(core, stepped);
    }
    this.sprites.set(key, canvas);
    return canvas;
  }
}
