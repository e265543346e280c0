// The body of an encoding Worker: takes its messages, one sound at a time. Each shell's Worker says where bundles come from.
import { Core } from '../engine/core.ts';
import type { Bundle } from '../model/bundle.ts';
import type { FromEncoder, ToEncoder } from './encode-messages.ts';
import { type EncodedSound, EncodingStopped, type GraphRuntime, SoundEncoder } from './sound-encoder.ts';
import { soundPicture } from './sound-picture.ts';

/** Columns of the pictures of original and resynthesis. */
const PICTURE_WIDTH = 320;

export interface EncodePlace<Source> {
  runtime: GraphRuntime;
  /** Says where ONNX Runtime's files are, before anything is opened. */
  configure(runtimeUrl: string): void;
  /** @throws Error with a sentence */
  readModel(source: Source): Promise<Bundle>;
  say(message: FromEncoder): void;
}

interface Held {
  encoder: SoundEncoder;
  core: Core;
  samples: Float32Array;
  sound: EncodedSound;
}

/** Messages in by `take`, answers out by `say`. */
export class EncodeService<Source> {
  private readonly place: EncodePlace<Source>;
  private held: Held | undefined;
  private busy = false;
  private stopping = false;

  constructor(place: EncodePlace<Source>) {
    this.place = place;
  }

  /** Never throws: what goes wrong is said. A message that comes while another is at work is refused, `cancel` excepted. */
  async take(message: ToEncoder<Source>): Promise<void> {
    const { say } = this.place;
    if (message.type === 'cancel') {
      this.stopping = true;
      return;
    }
    if (this.busy)
      return say({ type: 'refused', sentence: 'another sound is being encoded; wait for it or cancel it.' });
    this.busy = true;
    this.stopping = false;
    try {
      if (message.type === 'encode') await this.encode(message);
      else await this.refine(message.seconds);
    } catch (error) {
      if (error instanceof EncodingStopped) say({ type: 'cancelled' });
      else say({ type: 'refused', sentence: error instanceof Error ? error.message : String(error) });
    } finally {
      this.busy = false;
    }
  }

  private async encode(task: Extract<ToEncoder<Source>, { type: 'encode' }>): Promise<void> {
    const { place } = this;
    await this.held?.encoder.dispose();
    this.held = undefined;
    place.configure(task.runtimeUrl);
    const core = Core.fromModule(task.core);
    const encoder = await SoundEncoder.open(core, await place.readModel(task.source), place.runtime);
    const { samples, name, refineSeconds } = task;
    try {
      const sound = await encoder.encode(samples, { name, refineSeconds, ...this.watch() });
      this.held = { encoder, core, samples, sound };
      this.tell(this.held);
    } finally {
      if (!this.held) await encoder.dispose();
    }
  }

  private async refine(seconds: number): Promise<void> {
    const { held } = this;
    if (!held) throw new Error('there is no encoded sound to refine.');
    held.sound = await held.encoder.refine(held.samples, held.sound, { seconds, ...this.watch() });
    this.tell(held);
  }

  private watch(): Pick<Parameters<SoundEncoder['encode']>[1], 'onProgress' | 'stopped'> {
    return {
      onProgress: (stage, share) => this.place.say({ type: 'progress', stage, share }),
      stopped: () => this.stopping,
    };
  }

  private tell({ sound, core }: Held): void {
    this.place.say({
      type: 'encoded',
      sound,
      original: soundPicture(sound.original, PICTURE_WIDTH, core),
      resynthesis: soundPicture(sound.resynthesis, PICTURE_WIDTH, core),
    });
  }
}
