// Undo and redo without an end: each step is the requests that lead back and the requests that lead forth again.
import { computed, signal } from '@preact/signals';
import type { UiRequest } from '../plugin/instrument/messages.ts';

export interface Step {
  /** What was done, as in "Undo brightness". */
  label: string;
  back: UiRequest[];
  forth: UiRequest[];
  /** Steps of one key that follow within MERGE_MS become one, so that ten wheel notches are one undo. */
  mergeKey?: string;
}

/** What a host keeps of it while the UI is closed. */
export interface KeptHistory {
  done: readonly Step[];
  undone: readonly Step[];
}

const MERGE_MS = 700;

export class History {
  private readonly done = signal<readonly Step[]>([]);
  private readonly undone = signal<readonly Step[]>([]);
  private lastMs = Number.NEGATIVE_INFINITY;

  readonly undoLabel = computed(() => this.done.value.at(-1)?.label ?? null);
  readonly redoLabel = computed(() => this.undone.value.at(-1)?.label ?? null);

  constructor(
    private readonly send: (request: UiRequest) => void,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly changed: () => void = () => {},
  ) {}

  push(step: Step): void {
    const now = this.nowMs();
    const last = this.done.value.at(-1);
    const merges = step.mergeKey !== undefined && last?.mergeKey === step.mergeKey && now - this.lastMs < MERGE_MS;
    const kept = merges ? this.done.value.slice(0, -1) : this.done.value;
    this.done.value = [...kept, merges ? { ...step, back: last.back } : step];
    this.undone.value = [];
    this.lastMs = now;
    this.changed();
  }

  /** What comes next is a step of its own, however soon. */
  rest(): void {
    this.lastMs = Number.NEGATIVE_INFINITY;
  }

  undo(): void {
    const step = this.done.value.at(-1);
    if (!step) return;
    this.done.value = this.done.value.slice(0, -1);
    this.undone.value = [...this.undone.value, step];
    this.walked(step.back);
  }

  redo(): void {
    const step = this.undone.value.at(-1);
    if (!step) return;
    this.undone.value = this.undone.value.slice(0, -1);
    this.done.value = [...this.done.value, step];
    this.walked(step.forth);
  }

  clear(): void {
    this.done.value = [];
    this.undone.value = [];
    this.changed();
  }

  keep(): KeptHistory {
    return { done: this.done.peek(), undone: this.undone.peek() };
  }

  /** Takes up what `keep` gave; false where it is something else. */
  restore(kept: unknown): boolean {
    if (typeof kept !== 'object' || kept === null) return false;
    const { done, undone } = kept as Partial<KeptHistory>;
    if (!areSteps(done) || !areSteps(undone)) return false;
    this.done.value = done;
    this.undone.value = undone;
    return true;
  }

  private walked(requests: readonly UiRequest[]): void {
    this.rest();
    for (const request of requests) this.send(request);
    this.changed();
  }
}

const areSteps = (value: unknown): value is readonly Step[] =>
  Array.isArray(value) &&
  value.every(
    (step: Partial<Step> | null) =>
      typeof step?.label === 'string' && Array.isArray(step.back) && Array.isArray(step.forth),
  );
