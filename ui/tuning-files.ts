// Tuning by Scala's files: a scale and a keyboard mapping, in any order; the later one is put together with the one before.
import type { Tuning } from '../plugin/instrument/messages.ts';
import {
  equalTemperament,
  type KeyboardMap,
  plainMap,
  readKeyboardMap,
  readScale,
  type Scale,
  TuningError,
  tuningNotes,
} from '../plugin/instrument/tuning.ts';

/** Scale and mapping that were read last, each with the name that is shown. */
export interface TuningParts {
  scale: { name: string; scale: Scale } | null;
  map: { name: string; map: KeyboardMap } | null;
}

/** What a file tunes. */
export interface Tunable {
  readonly tuning: { peek(): Tuning | null };
  tuningParts: TuningParts;
  setTuning(tuning: Tuning): void;
  notify(id: string, text: string, tone: 'error'): void;
}

export const NO_TUNING: TuningParts = { scale: null, map: null };

export const isTuningFile = (fileName: string): boolean => /\.(scl|kbm)$/i.test(fileName);

/** The parts with one file more. @throws TuningError */
export function withTuningFile(parts: TuningParts, fileName: string, text: string): TuningParts {
  if (/\.kbm$/i.test(fileName)) return { ...parts, map: { name: fileName, map: readKeyboardMap(text, fileName) } };
  const scale = readScale(text, fileName);
  return { ...parts, scale: { name: scale.description || fileName, scale } };
}

/** What the parts sound like. @throws TuningError */
export const tuningOf = ({ scale, map }: TuningParts): Tuning => ({
  name: [scale?.name, map?.name].filter(Boolean).join(' · '),
  notes: tuningNotes(scale?.scale ?? equalTemperament, map?.map ?? plainMap),
});

/** Tunes the instrument by a file; a refusal is one sentence. */
export function takeTuningFile(instrument: Tunable, fileName: string, text: string): void {
  try {
    // A tuning that came with a session, or was undone, has no files to be put together with.
    const before = instrument.tuning.peek() ? instrument.tuningParts : NO_TUNING;
    const parts = withTuningFile(before, fileName, text);
    const tuning = tuningOf(parts);
    instrument.tuningParts = parts;
    instrument.setTuning(tuning);
  } catch (error) {
    if (!(error instanceof TuningError)) throw error;
    instrument.notify('tuning', error.message, 'error');
  }
}
