// The making of a sound from a file as a face sees it: one file at a time in an encoding Worker, with its progress, its result and its refinement; what plays goes
// on. Main thread of a page or a view.
import type { EncodedView, EncodingView, HostMessage, UiRequest } from '../instrument/messages.ts';
import type { EncodedAnswer, EncodeTask, EncodingThread } from './encoding-thread.ts';
import type { EncodeStage } from './sound-encoder.ts';

/** What it works with: the place's own, or pretended ones in tests. `Source` says where the model's bundle comes from, in the words of the shell. */
export interface ListeningTools<Source> {
  /** @throws Error with a sentence where no model plays */
  place(): Promise<Pick<EncodeTask<Source>, 'core' | 'source' | 'runtimeUrl'>>;
  /** One channel at ANALYSIS_RATE. @throws RangeError with a sentence that names the file */
  readAudio(bytes: ArrayBuffer, fileName: string): Promise<Float32Array<ArrayBuffer>>;
  openThread(
    onProgress: (stage: EncodeStage, share: number) => void,
  ): Pick<EncodingThread<Source>, 'encode' | 'refine' | 'cancel' | 'close'>;
}

/** A refinement that was asked for goes on so long at most, seconds. */
const REFINE_SECONDS = 12;
const STAGES: Record<EncodeStage, EncodingView['stage']> = {
  listening: 'listening',
  encoding: 'encoding',
  refining: 'refining',
  playing: 'encoding',
};

export class Listening<Source> {
  /** Holds the sound that was encoded last, so that it can be refined. */
  private thread: ReturnType<ListeningTools<Source>['openThread']> | null = null;
  private answer: EncodedAnswer | null = null;
  private view: EncodingView | null = null;
  private busy = false;

  constructor(
    private readonly emit: (message: HostMessage) => void,
    private readonly tools: ListeningTools<Source>,
  ) {}

  /** Tells a face where it stands. */
  greet(): void {
    this.emit({ type: 'encoding', encoding: this.view });
  }

  /** True where `request` was about sounds from files. */
  take(request: UiRequest): boolean {
    if (request.type === 'encodeAudio') void this.encode(request.fileName, request.bytes);
    else if (request.type === 'refineSound') void this.refine();
    else if (request.type === 'cancelEncoding') {
      if (this.busy) this.thread?.cancel();
    } else return false;
    return true;
  }

  /** What can be auditioned of the sound that was encoded last, at ANALYSIS_RATE; null before there is any. */
  heard(take: 'original' | 'resynthesis'): Float32Array<ArrayBuffer> | null {
    return this.answer?.sound[take] ?? null;
  }

  private async encode(fileName: string, bytes: ArrayBuffer): Promise<void> {
    if (this.busy) {
      const text = `Another sound is being listened to; drop ${fileName} again when it is there.`;
      this.emit({ type: 'notice', id: 'encode', tone: 'information', text });
      return;
    }
    this.answer = null;
    this.show({ fileName, stage: 'listening', progress: -1, sentence: '', result: null });
    const name = fileName.replace(/\.[^.]*$/, '').slice(0, 200) || 'New sound';
    await this.run(fileName, async () => {
      const [place, samples] = await Promise.all([this.tools.place(), this.tools.readAudio(bytes, fileName)]);
      this.thread ??= this.tools.openThread((stage, share) => this.progress(stage, share));
      return this.thread.encode({ ...place, name, samples, refineSeconds: 0 });
    });
  }

  private async refine(): Promise<void> {
    const { thread, view } = this;
    if (this.busy || !thread || !this.answer || !view) return;
    this.show({ ...view, stage: 'refining', progress: 0, sentence: '' });
    await this.run(view.fileName, () => thread.refine(REFINE_SECONDS));
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
      this.emit({ type: 'notice', id: 'encode', tone: 'error', text: sentence });
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
