// The decoder thread's loop: takes rows, decodes them in batches, sends frames back. Sounding voices come before the attack cache.
import { FRAME_HEADER, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import type { Decoder } from '../model/decoder.ts';
import { type DecoderEnd, FRAME_RECORD, ROW_RECORD } from './decoder-link.ts';

/** Rows decoded in one go for sounding voices, and for the attack cache: small, since a sounding voice may ask meanwhile. */
const VOICE_BATCH = 64;
const CACHE_BATCH = 32;
/** Rows of each priority kept waiting. */
const BACKLOG = 4096;
/** How long to sleep without rows; a wake-up comes at once when rows arrive, so this bounds only how fast other messages are seen. */
const IDLE_MS = 5;

/** Rows waiting, first in first out, in fixed room. */
class Backlog {
  private readonly rows = new Float32Array(BACKLOG * ROW_RECORD);
  private first = 0;
  count = 0;

  push(from: Float32Array, at: number): void {
    if (this.count === BACKLOG) {
      // More than the core ever has under way: only the oldest can be out of date, so it makes room.
      this.first = (this.first + 1) % BACKLOG;
      this.count--;
    }
    const slot = ((this.first + this.count) % BACKLOG) * ROW_RECORD;
    this.rows.set(from.subarray(at, at + ROW_RECORD), slot);
    this.count++;
  }

  slotOfFirst(): number {
    return this.rows[this.first * ROW_RECORD + ROW.slot];
  }

  /** Moves rows from the front into `into`, `stride` floats each, as long as they belong to the same model slot; says how many. */
  take(into: Float32Array, limit: number, stride: number): number {
    const slot = this.slotOfFirst();
    let taken = 0;
    while (taken < limit && this.count > 0 && this.slotOfFirst() === slot) {
      const from = this.first * ROW_RECORD;
      into.set(this.rows.subarray(from, from + stride), taken * stride);
      this.first = (this.first + 1) % BACKLOG;
      this.count--;
      taken++;
    }
    // Begins at the front again when empty, so that the room at the back stays memory that was never touched.
    if (this.count === 0) this.first = 0;
    return taken;
  }

  clear(): void {
    this.count = 0;
  }
}

export class DecoderLoop {
  private readonly backlogs = [new Backlog(), new Backlog()] as const;
  private readonly incoming = new Float32Array(256 * ROW_RECORD);
  private readonly batch = new Float32Array(VOICE_BATCH * ROW_RECORD);
  private readonly frames = new Float32Array(VOICE_BATCH * FRAME_RECORD);
  private stopped = false;
  private decoding: Promise<void> = Promise.resolve();

  /** `decoderOf` says which decoder answers rows of a model slot (0 or 1); rows of a slot without one are dropped. */
  constructor(
    private readonly link: DecoderEnd,
    private readonly decoderOf: (slot: number) => Decoder | undefined,
  ) {}

  /** Runs until `stop`; rejects when a decoder fails. */
  async run(): Promise<void> {
    while (!this.stopped) {
      if ((await this.turn()) === 0 && !this.stopped) await this.link.wait(IDLE_MS);
    }
  }

  /** Ends `run`; resolves when the decoder is no longer in use and may be disposed of. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.decoding;
  }

  /** Forgets waiting rows; for when the model changes. */
  clear(): void {
    for (const backlog of this.backlogs) backlog.clear();
  }

  /** Takes what has come and decodes one batch of it; says how many rows were answered or dropped. */
  async turn(): Promise<number> {
    for (let came = -1; came !== 0; ) {
      came = this.link.receiveRows(this.incoming, 0, 256);
      for (let i = 0; i < came; i++) {
        const at = i * ROW_RECORD;
        this.backlogs[this.incoming[at + ROW.priority] > 0 ? 1 : 0].push(this.incoming, at);
      }
    }
    const urgent = this.backlogs[0].count > 0;
    const backlog = this.backlogs[urgent ? 0 : 1];
    if (backlog.count === 0) return 0;
    const decoder = this.decoderOf(backlog.slotOfFirst());
    const stride = ROW_HEADER + (decoder?.latentDim ?? 0);
    const count = backlog.take(this.batch, urgent ? VOICE_BATCH : CACHE_BATCH, stride);
    if (!decoder) return count;
    this.decoding = decoder.decode(this.batch, count, this.frames);
    await this.decoding;
    const frameStride = FRAME_HEADER + decoder.frameSize;
    for (let sent = 0; sent < count && !this.stopped; ) {
      sent += this.link.sendFrames(this.frames, sent * frameStride, count - sent, frameStride);
      // A full ring means that the audio thread is asleep (a suspended context): wait for it rather than lose frames.
      if (sent < count) await this.link.wait(IDLE_MS);
    }
    return count;
  }
}
