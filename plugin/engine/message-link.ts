// The link over a MessageChannel, for pages without SharedArrayBuffer: buffers travel there with rows and come back with frames.
//
// A pool of buffers is made once and passes to and fro by transfer. Per message the platform makes an event object and a view of its own;
// this code allocates nothing on the audio thread.
import { type AudioEnd, type DecoderEnd, FRAME_RECORD, ROW_RECORD } from './decoder-link.ts';

/** Records of one message. */
const BATCH = 32;
/** Buffers that belong to a link: rows of 1024 under way at most. */
const POOL = 32;
/** Layout of a buffer: the number of records, then the records. */
const BUFFER_FLOATS = 1 + BATCH * Math.max(ROW_RECORD, FRAME_RECORD);

/** Buffers that have arrived and wait to be read, first in first out, in fixed room. */
class Inbox {
  private readonly items: (Float32Array<ArrayBuffer> | null)[];
  private first = 0;
  private count = 0;
  /** Records of the first buffer that have been read. */
  private readAlready = 0;

  constructor(room: number) {
    this.items = new Array<Float32Array<ArrayBuffer> | null>(room).fill(null);
  }

  put(buffer: Float32Array<ArrayBuffer>): boolean {
    if (this.count === this.items.length) return false;
    this.items[(this.first + this.count) % this.items.length] = buffer;
    this.count++;
    return true;
  }

  /** Moves up to `limit` records to `into[at...]`; buffers read to their end go to `free`. */
  read(into: Float32Array, at: number, limit: number, stride: number, recordSize: number, free: Stack): number {
    let moved = 0;
    while (this.count > 0) {
      const buffer = this.items[this.first] as Float32Array<ArrayBuffer>;
      const waiting = buffer[0] - this.readAlready;
      const now = Math.min(waiting, limit - moved);
      for (let i = 0; i < now; i++) {
        const source = 1 + (this.readAlready + i) * recordSize;
        const target = at + (moved + i) * stride;
        for (let k = 0; k < stride; k++) into[target + k] = buffer[source + k];
      }
      moved += now;
      this.readAlready += now;
      if (now < waiting) break;
      this.items[this.first] = null;
      this.first = (this.first + 1) % this.items.length;
      this.count--;
      this.readAlready = 0;
      free.push(buffer);
    }
    return moved;
  }
}

/** Buffers at rest, in fixed room; what does not fit is left to the garbage collector. */
class Stack {
  private readonly items: (Float32Array<ArrayBuffer> | null)[];
  private count = 0;

  constructor(room: number, filled: boolean) {
    this.items = Array.from({ length: room }, () => (filled ? new Float32Array(BUFFER_FLOATS) : null));
    this.count = filled ? room : 0;
  }

  push(buffer: Float32Array<ArrayBuffer>): void {
    if (this.count < this.items.length) this.items[this.count++] = buffer;
  }

  pop(): Float32Array<ArrayBuffer> | null {
    if (this.count === 0) return null;
    const buffer = this.items[--this.count];
    this.items[this.count] = null;
    return buffer;
  }

  get size(): number {
    return this.count;
  }
}

/** Puts records into a free buffer and posts it; says how many went. */
function post(
  port: MessagePort,
  transfer: ArrayBuffer[],
  buffer: Float32Array<ArrayBuffer>,
  from: Float32Array,
  at: number,
  count: number,
  stride: number,
  recordSize: number,
): number {
  const now = Math.min(count, BATCH);
  buffer[0] = now;
  for (let i = 0; i < now; i++) {
    const target = 1 + i * recordSize;
    const source = at + i * stride;
    for (let k = 0; k < stride; k++) buffer[target + k] = from[source + k];
  }
  transfer[0] = buffer.buffer;
  port.postMessage(buffer, transfer);
  return now;
}

/** The audio thread's end; `port` is one end of a MessageChannel that goes straight to the Worker. */
export class MessageAudioEnd implements AudioEnd {
  private readonly free = new Stack(POOL, true);
  private readonly inbox = new Inbox(2 * POOL);
  private readonly transfer: ArrayBuffer[] = [new ArrayBuffer(0)];

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<Float32Array<ArrayBuffer>>) => {
      if (!this.inbox.put(event.data)) this.free.push(event.data);
    };
  }

  sendRows(rows: Float32Array, at: number, count: number, stride: number): number {
    let sent = 0;
    while (sent < count) {
      const buffer = this.free.pop();
      if (!buffer) break;
      sent += post(this.port, this.transfer, buffer, rows, at + sent * stride, count - sent, stride, ROW_RECORD);
    }
    return sent;
  }

  receiveFrames(frames: Float32Array, at: number, limit: number, stride: number): number {
    return this.inbox.read(frames, at, limit, stride, FRAME_RECORD, this.free);
  }
}

/** The decoder thread's end. Every buffer that came is sent back, with frames or empty, so that the audio thread's pool stays full. */
export class MessageDecoderEnd implements DecoderEnd {
  private readonly inbox = new Inbox(2 * POOL);
  private readonly free = new Stack(2 * POOL, false);
  private readonly transfer: ArrayBuffer[] = [new ArrayBuffer(0)];
  private wakeUp: (() => void) | null = null;

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event: MessageEvent<Float32Array<ArrayBuffer>>) => {
      this.inbox.put(event.data);
      this.wakeUp?.();
    };
  }

  receiveRows(rows: Float32Array, at: number, limit: number): number {
    return this.inbox.read(rows, at, limit, ROW_RECORD, ROW_RECORD, this.free);
  }

  sendFrames(frames: Float32Array, at: number, count: number, stride: number): number {
    let sent = 0;
    while (sent < count) {
      // One buffer of rows may be answered in two batches (sounding voices first); then this side makes one, and the pool drops it later.
      const buffer = this.free.pop() ?? new Float32Array(BUFFER_FLOATS);
      sent += post(this.port, this.transfer, buffer, frames, at + sent * stride, count - sent, stride, FRAME_RECORD);
    }
    return sent;
  }

  async wait(timeoutMs: number): Promise<void> {
    while (this.free.size > 0) {
      const buffer = this.free.pop();
      if (!buffer) break;
      post(this.port, this.transfer, buffer, buffer, 0, 0, 0, FRAME_RECORD);
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = null;
  }
}
