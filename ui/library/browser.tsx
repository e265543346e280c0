// The preset browser: banks, families and tags on the left, presets on the right, what can be done with the present one below.
import { useMemo, useRef, useState } from 'preact/hooks';
import { writePreset } from '../../plugin/instrument/preset.ts';
import { useStore } from '../context.ts';
import { openFiles } from '../files.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { CORNER_LETTERS } from '../store.ts';
import { strings } from '../strings.ts';
import { carryPreset, presetFileName } from './carry.ts';
import { type Bank, belongs, counted, type Entry, onShelf, type Shelf, WHOLE_SHELF } from './shelf.ts';

const WORDS = strings.presets;
const BANKS: readonly Bank[] = ['all', 'user', 'factory', 'favourites'];
const MAX_TAGS = 32;

export function PresetBrowser() {
  const store = useStore();
  const [shelf, setShelf] = useState<Shelf>(WHOLE_SHELF);
  const entries = store.library.value;
  const { favourites } = store.memory.value;
  const shown = useMemo(() => onShelf(entries, shelf, favourites), [entries, shelf, favourites]);
  const families = useMemo(() => counted(entries.map(({ family }) => family)), [entries]);
  const tags = useMemo(() => counted(entries.flatMap(({ preset }) => preset.tags ?? [])).slice(0, MAX_TAGS), [entries]);
  const change = (part: Partial<Shelf>): void => setShelf({ ...shelf, ...part });
  const toggle = (kind: 'family' | 'tag', name: string): void => change({ [kind]: shelf[kind] === name ? null : name });
  return (
    <Sheet
      name="presets"
      title={WORDS.title}
      tools={
        <>
          <label class="sheet-search">
            <Icon name="search" />
            <input
              type="search"
              aria-label={WORDS.search}
              placeholder={WORDS.search}
              value={shelf.text}
              onInput={(event) => change({ text: event.currentTarget.value })}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') event.stopPropagation();
              }}
            />
          </label>
          <span class="spring" />
          <Init />
          <Import />
        </>
      }
    >
      <div class="browser">
        <div class="browser-filters">
          <fieldset aria-label={WORDS.banks} class="browser-banks">
            {BANKS.map((bank) => (
              <button
                key={bank}
                type="button"
                class="quiet"
                aria-pressed={shelf.bank === bank}
                onClick={() => change({ bank })}
              >
                {WORDS.bank[bank]}
                <span class="muted">{onShelf(entries, { ...WHOLE_SHELF, bank }, favourites).length}</span>
              </button>
            ))}
          </fieldset>
          <fieldset class="browser-families">
            <legend>{WORDS.families}</legend>
            {families.map(({ name, count }) => (
              <button
                key={name}
                type="button"
                class="quiet"
                aria-pressed={shelf.family === name}
                onClick={() => toggle('family', name)}
              >
                <span class="family-dot" style={{ '--hue': store.hueOf(name) }} />
                <span class="browser-name">{name}</span>
                <span class="muted">{count}</span>
              </button>
            ))}
          </fieldset>
          {tags.length > 0 && (
            <fieldset class="browser-tags">
              <legend>{WORDS.tags}</legend>
              {tags.map(({ name }) => (
                <button
                  key={name}
                  type="button"
                  class="chip"
                  aria-pressed={shelf.tag === name}
                  onClick={() => toggle('tag', name)}
                >
                  {name}
                </button>
              ))}
            </fieldset>
          )}
        </div>
        <div class="browser-main">
          <p class="browser-count muted" role="status">
            {WORDS.count(shown.length)}
            <span class="browser-help">{WORDS.help}</span>
          </p>
          {shown.length > 0 ? (
            <Rows entries={shown} />
          ) : (
            <div class="browser-none">
              <p>
                {shelf.bank === 'user' && entries.every(({ id }) => id === null)
                  ? WORDS.noneYet
                  : shelf.bank === 'favourites' && favourites.length === 0
                    ? WORDS.noFavourites
                    : WORDS.noneFound}
              </p>
              <button type="button" onClick={() => setShelf(WHOLE_SHELF)}>
                {WORDS.showAll}
              </button>
            </div>
          )}
          <Present />
        </div>
      </div>
    </Sheet>
  );
}

/** The list; one row at a time takes the tab key, arrows go to the next and load it. */
function Rows({ entries }: { entries: readonly Entry[] }) {
  const store = useStore();
  const list = useRef<HTMLUListElement>(null);
  const present = store.entry.value?.key;
  const model = store.model.value;
  const { favourites } = store.memory.value;
  const first = entries.some(({ key }) => key === present) ? present : entries[0]?.key;

  const toggleFavourite = (key: string): void =>
    store.memory.change({
      favourites: favourites.includes(key) ? favourites.filter((other) => other !== key) : [...favourites, key],
    });

  const onKeyDown = (entry: Entry) => (event: KeyboardEvent) => {
    const at = entries.indexOf(entry);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: entries.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const next = entries[Math.min(entries.length - 1, Math.max(0, to))];
      store.playEntry(next);
      list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
    } else if (event.key === ' ') {
      event.preventDefault();
      store.audition(entry.preset.latent);
    } else if (event.key === '*') {
      toggleFavourite(entry.key);
    } else if (event.key === 'Delete' && entry.id !== null) {
      store.removePreset(entry);
    }
  };

  return (
    <ul ref={list} class="browser-list" aria-label={WORDS.list}>
      {entries.map((entry) => {
        const { key, preset, family } = entry;
        const playable = model !== null && belongs(preset, model);
        const favourite = favourites.includes(key);
        return (
          <li key={key} class="browser-row" data-present={key === present}>
            <button
              type="button"
              class="icon star"
              tabIndex={-1}
              aria-pressed={favourite}
              aria-label={WORDS.favourite(preset.name)}
              onClick={() => toggleFavourite(key)}
            >
              <Icon name="star" />
            </button>
            <button
              type="button"
              class="row-main"
              data-key={key}
              data-first={key === first || undefined}
              tabIndex={key === first ? 0 : -1}
              aria-current={key === present}
              draggable
              onDragStart={(event) => carryPreset(event, preset)}
              onClick={() => store.playEntry(entry)}
              onDblClick={() => {
                store.sheet.value = null;
              }}
              onKeyDown={onKeyDown(entry)}
            >
              <span class="family-dot" style={{ '--hue': store.hueOf(family) }} data-none={family === ''} />
              <span class="row-name">{preset.name}</span>
              <span class="row-tags muted">{playable ? (preset.tags ?? [family]).join(' · ') : WORDS.otherModel}</span>
              <span class="row-author muted">{preset.author ?? ''}</span>
            </button>
            <button
              type="button"
              class="icon"
              tabIndex={-1}
              disabled={!playable}
              aria-label={strings.neighbours.listen(preset.name)}
              onClick={() => store.audition(preset.latent)}
            >
              <Icon name="sound" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** What can be done with the preset that plays. */
function Present() {
  const store = useStore();
  const entry = store.entry.value;
  if (!entry) return null;
  const { name, latent } = entry.preset;
  return (
    <footer class="browser-foot">
      <strong>{name}</strong>
      {CORNER_LETTERS.map((letter, corner) => (
        <button
          key={letter}
          type="button"
          title={WORDS.toCorner(letter)}
          aria-label={`${name}: ${WORDS.toCorner(letter)}`}
          onClick={() => store.setCorner(corner as 0 | 1 | 2 | 3, { name, latent: [...latent] })}
        >
          {letter}
        </button>
      ))}
      <span class="spring" />
      <button
        type="button"
        onClick={() =>
          store.send({
            type: 'offerFile',
            fileName: presetFileName(entry.preset),
            mime: 'application/json',
            text: writePreset(entry.preset),
          })
        }
      >
        {WORDS.exportFile}
      </button>
      {entry.id !== null && (
        <button type="button" onClick={() => store.removePreset(entry)}>
          {WORDS.remove}
        </button>
      )}
    </footer>
  );
}

/** Begins at the middle of the model, with every control at its default. */
function Init() {
  const store = useStore();
  return (
    <button type="button" title={WORDS.initTitle} disabled={!store.hasModel.value} onClick={() => store.init()}>
      {WORDS.init}
    </button>
  );
}

function Import() {
  const store = useStore();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => picker.current?.click()}>
        {WORDS.import}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        aria-label={WORDS.import}
        accept=".json,application/json"
        onChange={(event) => {
          void openFiles(store, event.currentTarget.files, { keep: true });
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
