// What happens to files that somebody drops or picks: a model, presets, a tuning or a sound, told apart by their names.
import type { Corner } from '../plugin/instrument/messages.ts';
import { PresetError, readPreset } from '../plugin/instrument/preset.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { isTuningFile, takeTuningFile } from './tuning-files.ts';

const AUDIO = /\.(wav|wave|flac|mp3|ogg|oga|opus|aif|aiff|aifc|m4a)$/i;
export const SOUND_TYPES = '.wav,.flac,.mp3,.ogg,.aif,.aiff,.m4a,audio/*';
export const ALL_TYPES = `.timbre,.json,.scl,.kbm,${SOUND_TYPES}`;
/** Of a sound file; ten minutes of a stereo WAV at 48 kHz and 24 bits are smaller. */
const MAX_SOUND_MIB = 256;

interface Options {
  /** Presets are kept among the user's instead of being played. */
  keep?: boolean;
  /** A sound or a preset goes into this corner of the morph pad. */
  corner?: Corner;
}

/** Hands files to the host; every refusal is one sentence. Several presets at once are kept, of anything else the first counts. */
export async function openFiles(
  store: Store,
  list: FileList | null | undefined,
  { keep = false, corner }: Options = {},
): Promise<void> {
  const files = [...(list ?? [])];
  const [file] = files;
  if (!file) return;
  try {
    const presets = files.filter(({ name }) => /\.json$/i.test(name));
    if (presets.length > 1 || (keep && presets.length > 0)) await keepPresets(store, presets);
    else await openFile(store, file, corner);
  } catch (error) {
    const text = error instanceof PresetError ? error.message : strings.files.unreadable(file.name);
    store.notify('file', text, 'error');
  }
}

async function openFile(store: Store, file: File, corner: Corner | undefined): Promise<void> {
  const { name } = file;
  if (/\.timbre$/i.test(name)) {
    store.send({ type: 'loadBundle', fileName: name, bytes: await file.arrayBuffer() });
  } else if (/\.json$/i.test(name)) {
    const text = await file.text();
    if (corner === undefined) store.changeSound({ type: 'loadPreset', fileName: name, text });
    else {
      const preset = readPreset(text, name);
      store.setCorner(corner, { name: preset.name, latent: preset.latent });
    }
  } else if (isTuningFile(name)) {
    takeTuningFile(store, name, await file.text());
  } else if (AUDIO.test(name) || file.type.startsWith('audio/')) {
    if (file.size > MAX_SOUND_MIB << 20) store.notify('file', strings.files.tooLong(name, MAX_SOUND_MIB), 'error');
    else store.encode(name, await file.arrayBuffer(), corner ?? null);
  } else {
    store.notify('file', strings.files.unknown(name), 'error');
  }
}

async function keepPresets(store: Store, files: readonly File[]): Promise<void> {
  let count = 0;
  for (const file of files) {
    try {
      store.send({ type: 'storePreset', id: null, preset: readPreset(await file.text(), file.name) });
      count++;
    } catch (error) {
      if (!(error instanceof PresetError)) throw error;
      store.notify(`file ${file.name}`, error.message, 'error');
    }
  }
  if (count > 0) store.notify('file', strings.files.imported(count));
}

/** Gives a file to the browser as a download. */
export function saveFile(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download holds the blob by itself once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
