// The bundle of the model that plays and the runtime for its graphs, as the native side holds them: fetched when something in the view first wants them.
import type { FromView, ToView } from './view-messages.ts';

export interface ModelFile {
  fileName: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** ONNX Runtime Web's code, packed by gzip. */
  runtime: ArrayBuffer;
}

export class ModelBytes {
  private file: Promise<ModelFile> | null = null;
  private answer: ((word: Extract<ToView, { type: 'bundle' }>) => void) | null = null;

  constructor(private readonly tell: (message: FromView) => void) {}

  /** The same promise until another model comes. @throws Error with a sentence where none plays */
  get(): Promise<ModelFile> {
    this.file ??= new Promise<ModelFile>((resolve, reject) => {
      this.answer = ({ bytes, runtime }) => {
        if (bytes.byteLength > 0) resolve({ fileName: 'the model that plays', bytes: new Uint8Array(bytes), runtime });
        else reject(new Error('there is no model; load one first.'));
      };
      this.tell({ type: 'bundle' });
    });
    return this.file;
  }

  receive(word: Extract<ToView, { type: 'bundle' }>): void {
    this.answer?.(word);
    this.answer = null;
  }

  /** Another model plays. */
  forget(): void {
    this.file = null;
  }
}
