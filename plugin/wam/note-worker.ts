// Plays single notes beside the instrument, offline: for auditions and for the picture of a note. A Worker that stays.
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { soundPicture } from '../analysis/sound-picture.ts';
import { Core } from '../engine/core.ts';
import { renderToArrays } from '../engine/offline.ts';
import { openSound, type SoundSource } from '../export/sound.ts';
import type { SoundState } from '../instrument/messages.ts';
import { EVENT } from '../instrument/protocol.ts';
import { readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import { configureWebRuntime, openWebDecoder } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { FromNotes, ToNotes } from './note-messages.ts';

type Wish = Extract<ToNotes, { type: 'note' | 'portrait' }>;

const say = (message: FromNotes, transfer: Transferable[] = []): void => postMessage(message, { transfer });
/** Opening the model, then the notes, one after the other. */
let work: Promise<void> = Promise.resolve();
let model: (Omit<SoundSource, 'state'> & { decoder: Decoder; ear: Core }) | null = null;
const newest = { note: 0, portrait: 0 };

self.onmessage = ({ data }: MessageEvent<ToNotes>): void => {
  if (data.type !== 'open') newest[data.type] = data.serial;
  work = work
    .then(() => answer(data))
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      say({ type: 'refused', sentence: `The note could not be played beside the sound: ${why}` });
    });
};

async function answer(message: ToNotes): Promise<void> {
  if (message.type === 'open') return open(message);
  // While the last note was rendered somebody may have wished for another.
  if (message.serial !== newest[message.type]) return;
  if (message.type === 'note') {
    const { serial, state, key, velocity, sampleRate, holdSeconds, tailSeconds } = message;
    const { left, right } = await render(state, key, velocity, sampleRate, holdSeconds, tailSeconds);
    say({ type: 'note', serial, left, right }, [left.buffer, right.buffer]);
    return;
  }
  await portrait(message);
}

async function open({ core, source, runtimeUrl }: Extract<ToNotes, { type: 'open' }>): Promise<void> {
  configureWebRuntime(runtimeUrl);
  const { bytes, fileName } = await bundleBytes(source, () => {});
  const bundle = await readBundle(bytes, fileName);
  await model?.decoder.dispose();
  model = { core, model: coreModel(bundle), decoder: await openWebDecoder(bundle), ear: Core.fromModule(core) };
}

async function portrait({ serial, state, key, velocity, seconds, columns }: Extract<Wish, { type: 'portrait' }>) {
  if (!model) return;
  const { left, right } = await render(state, key, velocity, ANALYSIS_RATE, seconds, 0);
  for (let n = 0; n < left.length; n++) left[n] = 0.5 * (left[n] + right[n]);
  say({ type: 'portrait', serial, picture: soundPicture(left, columns, model.ear) });
}

async function render(
  state: SoundState,
  key: number,
  velocity: number,
  sampleRate: number,
  holdSeconds: number,
  tailSeconds: number,
): Promise<{ left: Float32Array<ArrayBuffer>; right: Float32Array<ArrayBuffer> }> {
  if (!model) throw new Error('no model is open.');
  const engine = openSound({ ...model, state }, sampleRate);
  const held = Math.round(holdSeconds * sampleRate);
  const events = [
    { frame: 0, kind: EVENT.noteOn, channel: 0, key, value: velocity },
    { frame: held, kind: EVENT.noteOff, channel: 0, key, value: 0 },
  ];
  return renderToArrays(engine, events, held + Math.round(tailSeconds * sampleRate));
}
