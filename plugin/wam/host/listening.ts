// A sound file becomes a preset, in a Worker beside all else; what plays goes on. Main thread.
import type { EncodedAnswer, EncodingThread } from '../../analysis/encoding-thread.ts';
import { ANALYSIS_RATE } from '../../analysis/layout.ts';
import type { EncodeStage } from '../../analysis/sound-encoder.ts';
import type { EncodedView, EncodingView } from '../../instrument/messages.ts';
import { openEncodingThread } from '../encoder-thread.ts';
import { readAudio } from '../read-audio.ts';
import type { BundleSource } from '../thread-messages.ts';
import type { Host } from './host.ts';
import type { Models } from './models.ts';

export interface ListeningFiles {
  encodeWorkerUrl: string;
  runtimeUrl: string;
}

/** A refinement that was asked for goes on so long at most, seconds. */
const REFINE_SECONDS = 12;
const STAGES: Record<EncodeStage, EncodingView['stage']> = {
  listening: 'listening',
  encoding: 'encoding',
  refining: 'refining',
  playing: 'encoding',
};

export class Listening {
  /** Holds the sound that was encoded last, so that it can be refined. */
  private thread: EncodingThread<BundleSource> | null = null;
  private answer: EncodedAnswer | null = null;
  private view: EncodingView | null = null;
  private busy = false;

  constructor(
    private readonly host: Host,
    private readonly models: Models,
    private readonly files: ListeningFiles,
  ) {}

  greet(): void {
    this.host.emit({ type: 'encoding', encoding: this.view });
  }

  async encode(fileName: string, bytes: ArrayBuffer): Promise<void> {
    const { source } = this.models;
    const { voice } = this.host;
    if (this.busy) {
      const text = `Another sound is being listened to; drop ${fileName} again when it is there.`;
      this.host.say('encode', 'information', text);
      return;
    }
    if (!source || !voice) {
      const text = 'There is no model yet to make a sound with; wait for it, then drop the file again.';
      this.host.say('encode', 'error', text);
      return;
    }
    this.answer = null;
    this.show({ fileName, stage: 'listening', progress: -1, sentence: '', result: null });
    const name = fileName.replace(/\.[^.]*$/, '').slice(0, 200) || 'New sound';
    const { runtimeUrl } = this.files;
    await this.run(fileName, async () => {
      const samples = await readAudio(bytes, fileName);
      this.thread ??= openEncodingThread(this.files.encodeWorkerUrl, (stage, share) => this.progress(stage, share));
      return this.thread.encode({ core: voice.core, source, runtimeUrl, name, samples, refineSeconds: 0 });
    });
  }

  async refine(): Promise<void> {
    const { thread, view } = this;
    if (this.busy || !thread || !this.answer || !view) return;
    this.show({ ...view, stage: 'refining', progress: 0, sentence: '' });
    await this.run(view.fileName, () => thread.refine(REFINE_SECONDS));
  }

  cancel(): void {
    if (this.busy) this.thread?.cancel();
  }

  /** What can be auditioned of the sound that was encoded last; null before there is any. */
  take(take: 'original' | 'resynthesis'): { samples: Float32Array; sampleRate: number } | null {
    return this.answer && { samples: this.answer.sound[take], sampleRate: ANALYSIS_RATE };
  }

  private async run(fileName: string, work: () => Promise<EncodedAnswer | null>): Promise<void> {
    this.busy = true;
    try {
      const answer = await work();
      if (answer) this.answer = answer;
      const result = this.answer && viewOf(this.answer);
      this.show({ fileName, stage: answer ? 'done' : 'cancelled', progress: 1, sentence: '', result });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // What reading the file has to say names it already.
      const sentence = why.startsWith(fileName) ? why : `${fileName} could not be made a sound: ${why}`;
      this.thread?.close();
      this.thread = null;
      this.show({ fileName, stage: 'failed', progress: 1, sentence, result: this.answer && viewOf(this.answer) });
      this.host.say('encode', 'error', sentence);
    } finally {
      this.busy = false;
    }
  }

  private progress(stage: EncodeStage, progress: number): void {
    if (!this.view || !this.busy) return;
    // While a refinement compares, it is still the refinement.
    const kept = stage === 'playing' && this.view.stage === 'refining' ? 'refining' : STAGES[stage];
    this.show({ ...this.view, stage: kept, progress });
  }

  private show(view: EncodingView): void {
    this.view = view;
    this.greet();
  }
}

function viewOf({ sound, original, resynthesis }: EncodedAnswer): EncodedView {
  const { preset, pitch, score, refined, refinable, warnings } = sound;
  return { preset, pitch, score, refined: refined !== null, refinable, warnings, original, resynthesis };
}
