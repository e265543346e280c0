// Opens the page's encoding Worker.
import { EncodingThread } from '../analysis/encoding-thread.ts';
import type { EncodeStage } from '../analysis/sound-encoder.ts';
import type { BundleSource } from './thread-messages.ts';

/** A Worker for one sound; close it when the sound is let go. */
export function openEncodingThread(
  url: string,
  onProgress: (stage: EncodeStage, share: number) => void,
): EncodingThread<BundleSource> {
  return new EncodingThread(new Worker(url, { type: 'module', name: 'encoder' }), onProgress);
}
