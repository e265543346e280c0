// A knob: a ring whose bright part says the value; a cool arc shows how far pressure and slide can move it.
import { useStore } from '../context.ts';
import { useControl } from '../control.ts';
import { shortValueText } from '../value-text.ts';
import { TypedValue } from './typed-value.tsx';

const RADIUS = 27;
const INNER = 21.5;
const CENTRE = 34;
/** The ring is open for 90 degrees at the bottom. */
const START = (3 * Math.PI) / 4;
const SWEEP = (3 * Math.PI) / 2;

const at = (share: number, radius = RADIUS): { x: number; y: number } => {
  const angle = START + SWEEP * share;
  return { x: CENTRE + radius * Math.cos(angle), y: CENTRE + radius * Math.sin(angle) };
};

function arc(from: number, to: number, radius = RADIUS): string {
  const a = at(from, radius);
  const b = at(to, radius);
  return `M ${a.x} ${a.y} A ${radius} ${radius} 0 ${(to - from) * SWEEP > Math.PI ? 1 : 0} 1 ${b.x} ${b.y}`;
}

const TRACK = arc(0, 1);

/** What expression does to a macro: from and to on its ring, null where nothing does. */
function useModulation(id: string, normalised: number): { from: number; to: number } | null {
  const store = useStore();
  const macro = /^macro(\d)$/.exec(id)?.[1];
  if (!macro) return null;
  const number = Number(macro);
  const pressure = store.value('pressureMacro') === number ? store.value('pressureDepth') : 0;
  const slide = store.value('slideMacro') === number && store.value('mpe') > 0 ? store.value('slideDepth') : 0;
  const up = Math.max(0, pressure) + Math.abs(slide);
  const down = Math.min(0, pressure) - Math.abs(slide);
  if (up === 0 && down === 0) return null;
  return { from: Math.max(0, normalised + down), to: Math.min(1, normalised + up) };
}

export function Knob({ id, description }: { id: string; description?: string }) {
  const control = useControl(id);
  const { normalised, parameter, value, label } = control;
  const modulation = useModulation(id, normalised);
  const tip = at(normalised);
  return (
    <div class="knob" title={description ? `${label}: ${description}` : label}>
      <div class="knob-face" {...control.slider}>
        <svg viewBox="0 0 68 62" aria-hidden="true">
          <path class="knob-track" d={TRACK} />
          {modulation && modulation.to - modulation.from > 0.01 && (
            <path class="knob-modulation" d={arc(modulation.from, modulation.to, INNER)} />
          )}
          {normalised > 0.004 && <path class="knob-value" d={arc(0, normalised)} />}
          <circle class="knob-tip" cx={tip.x} cy={tip.y} r="5" />
        </svg>
        <TypedValue control={control} text={shortValueText(parameter, value)} class="knob-number" />
      </div>
      <span class="knob-label">{label}</span>
    </div>
  );
}
