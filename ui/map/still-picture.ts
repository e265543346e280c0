// A canvas for what stands still: it is handed finished pictures, and costs nothing in the frames between. Where there is no graphics card, browsers copy
// a canvas that can be drawn on, and all that lies under it, in every frame of the page.

export class StillPicture {
  private readonly sheet = new OffscreenCanvas(1, 1);
  private readonly context = this.sheet.getContext('2d');
  private readonly shown: ImageBitmapRenderingContext | null;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.shown = canvas.getContext('bitmaprenderer');
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
}
