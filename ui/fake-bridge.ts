// A host without sound, for tests and for working on the UI alone: decides and echoes as a real one does.
import type {
  Bridge,
  CornerSound,
  HostMessage,
  ModelView,
  Path,
  StoredPreset,
  UiRequest,
} from '../plugin/instrument/messages.ts';
import { parameterById, parameters, snap } from '../plugin/instrument/parameters.ts';
import { type Preset, parsePreset } from '../plugin/instrument/preset.ts';

export class FakeBridge implements Bridge {
  /** Everything the UI asked for, in order. */
  readonly requests: UiRequest[] = [];
  /** What a UI keeps here outlives it. */
  readonly kept: { user: unknown; session: unknown } = { user: null, session: null };
  private readonly listeners = new Set<(message: HostMessage) => void>();
  private readonly values = new Map(parameters.map((p) => [p.id, p.default]));
  private readonly stored = new Map<string, Preset>();
  private readonly controllers: Record<string, number> = {};
  private corners: CornerSound[] = [];
  private path: Path = [];
  private preset: Preset | null = null;
  private storedCount = 0;

  constructor(private readonly model: ModelView | null = null) {
    this.corners = (model?.presets ?? []).slice(0, 4).map(({ name, latent }) => ({ name, latent }));
    this.preset = model?.presets[0] ?? null;
  }

  send(request: UiRequest): void {
    this.requests.push(request);
    switch (request.type) {
      case 'hello':
        this.greet();
        return;
      case 'parameter': {
        const value = snap(parameterById(request.id), request.value);
        this.values.set(request.id, value);
        this.emit({ type: 'parameters', values: { [request.id]: value } });
        return;
      }
      case 'noteOn':
        this.emit({ type: 'key', key: request.key, down: true });
        return;
      case 'noteOff':
        this.emit({ type: 'key', key: request.key, down: false });
        return;
      case 'selectPreset': {
        const preset = this.model?.presets[request.index];
        if (preset) this.play(preset);
        return;
      }
      case 'loadPreset':
        this.play(parsePreset(JSON.parse(request.text), request.fileName));
        return;
      case 'restore':
        for (const [id, value] of Object.entries(request.state.values)) this.values.set(id, value);
        this.corners = [...request.state.corners];
        this.preset = request.state.preset;
        this.setPath(request.state.path ?? []);
        this.echoAll();
        this.emit({ type: 'corners', corners: this.corners });
        this.emit({ type: 'sound', preset: request.state.preset, index: this.indexOf(request.state.preset) });
        return;
      case 'capture': {
        const { purpose, name } = request;
        if (this.preset) this.emit({ type: 'captured', purpose, preset: { ...this.preset, name } });
        return;
      }
      case 'storePreset': {
        const id = request.id ?? `stored-${++this.storedCount}`;
        this.stored.set(id, request.preset);
        this.emit({ type: 'stored', stored: { id, preset: request.preset } });
        return;
      }
      case 'removePreset':
        this.stored.delete(request.id);
        this.emit({ type: 'removed', id: request.id });
        return;
      case 'offerFile': {
        const { fileName, mime, text } = request;
        this.emit({ type: 'file', fileName, mime, text });
        return;
      }
      case 'keep':
        this.kept[request.place] = request.value;
        return;
      case 'setCorner': {
        const { corner, sound } = request;
        const point = 'point' in sound ? this.model?.points[sound.point] : undefined;
        const next = 'point' in sound ? { name: point?.name ?? '', latent: [sound.point] } : sound;
        this.corners = this.corners.map((kept, i) => (i === corner ? next : kept));
        this.emit({ type: 'corners', corners: this.corners });
        return;
      }
      case 'setPath':
        this.setPath(request.path);
        return;
      case 'setTuning':
        this.emit({ type: 'tuning', tuning: request.tuning });
        return;
      case 'learn':
        this.emit({ type: 'learned', controllers: { ...this.controllers }, waiting: request.id });
        return;
      case 'forget':
        delete this.controllers[request.id];
        this.emit({ type: 'learned', controllers: { ...this.controllers }, waiting: null });
        return;
      case 'wake':
        this.emit({ type: 'audio', state: 'running' });
    }
  }

  subscribe(listener: (message: HostMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Says something to the UI, as the host would. */
  emit(message: HostMessage): void {
    for (const listener of this.listeners) listener(message);
  }

  /** A controller that was learned, as if it had been moved. */
  learned(id: string, controller: number): void {
    this.controllers[id] = controller;
    this.emit({ type: 'learned', controllers: { ...this.controllers }, waiting: null });
  }

  get storedPresets(): StoredPreset[] {
    return [...this.stored].map(([id, preset]) => ({ id, preset }));
  }

  private greet(): void {
    this.emit({ type: 'model', model: this.model });
    this.echoAll();
    if (this.preset) {
      this.emit({ type: 'corners', corners: this.corners });
      this.play(this.preset);
    }
    this.emit({ type: 'presets', presets: this.storedPresets });
    this.emit({ type: 'kept', place: 'session', value: this.kept.session });
    this.emit({ type: 'kept', place: 'user', value: this.kept.user });
  }

  private echoAll(): void {
    this.emit({ type: 'parameters', values: Object.fromEntries(this.values) });
  }

  private indexOf(preset: Preset): number {
    return this.model?.presets.findIndex(({ name }) => name === preset.name) ?? -1;
  }

  private setPath(path: Path): void {
    this.path = path;
    this.emit({ type: 'path', path: this.path });
  }

  private play(preset: Preset): void {
    this.preset = preset;
    for (const parameter of parameters) {
      this.values.set(parameter.id, preset.parameters[parameter.id] ?? parameter.default);
    }
    preset.macros.forEach((value, i) => {
      this.values.set(`macro${i + 1}`, value);
    });
    this.values.set('mapX', preset.map.x);
    this.values.set('mapY', preset.map.y);
    this.setPath(preset.path ?? []);
    this.echoAll();
    this.emit({ type: 'sound', preset, index: this.indexOf(preset) });
  }
}
