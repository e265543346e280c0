// The small field in which a value is typed over its control.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  label: string;
  initial: string;
  /** Returns false where the text is no value; the field then stays. */
  commit(text: string): boolean;
  cancel(): void;
}

export function ValueField({ label, initial, commit, cancel }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState(false);
  useLayoutEffect(() => {
    field.current?.focus();
    if (initial.length > 1) field.current?.select();
  }, [initial]);
  return (
    <input
      ref={field}
      class="value-field"
      aria-label={`${label}, value`}
      aria-invalid={refused}
      defaultValue={initial}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') cancel();
        if (event.key === 'Enter') setRefused(!commit(event.currentTarget.value));
      }}
      onPointerDown={(event) => event.stopPropagation()}
      onDblClick={(event) => event.stopPropagation()}
      onBlur={cancel}
    />
  );
}
