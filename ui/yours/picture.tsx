// Draws a sound's picture in the colours of the ribbon.
import { useEffect, useRef } from 'preact/hooks';
import type { SoundPicture } from '../../plugin/instrument/messages.ts';
import { heatStops, heatTable } from '../ribbon/heat.ts';
import { onSchemeChange } from '../scheme.ts';

export function Picture({ picture, label }: { picture: SoundPicture; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = (): void => drawPicture(element, picture);
    draw();
    return onSchemeChange(element, draw);
  }, [picture]);
  return <canvas ref={canvas} role="img" aria-label={label} width={picture.width} height={picture.height} />;
}

/** Fills a canvas of the picture's own size. */
export function drawPicture(canvas: HTMLCanvasElement, { width, height, levels }: SoundPicture): void {
  const context = canvas.getContext('2d');
  const stops = heatStops(canvas);
  if (!context || stops.includes('')) return;
  const table = heatTable(stops);
  const image = new ImageData(width, height);
  for (let i = 0; i < levels.length; i++) {
    for (let c = 0; c < 4; c++) image.data[i * 4 + c] = table[levels[i] * 4 + c];
  }
  context.putImageData(image, 0, 0);
}
