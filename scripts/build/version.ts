// The files of a built folder with their hashes, and one version of them all.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Every file under `folder` that `wanted` lets through, by its path with "/", with the SHA-256 of its bytes (hexadecimal). */
export function listFiles(
  folder: string,
  wanted: (path: string) => boolean,
): { version: string; files: Record<string, string> } {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(wanted)
    .sort();
  const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
  const files = Object.fromEntries(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
  return { version: sha256(JSON.stringify(files)).slice(0, 16), files };
}
