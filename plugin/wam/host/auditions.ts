// Notes played beside the instrument: a sound of the map, a preset, a take of the encoded sound; and the picture of the present sound's note. Main thread.
import { ANALYSIS_RATE } from '../../analysis/layout.ts';
import type { Listening } from '../../analysis/listening.ts';
import { auditionState, portraitState } from '../../export/beside.ts';
import type { Audition } from '../../instrument/messages.ts';
import type { FromNotes, ToNotes } from '../note-messages.ts';
import { startWorker } from '../start-worker.ts';
import type { BundleSource } from '../thread-messages.ts';
import type { Host } from './host.ts';
import type { Models } from './models.ts';
import type { Sounds } from './sounds.ts';

export interface AuditionFiles {
  noteWorkerUrl: string;
  runtimeUrl: string;
}

export class Auditions {
  private worker: Worker | null = null;
  /** The model that the Worker has open. */
  private opened: unknown = null;
  /** Number of the newest note and of the newest portrait; older answers are no longer wanted. */
  private note = 0;
  private portrait = 0;
  private portraitKey = 0;

  constructor(
    private readonly host: Host,
    private readonly models: Models,
    private readonly sounds: Sounds,
    private readonly listening: Pick<Listening<BundleSource>, 'heard'>,
    private readonly files: AuditionFiles,
  ) {}

  play(audition: Audition): void {
    const { voice } = this.host;
    if (!voice) return;
    this.note++;
    if ('take' in audition) {
      const take = this.listening.heard(audition.take);
      if (!take) return;
      const samples = resampled(take, ANALYSIS_RATE, voice.node.context.sampleRate);
      voice.node.playBeside(samples, samples);
      return;
    }
    const state = this.sounds.state();
    if (!state) return;
    const { latent, key, velocity } = audition;
    const { sampleRate } = voice.node.context;
    this.ask({ type: 'note', serial: this.note, state: auditionState(state, latent), key, velocity, sampleRate });
  }

  end(): void {
    this.note++;
    this.host.voice?.node.playBeside(null, null);
  }

  /** Draws the note of the present sound; only the newest wish is answered. */
  draw(key: number): void {
    const state = this.sounds.state();
    const seconds = this.models.model?.core.maxSeconds;
    if (!state || !seconds) return;
    this.portraitKey = key;
    const serial = ++this.portrait;
    this.ask({ type: 'portrait', serial, state: portraitState(state), key, seconds });
  }

  private ask(message: Extract<ToNotes, { type: 'note' | 'portrait' }>): void {
    const { source } = this.models;
    const { voice } = this.host;
    if (!source || !voice) return;
    if (!this.worker) {
      this.worker = startWorker(this.files.noteWorkerUrl, 'notes');
      this.worker.onmessage = ({ data }: MessageEvent<FromNotes>) => this.take(data);
      this.worker.onerror = () => this.forget();
      this.opened = null;
    }
    if (this.opened !== source) {
      this.opened = source;
      this.tell({ type: 'open', core: voice.core, source, runtimeUrl: this.files.runtimeUrl });
    }
    this.tell(message);
  }

  private tell(message: ToNotes): void {
    this.worker?.postMessage(message);
  }

  private take(message: FromNotes): void {
    if (message.type === 'note' && message.serial === this.note) {
      this.host.voice?.node.playBeside(message.left, message.right);
    } else if (message.type === 'portrait' && message.serial === this.portrait) {
      this.host.emit({ type: 'portrait', key: this.portraitKey, picture: message.picture });
    } else if (message.type === 'refused') {
      this.host.say('audition', 'error', message.sentence);
      this.forget();
    }
  }

  /** The next wish starts a Worker anew. */
  private forget(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}

/** Straight lines between samples: for listening beside. */
function resampled(samples: Float32Array, from: number, to: number): Float32Array<ArrayBuffer> {
  if (from === to) return Float32Array.from(samples);
  const out = new Float32Array(Math.floor((samples.length * to) / from));
  for (let n = 0; n < out.length; n++) {
    const at = (n * from) / to;
    const left = Math.floor(at);
    const next = samples[left + 1] ?? samples[left];
    out[n] = samples[left] + (at - left) * (next - samples[left]);
  }
  return out;
}
