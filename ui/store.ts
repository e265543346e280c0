// What the UI knows: signals fed only by the host's messages, and the requests that a hand makes.
import { batch, computed, type Signal, signal } from '@preact/signals';
import type {
  Bridge,
  Corner,
  CornerSound,
  HostMessage,
  ModelView,
  SoundState,
  UiRequest,
} from '../plugin/instrument/messages.ts';
import { type Parameter, parameterById, parameters, snap } from '../plugin/instrument/parameters.ts';
import { History } from './history.ts';

type Of<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

/** The note that pressing a point plays before any other was played: middle C. */
const FIRST_KEY = 60;

export class Store {
  readonly values: ReadonlyMap<string, Signal<number>> = new Map(parameters.map((p) => [p.id, signal(p.default)]));
  readonly model = signal<ModelView | null>(null);
  readonly sound = signal<Of<'sound'> | null>(null);
  readonly corners = signal<readonly CornerSound[]>([]);
  /** Work under way, by the place where its result will appear. */
  readonly statusOf = { map: signal<Of<'status'> | null>(null), sound: signal<Of<'status'> | null>(null) };
  readonly meters = signal<Of<'meters'> | null>(null);
  readonly audio = signal<Of<'audio'>['state']>('asleep');
  readonly midi = signal<Of<'midi'> | null>(null);
  readonly notices = signal<readonly Of<'notice'>[]>([]);
  readonly heldKeys = signal<ReadonlySet<number>>(new Set());
  /** The key played last, by whoever: what pressing the map plays. */
  readonly lastKey = signal(FIRST_KEY);
  /** Id of the control under the hand, for showing its value. */
  readonly touched = signal<string | null>(null);
  readonly slot = signal<'A' | 'B'>('A');
  readonly history: History;
  readonly hasModel = computed(() => this.model.value !== null);

  private readonly spectrumListeners = new Set<(message: Of<'spectrum'>) => void>();
  private readonly fileListeners = new Set<(message: Of<'file'>) => void>();
  /** `asked` holds the last value asked for: the echo of a distant host may come after the end of the gesture. */
  private gesture: {
    label: string;
    before: Map<string, number>;
    asked: Map<string, number>;
    mergeKey?: string;
  } | null = null;
  private readonly slots: { A: SoundState | null; B: SoundState | null } = { A: null, B: null };
  private soundBefore: SoundState | null = null;
  private cornerBefore: { corner: Corner; sound: CornerSound | undefined } | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly bridge: Bridge,
    nowMs?: () => number,
  ) {
    this.history = new History((request) => bridge.send(request), nowMs);
    this.unsubscribe = bridge.subscribe((message) => this.receive(message));
    bridge.send({ type: 'hello' });
  }

  dispose(): void {
    this.unsubscribe();
  }

  send(request: UiRequest): void {
    this.bridge.send(request);
  }

  value(id: string): number {
    return this.signalOf(id).value;
  }

  signalOf(id: string): Signal<number> {
    const found = this.values.get(id);
    if (!found) throw new RangeError(`There is no parameter "${id}".`);
    return found;
  }

  /** Macros are called what the model calls them. */
  labelOf(parameter: Parameter): string {
    if (parameter.group !== 'macros') return parameter.label;
    return this.model.value?.macros[parameter.index]?.label ?? parameter.label;
  }

  // ---- Gestures: everything between begin and end is one undo step ---------------------------------------------------

  begin(ids: readonly string[], label?: string): void {
    if (this.gesture) this.end();
    const before = new Map(ids.map((id) => [id, this.signalOf(id).peek()]));
    this.gesture = { label: label ?? this.labelOf(parameterById(ids[0])), before, asked: new Map() };
    this.touched.value = ids[0];
    for (const id of ids) this.bridge.send({ type: 'gesture', id, phase: 'begin' });
  }

  /** Asks for a plain value; what is shown changes when the host echoes it. */
  set(id: string, plain: number): void {
    const value = snap(parameterById(id), plain);
    if (!Number.isFinite(value)) return;
    if (this.gesture?.before.has(id)) this.gesture.asked.set(id, value);
    this.bridge.send({ type: 'parameter', id, value });
  }

  end(): void {
    const { gesture } = this;
    if (!gesture) return;
    this.gesture = null;
    this.touched.value = null;
    const changed = [...gesture.asked].filter(([id, value]) => gesture.before.get(id) !== value);
    for (const id of gesture.before.keys()) this.bridge.send({ type: 'gesture', id, phase: 'end' });
    if (changed.length === 0) return;
    this.history.push({
      label: gesture.label,
      back: changed.map(([id]) => ({
        type: 'parameter',
        id,
        value: gesture.before.get(id) ?? parameterById(id).default,
      })),
      forth: changed.map(([id, value]) => ({ type: 'parameter', id, value })),
      ...(gesture.mergeKey ? { mergeKey: gesture.mergeKey } : {}),
    });
  }

  /** A change in one go (arrow key, wheel notch, typed value): a whole gesture; quick repeats become one undo step. */
  change(values: Readonly<Record<string, number>>, label?: string): void {
    const ids = Object.keys(values);
    this.begin(ids, label);
    if (this.gesture) this.gesture.mergeKey = ids.join();
    for (const id of ids) this.set(id, values[id]);
    this.end();
  }

  reset(...ids: string[]): void {
    this.change(Object.fromEntries(ids.map((id) => [id, parameterById(id).default])));
  }

  // ---- Sounds --------------------------------------------------------------------------------------------------------

  /** The present sound with every parameter and the morph corners; null before there is a sound. */
  snapshot(): SoundState | null {
    const preset = this.sound.peek()?.preset;
    if (!preset) return null;
    const values = Object.fromEntries(parameters.map((p) => [p.id, this.signalOf(p.id).peek()]));
    return { preset, values, corners: [...this.corners.peek()] };
  }

  /** Another sound, as one undo step. */
  changeSound(request: Extract<UiRequest, { type: 'selectPreset' | 'loadPreset' | 'encodeAudio' }>): void {
    this.soundBefore = this.snapshot();
    this.bridge.send(request);
  }

  /** The next or previous preset of the model, around the end. */
  stepPreset(by: 1 | -1): void {
    const count = this.model.peek()?.presets.length ?? 0;
    if (count === 0) return;
    const now = this.sound.peek()?.index ?? -1;
    const index = now < 0 ? (by > 0 ? 0 : count - 1) : (now + by + count) % count;
    this.changeSound({ type: 'selectPreset', index });
  }

  /** Keeps what is heard in the present slot and turns to the other; an empty one begins as a copy. */
  compare(slot: 'A' | 'B'): void {
    if (slot === this.slot.peek()) return;
    const now = this.snapshot();
    if (!now) return;
    this.slots[this.slot.peek()] = now;
    this.slot.value = slot;
    const other = this.slots[slot];
    if (other) this.bridge.send({ type: 'restore', state: other });
    else this.slots[slot] = now;
  }

  setCorner(corner: Corner, point: number): void {
    this.cornerBefore = { corner, sound: this.corners.peek()[corner] };
    this.bridge.send({ type: 'setCorner', corner, sound: { point } });
  }

  dismiss(id: string): void {
    this.notices.value = this.notices.value.filter((notice) => notice.id !== id);
  }

  /** A sentence of the UI's own, shown like the host's. */
  notify(id: string, text: string, tone: 'information' | 'error' = 'information'): void {
    this.receive({ type: 'notice', id, tone, text });
  }

  onSpectrum(listener: (message: Of<'spectrum'>) => void): () => void {
    this.spectrumListeners.add(listener);
    return () => this.spectrumListeners.delete(listener);
  }

  onFile(listener: (message: Of<'file'>) => void): () => void {
    this.fileListeners.add(listener);
    return () => this.fileListeners.delete(listener);
  }

  // ---- What the host says --------------------------------------------------------------------------------------------

  private receive(message: HostMessage): void {
    switch (message.type) {
      case 'parameters':
        batch(() => {
          for (const [id, value] of Object.entries(message.values)) {
            const held = this.values.get(id);
            if (held) held.value = value;
          }
        });
        return;
      case 'model':
        batch(() => {
          this.model.value = message.model;
          this.history.clear();
          this.slots.A = null;
          this.slots.B = null;
          this.slot.value = 'A';
        });
        return;
      case 'sound':
        this.sound.value = message;
        this.rememberSound(message);
        return;
      case 'corners':
        this.corners.value = message.corners;
        this.rememberCorner();
        return;
      case 'status':
        this.statusOf[message.place].value = message.stage === 'ready' ? null : message;
        return;
      case 'meters':
        this.meters.value = message;
        return;
      case 'spectrum':
        for (const listener of this.spectrumListeners) listener(message);
        return;
      case 'key':
        this.holdKey(message.key, message.down);
        return;
      case 'audio':
        this.audio.value = message.state;
        return;
      case 'midi':
        this.midi.value = message;
        return;
      case 'file':
        for (const listener of this.fileListeners) listener(message);
        return;
      case 'notice':
        this.notices.value = [...this.notices.value.filter((notice) => notice.id !== message.id), message];
    }
  }

  /** The host echoes parameters and corners before the sound, so the step is complete when the sound arrives. */
  private rememberSound(message: Of<'sound'>): void {
    const before = this.soundBefore;
    this.soundBefore = null;
    const after = this.snapshot();
    if (!before || !after || before.preset.model.sha256 !== message.preset.model.sha256) return;
    this.history.push({
      label: `sound ${message.preset.name}`,
      back: [{ type: 'restore', state: before }],
      forth: [{ type: 'restore', state: after }],
    });
  }

  private rememberCorner(): void {
    const before = this.cornerBefore;
    this.cornerBefore = null;
    if (!before?.sound) return;
    const { corner, sound } = before;
    this.history.push({
      label: `corner ${'ABCD'[corner]}`,
      back: [{ type: 'setCorner', corner, sound }],
      forth: [{ type: 'setCorner', corner, sound: this.corners.peek()[corner] }],
    });
  }

  private holdKey(key: number, down: boolean): void {
    const held = new Set(this.heldKeys.peek());
    if (down) {
      held.add(key);
      this.lastKey.value = key;
    } else {
      held.delete(key);
    }
    this.heldKeys.value = held;
  }
}
