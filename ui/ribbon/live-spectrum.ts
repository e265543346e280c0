// The spectrum of what is heard just now, by rows of musical pitch: how loud, and how the phase turns against its bin.
import FFT from 'fft.js';

const SIZE = 2048;
/** Samples between the two looks of which the phase is compared. */
const HOP = 256;
export const ROWS = 112;
const LOW_HZ = 40;
const HIGH_HZ = 16_000;

export class LiveSpectrum {
  /** Level of each row, dB; row 0 is the highest. */
  readonly levelsDb = new Float32Array(ROWS);
  /** How far the phase of the row's loudest bin turned beyond what its own frequency turns it, -pi..pi. */
  readonly turns = new Float32Array(ROWS);
  private readonly fft = new FFT(SIZE);
  private readonly window = Float64Array.from(
    { length: SIZE },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE),
  );
  private readonly frame: number[] = new Array<number>(SIZE).fill(0);
  private readonly before: number[] = this.fft.createComplexArray();
  private readonly now: number[] = this.fft.createComplexArray();

  /** At least SIZE + HOP samples; the newest are looked at. */
  analyse(samples: Float32Array, sampleRate: number): void {
    this.transform(samples, samples.length - SIZE - HOP, this.before);
    this.transform(samples, samples.length - SIZE, this.now);
    const perBin = sampleRate / SIZE;
    for (let row = 0; row < ROWS; row++) {
      const from = Math.max(1, Math.round(hzOf(row + 1) / perBin));
      const to = Math.min(SIZE / 2 - 1, Math.max(from, Math.round(hzOf(row) / perBin) - 1));
      let loudest = from;
      let most = -1;
      for (let bin = from; bin <= to; bin++) {
        const power = this.now[2 * bin] ** 2 + this.now[2 * bin + 1] ** 2;
        if (power <= most) continue;
        most = power;
        loudest = bin;
      }
      // A sine of amplitude 1 under this window has the magnitude SIZE / 4.
      this.levelsDb[row] = 10 * Math.log10(most / (SIZE / 4) ** 2 + 1e-14);
      this.turns[row] = this.turn(loudest);
    }
  }

  private transform(samples: Float32Array, from: number, out: number[]): void {
    for (let n = 0; n < SIZE; n++) this.frame[n] = (samples[from + n] ?? 0) * this.window[n];
    this.fft.realTransform(out, this.frame);
  }

  private turn(bin: number): number {
    const phase = (spectrum: number[]): number => Math.atan2(spectrum[2 * bin + 1], spectrum[2 * bin]);
    const beyond = phase(this.now) - phase(this.before) - (2 * Math.PI * HOP * bin) / SIZE;
    return beyond - 2 * Math.PI * Math.round(beyond / (2 * Math.PI));
  }
}

/** Upper edge of a row, Hz. */
const hzOf = (row: number): number => LOW_HZ * (HIGH_HZ / LOW_HZ) ** (1 - row / ROWS);
