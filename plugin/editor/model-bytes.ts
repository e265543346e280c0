// The bundle of the model that plays and the runtime for its graphs, as the native side holds them: fetched part by part when something in the view first
// wants them.
import type { FromView, NativeBytes, ToView } from './view-messages.ts';

export interface ModelFile {
  fileName: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** ONNX Runtime Web's code, packed by gzip. */
  runtime: ArrayBuffer;
}

/** What is on its way, and who waits for it. */
interface Coming {
  /** Null before the first part has said how long it is. */
  bytes: Uint8Array<ArrayBuffer> | null;
  at: number;
  done(bytes: Uint8Array<ArrayBuffer>): void;
}

export class ModelBytes {
  private file: Promise<ModelFile> | null = null;
  private runtime: Promise<Uint8Array<ArrayBuffer>> | null = null;
  private readonly coming = new Map<NativeBytes, Coming>();

  constructor(private readonly tell: (message: FromView) => void) {}

  /** The same promise until another model comes. @throws Error with a sentence where none plays */
  get(): Promise<ModelFile> {
    this.file ??= this.fetch();
    return this.file;
  }

  /** Takes a part and asks for the next; one that nobody waits for any longer is let go. */
  receive({ of, from, total, bytes }: Extract<ToView, { type: 'bytes' }>): void {
    const coming = this.coming.get(of);
    if (!coming || from !== coming.at) return;
    if (coming.bytes?.length !== total) coming.bytes = new Uint8Array(total);
    coming.bytes.set(new Uint8Array(bytes), from);
    coming.at += bytes.byteLength;
    if (coming.at < total) {
      this.tell({ type: 'bytes', of, from: coming.at });
      return;
    }
    this.coming.delete(of);
    coming.done(coming.bytes);
  }

  /** Another model plays: who still waits for the one before gets the new one. */
  forget(): void {
    const model = this.coming.get('model');
    if (!model) {
      this.file = null;
      return;
    }
    model.bytes = null;
    model.at = 0;
    this.tell({ type: 'bytes', of: 'model', from: 0 });
  }

  private async fetch(): Promise<ModelFile> {
    const bytes = await this.ask('model');
    if (bytes.length === 0) throw new Error('there is no model; load one first.');
    this.runtime ??= this.ask('runtime');
    return { fileName: 'the model that plays', bytes, runtime: (await this.runtime).buffer };
  }

  private ask(of: NativeBytes): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((done) => {
      this.coming.set(of, { bytes: null, at: 0, done });
      this.tell({ type: 'bytes', of, from: 0 });
    });
  }
}
