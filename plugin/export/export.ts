// One export from its job to its file: the same for the page and the command line.
import type { ExportFormat, ExportJob } from '../instrument/messages.ts';
import { checkJob } from './limits.ts';
import { melody } from './melody.ts';
import { readMidi } from './midi-score.ts';
import { renderMultisample } from './multisample.ts';
import { type RenderWatch, renderWav } from './render-wav.ts';
import type { SoundSource } from './sound.ts';

export interface ExportedFile {
  fileName: string;
  /** In order. */
  parts: Uint8Array<ArrayBuffer>[];
  /** What was made, in a sentence. */
  text: string;
}

/** A name as a file may have it: letters and digits of any script, dashes between. */
export const fileStem = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase() || 'sound';

const decibels = (peak: number): string => (peak > 0 ? `peak ${(20 * Math.log10(peak)).toFixed(1)} dBFS` : 'silent');

/** @throws RangeError, ExportCancelled, or another Error with a sentence */
export async function runExport(
  source: SoundSource & { modelName: string },
  job: ExportJob,
  format: ExportFormat,
  watch: RenderWatch = {},
): Promise<ExportedFile> {
  checkJob(job);
  const stem = fileStem(source.state.preset.name);
  if (job.kind === 'multisample') {
    const { parts, samples, looped } = await renderMultisample(source, job, format, stem, watch);
    const loops = looped === 0 ? 'none with a loop' : looped === samples ? 'all with loops' : `${looped} with a loop`;
    return {
      fileName: `${stem}.zip`,
      parts,
      text: `${samples} ${samples === 1 ? 'sample' : 'samples'}, ${loops}, and an .sfz: ${stem}.zip.`,
    };
  }
  const { events, notes } =
    job.kind === 'midi'
      ? readMidi(new Uint8Array(job.bytes), job.fileName, format.sampleRate)
      : melody(job, format.sampleRate);
  const { parts, seconds, peak, clipped } = await renderWav(source, events, format, watch);
  const what =
    job.kind === 'midi'
      ? `-${fileStem(job.fileName.replace(/\.[^.]*$/, ''))}`
      : job.kind === 'scale'
        ? `-${job.scale}`
        : '';
  const fileName = `${stem}${what}.wav`;
  const clip = clipped > 0 && format.bits !== '32f' ? ` ${clipped} samples were clipped; lower the gain.` : '';
  return {
    fileName,
    parts,
    text: `${notes} ${notes === 1 ? 'note' : 'notes'}, ${seconds.toFixed(2)} s, ${decibels(peak)}: ${fileName}.${clip}`,
  };
}
