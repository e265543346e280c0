// A sound from a file as a face sees it, with a pretended Worker.
import type { EncodingView, HostMessage } from '../instrument/messages.ts';
import type { Preset } from '../instrument/preset.ts';
import type { EncodedAnswer } from './encoding-thread.ts';
import { Listening, type ListeningTools } from './listening.ts';

type Thread = ReturnType<ListeningTools<string>['openThread']>;

const preset = { name: 'Tone', latent: [1, 2], map: { x: 0.25, y: 0.75 } } as Preset;
const core = {} as WebAssembly.Module;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const answer = {
  sound: { preset, pitch: 60, score: 4.5, refined: null, refinable: true, warnings: [], original: new Float32Array(3) },
} as unknown as EncodedAnswer;

function listen(thread: Partial<Thread>, readAudio?: ListeningTools<string>['readAudio']) {
  const heard: HostMessage[] = [];
  const listening = new Listening<string>((message) => heard.push(message), {
    place: () => Promise.resolve({ core, source: 'atlas.timbre', runtimeUrl: '/' }),
    readAudio: readAudio ?? (() => Promise.resolve(new Float32Array(4))),
    openThread: () => ({
      encode: () => Promise.resolve(answer),
      refine: () => Promise.resolve(answer),
      cancel: () => {},
      close: () => {},
      ...thread,
    }),
  });
  const views = (): (EncodingView | null)[] =>
    heard.flatMap((message) => (message.type === 'encoding' ? [message.encoding] : []));
  return { listening, heard, views };
}

describe('a sound from a file', () => {
  test('is listened to, then encoded; its takes can be heard', async () => {
    const { listening, views } = listen({});
    expect(listening.heard('original')).toBeNull();
    expect(listening.take({ type: 'encodeAudio', fileName: 'tone.wav', bytes: new ArrayBuffer(8) })).toBe(true);
    await settle();
    expect(views().map((view) => view?.stage)).toEqual(['listening', 'done']);
    expect(views().at(-1)?.result).toMatchObject({ preset, pitch: 60, score: 4.5, refined: false, refinable: true });
    expect(listening.heard('original')).toHaveLength(3);
  });

  test('that cannot be read is refused by its own sentence', async () => {
    const sentence = 'tone.txt is no sound that can be read here.';
    const { listening, views, heard } = listen({}, () => Promise.reject(new RangeError(sentence)));
    listening.take({ type: 'encodeAudio', fileName: 'tone.txt', bytes: new ArrayBuffer(8) });
    await settle();
    expect(views().at(-1)).toMatchObject({ stage: 'failed', sentence });
    expect(heard.at(-1)).toMatchObject({ type: 'notice', tone: 'error', text: sentence });
  });

  test('waits for a model, and says so', async () => {
    const heard: HostMessage[] = [];
    const listening = new Listening<string>((message) => heard.push(message), {
      place: () => Promise.reject(new Error('there is no model yet.')),
      readAudio: () => Promise.resolve(new Float32Array(4)),
      openThread: () => {
        throw new Error('no thread without a model');
      },
    });
    listening.take({ type: 'encodeAudio', fileName: 'tone.wav', bytes: new ArrayBuffer(8) });
    await settle();
    const text = 'tone.wav could not be made a sound: there is no model yet.';
    expect(heard.at(-1)).toMatchObject({ type: 'notice', tone: 'error', text });
  });

  test('cancelled is said to be, and another may follow', async () => {
    const { listening, views } = listen({ encode: () => Promise.resolve(null) });
    listening.take({ type: 'encodeAudio', fileName: 'tone.wav', bytes: new ArrayBuffer(8) });
    await settle();
    expect(views().at(-1)).toMatchObject({ stage: 'cancelled', result: null });
  });

  test('while one is listened to another waits for its turn', async () => {
    const { listening, heard } = listen({ encode: () => new Promise(() => {}) });
    listening.take({ type: 'encodeAudio', fileName: 'one.wav', bytes: new ArrayBuffer(8) });
    await settle();
    listening.take({ type: 'encodeAudio', fileName: 'two.wav', bytes: new ArrayBuffer(8) });
    expect(heard.at(-1)).toMatchObject({ type: 'notice', text: expect.stringContaining('two.wav') });
  });
});
