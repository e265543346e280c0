// What happens to a file that somebody drops or picks: a model, a preset or a sound, told apart by its name.
import type { Store } from './store.ts';

const AUDIO = /\.(wav|flac|mp3|ogg|oga|opus|aif|aiff|m4a)$/i;

/** Hands the first file to the host; every refusal is one sentence. */
export async function openFiles(store: Store, files: FileList | null | undefined): Promise<void> {
  const file = files?.[0];
  if (!file) return;
  try {
    if (/\.timbre$/i.test(file.name)) {
      store.send({ type: 'loadBundle', fileName: file.name, bytes: await file.arrayBuffer() });
    } else if (/\.json$/i.test(file.name)) {
      store.changeSound({ type: 'loadPreset', fileName: file.name, text: await file.text() });
    } else if (AUDIO.test(file.name) || file.type.startsWith('audio/')) {
      store.changeSound({ type: 'encodeAudio', fileName: file.name, bytes: await file.arrayBuffer() });
    } else {
      store.notify('file', `${file.name} is neither a model (.timbre), a preset (.json) nor a sound.`, 'error');
    }
  } catch {
    store.notify('file', `${file.name} could not be read; it may have been moved or its disk removed.`, 'error');
  }
}

/** Gives a text to the browser as a download. */
export function saveFile(fileName: string, mime: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download holds the blob by itself once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
