// A knob: a ring whose bright part says the value.
import { useControl } from './control.ts';
import { ValueField } from './value-field.tsx';
import { shortValueText, valueText } from './value-text.ts';

const RADIUS = 27;
const CENTRE = 34;
/** The ring is open for 90 degrees at the bottom. */
const START = (3 * Math.PI) / 4;
const SWEEP = (3 * Math.PI) / 2;

const at = (share: number): { x: number; y: number } => {
  const angle = START + SWEEP * share;
  return { x: CENTRE + RADIUS * Math.cos(angle), y: CENTRE + RADIUS * Math.sin(angle) };
};

function arc(from: number, to: number): string {
  const a = at(from);
  const b = at(to);
  return `M ${a.x} ${a.y} A ${RADIUS} ${RADIUS} 0 ${(to - from) * SWEEP > Math.PI ? 1 : 0} 1 ${b.x} ${b.y}`;
}

const TRACK = arc(0, 1);

export function Knob({ id, description }: { id: string; description?: string }) {
  const control = useControl(id);
  const { normalised, parameter, value, label, typing } = control;
  const tip = at(normalised);
  return (
    <div class="knob" title={description ? `${label}: ${description}` : label}>
      <div class="knob-face" {...control.slider}>
        <svg viewBox="0 0 68 62" aria-hidden="true">
          <path class="knob-track" d={TRACK} />
          {normalised > 0.004 && <path class="knob-value" d={arc(0, normalised)} />}
          <circle class="knob-tip" cx={tip.x} cy={tip.y} r="5" />
        </svg>
        {typing === null ? (
          <span class="knob-number">{shortValueText(parameter, value)}</span>
        ) : (
          <ValueField
            label={label}
            initial={typing.length > 1 ? valueText(parameter, value) : typing}
            commit={control.commit}
            cancel={control.cancelTyping}
          />
        )}
      </div>
      <span class="knob-label">{label}</span>
    </div>
  );
}
