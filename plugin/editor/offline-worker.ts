// Renders the present sound beside the one that plays: the picture of its note, and exports. A core, a decoder, the offline pump.
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { mixDown } from '../analysis/mix-down.ts';
import { soundPicture } from '../analysis/sound-picture.ts';
import { Core } from '../engine/core.ts';
import { AUDITION, PORTRAIT_COLUMNS, PORTRAIT_VELOCITY, renderNote } from '../export/beside.ts';
import { runExport } from '../export/export.ts';
import type { SoundSource } from '../export/sound.ts';
import { readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import { openWebDecoder } from '../model/ort-web.ts';
import type { FromOffline, ToOffline } from './offline-messages.ts';
import { prepareRuntime } from './runtime.ts';

type Task<T extends ToOffline['type']> = Extract<ToOffline, { type: T }>;

const say = (message: FromOffline): void => postMessage(message);
/** One task after the other. */
let work: Promise<void> = Promise.resolve();
let opened: (Omit<SoundSource, 'state' | 'tuning'> & { modelName: string }) | null = null;
const newest = { portrait: 0, note: 0 };

self.onmessage = ({ data }: MessageEvent<ToOffline>): void => {
  if (data.type === 'portrait' || data.type === 'note') newest[data.type] = data.serial;
  work = work
    .then(() => perform(data))
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      say({ type: 'refused', sentence: /[.!?]$/.test(why) ? why : `${why}.` });
    });
};

async function perform(task: ToOffline): Promise<void> {
  if (task.type === 'open') await open(task);
  else if (!opened) throw new Error('No model is open.');
  else if (task.type === 'export') await make(task, opened);
  else if (task.serial !== newest[task.type]) return;
  else if (task.type === 'note') await play(task, opened);
  else await draw(task, opened);
}

async function play({ serial, state, key, velocity }: Task<'note'>, source: NonNullable<typeof opened>) {
  const { left, right } = await renderNote({ ...source, state }, { key, velocity, ...AUDITION }, ANALYSIS_RATE);
  say({ type: 'note', serial, channels: [left, right] });
}

async function open({ core, model, folder }: Task<'open'>): Promise<void> {
  opened = null;
  await prepareRuntime(folder, model.runtime);
  const bundle = await readBundle(model.bytes, model.fileName);
  const decoder = await openWebDecoder(bundle);
  opened = { core, model: coreModel(bundle), decoder, modelName: bundle.manifest.name };
}

async function draw({ serial, state, key, seconds }: Task<'portrait'>, source: NonNullable<typeof opened>) {
  const note = { key, velocity: PORTRAIT_VELOCITY, holdSeconds: seconds, tailSeconds: 0 };
  const { left, right } = await renderNote({ ...source, state }, note, ANALYSIS_RATE);
  const picture = soundPicture(mixDown([left, right], left.length), PORTRAIT_COLUMNS, Core.fromModule(source.core));
  say({ type: 'portrait', serial, picture });
}

async function make({ state, tuning, job, format }: Task<'export'>, source: NonNullable<typeof opened>) {
  const text = job.kind === 'multisample' ? 'Playing every key' : 'Rendering';
  const onProgress = (share: number): void => say({ type: 'progress', text, share });
  const file = await runExport({ ...source, state, tuning }, job, format, { onProgress });
  say({ type: 'exported', fileName: file.fileName, data: new Blob(file.parts), text: file.text });
}
