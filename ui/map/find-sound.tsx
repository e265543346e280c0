// The search box over the map: what is found lights up, and the arrow keys walk through it.
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { Icon } from '../parts/icon.tsx';
import { strings } from '../strings.ts';
import { search } from './search.ts';

const SHOWN = 8;

interface Props {
  /** Points to light up, null for all. */
  light(found: ReadonlySet<number> | null): void;
  goTo(point: number): void;
}

export function FindSound({ light, goTo }: Props) {
  const store = useStore();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const points = store.model.value?.points ?? [];
  const found = search(points, text);
  const shown = found.slice(0, SHOWN);
  useEffect(() => {
    light(text.trim() === '' ? null : new Set(found.map((match) => match.index)));
  }, [text, store.model.value]);

  const take = (index: number): void => {
    goTo(index);
    setOpen(false);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') {
      setText('');
      setOpen(false);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const by = event.key === 'ArrowDown' ? 1 : -1;
      if (shown.length > 0) setActive((active + by + shown.length) % shown.length);
    } else if (event.key === 'Enter' && shown[active]) {
      take(shown[active].index);
    }
  };

  return (
    <div class="find">
      <Icon name="search" />
      <input
        type="text"
        placeholder={strings.map.search}
        aria-label={strings.map.search}
        role="combobox"
        aria-expanded={open && shown.length > 0}
        aria-controls="found-sounds"
        aria-activedescendant={open && shown[active] ? `found-${shown[active].index}` : undefined}
        autocomplete="off"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {open && text.trim() !== '' && (
        <div id="found-sounds" class="found" role="listbox" aria-label={strings.map.found}>
          {shown.map((match, i) => (
            <div
              key={match.index}
              id={`found-${match.index}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onPointerDown={(event) => {
                // Before the blur that would close the list.
                event.preventDefault();
                take(match.index);
              }}
            >
              {match.point.name} <span class="muted">{match.point.family}</span>
            </div>
          ))}
          {found.length === 0 && <div class="muted">{strings.map.noneFound}</div>}
          {found.length > SHOWN && <div class="muted">{strings.map.andMore(found.length - SHOWN)}</div>}
        </div>
      )}
    </div>
  );
}
