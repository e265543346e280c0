// Exports of the present sound: files made in a Worker beside all else, one at a time, and links. Main thread.
import { writePresetLink } from '../../export/preset-link.ts';
import type { ExportFormat, ExportJob } from '../../instrument/messages.ts';
import { PresetError } from '../../instrument/preset.ts';
import { startWorker } from '../start-worker.ts';
import type { ExportTask, FromExporter } from '../thread-messages.ts';
import type { Host } from './host.ts';
import type { Models } from './models.ts';
import type { Sounds } from './sounds.ts';

export interface ExportingFiles {
  exportWorkerUrl: string;
  runtimeUrl: string;
  /** Address of the page that opens links, without a fragment; null where there is none. */
  pageUrl: string | null;
}

export class Exporting {
  private worker: Worker | null = null;

  constructor(
    private readonly host: Host,
    private readonly models: Models,
    private readonly sounds: Sounds,
    private readonly files: ExportingFiles,
  ) {}

  /** Begins an export; `export` and `exported` messages tell of it. */
  begin(job: ExportJob, format: ExportFormat): void {
    const { voice } = this.host;
    const { source } = this.models;
    const session = this.sounds.session();
    const state = this.sounds.state();
    if (this.worker) {
      this.host.say('export', 'information', 'Another export is being made; wait for it or cancel it.');
      return;
    }
    if (!voice || !source || !state) {
      this.host.say('export', 'error', 'There is no sound to export yet; wait for the model, or load one.');
      return;
    }
    const worker = startWorker(this.files.exportWorkerUrl, 'exporter');
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromExporter>) => this.take(data);
    worker.onerror = () => this.take({ type: 'refused', sentence: 'The export could not be made; try again.' });
    const { runtimeUrl } = this.files;
    const tuning = session?.tuning?.notes ?? null;
    const task: ExportTask = { core: voice.core, source, runtimeUrl, state, tuning, job, format };
    worker.postMessage(task, job.kind === 'midi' ? [job.bytes] : []);
  }

  cancel(): void {
    if (!this.worker) return;
    this.end();
    this.host.emit({ type: 'export', stage: 'cancelled', text: 'The export was cancelled.', progress: 1 });
  }

  /** Answers with the address that holds the present sound. @throws PresetError before there is a sound, or where no page opens links */
  link(name: string): void {
    const { pageUrl } = this.files;
    if (pageUrl === null) {
      throw new PresetError("Links are made by the instrument's own page; here, save the preset as a file.");
    }
    this.host.emit({ type: 'link', url: pageUrl + writePresetLink(this.sounds.capture(name)) });
  }

  private take(message: FromExporter): void {
    switch (message.type) {
      case 'progress':
        this.host.emit({ type: 'export', stage: 'working', text: message.text, progress: message.progress });
        return;
      case 'exported':
        this.end();
        this.host.emit({ type: 'exported', fileName: message.fileName, data: message.data });
        this.host.emit({ type: 'export', stage: 'done', text: message.text, progress: 1 });
        return;
      case 'refused':
        this.end();
        this.host.emit({ type: 'export', stage: 'failed', text: message.sentence, progress: 1 });
    }
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}
