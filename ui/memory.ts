// What the UI remembers for its user from one visit to the next; the host keeps it without looking inside.
import { signal } from '@preact/signals';

export type Scheme = 'system' | 'light' | 'dark';
export type RibbonView = 'note' | 'rainbow' | 'level' | 'wave';

export interface Remembered {
  /** Keys of library entries. */
  favourites: readonly string[];
  /** Written into presets that are saved. */
  author: string;
  scheme: Scheme;
  ribbon: RibbonView;
  /** Whether the tour was taken or skipped. */
  toured: boolean;
  /** Whether pressing a point of the map only plays it. */
  listening: boolean;
  /** Whether the drawn keyboard is seen: who plays from a host has one. */
  keys: boolean;
}

const FIRST: Remembered = {
  favourites: [],
  author: '',
  scheme: 'system',
  ribbon: 'note',
  toured: false,
  listening: false,
  keys: true,
};

const SCHEMES: readonly unknown[] = ['system', 'light', 'dark'];
const VIEWS: readonly unknown[] = ['note', 'rainbow', 'level', 'wave'];

export class Memory {
  private readonly held = signal(FIRST);
  /** Whether the host has said what it kept. */
  readonly known = signal(false);

  constructor(private readonly keep: (value: Remembered) => void) {}

  get value(): Remembered {
    return this.held.value;
  }

  peek(): Remembered {
    return this.held.peek();
  }

  /** Takes what the host kept: whatever of it is usable. */
  take(kept: unknown): void {
    const { favourites, author, scheme, ribbon, toured, listening, keys } = (
      typeof kept === 'object' && kept !== null ? kept : {}
    ) as Partial<Record<keyof Remembered, unknown>>;
    this.held.value = {
      favourites: Array.isArray(favourites) ? favourites.filter((key) => typeof key === 'string') : [],
      author: typeof author === 'string' ? author : '',
      scheme: SCHEMES.includes(scheme) ? (scheme as Scheme) : 'system',
      ribbon: VIEWS.includes(ribbon) ? (ribbon as RibbonView) : 'note',
      toured: toured === true,
      listening: listening === true,
      keys: keys !== false,
    };
    this.known.value = true;
  }

  change(part: Partial<Remembered>): void {
    this.held.value = { ...this.held.peek(), ...part };
    this.keep(this.held.peek());
  }
}
