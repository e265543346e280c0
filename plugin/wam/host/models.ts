// Models: which one plays, which is being loaded, and what a UI is told of it. Main thread.
import type { ModelView } from '../../instrument/messages.ts';
import type { DecoderThread } from '../decoder-thread.ts';
import type { BundleSource, FromWorker, LoadedModel, Slot } from '../thread-messages.ts';
import type { Host } from './host.ts';

export class Models {
  /** The slot of core and Worker in which the playing model lies; the other one takes the next. */
  slot: Slot = 1;
  model: LoadedModel | null = null;
  /** Where the playing model came from. */
  source: BundleSource | null = null;
  private offered: BundleSource | null = null;
  /** Share of real time, -1 before anything was decoded; and rows still to be answered. */
  load = -1;
  decoding = 0;

  constructor(
    private readonly host: Host,
    private readonly decoder: DecoderThread,
    /** Told after the model's view has been emitted. */
    private readonly onModel: (model: LoadedModel) => void,
  ) {}

  /** Begins to load a model; the playing one stays until the new one has been tried. */
  open(source: BundleSource): void {
    if (this.offered) {
      this.host.say('model', 'information', 'A model is being loaded; try again when it is there.');
      return;
    }
    this.offered = source;
    this.decoder.load(this.slot === 0 ? 1 : 0, source);
  }

  takeWorker(message: FromWorker): void {
    switch (message.type) {
      case 'progress': {
        const { text, progress } = message;
        this.host.emit({ type: 'status', stage: 'loading', place: 'map', text, progress });
        return;
      }
      case 'work':
        this.load = message.share;
        this.decoding = message.waiting;
        return;
      case 'loaded':
        this.source = this.offered;
        this.endLoading();
        this.slot = message.slot;
        this.model = message.model;
        this.host.voice?.node.setModel(message.slot, message.model.core);
        this.greet();
        this.onModel(message.model);
        return;
      case 'refused':
      case 'failed':
        this.endLoading();
        this.host.say('model', 'error', message.sentence);
    }
  }

  greet(): void {
    this.host.emit({ type: 'model', model: this.model && viewOf(this.model) });
  }

  private endLoading(): void {
    this.offered = null;
    this.host.emit({ type: 'status', stage: 'ready', place: 'map', text: '', progress: 1 });
  }
}

function viewOf({ identity, core, presets, points, ...rest }: LoadedModel): ModelView {
  const { family, version, licence, summary, macros } = rest;
  const latents = new Float32Array(points.length * core.latentDim);
  core.map.forEach(({ latent }, i) => {
    latents.set(latent, i * core.latentDim);
  });
  return {
    id: identity.id,
    name: identity.name,
    family,
    version,
    licence,
    summary,
    macros,
    points,
    presets,
    maxSeconds: core.maxSeconds,
    space: {
      dim: core.latentDim,
      detail: core.latentDetail ?? 0,
      interpolation: core.interpolation,
      mean: Array.from(core.mean),
      std: Array.from(core.std),
      directions: core.macros.map((direction) => Array.from(direction)),
      latents,
    },
  };
}
