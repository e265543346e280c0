// The menu of the right button (or of the menu key, or of a long press): a list of things to do with what is under the hand.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface MenuItem {
  label: string;
  /** Absent where the line only tells something. */
  act?(): void;
  checked?: boolean;
}

export interface OpenMenu {
  label: string;
  items: readonly MenuItem[];
  /** Client pixels. */
  x: number;
  y: number;
}

/** One menu at a time, whoever opens it. */
export class Menus {
  readonly open = signal<OpenMenu | null>(null);

  show(event: MouseEvent, label: string, items: readonly MenuItem[]): void {
    event.preventDefault();
    event.stopPropagation();
    const target = event.currentTarget;
    // The menu key has no pointer: the menu then stands at what has the focus.
    const byKey = event.clientX === 0 && event.clientY === 0 && target instanceof Element;
    const box = byKey ? target.getBoundingClientRect() : null;
    this.open.value = {
      label,
      items,
      x: box ? box.left + box.width / 2 : event.clientX,
      y: box ? box.top + box.height / 2 : event.clientY,
    };
  }

  close(): void {
    this.open.value = null;
  }
}

const EDGE = 8;

export function Menu({ menus }: { menus: Menus }) {
  const list = useRef<HTMLDivElement>(null);
  const open = menus.open.value;
  const [place, setPlace] = useState({ left: 0, top: 0 });

  useLayoutEffect(() => {
    const element = list.current;
    const room = element?.parentElement?.getBoundingClientRect();
    if (!open || !element || !room) return;
    const box = element.getBoundingClientRect();
    setPlace({
      left: Math.max(EDGE, Math.min(open.x - room.left, room.width - box.width - EDGE)),
      top: Math.max(EDGE, Math.min(open.y - room.top, room.height - box.height - EDGE)),
    });
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    list.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const onPointerDown = (event: Event): void => {
      if (!(event.target instanceof Node) || !list.current?.contains(event.target)) menus.close();
    };
    window.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => {
      window.removeEventListener('pointerdown', onPointerDown, { capture: true });
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [open, menus]);

  if (!open) return null;

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const now = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      menus.close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      items[(now + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus();
    } else if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      items.at(event.key === 'Home' ? 0 : -1)?.focus();
    }
  };

  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={open.label}
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {open.items.map((item) => (
        <Item key={item.label} item={item} close={() => menus.close()} />
      ))}
    </div>
  );
}

function Item({ item: { label, act, checked }, close }: { item: MenuItem; close(): void }) {
  const common = {
    type: 'button' as const,
    tabIndex: -1,
    class: 'menu-item',
    'aria-disabled': act ? undefined : true,
    onClick: () => {
      if (!act) return;
      close();
      act();
    },
  };
  if (checked === undefined)
    return (
      <button {...common} role="menuitem">
        {label}
      </button>
    );
  return (
    <button {...common} role="menuitemcheckbox" aria-checked={checked}>
      {label}
    </button>
  );
}
