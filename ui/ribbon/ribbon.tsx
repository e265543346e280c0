// The note as a ribbon: its spectrogram as it was last heard, where notes begin, the loop, and where each voice is now.
import { useEffect, useRef } from 'preact/hooks';
import { parameterById } from '../../plugin/instrument/parameters.ts';
import { useStore } from '../context.ts';
import { startDrag } from '../drag.ts';
import { onSchemeChange } from '../map/palette.ts';
import { keyStep } from '../stepping.ts';
import { valueText } from '../value-text.ts';
import { RibbonPainter } from './painter.ts';

const stopsOf = (element: Element): string[] => {
  const style = getComputedStyle(element);
  return ['--heat-0', '--heat-1', '--heat-2', '--heat-3', '--heat-4'].map((name) =>
    style.getPropertyValue(name).trim(),
  );
};

export function Ribbon() {
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const seconds = store.model.value?.maxSeconds ?? 3;
  const voices = store.meters.value?.voices ?? [];

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const painter = new RibbonPainter();
    const draw = (): void => painter.drawInto(element);
    // The first size comes when the element stands in a page, and so has its colours.
    const fit = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      element.width = Math.max(1, Math.round(element.clientWidth * devicePixelRatio));
      element.height = Math.max(1, Math.round(element.clientHeight * devicePixelRatio));
      painter.colour(stopsOf(element));
      draw();
    });
    fit.observe(element);
    const stopScheme = onSchemeChange(() => {
      painter.colour(stopsOf(element));
      draw();
    });
    // A picture belongs to its sound; within one, notes write over those before.
    const stopSound = store.sound.subscribe(() => {
      painter.clear();
      draw();
    });
    const stopSpectrum = store.onSpectrum(({ levelsDb, binHz }) => {
      const playing = store.meters.peek()?.voices ?? [];
      if (playing.length === 0) return;
      // Of several notes the youngest leads.
      const youngest = Math.min(...playing.map((voice) => voice.seconds));
      painter.write(levelsDb, binHz, youngest / (store.model.peek()?.maxSeconds ?? 3));
      draw();
    });
    return () => {
      fit.disconnect();
      stopScheme();
      stopSound();
      stopSpectrum();
    };
  }, [store]);

  const loops = store.value('loopMode') > 0;
  const start = store.value('loopStart');
  const end = store.value('loopEnd');
  return (
    <section class="ribbon" aria-label="The note over time">
      <canvas ref={canvas} />
      <p class="ribbon-title">Note · {seconds.toFixed(1)} s</p>
      <button
        type="button"
        class="ribbon-mode"
        onClick={() => {
          const mode = parameterById('loopMode');
          store.change({ loopMode: (store.value('loopMode') + 1) % (mode.max + 1) });
        }}
      >
        Loop: {valueText(parameterById('loopMode'), store.value('loopMode')).toLowerCase()}
      </button>
      <div
        class="ribbon-region"
        data-on={loops}
        style={{ left: `${start * 100}%`, width: `${Math.max(0, end - start) * 100}%` }}
      />
      {voices.map((voice) => (
        <span
          key={`${voice.channel}-${voice.key}`}
          class="ribbon-voice"
          style={{
            left: `${Math.min(1, voice.seconds / seconds) * 100}%`,
            opacity: 0.3 + 0.7 * Math.min(1, voice.level),
          }}
        />
      ))}
      <Handle id="position" kind="position" />
      <Handle id="loopStart" kind="loop" />
      <Handle id="loopEnd" kind="loop" />
    </section>
  );
}

function Handle({ id, kind }: { id: string; kind: 'position' | 'loop' }) {
  const store = useStore();
  const parameter = parameterById(id);
  const value = store.value(id);

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement)) return;
    const width = handle.parentElement?.clientWidth ?? 1;
    let share = value;
    store.begin([id]);
    startDrag(event, {
      move(dx) {
        share = Math.min(1, Math.max(0, share + dx / width));
        store.set(id, share);
      },
      end: () => store.end(),
    });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyStep(parameter, value, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    store.change({ [id]: next });
  };

  return (
    <span
      class={`ribbon-handle ribbon-${kind}`}
      role="slider"
      tabIndex={0}
      aria-label={parameter.label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value}
      aria-valuetext={valueText(parameter, value)}
      title={`${parameter.label} ${valueText(parameter, value)}`}
      style={{ left: `${value * 100}%` }}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => store.reset(id)}
    />
  );
}
