// What is heard, as it passes: a rainbowgram or a spectrogram that runs to the left, or the wave itself.
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../context.ts';
import type { RibbonView } from '../memory.ts';
import { onSchemeChange } from '../scheme.ts';
import { strings } from '../strings.ts';
import { heatStops } from './heat.ts';
import { LiveSpectrum } from './live-spectrum.ts';
import { RunningPicture } from './running-picture.ts';
import { drawWave } from './wave.ts';

export function Scope({ view }: { view: Exclude<RibbonView, 'note'> }) {
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const spectrum = new LiveSpectrum();
    const picture = new RunningPicture(element, view === 'rainbow');
    const fit = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      element.width = Math.max(1, Math.round(element.clientWidth * devicePixelRatio));
      element.height = Math.max(1, Math.round(element.clientHeight * devicePixelRatio));
      picture.colour(heatStops(element));
    });
    fit.observe(element);
    const stopScheme = onSchemeChange(element, () => picture.colour(heatStops(element)));
    const stopWave = store.on('wave', ({ samples, sampleRate }) => {
      if (view === 'wave') {
        drawWave(element, samples, getComputedStyle(element).getPropertyValue('--moving').trim());
        return;
      }
      spectrum.analyse(samples, sampleRate);
      picture.add(spectrum);
    });
    store.send({ type: 'watch', wave: true });
    return () => {
      store.send({ type: 'watch', wave: false });
      fit.disconnect();
      stopScheme();
      stopWave();
    };
  }, [store, view]);

  return <canvas ref={canvas} class="scope" role="img" aria-label={strings.ribbon.viewTitle[view]} />;
}
