// Rarely used controls, straight from the parameter table, with tuning, MIDI learn and the look of the instrument, in a drawer over the right column.
import { useEffect, useRef } from 'preact/hooks';
import { type Parameter, parameterById, parameters } from '../plugin/instrument/parameters.ts';
import { useStore } from './context.ts';
import type { Scheme } from './memory.ts';
import { MidiButton } from './midi-button.tsx';
import { ChooseFile } from './parts/choose-file.tsx';
import { Icon } from './parts/icon.tsx';
import { Choice, Slider } from './parts/slider.tsx';
import { strings } from './strings.ts';

const WORDS = strings.drawer;
const titles: Partial<Record<Parameter['group'], string>> = WORDS.groups;

/** The map has its puck, the ribbon its handles, the envelope its points. */
const elsewhere = new Set(['mapX', 'mapY', 'attackMs', 'decayMs', 'sustain', 'releaseMs']);
const MAX_BUTTONS = 4;

export function Drawer({ close }: { close(): void }) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true }), []);
  return (
    <section
      ref={panel}
      class="drawer"
      role="dialog"
      aria-label={strings.side.more}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h2>{strings.side.more}</h2>
        <button type="button" class="icon" aria-label={strings.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {Object.entries(titles).map(([group, title]) => (
        <div key={group} class="drawer-group">
          <h3>{title}</h3>
          {parameters
            .filter((parameter) => parameter.group === group && !elsewhere.has(parameter.id))
            .map((parameter) =>
              parameter.choices && parameter.choices.length <= MAX_BUTTONS ? (
                <Choice key={parameter.id} id={parameter.id} />
              ) : (
                <Slider key={parameter.id} id={parameter.id} />
              ),
            )}
          {group === 'voices' && <TuningFiles />}
        </div>
      ))}
      <LearnedList />
      <Project />
      <Look close={close} />
    </section>
  );
}

function TuningFiles() {
  const store = useStore();
  const tuning = store.tuning.value;
  return (
    <div class="tuning">
      <h4>{WORDS.tuning}</h4>
      <p data-testid="tuning">{tuning?.name ?? WORDS.usualTuning}</p>
      <div class="row-buttons">
        <ChooseFile label={WORDS.loadScale} accept=".scl" />
        <ChooseFile label={WORDS.loadKeys} accept=".kbm" />
        {tuning && (
          <button type="button" onClick={() => store.setTuning(null)}>
            {WORDS.resetTuning}
          </button>
        )}
      </div>
    </div>
  );
}

/** Which controller moves what. */
function LearnedList() {
  const store = useStore();
  const { controllers } = store.learned.value;
  const entries = Object.entries(controllers);
  return (
    <div class="drawer-group">
      <h3>{WORDS.learn}</h3>
      {entries.length === 0 && <p class="muted">{WORDS.noLearned}</p>}
      <ul class="learned">
        {entries.map(([id, number]) => {
          const name = store.labelOf(parameterById(id));
          return (
            <li key={id}>
              <span>{name}</span>
              <span class="muted">{WORDS.controller(number)}</span>
              <button
                type="button"
                class="icon"
                aria-label={WORDS.forget(name)}
                onClick={() => store.send({ type: 'forget', id })}
              >
                <Icon name="close" />
              </button>
            </li>
          );
        })}
      </ul>
      <MidiButton />
    </div>
  );
}

/** What a host's project keeps beside the sound; nothing where there is nothing to choose. */
function Project() {
  const store = useStore();
  const embeds = store.embedsModel.value;
  if (embeds === null) return null;
  return (
    <div class="drawer-group">
      <h3>{WORDS.project}</h3>
      <label class="choice-option" title={WORDS.embedModelTitle}>
        <input
          type="checkbox"
          checked={embeds}
          onChange={(event) => store.send({ type: 'embedModel', embed: event.currentTarget.checked })}
        />
        {WORDS.embedModel}
      </label>
    </div>
  );
}

function Look({ close }: { close(): void }) {
  const store = useStore();
  const { scheme, keys } = store.memory.value;
  return (
    <div class="drawer-group">
      <h3>{WORDS.look}</h3>
      <fieldset class="choice">
        <legend>{WORDS.scheme}</legend>
        {Object.entries(WORDS.schemes).map(([value, label]) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name="scheme"
              checked={scheme === value}
              onChange={() => store.memory.change({ scheme: value as Scheme })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <fieldset class="choice">
        <legend>{WORDS.keys}</legend>
        {[true, false].map((shown, i) => (
          <label key={WORDS.shown[i]} class="choice-option">
            <input
              type="radio"
              name="keys"
              checked={keys === shown}
              onChange={() => store.memory.change({ keys: shown })}
            />
            {WORDS.shown[i]}
          </label>
        ))}
      </fieldset>
      <div class="row-buttons">
        <button
          type="button"
          onClick={() => {
            close();
            store.tourStep.value = 0;
          }}
        >
          {WORDS.tour}
        </button>
      </div>
    </div>
  );
}
