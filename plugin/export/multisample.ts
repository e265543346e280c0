// The present sound as a multisample: every few keys at several velocities, looped where it rests, and an .sfz that a sampler reads; all in one zip.
import { strToU8, Zip, ZipPassThrough } from 'fflate';
import type { TimedEvent } from '../engine/offline.ts';
import type { ExportFormat, ExportJob } from '../instrument/messages.ts';
import { EVENT } from '../instrument/protocol.ts';
import { stopIfCancelled } from './errors.ts';
import { findLoop, makeSeamless } from './loop.ts';
import type { RenderWatch } from './render-wav.ts';
import { type SfzRegion, writeSfz } from './sfz.ts';
import { openSound, type SoundSource } from './sound.ts';
import { wavFile } from './wav-format.ts';

export type MultisampleJob = Extract<ExportJob, { kind: 'multisample' }>;

/** The sound after the key went up, where it is not looped, at most. */
const LONGEST_RELEASE_SECONDS = 10;
/** The loop ends this long before the key goes up, so that nothing of the release is in it. */
const GUARD_SECONDS = 0.02;
/** Loops begin in the later part of the held note. */
const SETTLED_SHARE = 0.3;
/** The instrument's own law: level over velocity, dB (docs/contracts.md). */
const VELOCITY_DB = 40;
/** Every file of the zip has this date, so that the same sound gives the same bytes. */
const DATE = new Date(2000, 0, 1);

const NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
/** C4 is 60. "s" stands for sharp: "#" begins a comment for some readers. */
const noteName = (key: number): string => `${NAMES[key % 12].replace('#', 's')}${Math.floor(key / 12) - 1}`;

export interface Multisample {
  /** The zip in pieces, in order. */
  parts: Uint8Array<ArrayBuffer>[];
  samples: number;
  looped: number;
}

/** `folder` names the folder and the .sfz inside the zip. @throws ExportCancelled, or an Error with a sentence */
export async function renderMultisample(
  source: SoundSource & { modelName: string },
  job: MultisampleJob,
  { sampleRate, bits }: ExportFormat,
  folder: string,
  { onProgress, signal }: RenderWatch = {},
): Promise<Multisample> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    parts.push(chunk as Uint8Array<ArrayBuffer>);
  });
  const put = (name: string, bytes: Uint8Array): void => {
    // Samples hardly shrink: they are stored as they are.
    const file = new ZipPassThrough(`${folder}/${name}`);
    file.mtime = DATE;
    zip.add(file);
    file.push(bytes, true);
  };
  const cells = regionsOf(job);
  const { preset, values } = source.state;
  const regions: SfzRegion[] = [];
  for (const cell of cells) {
    const { left, right, held } = await playKey(
      source,
      cell.key,
      cell.highVelocity / 127,
      job.seconds,
      sampleRate,
      signal,
    );
    const loop = findLoop(left, right, {
      from: Math.round(SETTLED_SHARE * held),
      to: held - Math.round(GUARD_SECONDS * sampleRate),
      sampleRate,
    });
    if (loop) makeSeamless(left, right, loop, sampleRate);
    const length = loop ? loop.end + 1 : left.length;
    const format = { sampleRate, bits, seed: preset.seed };
    put(cell.file, wavFile(left.subarray(0, length), right.subarray(0, length), format, loop, cell.key));
    regions.push({ ...cell, loop });
    onProgress?.(regions.length / cells.length);
  }
  const sfz = writeSfz({
    name: preset.name,
    model: source.modelName,
    releaseSeconds: values.releaseMs / 1000,
    bendSemitones: values.bendRange,
    velocityDb: VELOCITY_DB * values.velocityToLevel,
    regions,
  });
  put(`${folder}.sfz`, strToU8(sfz));
  zip.end();
  return { parts, samples: regions.length, looped: regions.filter(({ loop }) => loop !== null).length };
}

/** Which keys and velocities are played; the outermost reach to the ends of the keyboard. */
function regionsOf({ lowKey, highKey, step, layers }: MultisampleJob): Omit<SfzRegion, 'loop'>[] {
  const keys = Array.from({ length: Math.floor((highKey - lowKey) / step) + 1 }, (_, i) => lowKey + i * step);
  const bounds = Array.from({ length: layers + 1 }, (_, layer) => Math.round((127 * layer) / layers));
  return keys.flatMap((key, i) =>
    bounds.slice(1).map((highVelocity, layer) => ({
      file: `samples/${noteName(key)}-${layer + 1}.wav`,
      key,
      lowKey: i === 0 ? 0 : key - Math.floor((step - 1) / 2),
      highKey: i === keys.length - 1 ? 127 : key + Math.ceil((step - 1) / 2),
      lowVelocity: bounds[layer] + 1,
      highVelocity,
    })),
  );
}

/** One note from its beginning to its last sound; `held` is the frame at which its key goes up. */
async function playKey(
  source: SoundSource,
  key: number,
  velocity: number,
  seconds: number,
  sampleRate: number,
  signal: AbortSignal | undefined,
): Promise<{ left: Float32Array; right: Float32Array; held: number }> {
  const held = Math.round(seconds * sampleRate);
  const longest = held + LONGEST_RELEASE_SECONDS * sampleRate;
  const left = new Float32Array(longest);
  const right = new Float32Array(longest);
  const engine = openSound(source, sampleRate);
  let at = 0;
  const sink = (l: Float32Array, r: Float32Array, count: number): void => {
    stopIfCancelled(signal);
    left.set(l.subarray(0, count), at);
    right.set(r.subarray(0, count), at);
    at += count;
  };
  const event = (frame: number, kind: number, value: number): TimedEvent => ({ frame, kind, channel: 0, key, value });
  await engine.render([event(0, EVENT.noteOn, velocity), event(held, EVENT.noteOff, 0.5)], held + 1, sink);
  await engine.renderTail(longest - held - 1, sink);
  return { left: left.subarray(0, at), right: right.subarray(0, at), held };
}
