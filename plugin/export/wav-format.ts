// Samples as the bytes of a WAV file: 16 bit (with dither), 24 bit or 32-bit float. RIFF/WAVE after Microsoft's Multimedia Programming Interface 1.0.

export type BitDepth = '16' | '24' | '32f';

/** Bytes before the samples. */
export const WAV_HEADER_BYTES = 44;
/** Bytes of the `smpl` chunk that holds one loop. */
const SMPL_BYTES = 8 + 36 + 24;
/** Sizes in the header have 32 bits. */
const MAX_DATA_BYTES = 0xffffffff - WAV_HEADER_BYTES - SMPL_BYTES;

/** A stretch that a sampler repeats, in frames; `end` is its last frame, as the `smpl` chunk has it. */
export interface Loop {
  start: number;
  end: number;
}

/** Turns blocks of samples into bytes, and knows the header that belongs in front of them. */
export class WavEncoder {
  private readonly sampleBytes: number;
  private buffer = new Uint8Array(0);
  private frames = 0;
  private randomState: number;
  /** Largest magnitude so far; 1 is full scale. */
  peak = 0;
  /** Samples beyond full scale; cut off in the whole-number formats. */
  clipped = 0;

  /** The dither of 16 bit is seeded, so that a render gives the same bytes each time. */
  constructor(
    private readonly sampleRate: number,
    private readonly bits: BitDepth,
    private readonly channels: 1 | 2 = 2,
    seed = 1,
  ) {
    this.sampleBytes = bits === '16' ? 2 : bits === '24' ? 3 : 4;
    // xorshift32 must not begin at 0.
    this.randomState = (seed ^ 0x9e3779b9) >>> 0 || 1;
  }

  /** The bytes of the first `count` samples of each channel; reused by the next call. @throws Error with a sentence */
  encode(channels: readonly Float32Array[], count: number): Uint8Array<ArrayBuffer> {
    const size = count * this.channels * this.sampleBytes;
    if ((this.frames + count) * this.channels * this.sampleBytes > MAX_DATA_BYTES) {
      throw new Error('The render is longer than a WAV file can hold (4 GiB); render it in parts.');
    }
    if (this.buffer.length < size) this.buffer = new Uint8Array(size);
    const view = new DataView(this.buffer.buffer);
    for (let i = 0, at = 0; i < count; i++) {
      for (let channel = 0; channel < this.channels; channel++) at = this.put(view, at, channels[channel][i]);
    }
    this.frames += count;
    return this.buffer.subarray(0, size);
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

  /** What stands behind the samples: a byte that makes their length even, and the `smpl` chunk where there is a loop. */
  footer(loop: Loop | null = null, key = 60): Uint8Array<ArrayBuffer> {
    const pad = this.dataBytes % 2;
    if (!loop) return new Uint8Array(pad);
    const bytes = new Uint8Array(pad + SMPL_BYTES);
    const view = new DataView(bytes.buffer, pad);
    tag(view, 0, 'smpl');
    view.setUint32(4, SMPL_BYTES - 8, true);
    view.setUint32(16, Math.round(1e9 / this.sampleRate), true);
    view.setUint32(20, key, true);
    view.setUint32(36, 1, true);
    view.setUint32(52, loop.start, true);
    view.setUint32(56, loop.end, true);
    return bytes;
  }

  /** The first WAV_HEADER_BYTES of the file, once all samples are encoded; `footerBytes` is the length of what stands behind them. */
  header(footerBytes = 0): Uint8Array<ArrayBuffer> {
    const blockBytes = this.channels * this.sampleBytes;
    const bytes = new Uint8Array(WAV_HEADER_BYTES);
    const view = new DataView(bytes.buffer);
    tag(view, 0, 'RIFF');
    view.setUint32(4, WAV_HEADER_BYTES - 8 + this.dataBytes + footerBytes, true);
    tag(view, 8, 'WAVE');
    tag(view, 12, 'fmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, this.bits === '32f' ? 3 : 1, true);
    view.setUint16(22, this.channels, true);
    view.setUint32(24, this.sampleRate, true);
    view.setUint32(28, this.sampleRate * blockBytes, true);
    view.setUint16(32, blockBytes, true);
    view.setUint16(34, this.sampleBytes * 8, true);
    tag(view, 36, 'data');
    view.setUint32(40, this.dataBytes, true);
    return bytes;
  }

  private get dataBytes(): number {
    return this.frames * this.channels * this.sampleBytes;
  }
}

function tag(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}

/** A whole WAV file of two channels. */
export function wavFile(
  left: Float32Array,
  right: Float32Array,
  format: { sampleRate: number; bits: BitDepth; seed?: number },
  loop: Loop | null = null,
  key = 60,
): Uint8Array<ArrayBuffer> {
  const encoder = new WavEncoder(format.sampleRate, format.bits, 2, format.seed);
  const samples = encoder.encode([left, right], left.length);
  const footer = encoder.footer(loop, key);
  const file = new Uint8Array(WAV_HEADER_BYTES + samples.length + footer.length);
  file.set(encoder.header(footer.length), 0);
  file.set(samples, WAV_HEADER_BYTES);
  file.set(footer, WAV_HEADER_BYTES + samples.length);
  return file;
}
