// How rows travel from the audio thread to the decoder thread and frames back: what each side sees. Ways: ring-link.ts, message-link.ts.
import { FRAME_HEADER, MAX_FRAME, MAX_LATENT, ROW_HEADER } from '../instrument/protocol.ts';

/** Floats of a row and of a frame on the way, whatever the model: the link outlives a change of model. */
export const ROW_RECORD = ROW_HEADER + MAX_LATENT;
export const FRAME_RECORD = FRAME_HEADER + MAX_FRAME;

/** The audio thread's end. Nothing here blocks or allocates (message-link.ts says what the platform allocates there). */
export interface AudioEnd {
  /** Offers `count` rows of `stride` floats at `rows[at...]`; says how many were taken. The caller keeps the rest and offers it again. */
  sendRows(rows: Float32Array, at: number, count: number, stride: number): number;
  /** Moves up to `limit` frames, `stride` floats of each, to `frames[at...]`; says how many came. */
  receiveFrames(frames: Float32Array, at: number, limit: number, stride: number): number;
}

/** The decoder thread's end. */
export interface DecoderEnd {
  /** Moves up to `limit` rows of ROW_RECORD floats to `rows[at...]`; says how many came. Does not wait. */
  receiveRows(rows: Float32Array, at: number, limit: number): number;
  /** Offers `count` frames of `stride` floats at `frames[at...]`; says how many were taken (the rest: when the audio thread has read some). */
  sendFrames(frames: Float32Array, at: number, count: number, stride: number): number;
  /** Resolves when rows may have come, or after about `timeoutMs`; lets the thread's other messages through. */
  wait(timeoutMs: number): Promise<void>;
}
