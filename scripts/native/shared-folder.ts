// A folder that checkouts share: made once, by whoever comes first, and whole or not there at all.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { alone, cache } from '../bootstrap.mjs';

/** The folder `name` of the cache, filled by `make` (which gets an empty folder to fill) where it is not there yet. */
export async function sharedFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await alone(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const growing = `${folder}.part`;
    rmSync(growing, { recursive: true, force: true });
    mkdirSync(growing, { recursive: true });
    await make(growing);
    renameSync(growing, folder);
  });
  return folder;
}
