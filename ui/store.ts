// What the UI knows: signals fed only by the host's messages, and the requests that a hand makes.
import { batch, computed, type Signal, signal } from '@preact/signals';
import type {
  Audition,
  Bridge,
  Corner,
  CornerSound,
  EncodingView,
  HostMessage,
  ModelView,
  Path,
  SoundState,
  StoredPreset,
  Tuning,
  UiRequest,
} from '../plugin/instrument/messages.ts';
import { type Parameter, parameterById, parameters, snap } from '../plugin/instrument/parameters.ts';
import { type Preset, writePreset } from '../plugin/instrument/preset.ts';
import { Finder } from './find/finder.ts';
import { placeOf } from './find/space.ts';
import { History } from './history.ts';
import { type Entry, entryOf, library } from './library/shelf.ts';
import { type Family, families } from './map/families.ts';
import { Memory } from './memory.ts';
import { Menus } from './menu/menu.tsx';
import { strings } from './strings.ts';
import { NO_TUNING, type TuningParts } from './tuning-files.ts';

type Of<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;
type Heard = 'spectrum' | 'wave' | 'file' | 'exported' | 'portrait';

export type Slot = 'A' | 'B';
/** What lies over the map, one at a time. */
export type Sheet = 'presets' | 'save' | 'find' | 'neighbours' | 'yours' | 'export';

/** A preset of the user's on the map. */
export interface OwnPlace {
  entry: Entry;
  name: string;
  x: number;
  y: number;
}

/** The note that pressing a point plays before any other was played: middle C. */
const FIRST_KEY = 60;
const AUDITION_VELOCITY = 0.8;
/** Undo is handed to the host when the hand has rested for so long. */
const KEEP_MS = 400;
export const CORNER_LETTERS = ['A', 'B', 'C', 'D'] as const;

export class Store {
  readonly values: ReadonlyMap<string, Signal<number>> = new Map(parameters.map((p) => [p.id, signal(p.default)]));
  readonly model = signal<ModelView | null>(null);
  readonly sound = signal<Of<'sound'> | null>(null);
  readonly corners = signal<readonly CornerSound[]>([]);
  readonly path = signal<Path>([]);
  readonly tuning = signal<Tuning | null>(null);
  readonly learned = signal<Of<'learned'>>({ type: 'learned', controllers: {}, waiting: null });
  /** Whether the host's project carries the model; null where there is nothing to choose. */
  readonly embedsModel = signal<boolean | null>(null);
  readonly stored = signal<readonly StoredPreset[]>([]);
  readonly encoding = signal<EncodingView | null>(null);
  readonly exporting = signal<Of<'export'> | null>(null);
  /** Address of the sound, as it was asked for last. */
  readonly link = signal<string | null>(null);
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
  readonly slot = signal<Slot>('A');
  readonly sheet = signal<Sheet | null>(null);
  readonly drawer = signal(false);
  readonly tourStep = signal<number | null>(null);
  /** Macros (0..7) that finding sounds leaves as they are. */
  readonly locked = signal<readonly number[]>([]);
  readonly memory = new Memory((value) => this.send({ type: 'keep', place: 'user', value }));
  readonly menus = new Menus();
  /** Files by which the present tuning was made. */
  tuningParts: TuningParts = NO_TUNING;
  readonly finder = new Finder(this);
  readonly history: History;
  readonly hasModel = computed(() => this.model.value !== null);
  readonly library = computed<readonly Entry[]>(() => library(this.model.value, this.stored.value));
  readonly families = computed<readonly Family[]>(() => families(this.model.value?.points ?? []));
  /** The preset that now plays, where it is one of the library. */
  readonly entry = computed(() => {
    const preset = this.sound.value?.preset;
    return preset && entryOf(this.library.value, preset);
  });

  /** The user's presets as places of the map: where the sounds that they are most like lie. */
  readonly own = computed<readonly OwnPlace[]>(() => {
    const model = this.model.value;
    if (!model) return [];
    return this.library.value
      .filter((entry) => entry.id !== null && entry.family !== '')
      .map((entry) => ({ entry, name: entry.preset.name, ...placeOf(model.space, model.points, entry.preset.latent) }));
  });

  private readonly listeners: { [T in Heard]: Set<(message: Of<T>) => void> } = {
    spectrum: new Set(),
    wave: new Set(),
    file: new Set(),
    exported: new Set(),
    portrait: new Set(),
  };
  /** `asked` holds the last value asked for: the echo of a distant host may come after the end of the gesture. */
  private gesture: {
    label: string;
    before: Map<string, number>;
    asked: Map<string, number>;
    mergeKey?: string;
  } | null = null;
  private readonly slots: Record<Slot, SoundState | null> = { A: null, B: null };
  private soundBefore: { state: SoundState; label?: string } | null = null;
  private cornerBefore: { corner: Corner; sound: CornerSound | undefined } | null = null;
  /** Corner for which a sound file is being encoded; null where it becomes the sound itself. */
  private encodingCorner: Corner | null = null;
  private readonly captures = new Map<string, (preset: Preset) => void>();
  private captured = 0;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly bridge: Bridge,
    nowMs?: () => number,
  ) {
    this.history = new History(
      (request) => bridge.send(request),
      nowMs,
      () => this.keepSession(),
    );
    this.unsubscribe = bridge.subscribe((message) => this.receive(message));
    bridge.send({ type: 'hello' });
  }

  dispose(): void {
    this.leave();
    this.unsubscribe();
  }

  /** The page may be gone in a moment: what is still to be kept is kept now. */
  leave(): void {
    if (this.keepTimer !== undefined) this.keepNow();
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

  /** The present sound with every parameter, the morph corners and the path; null before there is a sound. */
  snapshot(): SoundState | null {
    const preset = this.sound.peek()?.preset;
    if (!preset) return null;
    const values = Object.fromEntries(parameters.map((p) => [p.id, this.signalOf(p.id).peek()]));
    const path = this.path.peek();
    return { preset, values, corners: [...this.corners.peek()], ...(path.length > 0 ? { path } : {}) };
  }

  /** Another sound, as one undo step. */
  changeSound(request: Extract<UiRequest, { type: 'selectPreset' | 'loadPreset' | 'restore' }>, label?: string): void {
    const state = this.snapshot();
    this.soundBefore = state && { state, ...(label ? { label } : {}) };
    this.bridge.send(request);
  }

  /** A preset of the library. */
  playEntry({ preset, index }: Entry): void {
    if (index >= 0) this.changeSound({ type: 'selectPreset', index });
    else this.changeSound({ type: 'loadPreset', fileName: preset.name, text: writePreset(preset) });
  }

  /** Another latent under the same hands: parameters stay, but for the way back to the latent's own home. */
  playLatent(name: string, latent: readonly number[], map: { x: number; y: number }, label?: string): void {
    const now = this.snapshot();
    if (!now) return;
    const { path, ...preset } = now.preset;
    const { path: walked, ...rest } = now;
    this.changeSound(
      {
        type: 'restore',
        state: {
          ...rest,
          preset: { ...preset, name, latent: [...latent], map },
          values: { ...now.values, mapX: map.x, mapY: map.y, morphMix: 0, pathDepth: 0 },
        },
      },
      label ?? name,
    );
  }

  /** The preset that what is heard now would be; resolves when the host has worked it out. */
  capture(name: string): Promise<Preset> {
    const purpose = `ui-${++this.captured}`;
    return new Promise((resolve) => {
      this.captures.set(purpose, resolve);
      this.bridge.send({ type: 'capture', purpose, name });
    });
  }

  /** The next or previous preset of the library that this model can play, around the end. */
  stepPreset(by: 1 | -1): void {
    const playable = this.library.peek().filter((entry) => entry.family !== '' || entry.index >= 0);
    const ordered = [...playable].sort((a, b) => a.index - b.index);
    if (ordered.length === 0) return;
    const key = this.entry.peek()?.key;
    const now = ordered.findIndex((entry) => entry.key === key);
    this.playEntry(ordered[now < 0 ? (by > 0 ? 0 : ordered.length - 1) : (now + by + ordered.length) % ordered.length]);
  }

  /** Keeps what is heard in the present slot and turns to the other; an empty one begins as a copy. */
  compare(slot: Slot): void {
    if (slot === this.slot.peek()) return;
    const now = this.snapshot();
    if (!now) return;
    this.history.rest();
    this.slots[this.slot.peek()] = now;
    this.slot.value = slot;
    const other = this.slots[slot];
    if (other) this.bridge.send({ type: 'restore', state: other });
    else this.slots[slot] = now;
    this.keepSession();
  }

  /** What is heard also stands in the other slot from now on. */
  copySlot(): void {
    const other = this.slot.peek() === 'A' ? 'B' : 'A';
    this.slots[other] = this.snapshot();
    this.keepSession();
  }

  /** The sound of a slot; of the present one what is heard. */
  slotSound(slot: Slot): SoundState | null {
    return slot === this.slot.peek() ? this.snapshot() : this.slots[slot];
  }

  setCorner(corner: Corner, sound: number | CornerSound): void {
    this.cornerBefore = { corner, sound: this.corners.peek()[corner] };
    this.bridge.send({ type: 'setCorner', corner, sound: typeof sound === 'number' ? { point: sound } : sound });
  }

  setPath(path: Path, values: Readonly<Record<string, number>>): void {
    const before = this.path.peek();
    const ids = Object.keys(values);
    const old = ids.map((id): UiRequest => ({ type: 'parameter', id, value: this.signalOf(id).peek() }));
    const next = ids.map((id): UiRequest => ({ type: 'parameter', id, value: snap(parameterById(id), values[id]) }));
    const forth: UiRequest[] = [{ type: 'setPath', path }, ...next];
    for (const request of forth) this.bridge.send(request);
    this.history.push({ label: strings.steps.path, back: [{ type: 'setPath', path: before }, ...old], forth });
  }

  setTuning(tuning: Tuning | null): void {
    const before = this.tuning.peek();
    this.bridge.send({ type: 'setTuning', tuning });
    this.history.push({
      label: strings.steps.tuning,
      back: [{ type: 'setTuning', tuning: before }],
      forth: [{ type: 'setTuning', tuning }],
    });
  }

  /** What was dropped, at its place among the sounds that it is most like, not on top of the nearest. */
  placed(preset: Preset): Preset {
    const model = this.model.peek();
    return model ? { ...preset, map: placeOf(model.space, model.points, preset.latent) } : preset;
  }

  /** Keeps a preset among the user's; null makes a new one of it. */
  storePreset(id: string | null, preset: Preset): void {
    this.bridge.send({ type: 'storePreset', id, preset });
    // What was kept is what plays: its name stands in the bar, and saving again goes over it.
    this.bridge.send({ type: 'loadPreset', fileName: preset.name, text: writePreset(preset) });
  }

  /** Takes a preset of the user's away; undo puts it back. */
  removePreset({ id, preset }: Entry): void {
    if (id === null) return;
    const forth: UiRequest[] = [{ type: 'removePreset', id }];
    this.bridge.send(forth[0]);
    this.history.push({
      label: strings.steps.removed(preset.name),
      back: [{ type: 'storePreset', id, preset }],
      forth,
    });
  }

  /** The middle of the model, and every control at its default. */
  init(): void {
    const model = this.model.peek();
    const now = this.sound.peek()?.preset;
    if (!model || !now) return;
    const latent = [...model.space.mean];
    const map = placeOf(model.space, model.points, latent);
    const preset: Preset = {
      format: now.format,
      version: now.version,
      name: strings.presets.initName,
      model: now.model,
      latent,
      map,
      macros: now.macros.map(() => 0.5),
      parameters: {},
      seed: 1,
    };
    this.changeSound({ type: 'loadPreset', fileName: preset.name, text: writePreset(preset) });
  }

  /** Hue of a family, degrees; the same wherever the family shows. */
  hueOf(family: string): number {
    return this.families.value.find(({ name }) => name === family)?.hue ?? 0;
  }

  /** Plays a latent beside the sound, at the key played last. */
  audition(latent: ArrayLike<number>): void {
    const sound: Audition = { latent: Array.from(latent), key: this.lastKey.peek(), velocity: AUDITION_VELOCITY };
    this.bridge.send({ type: 'audition', sound });
  }

  /** A sound file becomes the sound, or stands in a corner of the morph pad. */
  encode(fileName: string, bytes: ArrayBuffer, corner: Corner | null = null): void {
    this.encodingCorner = corner;
    this.sheet.value = 'yours';
    this.bridge.send({ type: 'encodeAudio', fileName, bytes });
  }

  // ---- Notices and what is only passed on ----------------------------------------------------------------------------

  dismiss(id: string): void {
    this.notices.value = this.notices.value.filter((notice) => notice.id !== id);
  }

  /** A sentence of the UI's own, shown like the host's. */
  notify(id: string, text: string, tone: 'information' | 'error' = 'information'): void {
    this.receive({ type: 'notice', id, tone, text });
  }

  /** Hands over messages that are used at once and not kept; returns the way to stop. */
  on<T extends Heard>(type: T, listener: (message: Of<T>) => void): () => void {
    this.listeners[type].add(listener);
    return () => this.listeners[type].delete(listener);
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
        this.takeModel(message.model);
        return;
      case 'sound':
        this.sound.value = message;
        this.link.value = null;
        this.rememberSound(message);
        return;
      case 'corners':
        this.corners.value = message.corners;
        this.rememberCorner();
        return;
      case 'path':
        this.path.value = message.path;
        return;
      case 'tuning':
        this.tuning.value = message.tuning;
        return;
      case 'learned':
        this.learned.value = message;
        return;
      case 'embedding':
        this.embedsModel.value = message.embeds;
        return;
      case 'presets':
        this.stored.value = message.presets;
        return;
      case 'stored':
        this.stored.value = [...this.stored.value.filter(({ id }) => id !== message.stored.id), message.stored];
        return;
      case 'removed':
        this.stored.value = this.stored.value.filter(({ id }) => id !== message.id);
        return;
      case 'captured':
        this.captures.get(message.purpose)?.(message.preset);
        this.captures.delete(message.purpose);
        return;
      case 'kept':
        if (message.place === 'user') this.memory.take(message.value);
        else this.takeSession(message.value);
        return;
      case 'encoding':
        this.takeEncoding(message.encoding);
        return;
      case 'status':
        this.statusOf[message.place].value = message.stage === 'ready' ? null : message;
        return;
      case 'meters':
        this.meters.value = message;
        return;
      case 'spectrum':
        for (const listener of this.listeners.spectrum) listener(message);
        return;
      case 'wave':
        for (const listener of this.listeners.wave) listener(message);
        return;
      case 'portrait':
        for (const listener of this.listeners.portrait) listener(message);
        return;
      case 'file':
        for (const listener of this.listeners.file) listener(message);
        return;
      case 'exported':
        for (const listener of this.listeners.exported) listener(message);
        return;
      case 'export':
        this.exporting.value = message;
        return;
      case 'link':
        this.link.value = message.url;
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
      case 'notice':
        this.notices.value = [...this.notices.value.filter((notice) => notice.id !== message.id), message];
    }
  }

  private takeModel(model: ModelView | null): void {
    batch(() => {
      this.model.value = model;
      this.history.clear();
      this.slots.A = null;
      this.slots.B = null;
      this.slot.value = 'A';
    });
  }

  /** The host echoes parameters and corners before the sound, so the step is complete when the sound arrives. */
  private rememberSound(message: Of<'sound'>): void {
    const before = this.soundBefore;
    this.soundBefore = null;
    const after = this.snapshot();
    if (!before || !after || before.state.preset.model.sha256 !== message.preset.model.sha256) return;
    this.history.push({
      label: before.label ?? strings.steps.sound(message.preset.name),
      back: [{ type: 'restore', state: before.state }],
      forth: [{ type: 'restore', state: after }],
    });
  }

  private rememberCorner(): void {
    const before = this.cornerBefore;
    this.cornerBefore = null;
    if (!before?.sound) return;
    const { corner, sound } = before;
    this.history.push({
      label: strings.steps.corner(CORNER_LETTERS[corner]),
      back: [{ type: 'setCorner', corner, sound }],
      forth: [{ type: 'setCorner', corner, sound: this.corners.peek()[corner] }],
    });
  }

  /** What was dropped sounds as soon as it is encoded, and again when it is refined. */
  private takeEncoding(encoding: EncodingView | null): void {
    const before = this.encoding.peek()?.result;
    this.encoding.value = encoding;
    const preset = encoding?.result?.preset;
    if (!encoding || !preset || encoding.result === before) return;
    const corner = this.encodingCorner;
    if (corner !== null) this.setCorner(corner, { name: preset.name, latent: [...preset.latent] });
    else {
      this.changeSound({ type: 'loadPreset', fileName: encoding.fileName, text: writePreset(this.placed(preset)) });
    }
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

  // ---- What outlives the closing of the UI ---------------------------------------------------------------------------

  private keepSession(): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => this.keepNow(), KEEP_MS);
  }

  private keepNow(): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = undefined;
    const model = this.sound.peek()?.preset.model.sha256;
    const value = { model, history: this.history.keep(), slot: this.slot.peek(), slots: { ...this.slots } };
    this.bridge.send({ type: 'keep', place: 'session', value });
  }

  /** Undo and A/B of the UI that was here before, where they belong to the model that is loaded. */
  private takeSession(kept: unknown): void {
    if (typeof kept !== 'object' || kept === null) return;
    const { model, history, slot, slots } = kept as Partial<Record<'model' | 'history' | 'slot' | 'slots', unknown>>;
    if (model !== this.sound.peek()?.preset.model.sha256 || !this.history.restore(history)) return;
    if (slot === 'A' || slot === 'B') this.slot.value = slot;
    if (typeof slots === 'object' && slots !== null) Object.assign(this.slots, slots);
  }
}
