// New sounds: by chance, near what is heard, between two, away from what one has had enough of.
import { useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { CORNER_LETTERS } from '../store.ts';
import { strings } from '../strings.ts';
import type { End } from './finder.ts';
import { neighbours } from './space.ts';

const WORDS = strings.find;

export function FindSheet() {
  const store = useStore();
  const { finder } = store;
  const amount = finder.amount.value;
  const disliked = finder.disliked.value.length;
  return (
    <Sheet name="find" title={WORDS.title}>
      <div class="sheet-body">
        <div class="find-way">
          <button type="button" class="accent" data-first onClick={() => void finder.draw('random')}>
            <Icon name="dice" /> {WORDS.random}
          </button>
          <p class="muted">{WORDS.randomLead}</p>
        </div>
        <Seed />
        <hr />
        <div class="find-way">
          <button type="button" onClick={() => void finder.draw('change')}>
            {WORDS.perturb}
          </button>
          <p class="muted">{WORDS.perturbLead}</p>
        </div>
        <div class="find-way">
          <button type="button" onClick={() => void finder.draw('less')}>
            {WORDS.less}
          </button>
          <p class="muted">
            {WORDS.lessLead(disliked)}{' '}
            {disliked > 0 && (
              <button type="button" class="link" onClick={() => finder.forget()}>
                {WORDS.forget}
              </button>
            )}
          </p>
        </div>
        <label class="range">
          <span>{WORDS.amount}</span>
          <input
            type="range"
            min={0.02}
            max={1}
            step={0.01}
            value={amount}
            style={{ '--share': (amount - 0.02) / 0.98 }}
            onInput={(event) => {
              finder.amount.value = Number(event.currentTarget.value);
            }}
          />
          <span class="range-value">{Math.round(amount * 100)} %</span>
        </label>
        <Locks />
        <hr />
        <Between />
      </div>
    </Sheet>
  );
}

function Seed() {
  const { finder } = useStore();
  return (
    <form
      class="seed"
      title={WORDS.seedTitle}
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('seed');
        if (field instanceof HTMLInputElement && /^\d+$/.test(field.value)) void finder.repeat(Number(field.value));
      }}
    >
      <label>
        <span>{WORDS.seed}</span>
        <input name="seed" inputMode="numeric" pattern="\d{1,9}" autocomplete="off" value={finder.seed.value} />
      </label>
    </form>
  );
}

function Locks() {
  const store = useStore();
  const locked = store.locked.value;
  return (
    <fieldset class="locks">
      <legend>{WORDS.locks}</legend>
      {(store.model.value?.macros ?? []).map(({ label }, macro) => (
        <label key={label} class="choice-option">
          <input
            type="checkbox"
            checked={locked.includes(macro)}
            onChange={() => {
              store.locked.value = locked.includes(macro)
                ? locked.filter((other) => other !== macro)
                : [...locked, macro];
            }}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Two ends, chosen among what is at hand, and a way between them. */
function Between() {
  const store = useStore();
  const [from, setFrom] = useState('corner 0');
  const [to, setTo] = useState('corner 1');
  const [share, setShare] = useState(0.5);
  const ends = useEnds();
  const play = (at: number): void => {
    const a = ends.find(({ key }) => key === from);
    const b = ends.find(({ key }) => key === to);
    if (a && b) store.finder.playBetween(a.end, b.end, at);
  };
  const choose = (label: string, value: string, set: (key: string) => void) => (
    <label class="end">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {ends.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="between">
      <div class="find-way">
        <button type="button" onClick={() => play(share)}>
          {WORDS.between}
        </button>
        <label class="range">
          <span class="visually-hidden">{WORDS.way}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={share}
            style={{ '--share': share }}
            onInput={(event) => setShare(Number(event.currentTarget.value))}
            onChange={(event) => play(Number(event.currentTarget.value))}
          />
          <span class="range-value">{Math.round(share * 100)} %</span>
        </label>
      </div>
      {choose(WORDS.from, from, setFrom)}
      {choose(WORDS.to, to, setTo)}
    </div>
  );
}

/** Sounds at hand: the corners, A and B, and what lies nearest on the map. */
function useEnds(): { key: string; text: string; end: End }[] {
  const store = useStore();
  const model = store.model.value;
  const preset = store.sound.value?.preset;
  if (!model || !preset) return [];
  const corners = store.corners.value.map(({ name, latent }, i) => ({
    key: `corner ${i}`,
    text: `${CORNER_LETTERS[i]} · ${name}`,
    end: { name, latent },
  }));
  const slots = (['A', 'B'] as const).flatMap((slot) => {
    const state = store.slotSound(slot);
    if (!state) return [];
    const { name, latent } = state.preset;
    return [{ key: `slot ${slot}`, text: strings.top.slot(slot, name), end: { name, latent } }];
  });
  const near = neighbours(model.space, preset.latent, 8).map(({ point }) => {
    const { name } = model.points[point];
    const { dim, latents } = model.space;
    return {
      key: `point ${point}`,
      text: name,
      end: { name, latent: Array.from(latents.subarray(point * dim, (point + 1) * dim)) },
    };
  });
  return [...corners, ...slots, ...near];
}
