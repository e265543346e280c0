// What the view and its Worker for offline rendering send each other.
import type { ExportFormat, ExportJob, SoundPicture, SoundState } from '../instrument/messages.ts';
import type { ModelFile } from './model-bytes.ts';

/** View -> Worker. */
export type ToOffline =
  /** Before anything else, and again when another model plays. `folder` is the address of the view's files, ending in "/". */
  | { type: 'open'; core: WebAssembly.Module; model: ModelFile; folder: string }
  /** Of several that wait the newest is answered. */
  | { type: 'portrait'; serial: number; state: SoundState; key: number; seconds: number }
  /** Of several that wait the newest is answered. */
  | { type: 'note'; serial: number; state: SoundState; key: number; velocity: number }
  | {
      type: 'export';
      state: SoundState;
      tuning: readonly (number | null)[] | null;
      job: ExportJob;
      format: ExportFormat;
    };

/** Worker -> view. */
export type FromOffline =
  | { type: 'portrait'; serial: number; picture: SoundPicture }
  /** Left and right at the analyser's rate. */
  | { type: 'note'; serial: number; channels: Float32Array<ArrayBuffer>[] }
  /** share 0..1, or -1 where unknown. */
  | { type: 'progress'; text: string; share: number }
  | { type: 'exported'; fileName: string; data: Blob; text: string }
  | { type: 'refused'; sentence: string };
