// NumPy's .npy and .npz with float32 arrays, the form in which tensors pass between TypeScript and Python (format of numpy.lib.format).
import { readZip } from './zip.ts';

export interface NdArray {
  shape: number[];
  /** Row-major (C order). */
  data: Float32Array<ArrayBuffer>;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads a little-endian float32 array in C order.
 * @throws Error whose message names what is wrong; `name` is the file for that sentence.
 */
export function readNpy(bytes: Uint8Array, name: string): NdArray {
  const refuse = (why: string): never => {
    throw new Error(`${name} is not a float32 array that can be read: ${why}.`);
  };
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte))
    return refuse('it does not begin like a .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major < 1 || major > 3) return refuse(`its format version is ${major}`);
  const headerSize = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = (major === 1 ? 10 : 12) + headerSize;
  if (start > bytes.length) return refuse('its header is truncated');
  const header = String.fromCharCode(...bytes.subarray(major === 1 ? 10 : 12, Math.min(start, 4096)));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type !== '<f4') return refuse(`its numbers are ${type ?? 'unknown'}, not <f4`);
  if (fortran !== 'False') return refuse('it is in Fortran order');
  if (dims === undefined) return refuse('its header names no shape');
  const shape = dims
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const size = shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(size) || bytes.length - start !== size * 4) {
    return refuse(`it holds ${bytes.length - start} bytes where its shape (${shape.join(', ')}) needs ${size * 4}`);
  }
  // A copy of its own: the bytes may stand at an odd offset of a larger buffer.
  return { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer) };
}

/** The bytes of a .npy file (format 1.0, header padded to 64 bytes). `data` holds the product of `shape` floats. */
export function writeNpy({ shape, data }: { shape: readonly number[]; data: Float32Array }): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== data.length)
    throw new RangeError(`An array of shape (${shape.join(', ')}) needs ${size} floats, not ${data.length}.`);
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims}), }`;
  const header = `${fields.padEnd(64 * Math.ceil((fields.length + 11) / 64) - 11)}\n`;
  const bytes = new Uint8Array(10 + header.length + data.length * 4);
  bytes.set([...MAGIC, 1, 0, header.length & 255, header.length >> 8]);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

/** The arrays of a .npz by name, without their ".npy". */
export function readNpz(bytes: Uint8Array, name: string): Map<string, NdArray> {
  let entries: Map<string, Uint8Array<ArrayBuffer>>;
  try {
    const limits = { entries: 64, entryBytes: 256 << 20, totalBytes: 512 << 20 };
    entries = readZip(bytes, limits, (entry) => /^[A-Za-z0-9_]+\.npy$/.test(entry));
  } catch (error) {
    throw new Error(`${name} cannot be read: ${(error as Error).message}.`);
  }
  return new Map([...entries].map(([entry, data]) => [entry.slice(0, -4), readNpy(data, `${name}/${entry}`)]));
}
