// What the UI and its host say to each other. Transport-neutral: the same in a page, a WAM host, a native web view and tests.
// The UI asks, the host decides, and the host's state is echoed back; a UI shows only what was echoed.
// Everything here is JSON but the typed arrays and ArrayBuffers: a bridge that carries text sends the base64 of their little-endian
// bytes and makes arrays of them again before the UI or its host sees them. What a host cannot do it answers with a notice.
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
  /** The path over the map, absent where there is none. */
  path?: Path;
}

/** A path over the map: [x0, y0, x1, y1, ...], each 0..1, 2 to 256 places evenly spaced over its loop; empty for none. */
export type Path = readonly number[];

/** Where every key sounds; null stands for the usual tuning. */
export interface Tuning {
  /** As its file calls it. */
  name: string;
  /** 128 MIDI notes, fractional: what each key plays; null where a key does not sound. */
  notes: readonly (number | null)[];
}

/** A preset that the user keeps, and the name under which the host keeps it (a file's name, a database's key). */
export interface StoredPreset {
  id: string;
  preset: Preset;
}

/** A sound as a picture: levels 0..255, `height` rows of `width`, row 0 the highest; MIDI notes 24 to 136, evenly. */
export interface SoundPicture {
  width: number;
  height: number;
  levels: Uint8Array;
  /** Length of what is shown. */
  seconds: number;
}

/** What is heard beside the instrument, which stays as it is: a latent played as a note, or one of the two takes of the encoded sound. */
export type Audition =
  | { latent: readonly number[]; key: number; velocity: number }
  | { take: 'original' | 'resynthesis' };

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
  /** Asks for the preset that what is heard now would be, with everything it passes through on its way; answered by `captured`. */
  | { type: 'capture'; purpose: string; name: string }
  /** Keeps a preset of the user's under its id, or under a new one (null); answered by `stored`. */
  | { type: 'storePreset'; id: string | null; preset: Preset }
  | { type: 'removePreset'; id: string }
  /** A text for the user to keep as a file; the host opens its dialogue or answers with `file`. */
  | { type: 'offerFile'; fileName: string; mime: string; text: string }
  /**
   * Something of the UI's own, opaque to the host (JSON): `user` lasts from one start to the next and is shared by all instances, `session`
   * as long as the instrument, however often its face is closed. Given back by `kept` after `hello`.
   */
  | { type: 'keep'; place: KeptPlace; value: unknown }
  /** Plays something beside the instrument, at once and instead of what was played so before. */
  | { type: 'audition'; sound: Audition }
  | { type: 'endAudition' }
  /** Puts the sound of a map point, or one that stood there before, into a corner of the morph pad. */
  | { type: 'setCorner'; corner: Corner; sound: CornerSound | { point: number } }
  /** A `.timbre` to load; what plays stays until the new one has proved itself. */
  | { type: 'loadBundle'; fileName: string; bytes: ArrayBuffer }
  /** A sound file to be turned into a preset, one at a time; what plays stays. Answered by `encoding` until it is done. */
  | { type: 'encodeAudio'; fileName: string; bytes: ArrayBuffer }
  /** Walks on from the encoded sound towards the original. */
  | { type: 'refineSound' }
  /** Ends encoding or refinement; a refinement keeps what it has reached. */
  | { type: 'cancelEncoding' }
  /** Asks for the picture of the present sound's note; answered by `portrait`. */
  | { type: 'portrait'; key: number }
  | { type: 'setPath'; path: Path }
  | { type: 'setTuning'; tuning: Tuning | null }
  /** The next controller that moves will move this parameter; null ends the waiting. */
  | { type: 'learn'; id: string | null }
  /** No controller moves this parameter any longer. */
  | { type: 'forget'; id: string }
  /** Whether `wave` is wanted. */
  | { type: 'watch'; wave: boolean }
  /** Whether a host's project carries the bundle of the model that plays; asked for where `embedding` said that it can. */
  | { type: 'embedModel'; embed: boolean }
  /** The size the UI would like, CSS pixels; of a plug-in's window, or nothing. */
  | { type: 'resize'; width: number; height: number }
  /** A user's gesture happened: hosts that may not sound before one start now. */
  | { type: 'wake' }
  /** Asks for the MIDI inputs of the machine. */
  | { type: 'openMidi' };

export type KeptPlace = 'user' | 'session';

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
  presets: readonly Preset[];
  /** Length of the model's note time. */
  maxSeconds: number;
  space: SpaceView;
}

/** The model's latent space: what a UI needs to find sounds in it. */
export interface SpaceView {
  /** Length of a latent. */
  dim: number;
  /** How many of its last numbers are detail: they make a sound that very sound, and are left alone by chance. */
  detail: number;
  interpolation: 'lerp' | 'slerp';
  /** Of the whole latent, dim numbers each. */
  mean: readonly number[];
  std: readonly number[];
  /** How the latent moves as each of the eight macros goes from its middle to its end, dim numbers each. */
  directions: readonly (readonly number[])[];
  /** The latents of the map's points, one after the other: points x dim. */
  latents: Float32Array;
}

export interface MapPointView {
  name: string;
  family: string;
  /** 0..1 from the left, 0..1 from the top. */
  x: number;
  y: number;
}

/** Where the making of a sound from a file stands. */
export interface EncodingView {
  fileName: string;
  stage: 'listening' | 'encoding' | 'refining' | 'done' | 'failed' | 'cancelled';
  /** 0..1, or -1 where unknown. */
  progress: number;
  /** Why it failed, for the musician; empty otherwise. */
  sentence: string;
  /** There once the sound is encoded, and anew when it has been refined. */
  result: EncodedView | null;
}

export interface EncodedView {
  preset: Preset;
  /** The note it was taken for, MIDI, fractional. */
  pitch: number;
  /** Distance between original and resynthesis in dB (L60); null where it was not measured. */
  score: number | null;
  refined: boolean;
  /** Whether `refineSound` can bring it nearer. */
  refinable: boolean;
  warnings: readonly string[];
  original: SoundPicture;
  resynthesis: SoundPicture;
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
  | { type: 'captured'; purpose: string; preset: Preset }
  /** The user's presets, after `hello`. */
  | { type: 'presets'; presets: readonly StoredPreset[] }
  | { type: 'stored'; stored: StoredPreset }
  | { type: 'removed'; id: string }
  | { type: 'kept'; place: KeptPlace; value: unknown }
  | { type: 'encoding'; encoding: EncodingView | null }
  | { type: 'portrait'; key: number; picture: SoundPicture }
  | { type: 'path'; path: Path }
  | { type: 'tuning'; tuning: Tuning | null }
  /** Controller number by parameter id, and the parameter that waits for one. */
  | { type: 'learned'; controllers: Readonly<Record<string, number>>; waiting: string | null }
  /** Whether the project carries the model's bundle; null where it need not (the model ships with the instrument) or there is no project. Hosts without say nothing. */
  | { type: 'embedding'; embeds: boolean | null }
  /** The newest samples of the output's middle, about 30 times a second while watched; valid during the call alone. */
  | { type: 'wave'; samples: Float32Array; sampleRate: number }
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
