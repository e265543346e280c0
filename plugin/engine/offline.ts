// The offline pump: core in strict mode, every frame answered before it is heard. Complete, repeatable, the same at every block size.
import type { SoundEvent } from '../instrument/preset.ts';
import { FRAME_HEADER, MAX_BLOCK, MAX_EVENTS, MAX_REQUESTS, ROW_HEADER } from '../instrument/protocol.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Core, CoreModel } from './core.ts';

/** An event at an absolute sample of the render. */
export interface TimedEvent extends SoundEvent {
  frame: number;
}

export interface RenderOptions {
  /** Samples per call of the core; the result is the same for any (1..MAX_BLOCK). */
  block?: number;
  /** Called now and then with the share that is done, 0..1. */
  onProgress?: (share: number) => void;
}

/** Receives the next `count` samples; the arrays are reused after the call. */
export type AudioSink = (left: Float32Array, right: Float32Array, count: number) => void | Promise<void>;

export interface OfflineSetup {
  core: Core;
  decoder: Decoder;
  model: CoreModel;
  /** 22,050..192,000 Hz. */
  sampleRate: number;
  seed?: number;
  /** The sound at rest. */
  latent: ArrayLike<number>;
  mapX: number;
  mapY: number;
  /** Parameters and whatever else holds from the first sample. */
  events?: readonly SoundEvent[];
}

/** Samples between two looks at the voices when rendering until silence, whatever the block. */
const SEGMENT = 4096;

export class OfflineEngine {
  private readonly core: Core;
  private readonly decoder: Decoder;
  private readonly rows: Float32Array;
  private readonly frames: Float32Array;
  private position = 0;
  private initial: readonly SoundEvent[];

  /** Prepares the core (it silences all); the core belongs to this engine from now on. */
  constructor({ core, decoder, model, sampleRate, seed, latent, mapX, mapY, events }: OfflineSetup) {
    this.core = core;
    this.decoder = decoder;
    core.prepare(sampleRate, { seed, strict: true });
    core.setModel(model);
    core.setSound(latent, mapX, mapY);
    this.initial = events ?? [];
    this.rows = new Float32Array(MAX_REQUESTS * (ROW_HEADER + decoder.latentDim));
    this.frames = new Float32Array(MAX_REQUESTS * (FRAME_HEADER + decoder.frameSize));
  }

  /** Samples rendered so far. */
  get rendered(): number {
    return this.position;
  }

  /** Voices that sound at the present position. */
  get activeVoices(): number {
    return this.core.activeVoices;
  }

  /**
   * Renders `frames` samples from the present position and hands them to `sink` piece by piece. Event times are absolute; those before the present
   * position count as now. `events` must be in order of time.
   */
  async render(
    events: readonly TimedEvent[],
    frames: number,
    sink: AudioSink,
    options: RenderOptions = {},
  ): Promise<void> {
    const { core } = this;
    const block = Math.min(MAX_BLOCK, Math.max(1, Math.floor(options.block ?? MAX_BLOCK)));
    const end = this.position + frames;
    const begin = this.position;
    let next = 0;
    let reported = 0;
    for (const { kind, channel, key, value } of this.initial) core.event(0, kind, channel, key, value);
    this.initial = [];
    while (this.position < end) {
      let blockEnd = Math.min(end, this.position + block);
      let queued = 0;
      while (next < events.length && events[next].frame < blockEnd) {
        if (queued === MAX_EVENTS - 64) {
          // The queue is nearly full: render up to the next event's sample first (or let it follow in the next block at the same sample).
          blockEnd = Math.max(this.position + 1, Math.min(blockEnd, events[next].frame));
          break;
        }
        const { frame, kind, channel, key, value } = events[next++];
        core.event(Math.max(0, frame - this.position), kind, channel, key, value);
        queued++;
      }
      while (this.position < blockEnd) {
        const asked = blockEnd - this.position;
        const made = core.process(asked);
        if (made > 0) {
          await sink(core.left, core.right, made);
          this.position += made;
        }
        // Rows are answered when a voice cannot go on without them, so that a decoder call carries as many as possible.
        if (made < asked || core.requestCount > MAX_REQUESTS / 2) {
          const answered = await this.answer();
          if (made === 0 && answered === 0) {
            throw new Error('The core waits for a frame that it has not asked for; please report this as a bug.');
          }
        }
      }
      const share = (this.position - begin) / frames;
      if (options.onProgress && share - reported >= 0.01) {
        reported = share;
        options.onProgress(share);
      }
    }
    options.onProgress?.(1);
  }

  /** Goes on without further events until no voice sounds, `limitFrames` at most; says how many samples that took. */
  async renderTail(limitFrames: number, sink: AudioSink, options: RenderOptions = {}): Promise<number> {
    const begin = this.position;
    while (this.core.activeVoices > 0 && this.position - begin < limitFrames) {
      // Segments end at absolute multiples, so that the length does not depend on the block.
      const segment = SEGMENT - (this.position % SEGMENT);
      await this.render([], Math.min(segment, limitFrames - (this.position - begin)), sink, { block: options.block });
    }
    return this.position - begin;
  }

  /** Decodes everything the core has asked for and hands it over. */
  private async answer(): Promise<number> {
    const { core, decoder, rows, frames } = this;
    const count = core.takeRequests(rows, 0, MAX_REQUESTS, ROW_HEADER + decoder.latentDim);
    if (count > 0) {
      await decoder.decode(rows, count, frames);
      core.deliver(frames, 0, count, FRAME_HEADER + decoder.frameSize);
    }
    return count;
  }
}

/** Renders into two arrays of `frames` samples: for short pieces, the analyser and tests. */
export async function renderToArrays(
  engine: OfflineEngine,
  events: readonly TimedEvent[],
  frames: number,
  options: RenderOptions = {},
): Promise<{ left: Float32Array<ArrayBuffer>; right: Float32Array<ArrayBuffer> }> {
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  let at = 0;
  await engine.render(
    events,
    frames,
    (l, r, count) => {
      left.set(l.subarray(0, count), at);
      right.set(r.subarray(0, count), at);
      at += count;
    },
    options,
  );
  return { left, right };
}
