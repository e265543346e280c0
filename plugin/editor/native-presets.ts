// The user's presets as files of the native side: this side knows what stands in them.
import type { HostMessage, StoredPreset, UiRequest } from '../instrument/messages.ts';
import { PresetError, parsePreset, readPreset, writePreset } from '../instrument/preset.ts';
import type { FromView, ToView } from './view-messages.ts';

type Word = Extract<ToView, { type: 'presetFiles' | 'presetStored' | 'presetRemoved' }>;

export class NativePresets {
  constructor(
    private readonly tell: (message: FromView) => void,
    private readonly emit: (message: HostMessage) => void,
  ) {}

  /** True where `request` was for the presets. */
  take(request: UiRequest): boolean {
    try {
      if (request.type === 'storePreset') {
        const { id, preset } = request;
        const text = writePreset(parsePreset(preset, `"${preset.name}"`));
        this.tell({ type: 'storePreset', id: id ?? '', name: preset.name, text });
        return true;
      }
    } catch (error) {
      this.refuse(error);
      return true;
    }
    if (request.type !== 'removePreset') return false;
    this.tell({ type: 'removePreset', id: request.id });
    return true;
  }

  /** What the native side has to say about the files. */
  receive(word: Word): void {
    if (word.type === 'presetRemoved') this.emit({ type: 'removed', id: word.id });
    else if (word.type === 'presetStored') {
      const stored = this.read(word);
      if (stored) this.emit({ type: 'stored', stored });
    } else {
      const presets = word.files.map((file) => this.read(file)).filter((stored) => stored !== null);
      this.emit({ type: 'presets', presets });
    }
  }

  /** Null, and said, where the file is damaged or of another time: it stays where it is. */
  private read({ id, text }: { id: string; text: string }): StoredPreset | null {
    try {
      return { id, preset: readPreset(text, `${id} among your presets`) };
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  private refuse(error: unknown): void {
    const text = error instanceof PresetError ? error.message : `That did not work: ${String(error)}`;
    this.emit({ type: 'notice', id: 'presets', tone: 'error', text });
  }
}
