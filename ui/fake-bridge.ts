// A host without sound, for tests and for working on the UI alone: decides and echoes as a real one does.
import type { Bridge, CornerSound, HostMessage, ModelView, UiRequest } from '../plugin/instrument/messages.ts';
import { parameterById, parameters, snap } from '../plugin/instrument/parameters.ts';
import type { Preset } from '../plugin/instrument/preset.ts';

const SHA256 = 'f'.repeat(64);

export class FakeBridge implements Bridge {
  /** Everything the UI asked for, in order. */
  readonly requests: UiRequest[] = [];
  private readonly listeners = new Set<(message: HostMessage) => void>();
  private readonly values = new Map(parameters.map((p) => [p.id, p.default]));
  private corners: CornerSound[] = [];

  constructor(private readonly model: ModelView | null = null) {
    const names = model?.presets.slice(0, 4) ?? [];
    this.corners = names.map(({ name }, i) => ({ name, latent: [i] }));
  }

  send(request: UiRequest): void {
    this.requests.push(request);
    switch (request.type) {
      case 'hello':
        this.emit({ type: 'model', model: this.model });
        this.echoAll();
        if (this.model) {
          this.emit({ type: 'corners', corners: this.corners });
          this.select(0);
        }
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
      case 'selectPreset':
        this.select(request.index);
        return;
      case 'restore':
        for (const [id, value] of Object.entries(request.state.values)) this.values.set(id, value);
        this.corners = [...request.state.corners];
        this.echoAll();
        this.emit({ type: 'corners', corners: this.corners });
        this.emit({ type: 'sound', preset: request.state.preset, index: -1 });
        return;
      case 'setCorner': {
        const { corner, sound } = request;
        const point = 'point' in sound ? this.model?.points[sound.point] : undefined;
        const next = 'point' in sound ? { name: point?.name ?? '', latent: [sound.point] } : sound;
        this.corners = this.corners.map((kept, i) => (i === corner ? next : kept));
        this.emit({ type: 'corners', corners: this.corners });
        return;
      }
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

  private echoAll(): void {
    this.emit({ type: 'parameters', values: Object.fromEntries(this.values) });
  }

  private select(index: number): void {
    const name = this.model?.presets[index]?.name ?? 'Sound';
    const place = this.model?.points[index] ?? { x: 0.5, y: 0.5 };
    for (const parameter of parameters) this.values.set(parameter.id, parameter.default);
    this.values.set('mapX', place.x);
    this.values.set('mapY', place.y);
    const preset: Preset = {
      format: 'timbrefold-preset',
      version: 1,
      name,
      model: { id: this.model?.id ?? 'none', sha256: SHA256 },
      latent: [index],
      map: { x: place.x, y: place.y },
      macros: Array.from({ length: 8 }, () => 0.5),
      parameters: {},
      seed: 1,
    };
    this.echoAll();
    this.emit({ type: 'sound', preset, index });
  }
}
