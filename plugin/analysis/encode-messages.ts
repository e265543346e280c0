// What a page or a view and its encoding Worker say to each other. One Worker holds one sound: it encodes it, and refines it as often as asked.
import type { SoundPicture } from '../instrument/messages.ts';
import type { EncodedSound, EncodeStage } from './sound-encoder.ts';

/** `Source` says where the model's bundle comes from, in the words of the shell. */
export type ToEncoder<Source> =
  | {
      type: 'encode';
      core: WebAssembly.Module;
      source: Source;
      /** The folder of ONNX Runtime's files, ending in "/". */
      runtimeUrl: string;
      /** Name of the preset to be. */
      name: string;
      /** One channel at ANALYSIS_RATE. */
      samples: Float32Array;
      /** Refine at once for at most so many seconds; 0: not at all. */
      refineSeconds: number;
    }
  /** Goes on from what was encoded, for at most so many seconds. */
  | { type: 'refine'; seconds: number }
  /** Ends what is under way: an encoding answers `cancelled`, a refinement keeps what it has reached. */
  | { type: 'cancel' };

export type FromEncoder =
  /** share 0..1, or -1 where unknown. */
  | { type: 'progress'; stage: EncodeStage; share: number }
  /** After encoding and after every refinement. */
  | { type: 'encoded'; sound: EncodedSound; original: SoundPicture; resynthesis: SoundPicture }
  | { type: 'cancelled' }
  /** The reason, a sentence without the name of the file. */
  | { type: 'refused'; sentence: string };
