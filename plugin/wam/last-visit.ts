// The page as it was left: its sound, with undo and A/B, is kept in the browser's database and taken up when the page is opened again. Main thread.
import { hasPreset } from '../export/preset-link.ts';
import type { Instrument } from './instrument.ts';

/** The hand must have rested for so long before what it did is written down; when the page is left that happens at once. */
const REST_MS = 1000;

export function followVisits(instrument: Instrument): void {
  const { keeping } = instrument;
  const last = keeping.lastVisit();
  // The first sound is the model's own; what was left comes after it, unless the address asks for another.
  const linked = hasPreset(location.hash);
  const stop = instrument.subscribe((message) => {
    if (message.type !== 'sound') return;
    stop();
    void last.then((visit) => {
      if (visit && !linked && instrument.resume(visit.state)) keeping.takeSession(visit.session);
      follow();
    });
  });

  const follow = (): void => {
    let resting: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      if (resting === undefined) return;
      clearTimeout(resting);
      resting = undefined;
      void keeping.keepVisit(instrument.state());
    };
    keeping.onSession = () => {
      clearTimeout(resting);
      resting = setTimeout(write, REST_MS);
    };
    // After the face's own listener, which hands over what it has not yet kept.
    window.addEventListener('pagehide', write);
  };
}
