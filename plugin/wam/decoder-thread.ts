// The main thread's handle on the decoder Worker: started first of all, since opening ONNX Runtime takes longest, and started again where it ends or
// answers no more. What it had loaded is loaded anew; the audio thread asks again for what it misses.
import { startWorker } from './start-worker.ts';
import type { BundleSource, FromWorker, LinkEnd, Slot, ToWorker } from './thread-messages.ts';

/** The Worker is asked for a sign of life this often, and given up after so many questions without an answer. */
const PING_MS = 2000;
const PATIENCE = 4;
/** Started anew at most so often within RESTART_SPAN_MS; then something is wrong that starting does not mend. */
const RESTARTS = 3;
const RESTART_SPAN_MS = 60_000;

export class DecoderThread {
  /** Joins a new Worker to the audio thread; set by whoever owns the way between them. */
  onRestart: () => void = () => {};
  private worker: Worker;
  /** What each slot plays, and what is being loaded into one. */
  private readonly playing = new Map<Slot, BundleSource>();
  private pending: { slot: Slot; source: BundleSource } | null = null;
  /** Slots that a new Worker loads once more; nobody else hears of it. */
  private readonly reloading = new Set<Slot>();
  private unanswered = 0;
  private restarts: number[] = [];
  private ended = false;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly workerUrl: string,
    /** The folder of ONNX Runtime's files, ending in "/". */
    private readonly runtimeUrl: string,
    private readonly listener: (message: FromWorker) => void,
  ) {
    this.worker = this.start();
    this.timer = setInterval(() => this.ping(), PING_MS);
  }

  load(slot: Slot, source: BundleSource): void {
    this.pending = { slot, source };
    this.ask({ type: 'load', slot, source, runtimeUrl: this.runtimeUrl });
  }

  /** Joins it to the audio thread; a port moves there. */
  link(link: LinkEnd): void {
    this.ask({ type: 'link', link }, link.way === 'messages' ? [link.port] : []);
  }

  end(): void {
    this.ended = true;
    clearInterval(this.timer);
    this.worker.terminate();
  }

  private start(): Worker {
    const worker = startWorker(this.workerUrl, 'decoder');
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.take(data);
    worker.onerror = () => this.restart();
    this.unanswered = 0;
    return worker;
  }

  private take(message: FromWorker): void {
    this.unanswered = 0;
    switch (message.type) {
      case 'alive':
        return;
      case 'failed':
        this.restart();
        return;
      case 'loaded':
        if (this.reloading.delete(message.slot)) return;
        if (this.pending) this.playing.set(message.slot, this.pending.source);
        this.pending = null;
        break;
      case 'progress':
        if (this.reloading.size > 0) return;
        break;
      case 'refused':
        this.reloading.clear();
        this.pending = null;
    }
    this.listener(message);
  }

  /** Only a Worker that has opened a model is watched: opening the first may keep a slow machine busy for long. */
  private ping(): void {
    if (this.playing.size === 0 || this.pending || this.reloading.size > 0) return;
    if (this.unanswered++ >= PATIENCE) this.restart();
    else this.ask({ type: 'ping' });
  }

  private restart(): void {
    if (this.ended) return;
    this.worker.terminate();
    const now = performance.now();
    this.restarts = [...this.restarts.filter((at) => now - at < RESTART_SPAN_MS), now];
    const { pending } = this;
    this.pending = null;
    if (this.restarts.length > RESTARTS || (this.playing.size === 0 && this.restarts.length > 1)) {
      this.end();
      this.listener({ type: 'failed', sentence: 'The decoder could not be started; reload the page to try again.' });
      return;
    }
    this.worker = this.start();
    this.onRestart();
    for (const [slot, source] of this.playing) {
      this.reloading.add(slot);
      this.ask({ type: 'load', slot, source, runtimeUrl: this.runtimeUrl });
    }
    if (this.playing.size === 0 && pending) {
      this.load(pending.slot, pending.source);
      return;
    }
    const lost = pending ? ' The model that was being loaded is not there; load it again.' : '';
    this.listener({
      type: 'failed',
      sentence: `The decoder stopped and was started again; the sound comes back.${lost}`,
    });
  }

  private ask(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
