// The oscilloscope: one stretch of the wave, held still by beginning where it rises through zero.

/** Share of the samples that is shown; the rest is for finding where to begin. */
const SHOWN = 0.5;

/** Where a wave rises most steeply through zero in its first half; 0 where it does not. */
export function trigger(samples: Float32Array): number {
  const last = Math.floor(samples.length * (1 - SHOWN));
  let best = 0;
  let steepest = 0;
  for (let n = 1; n < last; n++) {
    if (samples[n - 1] >= 0 || samples[n] < 0) continue;
    // The slope over several samples: noise crosses zero often, but not for long.
    const slope = samples[Math.min(n + 8, samples.length - 1)] - samples[Math.max(0, n - 8)];
    if (slope <= steepest * 1.02) continue;
    steepest = slope;
    best = n;
  }
  return best;
}

export function drawWave(canvas: HTMLCanvasElement, samples: Float32Array, colour: string): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const from = trigger(samples);
  const count = Math.floor(samples.length * SHOWN);
  context.strokeStyle = colour;
  context.lineWidth = 1.6 * devicePixelRatio;
  context.lineJoin = 'round';
  context.beginPath();
  for (let n = 0; n < count; n++) {
    const x = (n / (count - 1)) * width;
    const y = (0.5 - 0.46 * Math.max(-1, Math.min(1, samples[from + n] * 1.6))) * height;
    if (n === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}
