// Writes WAV piece by piece: 16 bit (with dither), 24 bit or 32-bit float. RIFF/WAVE after Microsoft's Multimedia Programming Interface 1.0.
import { AtomicFile } from './files.ts';

export type BitDepth = '16' | '24' | '32f';

const HEADER_BYTES = 44;
/** Sizes in the header have 32 bits. */
const MAX_DATA_BYTES = 0xffffffff - HEADER_BYTES;

export class WavWriter {
  private readonly file: AtomicFile;
  private readonly sampleBytes: number;
  private buffer = new Uint8Array(0);
  private frames = 0;
  private randomState: number;
  /** Largest magnitude so far; 1 is full scale. */
  peak = 0;
  /** Samples beyond full scale; cut off in the whole-number formats. */
  clipped = 0;

  /** The dither of 16 bit is seeded, so that a render gives the same bytes each time. @throws Error with a sentence */
  constructor(
    path: string,
    private readonly sampleRate: number,
    private readonly bits: BitDepth,
    private readonly channels: 1 | 2 = 2,
    seed = 1,
  ) {
    this.sampleBytes = bits === '16' ? 2 : bits === '24' ? 3 : 4;
    // xorshift32 must not begin at 0.
    this.randomState = (seed ^ 0x9e3779b9) >>> 0 || 1;
    this.file = new AtomicFile(path);
    this.file.write(new Uint8Array(HEADER_BYTES));
  }

  /** Appends the first `count` samples of each channel. */
  write(channels: readonly Float32Array[], count: number): void {
    const size = count * this.channels * this.sampleBytes;
    if ((this.frames + count) * this.channels * this.sampleBytes > MAX_DATA_BYTES) {
      throw new Error('The render is longer than a WAV file can hold (4 GiB); render it in parts.');
    }
    if (this.buffer.length < size) this.buffer = new Uint8Array(size);
    const view = new DataView(this.buffer.buffer);
    for (let i = 0, at = 0; i < count; i++) {
      for (let channel = 0; channel < this.channels; channel++) at = this.put(view, at, channels[channel][i]);
    }
    this.file.write(this.buffer.subarray(0, size));
    this.frames += count;
  }

  private put(view: DataView, at: number, sample: number): number {
    const magnitude = Math.abs(sample);
    if (magnitude > this.peak) this.peak = magnitude;
    if (magnitude > 1) this.clipped++;
    if (this.bits === '32f') {
      view.setFloat32(at, sample, true);
      return at + 4;
    }
    if (this.bits === '16') {
      // Triangular dither of two least significant bits makes the rounding error noise that does not follow the signal.
      const value = Math.round(sample * 32_767 + this.random() - this.random());
      view.setInt16(at, Math.max(-32_768, Math.min(32_767, value)), true);
      return at + 2;
    }
    const value = Math.max(-8_388_608, Math.min(8_388_607, Math.round(sample * 8_388_607)));
    view.setInt16(at, value & 0xffff, true);
    view.setInt8(at + 2, value >> 16);
    return at + 3;
  }

  /** Uniform in 0..1 (xorshift32, Marsaglia 2003). */
  private random(): number {
    let x = this.randomState;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.randomState = x >>> 0;
    return this.randomState / 4_294_967_296;
  }

  /** Completes the header and puts the file in its place. */
  finish(): void {
    const blockBytes = this.channels * this.sampleBytes;
    const dataBytes = this.frames * blockBytes;
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    const tag = (at: number, text: string): void => {
      for (let i = 0; i < 4; i++) header.setUint8(at + i, text.charCodeAt(i));
    };
    tag(0, 'RIFF');
    header.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
    tag(8, 'WAVE');
    tag(12, 'fmt ');
    header.setUint32(16, 16, true);
    header.setUint16(20, this.bits === '32f' ? 3 : 1, true);
    header.setUint16(22, this.channels, true);
    header.setUint32(24, this.sampleRate, true);
    header.setUint32(28, this.sampleRate * blockBytes, true);
    header.setUint16(32, blockBytes, true);
    header.setUint16(34, this.sampleBytes * 8, true);
    tag(36, 'data');
    header.setUint32(40, dataBytes, true);
    this.file.write(new Uint8Array(header.buffer), 0);
    this.file.commit();
  }

  /** Leaves nothing behind; whatever stood at the path stays. */
  abandon(): void {
    this.file.abandon();
  }
}
