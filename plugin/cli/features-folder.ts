// A features folder on disk: read whole, written whole (under another name, then renamed).
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkFeatures, type FeaturesIndex, ROW_FLOATS } from '../analysis/features.ts';
import { COLUMNS, FRAMES } from '../analysis/layout.ts';
import { readNpy, writeNpy } from '../model/npy.ts';

export interface Features {
  index: FeaturesIndex;
  /** sounds x FRAMES x COLUMNS. */
  frames: Float32Array;
}

export function readFeatures(folder: string): Features {
  const read = (name: string): Buffer => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new Error(`${folder} is not a features folder: it has no ${name}.`);
    return readFileSync(path);
  };
  let json: unknown;
  try {
    json = JSON.parse(read('sounds.json').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${join(folder, 'sounds.json')} is not JSON.`);
    throw error;
  }
  const { shape, data } = readNpy(plainBytes(read('frames.npy')), join(folder, 'frames.npy'));
  return { index: checkFeatures(json, shape, folder), frames: data };
}

/** A plain view of a Buffer: the slices of a Buffer would not be copies. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Throws unless `folder` is free or holds features that may be replaced. */
export function checkReplaceable(folder: string): void {
  if (existsSync(folder) && !existsSync(join(folder, 'sounds.json'))) {
    throw new Error(`${folder} exists and is not a features folder; choose another name or remove it.`);
  }
}

/** Writes the folder under a temporary name beside its place, then puts it there; an older one is replaced at that moment. */
export function writeFeatures(folder: string, index: FeaturesIndex, frames: Float32Array): void {
  const count = index.sounds.length;
  if (frames.length !== count * ROW_FLOATS) throw new RangeError('There must be one row of frames per sound.');
  const target = resolve(folder);
  const fresh = `${target}.new-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    mkdirSync(fresh);
    writeFileSync(join(fresh, 'sounds.json'), `${JSON.stringify(index, null, 1)}\n`);
    writeFileSync(join(fresh, 'frames.npy'), writeNpy({ shape: [count, FRAMES, COLUMNS], data: frames }));
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    if (existsSync(target)) rmSync(old, { recursive: true, force: true });
    else if (existsSync(old)) renameSync(old, target);
  }
}
