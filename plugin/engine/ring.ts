// A ring of float records between two threads over shared memory: one producer, one consumer, no locks, nothing allocated after construction.

/** Header: records written and read since the beginning, as wrapping 32-bit counters. Only the owner of a counter writes it. */
const WRITTEN = 0;
const READ = 1;
/** The counters lie in cache lines of their own. */
const HEADER_INTS = 32;
const READ_AT = 16;

const counterAt = (which: typeof WRITTEN | typeof READ): number => (which === WRITTEN ? 0 : READ_AT);

export class Ring {
  private readonly counters: Int32Array;
  private readonly records: Float32Array;
  private readonly mask: number;

  /** Attaches to memory made by `Ring.allocate` with the same sizes; each side does so for itself. */
  constructor(
    readonly memory: SharedArrayBuffer,
    /** Records it holds; a power of two. */
    readonly capacity: number,
    /** Floats of one record. */
    readonly recordSize: number,
  ) {
    if (memory.byteLength !== Ring.bytes(capacity, recordSize)) {
      throw new RangeError(
        `A ring of ${capacity} records of ${recordSize} floats does not fit into ${memory.byteLength} bytes.`,
      );
    }
    this.counters = new Int32Array(memory, 0, HEADER_INTS);
    this.records = new Float32Array(memory, HEADER_INTS * 4);
    this.mask = capacity - 1;
  }

  static bytes(capacity: number, recordSize: number): number {
    if (capacity < 1 || (capacity & (capacity - 1)) !== 0)
      throw new RangeError(`A ring's capacity is a power of two, not ${capacity}.`);
    return HEADER_INTS * 4 + capacity * recordSize * 4;
  }

  /** Zeroed shared memory for a ring. Not on the audio thread. */
  static allocate(capacity: number, recordSize: number): SharedArrayBuffer {
    return new SharedArrayBuffer(Ring.bytes(capacity, recordSize));
  }

  /** Records that may be pushed now. Producer only. */
  get writable(): number {
    const written = this.counters[counterAt(WRITTEN)];
    return this.capacity - ((written - Atomics.load(this.counters, counterAt(READ))) >>> 0);
  }

  /** Records waiting. Consumer only. */
  get readable(): number {
    const read = this.counters[counterAt(READ)];
    return (Atomics.load(this.counters, counterAt(WRITTEN)) - read) >>> 0;
  }

  /**
   * Appends up to `count` records of `stride` floats (at most recordSize) found one after the other at `from[at...]`; says how many found room.
   * Never waits. Producer only.
   */
  push(from: Float32Array, at: number, count: number, stride: number): number {
    const now = Math.min(count, this.writable);
    const written = this.counters[counterAt(WRITTEN)];
    for (let i = 0; i < now; i++) {
      const slot = ((written + i) & this.mask) * this.recordSize;
      const source = at + i * stride;
      for (let k = 0; k < stride; k++) this.records[slot + k] = from[source + k];
    }
    // The store publishes the records: whoever sees the counter sees them.
    if (now > 0) Atomics.store(this.counters, counterAt(WRITTEN), (written + now) | 0);
    return now;
  }

  /** Moves up to `limit` records, `stride` floats of each, to `into[at...]`; says how many. Never waits. Consumer only. */
  pull(into: Float32Array, at: number, limit: number, stride: number): number {
    const now = Math.min(limit, this.readable);
    const read = this.counters[counterAt(READ)];
    for (let i = 0; i < now; i++) {
      const slot = ((read + i) & this.mask) * this.recordSize;
      const target = at + i * stride;
      for (let k = 0; k < stride; k++) into[target + k] = this.records[slot + k];
    }
    if (now > 0) Atomics.store(this.counters, counterAt(READ), (read + now) | 0);
    return now;
  }

  /** Wakes a consumer that waits. Producer only; allowed on the audio thread (it never blocks). */
  wake(): void {
    Atomics.notify(this.counters, counterAt(WRITTEN), 1);
  }

  /** Blocks until there is something to pull or the time is over. Consumer only, and never the audio or the main thread of a page. */
  wait(timeoutMs: number): void {
    const read = this.counters[counterAt(READ)];
    // Waiting on "written == read" cannot miss a push between the look and the sleep: the counter would differ.
    Atomics.wait(this.counters, counterAt(WRITTEN), read, timeoutMs);
  }
}
