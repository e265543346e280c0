// The Decoder port: request rows in, frames out. Everything that runs a model stands behind it.

export interface Decoder {
  /** Latent dimensions a row carries behind its header. */
  readonly latentDim: number;
  /** Payload floats of a frame. */
  readonly frameSize: number;
  /**
   * Decodes `count` rows (each ROW_HEADER + latentDim floats, see plugin/instrument/protocol.ts) into `count` frames (each FRAME_HEADER +
   * frameSize floats, header copied from the row). Non-finite output becomes FLOOR_DB. Never called on the audio thread; calls do not overlap.
   */
  decode(rows: Float32Array, count: number, frames: Float32Array): Promise<void>;
  dispose(): Promise<void>;
}
