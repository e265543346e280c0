// Pictures and exports of the present sound, rendered in Workers of the view: the instrument itself plays on.
import { auditionState, portraitState } from '../export/beside.ts';
import type { ExportFormat, ExportJob, HostMessage, UiRequest } from '../instrument/messages.ts';
import type { ModelFile } from './model-bytes.ts';
import type { FromOffline, ToOffline } from './offline-messages.ts';
import type { SoundMirror } from './sound-mirror.ts';

export interface OfflineTools {
  core(): Promise<WebAssembly.Module>;
  model(): Promise<ModelFile>;
  openWorker(): Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;
  /** Address of the view's files, ending in "/". */
  folder: string;
}

type OfflineWorker = ReturnType<OfflineTools['openWorker']>;

export class Offline {
  /** Stays, for pictures. */
  private painter: OfflineWorker | null = null;
  /** Lives as long as its export; to cancel, it is ended. */
  private exporter: OfflineWorker | null = null;
  private serial = 0;
  private key = 0;
  private noteSerial = 0;
  private awaitedNote: ((channels: Float32Array<ArrayBuffer>[] | null) => void) | null = null;

  constructor(
    private readonly emit: (message: HostMessage) => void,
    private readonly mirror: SoundMirror,
    private readonly tools: OfflineTools,
  ) {}

  /** True where `request` was about pictures or exports. */
  take(request: UiRequest): boolean {
    if (request.type === 'portrait') void this.draw(request.key);
    else if (request.type === 'export') void this.make(request.job, request.format);
    else if (request.type === 'cancelExport') this.cancel();
    else if (request.type === 'presetLink') {
      this.notice("Links are made by Timbrefold's page in a browser; here, save the preset as a file.");
    } else return false;
    return true;
  }

  /** Another model plays: the next picture opens it. */
  forgetModel(): void {
    this.painter?.terminate();
    this.painter = null;
    this.answerNote(null);
  }

  /** A latent played as a note; null where another wish came, or there is no sound. */
  async note({ latent, key, velocity }: { latent: readonly number[]; key: number; velocity: number }) {
    const state = this.mirror.state();
    if (!state) return null;
    const worker = this.painter ?? (await this.open((message) => this.paint(message)));
    this.painter = worker;
    this.answerNote(null);
    return new Promise<Float32Array<ArrayBuffer>[] | null>((resolve) => {
      this.awaitedNote = resolve;
      const serial = ++this.noteSerial;
      post(worker, { type: 'note', serial, state: auditionState(state, latent), key, velocity });
    });
  }

  private answerNote(channels: Float32Array<ArrayBuffer>[] | null): void {
    this.awaitedNote?.(channels);
    this.awaitedNote = null;
  }

  private async draw(key: number): Promise<void> {
    const state = this.mirror.state();
    const seconds = this.mirror.model?.maxSeconds;
    if (!state || !seconds) return;
    const serial = ++this.serial;
    this.key = key;
    try {
      const worker = this.painter ?? (await this.open((message) => this.paint(message)));
      this.painter = worker;
      post(worker, { type: 'portrait', serial, state: portraitState(state), key, seconds });
    } catch {
      // Without a model there is nothing to draw, and the UI shows that already.
    }
  }

  private paint(message: FromOffline): void {
    if (message.type === 'portrait' && message.serial === this.serial)
      this.emit({ type: 'portrait', key: this.key, picture: message.picture });
    else if (message.type === 'note' && message.serial === this.noteSerial) this.answerNote(message.channels);
    else if (message.type === 'refused') {
      this.answerNote(null);
      this.notice(`The note could not be rendered: ${message.sentence}`);
    }
  }

  private async make(job: ExportJob, format: ExportFormat): Promise<void> {
    if (this.exporter) {
      this.notice('Another export is being made; wait for it or cancel it.');
      return;
    }
    const state = this.mirror.state();
    if (!state) {
      this.notice('There is no sound to export yet; wait for the model, or load one.');
      return;
    }
    this.say('working', 'Preparing the export', -1);
    try {
      this.exporter = await this.open((message) => this.hear(message));
      post(this.exporter, { type: 'export', state, tuning: this.mirror.tuning?.notes ?? null, job, format });
    } catch (error) {
      this.hear({ type: 'refused', sentence: error instanceof Error ? error.message : String(error) });
    }
  }

  private hear(message: FromOffline): void {
    if (message.type === 'progress') this.say('working', message.text, message.share);
    else if (message.type === 'exported') {
      this.end();
      this.emit({ type: 'exported', fileName: message.fileName, data: message.data });
      this.say('done', message.text, 1);
    } else if (message.type === 'refused') {
      this.end();
      this.say('failed', `The export failed: ${message.sentence}`, 1);
    }
  }

  private cancel(): void {
    if (!this.exporter) return;
    this.end();
    this.say('cancelled', 'The export was cancelled.', 1);
  }

  private async open(hear: (message: FromOffline) => void): Promise<OfflineWorker> {
    const { tools } = this;
    const [core, model] = await Promise.all([tools.core(), tools.model()]);
    const worker = tools.openWorker();
    worker.onmessage = ({ data }: MessageEvent<FromOffline>) => hear(data);
    worker.onerror = () => hear({ type: 'refused', sentence: 'The Worker could not be started.' });
    post(worker, { type: 'open', core, model, folder: tools.folder });
    return worker;
  }

  private end(): void {
    this.exporter?.terminate();
    this.exporter = null;
  }

  private say(stage: Extract<HostMessage, { type: 'export' }>['stage'], text: string, progress: number): void {
    this.emit({ type: 'export', stage, text, progress });
  }

  private notice(text: string): void {
    this.emit({ type: 'notice', id: 'export', tone: 'information', text });
  }
}

const post = (worker: OfflineWorker, message: ToOffline): void => worker.postMessage(message);
