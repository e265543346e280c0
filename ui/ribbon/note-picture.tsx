// The note's own spectrogram: as the host draws it ahead, and as it is really heard.
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../context.ts';
import { onSchemeChange } from '../scheme.ts';
import { heatStops } from './heat.ts';
import { RibbonPainter } from './painter.ts';
import { askForPortraits } from './portrait.ts';

export function NotePicture() {
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const painter = new RibbonPainter(element);
    const colour = (): void => painter.colour(heatStops(element));
    // The first size comes when the element stands in a page, and so has its colours.
    const fit = new ResizeObserver(colour);
    fit.observe(element);
    const stops = [
      onSchemeChange(element, () => {
        colour();
        // The colours of what was painted cannot be told from its bytes: the host draws it again.
        store.send({ type: 'portrait', key: store.lastKey.peek() });
      }),
      // A picture belongs to its sound; within one, notes write over those before.
      store.sound.subscribe(() => painter.clear()),
      store.on('portrait', ({ picture }) => painter.lay(picture)),
      store.on('spectrum', ({ levelsDb, binHz }) => {
        const playing = store.meters.peek()?.voices ?? [];
        if (playing.length === 0) return;
        // Of several notes the youngest leads.
        const youngest = Math.min(...playing.map((voice) => voice.seconds));
        painter.write(levelsDb, binHz, youngest / (store.model.peek()?.maxSeconds ?? 3));
      }),
      askForPortraits(store),
    ];
    return () => {
      fit.disconnect();
      for (const stop of stops) stop();
    };
  }, [store]);

  return <canvas ref={canvas} class="note-picture" />;
}
