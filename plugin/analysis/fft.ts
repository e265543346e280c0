// The FFT that the analyser works on: a shared buffer of reals in, a half spectrum out. The product's only one is the core's.

/** A real FFT of one size. `buffer` holds `size` reals, `spectrum` at least size + 2 floats: re, im of bins 0..size / 2; unscaled. */
export interface RealFft {
  readonly buffer: Float32Array;
  readonly spectrum: Float32Array;
  forward(): void;
}

/** Gives the FFT of a size (256..8192, a power of two); `Core` is one. Buffers of different sizes may overlap. */
export interface FftSource {
  fft(size: number): RealFft;
}

/** Smallest and largest size that an FftSource offers. */
export const MIN_FFT = 256;
export const MAX_FFT = 8192;

/** Remembers the transforms of a source by size, so that asking in a loop costs nothing. */
export class FftCache implements FftSource {
  private readonly bySize = new Map<number, RealFft>();
  private readonly source: FftSource;

  constructor(source: FftSource) {
    this.source = source;
  }

  fft(size: number): RealFft {
    let found = this.bySize.get(size);
    if (!found) {
      found = this.source.fft(size);
      this.bySize.set(size, found);
    }
    return found;
  }
}
