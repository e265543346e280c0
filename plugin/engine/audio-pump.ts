// The realtime pump: once per quantum it hands arrived frames to the core, renders, and sends what the core asks for. Audio thread.
import { MAX_REQUESTS } from '../instrument/protocol.ts';
import type { Core } from './core.ts';
import { type AudioEnd, FRAME_RECORD, ROW_RECORD } from './decoder-link.ts';

/** Frames handed over for every so many samples of a block, at most: a burst (a filled attack cache) is spread so that no quantum pays for all of it. */
const FRAMES_PER_TURN = 128;
const TURN = 512;

export class AudioPump {
  private readonly rows = new Float32Array(MAX_REQUESTS * ROW_RECORD);
  private readonly frames = new Float32Array(FRAMES_PER_TURN * FRAME_RECORD);
  /** Rows taken from the core for which the link had no room yet, packed at the beginning of `rows`. */
  private waiting = 0;
  private stride = 0;

  constructor(
    private readonly core: Core,
    private readonly link: AudioEnd,
  ) {}

  /** Renders `count` samples (at most MAX_BLOCK) into `core.left` and `core.right`. Queue events by `core.event` before. Never blocks or allocates. */
  process(count: number): void {
    const { core, link } = this;
    const deliverySize = core.deliverySize;
    for (let left = count, arrived = 1; left > 0 && arrived > 0; left -= TURN) {
      arrived = link.receiveFrames(this.frames, 0, FRAMES_PER_TURN, deliverySize);
      if (arrived > 0) core.deliver(this.frames, 0, arrived, deliverySize);
    }
    core.announceBlock(count);
    core.process(count);
    this.sendRequests();
  }

  /** Forgets rows that were not sent yet; for when the model changes. */
  reset(): void {
    this.waiting = 0;
  }

  private sendRequests(): void {
    const { core, link, rows } = this;
    const stride = core.rowSize;
    if (stride !== this.stride) {
      // A model of another size was loaded: the rows still here lie too close or too far apart, and the core asks anew for what it misses.
      this.stride = stride;
      this.waiting = 0;
    }
    this.waiting += core.takeRequests(rows, this.waiting * stride, MAX_REQUESTS - this.waiting, stride);
    if (this.waiting === 0) return;
    const sent = link.sendRows(rows, 0, this.waiting, stride);
    if (sent === 0) return;
    rows.copyWithin(0, sent * stride, this.waiting * stride);
    this.waiting -= sent;
  }
}
