// The bar above all: undo, A/B, the sound's name as in a book, model, save, open, export, levels.
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../context.ts';
import { ALL_TYPES, openFiles } from '../files.ts';
import { Icon } from '../parts/icon.tsx';
import type { Sheet } from '../store.ts';
import { strings } from '../strings.ts';
import { Figures, Meter } from './meter.tsx';

const WORDS = strings.top;

export function TopBar() {
  const store = useStore();
  useUndoKeys();
  return (
    <header class="top-bar">
      <div class="brand">
        <svg viewBox="0 0 28 28" aria-hidden="true">
          <path d="M3 19 C 6 25, 9 25, 11 15 S 15 4, 18 11 S 22 22, 25 17" />
          <path class="echo" d="M5 15 C 8 20, 10 18, 13 10 S 17 4, 19 15 S 23 23, 26 13" />
        </svg>
        <h1 class="brand-name">{strings.name}</h1>
      </div>
      <div class="bar-group">
        <UndoButtons />
        <Compare />
      </div>
      <PresetName />
      <div class="bar-group bar-end">
        <ModelName />
        <SheetButton sheet="save" label={WORDS.save} disabled={!store.sound.value} />
        <OpenButton />
        <SheetButton sheet="export" label={WORDS.exportTitle} disabled={!store.sound.value} />
        <Meter />
        <Figures />
      </div>
    </header>
  );
}

/** Ctrl+Z and Shift+Ctrl+Z anywhere but in a field, which has an undo of its own. */
function useUndoKeys(): void {
  const store = useStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      const { target } = event;
      if ((key !== 'z' && key !== 'y') || (target instanceof HTMLInputElement && target.type !== 'range')) return;
      event.preventDefault();
      if (event.shiftKey || key === 'y') store.history.redo();
      else store.history.undo();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}

function UndoButtons() {
  const { history } = useStore();
  const undo = history.undoLabel.value;
  const redo = history.redoLabel.value;
  return (
    <>
      <button
        type="button"
        class="icon"
        aria-label={WORDS.undo(undo)}
        title={undo ? WORDS.undo(undo) : WORDS.nothingToUndo}
        disabled={!undo}
        onClick={() => history.undo()}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="icon"
        aria-label={WORDS.redo(redo)}
        title={redo ? WORDS.redo(redo) : WORDS.nothingToRedo}
        disabled={!redo}
        onClick={() => history.redo()}
      >
        <Icon name="redo" />
      </button>
    </>
  );
}

function Compare() {
  const store = useStore();
  const slot = store.slot.value;
  const other = slot === 'A' ? 'B' : 'A';
  return (
    <fieldset
      class="ab"
      aria-label={WORDS.compare}
      onContextMenu={(event) =>
        store.menus.show(event, WORDS.compare, [{ label: WORDS.copy(slot, other), act: () => store.copySlot() }])
      }
    >
      {(['A', 'B'] as const).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={slot === name}
          disabled={!store.sound.value}
          onClick={() => store.compare(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function PresetName() {
  const store = useStore();
  const model = store.model.value;
  const status = store.statusOf.sound.value;
  const name = store.sound.value?.preset.name ?? (model ? WORDS.noSound : strings.name);
  const open = store.sheet.value === 'presets';
  const step = (by: 1 | -1) => (
    <button
      type="button"
      class="icon"
      aria-label={by > 0 ? WORDS.next : WORDS.previous}
      disabled={!model}
      onClick={() => store.stepPreset(by)}
    >
      <Icon name={by > 0 ? 'right' : 'left'} />
    </button>
  );
  return (
    <fieldset class="preset" aria-label={WORDS.sound}>
      {step(-1)}
      <button
        type="button"
        class="preset-name"
        title={WORDS.openPresets}
        aria-expanded={open}
        disabled={!model}
        data-busy={status !== null}
        onClick={() => {
          store.sheet.value = open ? null : 'presets';
        }}
      >
        <span data-testid="preset-name">{status?.text ?? name}</span>
        {status && (
          <progress aria-label={status.text} max={1} {...(status.progress >= 0 ? { value: status.progress } : {})} />
        )}
      </button>
      {step(1)}
    </fieldset>
  );
}

function ModelName() {
  const model = useStore().model.value;
  return (
    <span class="model" title={model ? `${model.name} ${model.version}. ${model.summary}` : WORDS.noModel}>
      <span class="muted">{WORDS.model}</span> {model?.name ?? '–'}
    </span>
  );
}

function SheetButton({ sheet, label, disabled }: { sheet: Sheet; label: string; disabled: boolean }) {
  const store = useStore();
  const open = store.sheet.value === sheet;
  return (
    <button
      type="button"
      disabled={disabled}
      aria-expanded={open}
      onClick={() => {
        store.sheet.value = open ? null : sheet;
      }}
    >
      {label}
    </button>
  );
}

function OpenButton() {
  const store = useStore();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" title={WORDS.openTitle} onClick={() => picker.current?.click()}>
        {WORDS.open}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        aria-label={WORDS.openTitle}
        accept={ALL_TYPES}
        onChange={(event) => {
          void openFiles(store, event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
