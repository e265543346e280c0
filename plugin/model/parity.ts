// Reference inputs and outputs made by PyTorch, kept in the bundle, and how far a decoder is from them.
import { FRAME_HEADER, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import type { Decoder } from './decoder.ts';
import { readNpz } from './npy.ts';

/** Rows a bundle must bring, at least. */
export const PARITY_ROWS = 16;
/** Largest difference that still counts as the same, dB (1e-5 of the range of levels). */
export const PARITY_LIMIT_DB = 1e-3;

export interface ParityVectors {
  rows: number;
  /** Row-major: [rows, latentDim], [rows], [rows], [rows], [rows, frameSize]. */
  z: Float32Array;
  pitch: Float32Array;
  velocity: Float32Array;
  tau: Float32Array;
  frame: Float32Array;
}

/**
 * Reads parity.npz and checks its shapes.
 * @throws Error with a sentence
 */
export function readParity(bytes: Uint8Array, latentDim: number, frameSize: number): ParityVectors {
  const arrays = readNpz(bytes, 'parity.npz');
  const rows = arrays.get('pitch')?.shape[0] ?? 0;
  if (rows < PARITY_ROWS || rows > 65_536)
    throw new Error(`parity.npz holds ${rows} rows; ${PARITY_ROWS} to 65536 are wanted.`);
  const take = (name: string, shape: number[]): Float32Array => {
    const array = arrays.get(name);
    if (!array) throw new Error(`parity.npz lacks the array "${name}".`);
    if (array.shape.join() !== shape.join()) {
      throw new Error(`parity.npz: "${name}" has the shape (${array.shape.join(', ')}), not (${shape.join(', ')}).`);
    }
    return array.data;
  };
  return {
    rows,
    z: take('z', [rows, latentDim]),
    pitch: take('pitch', [rows]),
    velocity: take('velocity', [rows]),
    tau: take('tau', [rows]),
    frame: take('frame', [rows, frameSize]),
  };
}

/** Largest absolute difference between the decoder's frames and the reference, in the frame's units (dB). */
export async function parityError(decoder: Decoder, vectors: ParityVectors): Promise<number> {
  const { rows, z, frame } = vectors;
  const { latentDim, frameSize } = decoder;
  const rowSize = ROW_HEADER + latentDim;
  const requests = new Float32Array(rows * rowSize);
  const frames = new Float32Array(rows * (FRAME_HEADER + frameSize));
  for (let i = 0; i < rows; i++) {
    requests[i * rowSize + ROW.tau] = vectors.tau[i];
    requests[i * rowSize + ROW.pitch] = vectors.pitch[i];
    requests[i * rowSize + ROW.velocity] = vectors.velocity[i];
    requests.set(z.subarray(i * latentDim, (i + 1) * latentDim), i * rowSize + ROW.z);
  }
  await decoder.decode(requests, rows, frames);
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < frameSize; k++) {
      const difference = Math.abs(frames[i * (FRAME_HEADER + frameSize) + FRAME_HEADER + k] - frame[i * frameSize + k]);
      // A reference that is not a number must not pass unseen.
      if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }
  }
  return worst;
}
