// A flat slider of one parameter with its name and value, or a row of names where the parameter is a choice.
import { useStore } from '../context.ts';
import { useControl } from '../control.ts';
import { valueText } from '../value-text.ts';
import { TypedValue } from './typed-value.tsx';

/** `short` is shown where the surroundings say the rest of the name. */
export function Slider({ id, compact = false, short }: { id: string; compact?: boolean; short?: string }) {
  const control = useControl(id, 'horizontal');
  const { label, normalised, parameter, value } = control;
  return (
    <div class={compact ? 'slider slider-compact' : 'slider'} {...control.slider}>
      <span class="slider-label">{short ?? label}</span>
      <span class="slider-track" style={{ '--share': normalised }} />
      <TypedValue control={control} text={valueText(parameter, value)} class="slider-number" />
    </div>
  );
}

/** Few named values side by side, as radio buttons. */
export function Choice({ id }: { id: string }) {
  const store = useStore();
  const { parameter, value, label, slider } = useControl(id);
  return (
    <fieldset class="choice" onContextMenu={slider.onContextMenu}>
      <legend>{label}</legend>
      {parameter.choices?.map((choice, i) => (
        <label key={choice} class="choice-option">
          <input
            type="radio"
            name={id}
            checked={Math.round(value - parameter.min) === i}
            onChange={() => store.change({ [id]: parameter.min + i })}
          />
          {choice}
        </label>
      ))}
    </fieldset>
  );
}
