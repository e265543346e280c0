// The other end of an encoding Worker: a sound goes in, the encoded sound comes back, and can be refined. For a page or a view.
import type { FromEncoder, ToEncoder } from './encode-messages.ts';
import type { EncodeStage } from './sound-encoder.ts';

export type EncodedAnswer = Extract<FromEncoder, { type: 'encoded' }>;
export type EncodeTask<Source> = Omit<Extract<ToEncoder<Source>, { type: 'encode' }>, 'type'>;

/** Holds one Worker, which holds one sound. */
export class EncodingThread<Source> {
  private readonly worker: Worker;
  private waiting: { resolve(answer: EncodedAnswer | null): void; reject(error: Error): void } | undefined;
  private readonly onProgress: (stage: EncodeStage, share: number) => void;

  /** `worker` runs an EncodeService; it belongs to the thread from now on. */
  constructor(worker: Worker, onProgress: (stage: EncodeStage, share: number) => void) {
    this.worker = worker;
    this.onProgress = onProgress;
    worker.onmessage = ({ data }: MessageEvent<FromEncoder>) => this.take(data);
    worker.onerror = () => {
      this.waiting?.reject(new Error('the encoder stopped; reload to try again.'));
      this.waiting = undefined;
    };
  }

  /** `task.samples` goes to the Worker and is empty afterwards. null where it was cancelled. @throws Error with a sentence without the file's name */
  encode(task: EncodeTask<Source>): Promise<EncodedAnswer | null> {
    return this.ask({ type: 'encode', ...task }, [task.samples.buffer]);
  }

  /** Goes on from what was encoded. @throws Error with a sentence */
  refine(seconds: number): Promise<EncodedAnswer | null> {
    return this.ask({ type: 'refine', seconds });
  }

  cancel(): void {
    this.worker.postMessage({ type: 'cancel' } satisfies ToEncoder<Source>);
  }

  /** Ends the Worker; what was asked is answered by null. */
  close(): void {
    this.worker.terminate();
    this.waiting?.resolve(null);
    this.waiting = undefined;
  }

  private ask(message: ToEncoder<Source>, transfer: Transferable[] = []): Promise<EncodedAnswer | null> {
    return new Promise((resolve, reject) => {
      this.waiting?.resolve(null);
      this.waiting = { resolve, reject };
      this.worker.postMessage(message, transfer);
    });
  }

  private take(message: FromEncoder): void {
    if (message.type === 'progress') {
      this.onProgress(message.stage, message.share);
      return;
    }
    const { waiting } = this;
    this.waiting = undefined;
    if (message.type === 'encoded') waiting?.resolve(message);
    else if (message.type === 'cancelled') waiting?.resolve(null);
    else waiting?.reject(new Error(message.sentence));
  }
}
