// A panel over the map: has a name, takes the focus, gives it back, and goes with Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../context.ts';
import type { Sheet as SheetName } from '../store.ts';
import { strings } from '../strings.ts';
import { Icon } from './icon.tsx';

interface Props {
  name: SheetName;
  title: string;
  /** Beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

export function Sheet({ name, title, tools, children }: Props) {
  const store = useStore();
  const panel = useRef<HTMLElement>(null);
  const close = (): void => {
    store.sheet.value = null;
  };

  useEffect(() => {
    const before = document.activeElement;
    const first = panel.current?.querySelector<HTMLElement>('[data-first]') ?? panel.current;
    first?.focus({ preventScroll: true });
    if (first !== panel.current) first?.scrollIntoView({ block: 'nearest' });
    return () => {
      // The focus goes back to where it came from, unless somebody has taken it elsewhere.
      const lost = document.activeElement === document.body || document.activeElement === null;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <section
      ref={panel}
      class={`sheet sheet-${name}`}
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h2>{title}</h2>
        {tools}
        <button type="button" class="icon" aria-label={strings.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}
