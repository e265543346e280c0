// Fields of a form: a number with what it means, and a choice by name.

interface NumberProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** What the number means: a note's name, a unit. */
  said: string;
  set(value: number): void;
}

export function NumberField({ label, value, min, max, step, said, set }: NumberProps) {
  return (
    <label class="field">
      <span>
        {label} <span class="field-said">{said}</span>
      </span>
      <input
        type="number"
        value={value}
        min={min}
        max={max}
        step={step}
        required
        onInput={(event) => {
          const number = event.currentTarget.valueAsNumber;
          if (number >= min && number <= max) set(number);
        }}
      />
    </label>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  set(value: string): void;
}

export function SelectField({ label, value, options, set }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
