// The bar above all: undo, A/B, the sound's name as in a book, model, save, load, levels.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useStore } from './context.ts';
import { openFiles } from './files.ts';

const FLOOR_DB = -60;

const share = (peak: number): number => {
  const db = 20 * Math.log10(Math.max(peak, 1e-6));
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
};

function Meter() {
  const meters = useStore().meters.value;
  const voices = meters?.voices.length ?? 0;
  const load = meters && meters.decoderLoad >= 0 ? `${Math.round(meters.decoderLoad * 100)} %` : '– %';
  const late = meters?.underruns ?? 0;
  return (
    <div class="status-block">
      <div class="meter" role="img" aria-label="Output level">
        {[meters?.peakLeft ?? 0, meters?.peakRight ?? 0].map((peak, side) => (
          <span key={side} class="meter-bar" data-hot={peak >= 1} style={{ '--share': share(peak) }} />
        ))}
      </div>
      <dl class="figures">
        <div title="Voices that sound now">
          <dt>Voices</dt>
          <dd data-testid="voices">{voices}</dd>
        </div>
        <div title="Share of time the decoder works">
          <dt>Load</dt>
          <dd data-testid="load" data-waiting={meters?.decoderWaiting ?? -1}>
            {load}
          </dd>
        </div>
        <div title="Frames that came too late" data-warn={late > 0}>
          <dt>Late</dt>
          <dd data-testid="underruns">{late}</dd>
        </div>
      </dl>
    </div>
  );
}

/** Asks for a name, then lets the host make the file. */
function SaveButton({ name }: { name: string }) {
  const store = useStore();
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), [open]);
  return (
    <div class="save">
      <button type="button" disabled={!store.sound.value} aria-expanded={open} onClick={() => setOpen(!open)}>
        Save
      </button>
      {open && (
        <form
          class="save-form"
          onSubmit={(event) => {
            event.preventDefault();
            store.send({ type: 'savePreset', name: field.current?.value ?? name });
            setOpen(false);
          }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape') setOpen(false);
          }}
        >
          <input ref={field} aria-label="Name of the preset" defaultValue={name} maxLength={200} />
          <button type="submit">Save preset</button>
        </form>
      )}
    </div>
  );
}

export function TopBar() {
  const store = useStore();
  const picker = useRef<HTMLInputElement>(null);
  const model = store.model.value;
  const sound = store.sound.value;
  const name = sound?.preset.name ?? (model ? 'No sound' : 'Timbrefold');
  const status = store.statusOf.sound.value;
  const undo = store.history.undoLabel.value;
  const redo = store.history.redoLabel.value;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (event.shiftKey) store.history.redo();
      else store.history.undo();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);

  return (
    <header class="top-bar">
      <div class="brand">
        <svg viewBox="0 0 28 28" aria-hidden="true">
          <path d="M3 19 C 6 25, 9 25, 11 15 S 15 4, 18 11 S 22 22, 25 17" />
          <path class="echo" d="M5 15 C 8 20, 10 18, 13 10 S 17 4, 19 15 S 23 23, 26 13" />
        </svg>
        <span class="brand-name">Timbrefold</span>
      </div>
      <div class="bar-group">
        <button
          type="button"
          class="icon"
          aria-label={undo ? `Undo ${undo}` : 'Undo'}
          title={undo ? `Undo ${undo}` : 'Nothing to undo'}
          disabled={!undo}
          onClick={() => store.history.undo()}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M7 4 L3.5 7.5 L7 11 M3.5 7.5 H12 a4.2 4.2 0 0 1 0 8.4 H8" />
          </svg>
        </button>
        <button
          type="button"
          class="icon"
          aria-label={redo ? `Redo ${redo}` : 'Redo'}
          title={redo ? `Redo ${redo}` : 'Nothing to redo'}
          disabled={!redo}
          onClick={() => store.history.redo()}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M13 4 L16.5 7.5 L13 11 M16.5 7.5 H8 a4.2 4.2 0 0 0 0 8.4 H12" />
          </svg>
        </button>
        <fieldset class="ab" aria-label="Compare two sounds">
          {(['A', 'B'] as const).map((slot) => (
            <button
              key={slot}
              type="button"
              aria-pressed={store.slot.value === slot}
              disabled={!sound}
              onClick={() => store.compare(slot)}
            >
              {slot}
            </button>
          ))}
        </fieldset>
      </div>
      <fieldset class="preset" aria-label="Sound">
        <button
          type="button"
          class="icon"
          aria-label="Previous sound"
          disabled={!model}
          onClick={() => store.stepPreset(-1)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M12 5 L7.5 10 L12 15" />
          </svg>
        </button>
        <span class="preset-name" data-testid="preset-name" data-busy={status !== null}>
          {status?.text ?? name}
          {status && (
            <progress aria-label={status.text} max={1} {...(status.progress >= 0 ? { value: status.progress } : {})} />
          )}
        </span>
        <button
          type="button"
          class="icon"
          aria-label="Next sound"
          disabled={!model}
          onClick={() => store.stepPreset(1)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M8 5 L12.5 10 L8 15" />
          </svg>
        </button>
      </fieldset>
      <div class="bar-group bar-end">
        <span class="model" title={model ? `${model.name} ${model.version}. ${model.summary}` : 'No model is loaded'}>
          <span class="muted">Model</span> {model?.name ?? '–'}
        </span>
        <SaveButton name={name} />
        <button type="button" onClick={() => picker.current?.click()}>
          Load
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label="Load a model, a preset or a sound"
          accept=".timbre,.json,.wav,.flac,.mp3,.ogg,audio/*"
          onChange={(event) => {
            void openFiles(store, event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
        <Meter />
      </div>
    </header>
  );
}
