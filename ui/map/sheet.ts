// What the map is drawn on: what stands still on a sheet of its own, what moves on the canvas of the page itself.
export type Sheet = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
