// What the UI and its host say to each other. Transport-neutral: the same in a page, a WAM host, a native web view and tests.
// The UI asks, the host decides, and the host's state is echoed back; a UI shows only what was echoed.
import type { Preset } from './preset.ts';

/** Corner of the morph pad: A (0,0), B (1,0), C (0,1), D (1,1). */
export type Corner = 0 | 1 | 2 | 3;

/** What stands in a corner of the morph pad. */
export interface CornerSound {
  name: string;
  /** latentDim numbers. */
  latent: number[];
}

/** Everything that is heard, exactly: for undo, A/B and a host's session. A preset is what remains when it becomes a file. */
export interface SoundState {
  /** The sound at its home on the map. */
  preset: Preset;
  /** Plain value of every parameter by id, the place on the map among them. */
  values: Record<string, number>;
  /** Four. */
  corners: CornerSound[];
}

// ---- Export --------------------------------------------------------------------------------------------------------

/** Which files are made of the present sound. Keys are MIDI notes 0..127, velocities 0..1, seconds how long each key is held. */
export type ExportJob =
  | { kind: 'note'; key: number; velocity: number; seconds: number }
  /** One octave upwards from `key`. */
  | { kind: 'scale'; scale: 'major' | 'minor' | 'chromatic'; key: number; velocity: number; seconds: number }
  | { kind: 'midi'; fileName: string; bytes: ArrayBuffer }
  /** A zip with an .sfz and its samples: a key every `step` semitones, `layers` velocities. */
  | { kind: 'multisample'; lowKey: number; highKey: number; step: number; layers: number; seconds: number };

export interface ExportFormat {
  /** Hz. */
  sampleRate: 44_100 | 48_000 | 88_200 | 96_000;
  bits: '16' | '24' | '32f';
}

/** Requests about exports; a host answers by `export`, `exported` and `link` below. */
export type ExportRequest =
  | { type: 'export'; job: ExportJob; format: ExportFormat }
  | { type: 'cancelExport' }
  /** Asks for an address that holds the whole present sound. */
  | { type: 'presetLink'; name: string };

/** What a host says about exports. */
export type ExportMessage =
  /** Progress 0..1, or -1 where unknown; one export at a time. `text` is a sentence where it is done, cancelled or failed. */
  | { type: 'export'; stage: 'working' | 'done' | 'cancelled' | 'failed'; text: string; progress: number }
  /** A file for the user to keep; hosts that write files themselves say where in `export` instead. */
  | { type: 'exported'; fileName: string; data: Blob }
  | { type: 'link'; url: string };

// ---- UI -> host ----------------------------------------------------------------------------------------------------

export type UiRequest =
  | ExportRequest
  /** The UI is there: the host answers with everything it knows. */
  | { type: 'hello' }
  /** A hand touches or leaves a control; hosts record automation and undo by it. */
  | { type: 'gesture'; id: string; phase: 'begin' | 'end' }
  /** Plain value of a parameter, inside a gesture or alone. */
  | { type: 'parameter'; id: string; value: number }
  /** velocity 0..1, channel 0..15. */
  | { type: 'noteOn'; key: number; velocity: number; channel: number }
  | { type: 'noteOff'; key: number; velocity: number; channel: number }
  /** value -1..1. */
  | { type: 'bend'; value: number; channel: number }
  /** Channel pressure, 0..1. */
  | { type: 'pressure'; value: number; channel: number }
  /** number 0..127, value 0..1. */
  | { type: 'controller'; number: number; value: number; channel: number }
  | { type: 'panic' }
  /** A preset of the loaded model, by its place in `ModelView.presets`. */
  | { type: 'selectPreset'; index: number }
  /** The text of a preset file. */
  | { type: 'loadPreset'; fileName: string; text: string }
  /** What was heard before (undo, A/B), of the model that is loaded. */
  | { type: 'restore'; state: SoundState }
  /** Asks for the present sound as a file; answered by `file`. */
  | { type: 'savePreset'; name: string }
  /** Puts the sound of a map point, or one that stood there before, into a corner of the morph pad. */
  | { type: 'setCorner'; corner: Corner; sound: CornerSound | { point: number } }
  /** A `.timbre` to load; what plays stays until the new one has proved itself. */
  | { type: 'loadBundle'; fileName: string; bytes: ArrayBuffer }
  /** A sound file to be turned into a preset. */
  | { type: 'encodeAudio'; fileName: string; bytes: ArrayBuffer }
  /** A user's gesture happened: hosts that may not sound before one start now. */
  | { type: 'wake' }
  /** Asks for the MIDI inputs of the machine. */
  | { type: 'openMidi' };

// ---- Host -> UI ----------------------------------------------------------------------------------------------------

/** What a UI needs to know of a model. */
export interface ModelView {
  id: string;
  name: string;
  family: string;
  version: string;
  licence: string;
  /** First paragraph of the card. */
  summary: string;
  /** Eight; what each macro means here. */
  macros: { label: string; description: string }[];
  points: MapPointView[];
  presets: { name: string }[];
  /** Length of the model's note time. */
  maxSeconds: number;
}

export interface MapPointView {
  name: string;
  family: string;
  /** 0..1 from the left, 0..1 from the top. */
  x: number;
  y: number;
}

export interface VoiceView {
  channel: number;
  key: number;
  /** 0..1. */
  level: number;
  x: number;
  y: number;
  /** Note time tau. */
  seconds: number;
}

export type HostMessage =
  | ExportMessage
  /** Plain values by id: all of them after `hello` and when a sound is loaded, single ones as they change. */
  | { type: 'parameters'; values: Readonly<Record<string, number>> }
  /** null while there is no model. */
  | { type: 'model'; model: ModelView | null }
  /** The sound that now plays; `index` is its place among the model's presets, -1 for one from elsewhere. */
  | { type: 'sound'; preset: Preset; index: number }
  /** The four corners of the morph pad. */
  | { type: 'corners'; corners: readonly CornerSound[] }
  /** Work under way whose result will appear in `place`; progress 0..1, or -1 where unknown. Gone with `ready`. */
  | { type: 'status'; stage: 'loading' | 'ready'; place: 'map' | 'sound'; text: string; progress: number }
  /** About 30 times a second while audio runs. Peaks are linear, decoderLoad the decoder's share of real time (0..1, -1 unknown). */
  | {
      type: 'meters';
      peakLeft: number;
      peakRight: number;
      voices: readonly VoiceView[];
      underruns: number;
      decoderLoad: number;
      /** Frames asked for and not yet decoded; falls to 0 when every key of a new sound is prepared. */
      decoderWaiting: number;
    }
  /** Output spectrum in dB, bin i at i * binHz; the array belongs to the host and is only valid during the call. */
  | { type: 'spectrum'; levelsDb: Float32Array; binHz: number }
  /** A key went down or up, wherever it was played. */
  | { type: 'key'; key: number; down: boolean }
  /** Whether sound can be heard: asleep until a user's gesture, or no device. */
  | { type: 'audio'; state: 'asleep' | 'running' | 'none' }
  | { type: 'midi'; state: 'unasked' | 'on' | 'refused' | 'missing'; inputs: readonly string[] }
  /** A file for the user to keep. */
  | { type: 'file'; fileName: string; mime: string; text: string }
  /** One sentence for the person in front of it, and at most one thing to do about it. */
  | {
      type: 'notice';
      id: string;
      tone: 'information' | 'error';
      text: string;
      action?: { label: string; request: UiRequest };
    };

/** One end of the conversation, as the UI holds it. */
export interface Bridge {
  /** Never throws; what goes wrong comes back as a notice. */
  send(request: UiRequest): void;
  /** Hands every message of the host to `listener`; returns the way to stop. */
  subscribe(listener: (message: HostMessage) => void): () => void;
}
