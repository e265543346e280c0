// What an export may ask for, as sentences for the person who asked.
import type { ExportJob } from '../instrument/messages.ts';

/** Longest time a key is held, seconds. */
const LONGEST_HOLD_SECONDS = 60;
const MOST_LAYERS = 8;

/** @throws RangeError with a sentence */
export function checkJob(job: ExportJob): void {
  const within = (name: string, value: number, min: number, max: number, whole = true): void => {
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
      throw new RangeError(
        `The ${name} must be ${whole ? 'a whole number ' : ''}from ${min} to ${max}, not ${String(value)}.`,
      );
    }
  };
  if (job.kind === 'midi') return;
  within('time a key is held', job.seconds, 0.05, LONGEST_HOLD_SECONDS, false);
  if (job.kind === 'multisample') {
    within('lowest key', job.lowKey, 0, 127);
    within('highest key', job.highKey, job.lowKey, 127);
    within('step between keys', job.step, 1, 12);
    within('number of velocity layers', job.layers, 1, MOST_LAYERS);
    return;
  }
  within('key', job.key, 0, 127);
  within('velocity', job.velocity, 0, 1, false);
}
