// What the view makes by itself, with pretended Workers: pictures, exports, auditions.
import type { HostMessage, ModelView } from '../instrument/messages.ts';
import type { Preset } from '../instrument/preset.ts';
import { Auditions } from './auditions.ts';
import { ModelBytes } from './model-bytes.ts';
import { Offline } from './offline.ts';
import type { FromOffline, ToOffline } from './offline-messages.ts';
import { SoundMirror } from './sound-mirror.ts';
import type { FromView } from './view-messages.ts';

const preset = { name: 'Tone', latent: [1, 2], map: { x: 0.25, y: 0.75 } } as Preset;
const model = { maxSeconds: 3 } as ModelView;
const core = {} as WebAssembly.Module;
const file = { fileName: 'the model that plays', bytes: new Uint8Array(1), runtime: new ArrayBuffer(1) };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function offline() {
  const heard: HostMessage[] = [];
  const mirror = new SoundMirror();
  const asked: ToOffline[] = [];
  const workers: { onmessage: ((event: MessageEvent<FromOffline>) => void) | null; ended: boolean }[] = [];
  const view = new Offline((message) => heard.push(message), mirror, {
    core: () => Promise.resolve(core),
    model: () => Promise.resolve(file),
    openWorker: () => {
      const worker = {
        onmessage: null,
        onerror: null,
        ended: false,
        postMessage: (message: ToOffline) => asked.push(message),
        terminate() {
          this.ended = true;
        },
      };
      workers.push(worker);
      return worker;
    },
    folder: 'juce://juce.backend/',
  });
  const play = (): void => {
    mirror.receive({ type: 'model', model });
    mirror.receive({ type: 'sound', preset, index: 0 });
    mirror.receive({ type: 'parameters', values: { gainDb: -6, attackMs: 40 } });
  };
  const say = (worker: number, data: FromOffline): void =>
    workers[worker].onmessage?.({ data } as MessageEvent<FromOffline>);
  return { view, heard, asked, workers, play, say };
}

describe('pictures and exports', () => {
  test('the picture is of the whole note, and the newest wish alone is answered', async () => {
    const { view, heard, asked, play, say } = offline();
    expect(view.take({ type: 'portrait', key: 60 })).toBe(true);
    await settle();
    expect(asked).toEqual([]);
    play();
    view.take({ type: 'portrait', key: 60 });
    await settle();
    view.take({ type: 'portrait', key: 64 });
    await settle();
    expect(asked.map(({ type }) => type)).toEqual(['open', 'portrait', 'portrait']);
    expect(asked[1]).toMatchObject({ seconds: 3, state: { preset, values: { gainDb: -6, attackMs: 0 } } });
    const picture = { width: 1, height: 1, levels: new Uint8Array(1), seconds: 3 };
    const serials = asked.flatMap((task) => (task.type === 'portrait' ? [task.serial] : []));
    say(0, { type: 'portrait', serial: serials[0], picture });
    say(0, { type: 'portrait', serial: serials[1], picture });
    expect(heard).toEqual([{ type: 'portrait', key: 64, picture }]);
  });

  test('an export ends its Worker, with its file or without', async () => {
    const { view, heard, workers, play, say } = offline();
    const job = { kind: 'note', key: 60, velocity: 0.8, seconds: 1 } as const;
    const format = { sampleRate: 48_000, bits: '24' } as const;
    view.take({ type: 'export', job, format });
    expect(heard.at(-1)).toMatchObject({ type: 'notice' });
    play();
    view.take({ type: 'export', job, format });
    await settle();
    say(0, { type: 'exported', fileName: 'tone.wav', data: new Blob([]), text: 'Done.' });
    expect(workers[0].ended).toBe(true);
    expect(heard.at(-1)).toEqual({ type: 'export', stage: 'done', text: 'Done.', progress: 1 });
    view.take({ type: 'export', job, format });
    await settle();
    view.take({ type: 'cancelExport' });
    expect(workers[1].ended).toBe(true);
    expect(heard.at(-1)).toMatchObject({ stage: 'cancelled' });
  });

  test('what is none of its business is left alone', () => {
    expect(offline().view.take({ type: 'panic' })).toBe(false);
  });
});

describe('auditions', () => {
  function hear(render: () => Promise<Float32Array<ArrayBuffer>[] | null>) {
    const events: string[] = [];
    const auditions = new Auditions({
      render,
      take: (take) => (take === 'original' ? new Float32Array(2) : null),
      play: (channels) => {
        events.push(`plays ${channels.length}`);
        return () => events.push('stops');
      },
      say: (text) => events.push(text),
    });
    return { auditions, events };
  }
  const note = { type: 'audition', sound: { latent: [1], key: 60, velocity: 1 } } as const;

  test('a new one stops the one before', async () => {
    const { auditions, events } = hear(() => Promise.resolve([new Float32Array(1), new Float32Array(1)]));
    auditions.take({ type: 'audition', sound: { take: 'original' } });
    await settle();
    auditions.take(note);
    await settle();
    auditions.take({ type: 'endAudition' });
    expect(events).toEqual(['plays 1', 'stops', 'plays 2', 'stops']);
  });

  test('one that is ended before it was rendered is never heard; one that fails is said', async () => {
    const silent = hear(() => Promise.resolve([new Float32Array(1)]));
    silent.auditions.take(note);
    silent.auditions.take({ type: 'endAudition' });
    await settle();
    expect(silent.events).toEqual([]);
    const failing = hear(() => Promise.reject(new Error('no memory')));
    failing.auditions.take(note);
    await settle();
    expect(failing.events[0]).toContain('no memory');
  });
});

describe('the bytes of model and runtime', () => {
  function ask() {
    const told: FromView[] = [];
    const bytes = new ModelBytes((word) => told.push(word));
    const part = (of: 'model' | 'runtime', from: number, total: number, ...values: number[]): void =>
      bytes.receive({ type: 'bytes', of, from, total, bytes: Uint8Array.from(values).buffer });
    return { told, bytes, part };
  }

  test('are asked for once, part by part, until another model plays; the runtime stays', async () => {
    const { told, bytes, part } = ask();
    const first = bytes.get();
    expect(bytes.get()).toBe(first);
    part('model', 0, 3, 1, 2);
    part('model', 2, 3, 3);
    await settle();
    part('runtime', 0, 1, 9);
    await expect(first).resolves.toMatchObject({ bytes: Uint8Array.of(1, 2, 3), runtime: Uint8Array.of(9).buffer });
    bytes.forget();
    const second = bytes.get();
    part('model', 0, 1, 4);
    await expect(second).resolves.toMatchObject({ bytes: Uint8Array.of(4), runtime: Uint8Array.of(9).buffer });
    expect(told).toEqual([
      { type: 'bytes', of: 'model', from: 0 },
      { type: 'bytes', of: 'model', from: 2 },
      { type: 'bytes', of: 'runtime', from: 0 },
      { type: 'bytes', of: 'model', from: 0 },
    ]);
  });

  test('begin anew when another model comes between the parts', async () => {
    const { bytes, part } = ask();
    const file = bytes.get();
    part('model', 0, 4, 1, 2);
    bytes.forget();
    expect(bytes.get()).toBe(file);
    part('model', 0, 2, 7, 8);
    await settle();
    part('runtime', 0, 1, 9);
    await expect(file).resolves.toMatchObject({ bytes: Uint8Array.of(7, 8) });
  });

  test('no model is said to be none', async () => {
    const { bytes, part } = ask();
    const file = bytes.get();
    part('model', 0, 0);
    await expect(file).rejects.toThrow('no model');
  });
});
