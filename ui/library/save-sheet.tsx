// Keeps what is heard as a preset: over the one it came from, as a new one, or as a file.
import { useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { Sheet } from '../parts/sheet.tsx';
import { strings } from '../strings.ts';

const WORDS = strings.save;

export function SaveSheet() {
  const store = useStore();
  const preset = store.sound.value?.preset;
  const entry = store.entry.value;
  const own = entry?.id != null ? entry : null;
  const [name, setName] = useState(preset?.name ?? '');
  const [author, setAuthor] = useState(own?.preset.author ?? store.memory.peek().author);
  const [tags, setTags] = useState((preset?.tags ?? []).join(', '));
  if (!preset) return null;

  const keep = async (id: string | null): Promise<void> => {
    const captured = await store.capture(name.trim() || preset.name);
    const list = tags
      .split(',')
      .map((tag) => tag.trim().toLowerCase())
      .filter((tag, i, all) => tag !== '' && all.indexOf(tag) === i);
    store.memory.change({ author: author.trim() });
    store.storePreset(id, {
      ...captured,
      ...(author.trim() ? { author: author.trim() } : {}),
      ...(list.length > 0 ? { tags: list } : {}),
    });
    store.sheet.value = null;
  };

  const field = (label: string, value: string, set: (text: string) => void, first = false) => (
    <label class="field">
      <span>{label}</span>
      <input
        data-first={first || undefined}
        value={value}
        maxLength={200}
        onInput={(event) => set(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
      />
    </label>
  );

  return (
    <Sheet name="save" title={WORDS.title}>
      <form
        class="sheet-body"
        onSubmit={(event) => {
          event.preventDefault();
          void keep(own && own.preset.name === name.trim() ? own.id : null);
        }}
      >
        {field(WORDS.name, name, setName, true)}
        {field(WORDS.author, author, setAuthor)}
        {field(WORDS.tags, tags, setTags)}
        <div class="row-end">
          <button type="button" onClick={() => store.send({ type: 'savePreset', name: name.trim() || preset.name })}>
            {WORDS.file}
          </button>
          {own && (
            <button type="button" onClick={() => void keep(null)}>
              {WORDS.asNew}
            </button>
          )}
          <button type="submit" class="accent">
            {WORDS.overwrite}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
