// The bytes of a bundle, fetched from the page's server or read from what somebody dropped. Worker.
import { BundleError, MAX_BUNDLE_BYTES } from '../model/bundle.ts';
import { fetchBytes } from './fetch-bytes.ts';
import type { BundleSource } from './thread-messages.ts';

/** `onProgress` gets 0..1 of a fetch, or -1. @throws BundleError */
export async function bundleBytes(
  source: BundleSource,
  onProgress: (fileName: string, share: number) => void,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; fileName: string }> {
  if ('blob' in source) return { bytes: new Uint8Array(await source.blob.arrayBuffer()), fileName: source.fileName };
  const fileName = new URL(source.url).pathname.split('/').pop() ?? source.url;
  try {
    const bytes = await fetchBytes(source.url, MAX_BUNDLE_BYTES, (share) => onProgress(fileName, share));
    return { bytes, fileName };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BundleError(`The model ${fileName} could not be fetched: ${/[.!?]$/.test(why) ? why : `${why}.`}`);
  }
}
