// The link over shared memory: one ring for rows, one for frames. For cross-origin isolated pages, Node and the native shell's example.
import { type AudioEnd, type DecoderEnd, FRAME_RECORD, ROW_RECORD } from './decoder-link.ts';
import { Ring } from './ring.ts';

/** Records of each ring: more than 32 voices ask for within the longest look-ahead, and a whole attack cache passes in a few quanta. */
export const RING_RECORDS = 1024;

/** What both sides attach to; it travels by postMessage or processorOptions. */
export interface RingLinkMemory {
  rows: SharedArrayBuffer;
  frames: SharedArrayBuffer;
}

/** Memory for a link. Main thread. */
export const allocateRingLink = (): RingLinkMemory => ({
  rows: Ring.allocate(RING_RECORDS, ROW_RECORD),
  frames: Ring.allocate(RING_RECORDS, FRAME_RECORD),
});

/** The audio thread's end: producer of rows, consumer of frames. */
export class RingAudioEnd implements AudioEnd {
  private readonly rows: Ring;
  private readonly frames: Ring;

  constructor(memory: RingLinkMemory) {
    this.rows = new Ring(memory.rows, RING_RECORDS, ROW_RECORD);
    this.frames = new Ring(memory.frames, RING_RECORDS, FRAME_RECORD);
  }

  sendRows(rows: Float32Array, at: number, count: number, stride: number): number {
    const sent = this.rows.push(rows, at, count, stride);
    if (sent > 0) this.rows.wake();
    return sent;
  }

  receiveFrames(frames: Float32Array, at: number, limit: number, stride: number): number {
    return this.frames.pull(frames, at, limit, stride);
  }
}

/** The decoder thread's end: consumer of rows, producer of frames. */
export class RingDecoderEnd implements DecoderEnd {
  private readonly rows: Ring;
  private readonly frames: Ring;

  constructor(
    memory: RingLinkMemory,
    /** Lets the thread's own messages through between two waits. */
    private readonly breathe: () => Promise<void> = nextTask(),
  ) {
    this.rows = new Ring(memory.rows, RING_RECORDS, ROW_RECORD);
    this.frames = new Ring(memory.frames, RING_RECORDS, FRAME_RECORD);
  }

  receiveRows(rows: Float32Array, at: number, limit: number): number {
    return this.rows.pull(rows, at, limit, ROW_RECORD);
  }

  sendFrames(frames: Float32Array, at: number, count: number, stride: number): number {
    return this.frames.push(frames, at, count, stride);
  }

  async wait(timeoutMs: number): Promise<void> {
    this.rows.wait(timeoutMs);
    await this.breathe();
  }
}

/** Resolves in a task of its own (not a microtask), so that messages posted before it are handled first. */
function nextTask(): () => Promise<void> {
  // Node handles up to a thousand port messages in one go, so a message to oneself would starve the rest there.
  if (typeof setImmediate === 'function') return () => new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  let go: (() => void) | null = null;
  port1.onmessage = () => go?.();
  return () =>
    new Promise((resolve) => {
      go = resolve;
      port2.postMessage(null);
    });
}
