// The ribbon's colours: a gradient of tokens read back as bytes, silence first.

const STEPS = 256;
const TOKENS = ['--heat-0', '--heat-1', '--heat-2', '--heat-3', '--heat-4'];

/** The tokens as they hold for an element; empty texts before it stands in a page. */
export function heatStops(element: Element): string[] {
  const style = getComputedStyle(element);
  return TOKENS.map((name) => style.getPropertyValue(name).trim());
}

/** STEPS x RGBA from the stops, evenly spread; any CSS colour will do. */
export function heatTable(stops: readonly string[]): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = STEPS;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return new Uint8ClampedArray(STEPS * 4);
  const gradient = context.createLinearGradient(0, 0, STEPS, 0);
  stops.forEach((stop, i) => {
    gradient.addColorStop(i / (stops.length - 1), stop);
  });
  context.fillStyle = gradient;
  context.fillRect(0, 0, STEPS, 1);
  return context.getImageData(0, 0, STEPS, 1).data;
}
