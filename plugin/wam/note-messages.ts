// What the main thread and the Worker that plays notes beside the instrument send each other.
import type { SoundPicture, SoundState } from '../instrument/messages.ts';
import type { BundleSource } from './thread-messages.ts';

/** Main -> Worker. Of several wishes of one type that wait, the Worker answers the newest. */
export type ToNotes =
  | { type: 'open'; core: WebAssembly.Module; source: BundleSource; runtimeUrl: string }
  | {
      type: 'note';
      serial: number;
      state: SoundState;
      key: number;
      /** 0..1. */
      velocity: number;
      sampleRate: number;
    }
  | {
      type: 'portrait';
      serial: number;
      state: SoundState;
      key: number;
      seconds: number;
    };

/** Worker -> main. */
export type FromNotes =
  | { type: 'note'; serial: number; left: Float32Array; right: Float32Array }
  | { type: 'portrait'; serial: number; picture: SoundPicture }
  | { type: 'refused'; sentence: string };
