// A canvas for what stands still: it is handed finished pictures, and costs nothing in the frames between. Where there is no graphics card, browsers copy
// a canvas that can be drawn on, and all that lies under it, in every frame of the page.
import { type Box, placeCanvas } from './moving-picture.ts';

export class StillPicture {
  private readonly sheet = new OffscreenCanvas(1, 1);
  private readonly context: OffscreenCanvasRenderingContext2D | null;
  private readonly shown: ImageBitmapRenderingContext | null;

  /** `seeThrough`: whether something below shines through; otherwise the browser need not put that together at all. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    { seeThrough }: { seeThrough: boolean },
  ) {
    this.context = this.sheet.getContext('2d', { alpha: seeThrough });
    this.shown = canvas.getContext('bitmaprenderer', { alpha: seeThrough });
  }

  /** Pixels of the screen. What was shown is lost. */
  fit(width: number, height: number): void {
    this.sheet.width = width;
    this.sheet.height = height;
    this.canvas.width = width;
    this.canvas.height = height;
  }

  /** Paints anew on an empty sheet, `scale` pixels of the screen to one of the room, and shows it. */
  draw(scale: number, paint: (context: OffscreenCanvasRenderingContext2D) => void): void {
    const { context } = this;
    if (!context) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paint(context);
    this.shown?.transferFromImageBitmap(this.sheet.transferToImageBitmap());
  }

  /** The same in a box of the room, which the canvas is moved to; null shows nothing. */
  drawIn(box: Box | null, scale: number, paint: (context: OffscreenCanvasRenderingContext2D) => void): void {
    const { canvas } = this;
    canvas.hidden = box === null;
    if (!box) return;
    placeCanvas(canvas, box, scale);
    this.fit(canvas.width, canvas.height);
    this.draw(scale, (context) => {
      context.translate(-box.left, -box.top);
      paint(context);
    });
  }
}
