// The Decoder port over ONNX Runtime: packs rows into batches of named tensors and checks what comes back. Worker or Node, never the audio thread.
import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { FLOOR_DB, FRAME_HEADER, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import { type Bundle, BundleError, frameSize } from './bundle.ts';
import type { Decoder } from './decoder.ts';
import { type OrtRuntime, openSession, runSession } from './graph-runner.ts';

/** A decoder that says how often the model gave a number that is not finite. */
export interface ModelDecoder extends Decoder {
  /** Numbers replaced since it was opened. */
  readonly replaced: number;
}

/** Rows of the trial run by which a model is admitted. */
const TRIAL_ROWS = 32;

/**
 * Opens the decoder of a bundle and tries it on typical rows.
 * @throws BundleError where the graph is not what the manifest says, fails, or gives numbers that are not finite
 */
export async function openDecoder(ort: OrtRuntime, bundle: Bundle): Promise<ModelDecoder> {
  const { manifest, graphs } = bundle;
  const spec = manifest.graphs.decoder;
  const bytes = graphs.get('decoder') as Uint8Array;
  try {
    const session = await openSession(ort, bytes, spec);
    const decoder = new OnnxDecoder(ort, session, bundle);
    try {
      await decoder.trial();
    } catch (error) {
      await decoder.dispose();
      throw error;
    }
    return decoder;
  } catch (error) {
    throw new BundleError(`The model ${manifest.name} was refused: ${(error as Error).message.replace(/\.$/, '')}.`);
  }
}

type Feeds = {
  z: TypedTensor<'float32'>;
  pitch: TypedTensor<'float32'>;
  velocity: TypedTensor<'float32'>;
  tau: TypedTensor<'float32'>;
};

class OnnxDecoder implements ModelDecoder {
  replaced = 0;
  private busy: Promise<void> = Promise.resolve();
  readonly latentDim: number;
  readonly frameSize: number;
  private readonly batch: number;
  private readonly z: Float32Array<ArrayBuffer>;
  private readonly pitch: Float32Array<ArrayBuffer>;
  private readonly velocity: Float32Array<ArrayBuffer>;
  private readonly tau: Float32Array<ArrayBuffer>;
  /** Tensors over the buffers above, one set per batch size, made when first needed. */
  private readonly feeds: (Feeds | undefined)[];
  /** What stands in for a number that is not finite: silence in the levels, 0 in the scalars. */
  private readonly neutral: Float32Array;

  constructor(
    private readonly ort: OrtRuntime,
    private readonly session: InferenceSession,
    private readonly bundle: Bundle,
  ) {
    const { latent, time, output } = bundle.manifest;
    this.latentDim = latent.dim;
    this.frameSize = frameSize(bundle.manifest);
    this.batch = time.batchFrames;
    this.z = new Float32Array(this.batch * latent.dim);
    this.pitch = new Float32Array(this.batch);
    this.velocity = new Float32Array(this.batch);
    this.tau = new Float32Array(this.batch);
    this.feeds = new Array<Feeds | undefined>(this.batch + 1).fill(undefined);
    this.neutral = Float32Array.from(
      output.layout.flatMap(({ name, size }) =>
        new Array<number>(size).fill(name === 'partials' || name === 'noise' ? FLOOR_DB : 0),
      ),
    );
  }

  decode(rows: Float32Array, count: number, frames: Float32Array): Promise<void> {
    this.busy = this.decodeAll(rows, count, frames);
    return this.busy;
  }

  private async decodeAll(rows: Float32Array, count: number, frames: Float32Array): Promise<void> {
    for (let first = 0; first < count; first += this.batch) {
      const now = Math.min(this.batch, count - first);
      const frame = await this.decodeBatch(rows, first, now);
      this.unpack(rows, first, now, frame, frames);
    }
  }

  /** The raw output for rows [first, first + count), count at most `batch`. */
  private async decodeBatch(rows: Float32Array, first: number, count: number): Promise<Float32Array> {
    const { latentDim, z, pitch, velocity, tau } = this;
    const rowSize = ROW_HEADER + latentDim;
    for (let i = 0; i < count; i++) {
      const at = (first + i) * rowSize;
      pitch[i] = rows[at + ROW.pitch];
      velocity[i] = rows[at + ROW.velocity];
      tau[i] = rows[at + ROW.tau];
      for (let k = 0; k < latentDim; k++) z[i * latentDim + k] = rows[at + ROW.z + k];
    }
    const spec = this.bundle.manifest.graphs.decoder;
    const { frame } = await runSession(this.session, this.feedsOf(count), spec);
    const data = frame?.data;
    if (!data || frame.type !== 'float32' || data.length !== count * this.frameSize) {
      throw new Error(`${spec.file} gave an output of the wrong size (${frame?.dims.join(' x ') ?? 'none'}).`);
    }
    return data as Float32Array;
  }

  /** Copies each row's header and its frame into `frames`. */
  private unpack(rows: Float32Array, first: number, count: number, frame: Float32Array, frames: Float32Array): void {
    const { frameSize: size } = this;
    const rowSize = ROW_HEADER + this.latentDim;
    for (let i = 0; i < count; i++) {
      const row = (first + i) * rowSize;
      const to = (first + i) * (FRAME_HEADER + size);
      for (let k = 0; k < FRAME_HEADER; k++) frames[to + k] = rows[row + k];
      const payload = to + FRAME_HEADER;
      const from = i * size;
      // x - x is 0 for every finite number and NaN for the others, so one sum says whether any needs a look: no branch per number.
      let odd = 0;
      for (let k = 0; k < size; k++) {
        const value = frame[from + k];
        frames[payload + k] = value;
        odd += value - value;
      }
      if (odd !== 0) this.replaceOdd(frames, payload);
    }
  }

  /** Puts what is neutral in place of every number of a frame that is not finite. */
  private replaceOdd(frames: Float32Array, payload: number): void {
    for (let k = 0; k < this.frameSize; k++) {
      if (Number.isFinite(frames[payload + k])) continue;
      frames[payload + k] = this.neutral[k];
      this.replaced++;
    }
  }

  private feedsOf(count: number): Feeds {
    const made = this.feeds[count];
    if (made) return made;
    const flat = (data: Float32Array): TypedTensor<'float32'> =>
      new this.ort.Tensor('float32', data.subarray(0, count), [count]);
    const feeds: Feeds = {
      z: new this.ort.Tensor('float32', this.z.subarray(0, count * this.latentDim), [count, this.latentDim]),
      pitch: flat(this.pitch),
      velocity: flat(this.velocity),
      tau: flat(this.tau),
    };
    this.feeds[count] = feeds;
    return feeds;
  }

  /** Decodes the prior's middle and its surroundings over pitch and time; refuses what is not finite. */
  async trial(): Promise<void> {
    const { latent, conditioning, time } = this.bundle.manifest;
    const [low, high] = conditioning.range;
    const rowSize = ROW_HEADER + latent.dim;
    const rows = new Float32Array(TRIAL_ROWS * rowSize);
    const groups = Math.min(latent.dim, TRIAL_ROWS - 1);
    for (let i = 0; i < TRIAL_ROWS; i++) {
      const share = i / (TRIAL_ROWS - 1);
      rows[i * rowSize + ROW.pitch] = low + share * (high - low);
      rows[i * rowSize + ROW.velocity] = (i % 4) / 3;
      rows[i * rowSize + ROW.tau] = ((i * 7) % TRIAL_ROWS) * (time.maxSeconds / TRIAL_ROWS);
      // The middle first, then the latents in turn two deviations out (of many, some at a time), so that a bad weight behind any of them shows.
      for (let k = 0; k < latent.dim; k++) {
        const out = i > 0 && i % groups === k % groups ? (i % 2 === 0 ? 2 : -2) : 0;
        rows[i * rowSize + ROW.z + k] = latent.mean[k] + out * latent.std[k];
      }
    }
    for (let first = 0; first < TRIAL_ROWS; first += this.batch) {
      const frame = await this.decodeBatch(rows, first, Math.min(this.batch, TRIAL_ROWS - first));
      const bad = frame.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        throw new Error(
          `in a trial run its decoder gave a number that is not finite (value ${bad % this.frameSize} of a frame)`,
        );
      }
    }
  }

  /** Waits for rows that are being decoded. */
  async dispose(): Promise<void> {
    await this.busy.catch(() => {});
    await this.session.release();
  }
}
