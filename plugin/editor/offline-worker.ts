// Renders the present sound beside the one that plays: the picture of its note, and exports. A core, a decoder, the offline pump.
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { soundPicture } from '../analysis/sound-picture.ts';
import { Core } from '../engine/core.ts';
import { renderToArrays } from '../engine/offline.ts';
import { runExport } from '../export/export.ts';
import { openSound, type SoundSource } from '../export/sound.ts';
import { EVENT } from '../instrument/protocol.ts';
import { readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import { openWebDecoder } from '../model/ort-web.ts';
import type { FromOffline, ToOffline } from './offline-messages.ts';
import { prepareRuntime } from './runtime.ts';

type Task<T extends ToOffline['type']> = Extract<ToOffline, { type: T }>;

const PORTRAIT_VELOCITY = 0.8;
const PORTRAIT_COLUMNS = 480;

const say = (message: FromOffline): void => postMessage(message);
/** One task after the other. */
let work: Promise<void> = Promise.resolve();
let opened: (Omit<SoundSource, 'state' | 'tuning'> & { modelName: string }) | null = null;
const newest = { portrait: 0, note: 0 };
/** A note rings on so long after it is let go, seconds. */
const TAIL_SECONDS = 1.5;

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

async function play({ serial, state, key, velocity, seconds }: Task<'note'>, source: NonNullable<typeof opened>) {
  const engine = openSound({ ...source, state }, ANALYSIS_RATE);
  const held = Math.round(seconds * ANALYSIS_RATE);
  const events = [
    { frame: 0, kind: EVENT.noteOn, channel: 0, key, value: velocity },
    { frame: held, kind: EVENT.noteOff, channel: 0, key, value: 0 },
  ];
  const { left, right } = await renderToArrays(engine, events, held + Math.round(TAIL_SECONDS * ANALYSIS_RATE));
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
  const engine = openSound({ ...source, state }, ANALYSIS_RATE);
  const events = [{ frame: 0, kind: EVENT.noteOn, channel: 0, key, value: PORTRAIT_VELOCITY }];
  const { left, right } = await renderToArrays(engine, events, Math.round(seconds * ANALYSIS_RATE));
  for (let n = 0; n < left.length; n++) left[n] = 0.5 * (left[n] + right[n]);
  say({ type: 'portrait', serial, picture: soundPicture(left, PORTRAIT_COLUMNS, Core.fromModule(source.core)) });
}

async function make({ state, tuning, job, format }: Task<'export'>, source: NonNullable<typeof opened>) {
  const text = job.kind === 'multisample' ? 'Playing every key' : 'Rendering';
  const onProgress = (share: number): void => say({ type: 'progress', text, share });
  const file = await runExport({ ...source, state, tuning }, job, format, { onProgress });
  say({ type: 'exported', fileName: file.fileName, data: new Blob(file.parts), text: file.text });
}
