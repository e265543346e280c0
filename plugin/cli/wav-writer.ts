// Writes a WAV file piece by piece; it appears when it is complete.
import { type BitDepth, WAV_HEADER_BYTES, WavEncoder } from '../export/wav-format.ts';
import { AtomicFile } from './files.ts';

export type { BitDepth };

export class WavWriter {
  private readonly file: AtomicFile;
  private readonly encoder: WavEncoder;

  /** The dither of 16 bit is seeded, so that a render gives the same bytes each time. @throws Error with a sentence */
  constructor(path: string, sampleRate: number, bits: BitDepth, channels: 1 | 2 = 2, seed = 1) {
    this.encoder = new WavEncoder(sampleRate, bits, channels, seed);
    this.file = new AtomicFile(path);
    this.file.write(new Uint8Array(WAV_HEADER_BYTES));
  }

  /** Largest magnitude so far; 1 is full scale. */
  get peak(): number {
    return this.encoder.peak;
  }

  /** Samples beyond full scale; cut off in the whole-number formats. */
  get clipped(): number {
    return this.encoder.clipped;
  }

  /** Appends the first `count` samples of each channel. */
  write(channels: readonly Float32Array[], count: number): void {
    this.file.write(this.encoder.encode(channels, count));
  }

  /** Completes the header and puts the file in its place. */
  finish(): void {
    const footer = this.encoder.footer();
    this.file.write(footer);
    this.file.write(this.encoder.header(footer.length), 0);
    this.file.commit();
  }

  /** Leaves nothing behind; whatever stood at the path stays. */
  abandon(): void {
    this.file.abandon();
  }
}
