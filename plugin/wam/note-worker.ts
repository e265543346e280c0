// Plays single notes beside the instrument, offline: for auditions and for the picture of a note. A Worker that stays.
import { ANALYSIS_RATE } from '../analysis/layout.ts';
import { mixDown } from '../analysis/mix-down.ts';
import { soundPicture } from '../analysis/sound-picture.ts';
import { Core } from '../engine/core.ts';
import { AUDITION, PORTRAIT_COLUMNS, PORTRAIT_VELOCITY, renderNote } from '../export/beside.ts';
import type { SoundSource } from '../export/sound.ts';
import { readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import { configureWebRuntime, openWebDecoder } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { FromNotes, ToNotes } from './note-messages.ts';

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
  if (!model) throw new Error('no model is open.');
  const { serial, state, key } = message;
  const source = { ...model, state };
  if (message.type === 'note') {
    const note = { key, velocity: message.velocity, ...AUDITION };
    const { left, right } = await renderNote(source, note, message.sampleRate);
    say({ type: 'note', serial, left, right }, [left.buffer, right.buffer]);
    return;
  }
  const note = { key, velocity: PORTRAIT_VELOCITY, holdSeconds: message.seconds, tailSeconds: 0 };
  const { left, right } = await renderNote(source, note, ANALYSIS_RATE);
  say({
    type: 'portrait',
    serial,
    picture: soundPicture(mixDown([left, right], left.length), PORTRAIT_COLUMNS, model.ear),
  });
}

async function open({ core, source, runtimeUrl }: Extract<ToNotes, { type: 'open' }>): Promise<void> {
  configureWebRuntime(runtimeUrl);
  const { bytes, fileName } = await bundleBytes(source, () => {});
  const bundle = await readBundle(bytes, fileName);
  await model?.decoder.dispose();
  model = { core, model: coreModel(bundle), decoder: await openWebDecoder(bundle), ear: Core.fromModule(core) };
}
