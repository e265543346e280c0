// A button that asks for a file and opens it as if it had been dropped.
import { useRef } from 'preact/hooks';
import { useStore } from '../context.ts';
import { openFiles } from '../files.ts';

/** `accept`: file types, as an input of type file takes them. */
export function ChooseFile({ label, accept }: { label: string; accept: string }) {
  const store = useStore();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => picker.current?.click()}>
        {label}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          void openFiles(store, event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
