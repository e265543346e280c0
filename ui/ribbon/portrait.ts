// Asks for the picture of the present sound's note when hands and keys have rested: the host draws it beside all else.
import { effect } from '@preact/signals';
import type { Store } from '../store.ts';

const REST_MS = 350;
/** Parameters that do not change what the whole note looks like. */
const UNSEEN = new Set([
  'position',
  'speed',
  'freeze',
  'loopMode',
  'loopStart',
  'loopEnd',
  'driftDepth',
  'driftRate',
  'pathDepth',
  'voices',
  'voiceMode',
  'gainDb',
]);

/** Returns the way to stop. */
export function askForPortraits(store: Store): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A picture may wait; notes that sound may not.
      if ((store.meters.peek()?.voices.length ?? 0) > 0) ask();
      else store.send({ type: 'portrait', key: store.lastKey.peek() });
    }, REST_MS);
  };
  const stop = effect(() => {
    for (const [id, value] of store.values) if (!UNSEEN.has(id)) void value.value;
    void store.lastKey.value;
    void store.corners.value;
    if (store.sound.value) ask();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
