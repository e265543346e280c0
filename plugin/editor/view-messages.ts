// What view and native side say to each other beside the messages that every UI speaks: what a browser would do for a page.

/** View -> native. */
export type FromView =
  /** The first picture is on the screen: the native side takes its own away. */
  | { type: 'ready' }
  /** The view is alive. */
  | { type: 'pong' }
  /** What moves (meters, spectrum, wave) has been taken in up to here; more may come. */
  | { type: 'shown' }
  /** A key that the view has no use for and that belongs to the host. `key` and `code` as in KeyboardEvent. */
  | { type: 'key'; down: boolean; key: string; code: string; shift: boolean; control: boolean; alt: boolean }
  /** Asks for a file; answered by `offer` with the same `purpose`, or never. `accept` as in HTML. */
  | { type: 'chooseFile'; purpose: number; accept: string }
  /** A file for the user to keep: the native side asks where. */
  | { type: 'saveFile'; fileName: string; bytes: ArrayBuffer }
  /** Writes a preset's file, under a new id where it is empty; answered by `presetStored`. */
  | { type: 'storePreset'; id: string; name: string; text: string }
  | { type: 'removePreset'; id: string }
  /** Asks for bytes that only the native side has, from an offset on; answered by `bytes`. */
  | { type: 'bytes'; of: NativeBytes; from: number };

/** The bundle of the model that plays, or ONNX Runtime Web's code packed by gzip. */
export type NativeBytes = 'model' | 'runtime';

/** Native -> view. */
export type ToView =
  | { type: 'ping' }
  /** Device pixels for one pixel of the design. */
  | { type: 'scale'; scale: number }
  /** A file that was dropped on the editor (purpose -1) or chosen. */
  | { type: 'offer'; purpose: number; fileName: string; bytes: ArrayBuffer }
  /** The files of the user's presets, before anything else that answers `hello`. */
  | { type: 'presetFiles'; files: readonly { id: string; text: string }[] }
  | { type: 'presetStored'; id: string; text: string }
  | { type: 'presetRemoved'; id: string }
  /**
   * A part of what was asked for: `bytes` from `from` on, of `total`. A part at a time, since the host's own thread waits while one crosses. `total` is 0
   * where no model plays.
   */
  | { type: 'bytes'; of: NativeBytes; from: number; total: number; bytes: ArrayBuffer };
