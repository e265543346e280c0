// What the main thread, the audio thread and the decoder Worker send each other, beside the messages of the WAM SDK.
import type { CoreModel } from '../engine/core.ts';
import type { RingLinkMemory } from '../engine/ring-link.ts';
import type { Corner, ExportFormat, ExportJob, MapPointView, SoundState } from '../instrument/messages.ts';
import type { ModelIdentity, Preset } from '../instrument/preset.ts';

/** A model's place in core and Worker: the new one enters the slot that is not playing. */
export type Slot = 0 | 1;

/** Where rows and frames travel: shared memory, or a port that leads straight to the other thread. */
export type LinkEnd = { way: 'ring'; memory: RingLinkMemory } | { way: 'messages'; port: MessagePort };

/** What the processor needs from its first moment. */
export interface ProcessorSetup {
  core: WebAssembly.Module;
}

/** Main -> audio thread. */
export type ToProcessor =
  | { timbrefold: 'link'; link: LinkEnd }
  | { timbrefold: 'model'; slot: Slot; model: CoreModel }
  | { timbrefold: 'sound'; latent: number[]; x: number; y: number }
  | { timbrefold: 'corner'; corner: Corner; latent: number[] }
  /** [x0, y0, x1, y1, ...], each 0..1; empty for none. */
  | { timbrefold: 'path'; path: readonly number[] }
  /** 128 fractional MIDI notes, or null for the usual tuning. */
  | { timbrefold: 'tuning'; notes: readonly (number | null)[] | null }
  /** Samples to be heard beside the voices, from now on and instead of those before; null for none. */
  | { timbrefold: 'beside'; left: Float32Array | null; right: Float32Array | null };

/** Audio thread -> main: [peak left, peak right, underruns, active voices, MAX_VOICES x VOICE_REPORT]. */
export const METER = { peakLeft: 0, peakRight: 1, underruns: 2, activeVoices: 3, report: 4 } as const;

export type FromProcessor = { meters: Float32Array };

/** Everything the main thread keeps of a model; the graphs stay in the Worker. */
export interface LoadedModel {
  identity: ModelIdentity & { name: string; latentDim: number };
  family: string;
  version: string;
  licence: string;
  /** First paragraph of the card. */
  summary: string;
  macros: { label: string; description: string }[];
  points: MapPointView[];
  presets: Preset[];
  core: CoreModel;
}

/** Where a bundle comes from. */
export type BundleSource = { url: string } | { fileName: string; blob: Blob };

/** Main -> Worker. */
export type ToWorker =
  | { type: 'link'; link: LinkEnd }
  /** `runtimeUrl` is the folder of ONNX Runtime's files, ending in "/". */
  | { type: 'load'; slot: Slot; source: BundleSource; runtimeUrl: string }
  /** Asks for a sign of life: `alive`. */
  | { type: 'ping' };

/** Worker -> main. */
export type FromWorker =
  /** progress 0..1, -1 where unknown. */
  | { type: 'progress'; text: string; progress: number }
  | { type: 'loaded'; slot: Slot; model: LoadedModel }
  | { type: 'refused'; sentence: string }
  /** Share of the time since the last such message that the decoder worked, and rows it has still to answer. */
  | { type: 'work'; share: number; waiting: number }
  | { type: 'failed'; sentence: string }
  | { type: 'alive' };

/** Main -> exporting Worker; it ends with its file, or is ended. */
export interface ExportTask {
  core: WebAssembly.Module;
  source: BundleSource;
  runtimeUrl: string;
  state: SoundState;
  tuning: readonly (number | null)[] | null;
  job: ExportJob;
  format: ExportFormat;
}

/** Exporting Worker -> main. */
export type FromExporter =
  | { type: 'progress'; text: string; progress: number }
  | { type: 'exported'; fileName: string; data: Blob; text: string }
  | { type: 'refused'; sentence: string };
