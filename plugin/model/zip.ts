// Unpacks an untrusted zip within limits: entries are listed first, then inflated in small steps and cut off where they exceed what they declared.
import { Unzip, UnzipInflate, unzipSync } from 'fflate';

export interface ZipLimits {
  entries: number;
  /** Bytes of one entry and of all of them together, unpacked. */
  entryBytes: number;
  totalBytes: number;
}

/** Fed to the inflater at a time: deflate expands at most about 1032 times, so a bomb shows itself within 17 MB. */
const STEP = 16_384;

const megabytes = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;

/**
 * The entries of a zip by name. `allow` says which names may occur.
 * @throws Error whose message is a clause saying what is wrong ("it holds ...").
 */
export function readZip(
  bytes: Uint8Array,
  limits: ZipLimits,
  allow: (name: string) => boolean,
): Map<string, Uint8Array<ArrayBuffer>> {
  const declared = listEntries(bytes, limits, allow);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let failure: Error | null = null;
  const unzip = new Unzip((file) => {
    const size = declared.get(file.name);
    if (size === undefined || files.has(file.name)) {
      failure ??= new Error(`it holds a hidden or doubled entry "${printable(file.name)}"`);
      return;
    }
    const data = new Uint8Array(size);
    files.set(file.name, data);
    let at = 0;
    file.ondata = (error, chunk) => {
      if (failure) return;
      if (error) failure = new Error(`its entry "${file.name}" is damaged`);
      else if (at + chunk.length > size)
        failure = new Error(`its entry "${file.name}" unpacks to more than the ${size} bytes it declares`);
      else {
        data.set(chunk, at);
        at += chunk.length;
        written.set(file.name, at);
      }
    };
    file.start();
  });
  const written = new Map<string, number>();
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length && !failure; at += STEP) {
      unzip.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    }
  } catch {
    failure ??= new Error('it is damaged or truncated');
  }
  if (failure) throw failure;
  for (const [name, size] of declared) {
    if ((written.get(name) ?? 0) !== size)
      throw new Error(`its entry "${name}" is truncated: ${written.get(name) ?? 0} of ${size} bytes`);
  }
  return files;
}

/** Names and sizes as the central directory declares them, each checked; nothing is unpacked. */
function listEntries(bytes: Uint8Array, limits: ZipLimits, allow: (name: string) => boolean): Map<string, number> {
  const declared = new Map<string, number>();
  let failure: Error | null = null;
  let count = 0;
  let total = 0;
  const check = (name: string, size: number): Error | null => {
    if (++count > limits.entries) return new Error(`it holds more than ${limits.entries} entries`);
    if (!allow(name)) return new Error(`it holds an entry that does not belong there: "${printable(name)}"`);
    if (declared.has(name)) return new Error(`it holds "${name}" twice`);
    if (size > limits.entryBytes)
      return new Error(`its entry "${name}" has ${megabytes(size)}, more than ${megabytes(limits.entryBytes)}`);
    total += size;
    if (total > limits.totalBytes) return new Error(`it unpacks to more than ${megabytes(limits.totalBytes)}`);
    declared.set(name, size);
    return null;
  };
  try {
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        failure ??= check(name, originalSize);
        return false;
      },
    });
  } catch {
    throw new Error('it is not a whole zip file (damaged, truncated or something else)');
  }
  if (failure) throw failure;
  return declared;
}

/** A name from a stranger, fit to be shown. */
const printable = (name: string): string => name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
