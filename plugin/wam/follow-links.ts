// A preset in the page's address becomes the sound, when the page is opened and when another such link is followed. Main thread.
import { hasPreset, readPresetLink } from '../export/preset-link.ts';
import { writePreset } from '../instrument/preset.ts';
import type { Instrument } from './instrument.ts';

export function followLinks(instrument: Instrument): void {
  const follow = (): void => {
    const { hash } = location;
    if (!hasPreset(hash)) return;
    try {
      const text = writePreset(readPresetLink(hash));
      instrument.send({ type: 'loadPreset', fileName: 'of this link', text });
    } catch (error) {
      instrument.refuse('link', error);
    }
  };
  window.addEventListener('hashchange', follow);
  if (!hasPreset(location.hash)) return;
  // The first sound is the model's own; the link's comes right after it.
  const stop = instrument.subscribe((message) => {
    if (message.type !== 'sound') return;
    stop();
    // Outside the message in hand, so that every listener hears both in their order.
    queueMicrotask(follow);
  });
}
