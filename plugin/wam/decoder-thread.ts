// The main thread's handle on the decoder Worker: started first of all, since opening ONNX Runtime takes longest.
import type { BundleSource, FromWorker, LinkEnd, Slot, ToWorker } from './thread-messages.ts';

export class DecoderThread {
  private readonly worker: Worker;

  constructor(
    workerUrl: string,
    /** The folder of ONNX Runtime's files, ending in "/". */
    private readonly runtimeUrl: string,
    listener: (message: FromWorker) => void,
  ) {
    this.worker = new Worker(workerUrl, { type: 'module', name: 'decoder' });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => listener(data);
    this.worker.onerror = () =>
      listener({ type: 'failed', sentence: 'The decoder could not be started; reload the page to try again.' });
  }

  load(slot: Slot, source: BundleSource): void {
    this.ask({ type: 'load', slot, source, runtimeUrl: this.runtimeUrl });
  }

  /** Joins it to the audio thread; a port moves there. */
  link(link: LinkEnd): void {
    this.ask({ type: 'link', link }, link.way === 'messages' ? [link.port] : []);
  }

  end(): void {
    this.worker.terminate();
  }

  private ask(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
