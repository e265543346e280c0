// The decoder thread: reads and tries bundles, answers the core's rows. A Worker; the audio thread is reached by the link alone.
import type { DecoderEnd } from '../engine/decoder-link.ts';
import { DecoderLoop } from '../engine/decoder-loop.ts';
import { MessageDecoderEnd } from '../engine/message-link.ts';
import { RingDecoderEnd } from '../engine/ring-link.ts';
import { type Bundle, readBundle } from '../model/bundle.ts';
import { coreModel } from '../model/core-model.ts';
import type { Decoder } from '../model/decoder.ts';
import { configureWebRuntime, openWebDecoder, warmWebRuntime } from '../model/ort-web.ts';
import { bundleBytes } from './bundle-source.ts';
import type { BundleSource, FromWorker, LinkEnd, LoadedModel, Slot, ToWorker } from './thread-messages.ts';

const say = (message: FromWorker): void => postMessage(message);
const decoders: [Decoder | undefined, Decoder | undefined] = [undefined, undefined];
const SAY_MS = 500;
let loop: DecoderLoop | null = null;
let running = false;
/** Resolves when ONNX Runtime stands; begun before the bundle is read, since both take their time. */
let runtime: Promise<void> | null = null;

/** How much of real time decoding takes and how many rows wait; said about twice a second, and when the last row is answered. */
const work = { busyMs: 0, sinceMs: performance.now(), waiting: 0, saidIdle: true };

function sayWork(nowMs: number): void {
  const span = nowMs - work.sinceMs;
  say({ type: 'work', share: span > 0 ? Math.min(1, work.busyMs / span) : 0, waiting: work.waiting });
  work.busyMs = 0;
  work.sinceMs = nowMs;
  work.saidIdle = work.waiting === 0;
}

/** A decoder whose time is measured. */
function measured(inner: Decoder): Decoder {
  return {
    latentDim: inner.latentDim,
    frameSize: inner.frameSize,
    async decode(rows, count, frames) {
      const began = performance.now();
      await inner.decode(rows, count, frames);
      const ended = performance.now();
      work.busyMs += ended - began;
      if (ended - work.sinceMs >= SAY_MS) sayWork(ended);
    },
    dispose: () => inner.dispose(),
  };
}

/** A link whose rows and frames are counted. */
function watched(inner: DecoderEnd): DecoderEnd {
  return {
    receiveRows(rows, at, limit) {
      const came = inner.receiveRows(rows, at, limit);
      work.waiting += came;
      return came;
    },
    sendFrames(frames, at, count, stride) {
      const sent = inner.sendFrames(frames, at, count, stride);
      work.waiting -= sent;
      if (sent > 0) work.saidIdle = false;
      return sent;
    },
    wait(timeoutMs) {
      const nowMs = performance.now();
      if (!work.saidIdle && (work.waiting === 0 || nowMs - work.sinceMs >= SAY_MS)) sayWork(nowMs);
      return inner.wait(timeoutMs);
    },
  };
}

self.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  if (data.type === 'link') {
    loop = new DecoderLoop(watched(decoderEnd(data.link)), (slot) => decoders[slot === 0 ? 0 : 1]);
    start();
  } else if (data.type === 'ping') {
    say({ type: 'alive' });
  } else {
    void load(data.slot, data.source, data.runtimeUrl);
  }
};

function startRuntime(folder: string): Promise<void> {
  configureWebRuntime(folder);
  return warmWebRuntime();
}

const decoderEnd = (link: LinkEnd): DecoderEnd =>
  link.way === 'ring' ? new RingDecoderEnd(link.memory) : new MessageDecoderEnd(link.port);

/** Begins to answer once there is both a way and a decoder; before that, waiting would only slow the loading. */
function start(): void {
  if (!loop || running || !decoders.some(Boolean)) return;
  running = true;
  loop.run().catch((error: unknown) => {
    running = false;
    say({ type: 'failed', sentence: `The decoder stopped: ${sentenceOf(error)}` });
  });
}

async function load(slot: Slot, source: BundleSource, runtimeUrl: string): Promise<void> {
  try {
    runtime ??= startRuntime(runtimeUrl);
    const { bytes, fileName: name } = await bundleBytes(source, (file, progress) =>
      say({ type: 'progress', text: `Fetching ${file}`, progress }),
    );
    say({ type: 'progress', text: `Checking ${name}`, progress: -1 });
    const bundle = await readBundle(bytes, name);
    await runtime;
    say({ type: 'progress', text: `Opening ${bundle.manifest.name}`, progress: -1 });
    const decoder = measured(await openWebDecoder(bundle));
    const before = decoders[slot];
    decoders[slot] = decoder;
    say({ type: 'loaded', slot, model: describe(bundle) });
    start();
    // The slot's former model stopped playing two models ago.
    await before?.dispose();
  } catch (error) {
    say({ type: 'refused', sentence: sentenceOf(error) });
  }
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The card's first paragraph of prose. */
const summaryOf = (card: string): string =>
  card
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .find((paragraph) => paragraph !== '' && !/^[#|`>-]/.test(paragraph)) ?? '';

function describe(bundle: Bundle): LoadedModel {
  const { manifest, identity, map, presets, card } = bundle;
  return {
    identity,
    family: manifest.family,
    version: manifest.version,
    licence: manifest.licence,
    summary: summaryOf(card),
    macros: manifest.macros.map(({ label, description }) => ({ label, description })),
    points: map.points.map(({ name, family, x, y }) => ({ name, family, x, y })),
    presets,
    core: coreModel(bundle),
  };
}
