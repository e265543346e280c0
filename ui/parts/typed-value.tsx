// The value of a control as it stands beside or inside it, or the field in which it is typed.
import type { useControl } from '../control.ts';
import { valueText } from '../value-text.ts';
import { ValueField } from './value-field.tsx';

interface Props {
  control: ReturnType<typeof useControl>;
  /** What stands there while nobody types. */
  text: string;
  class: string;
}

export function TypedValue({ control, text, class: name }: Props) {
  const { label, parameter, value, typing } = control;
  if (typing === null) return <span class={name}>{text}</span>;
  return (
    <ValueField
      label={label}
      initial={typing.length > 1 ? valueText(parameter, value) : typing}
      commit={control.commit}
      cancel={control.cancelTyping}
    />
  );
}
