// Loads the model a command works with: a .timbre file, or the one that ships.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bundle, MAX_BUNDLE_BYTES, readBundle } from '../model/bundle.ts';
import { readInput } from './files.ts';

const SHIPPED = 'models/atlas.timbre';

/** The shipped model: models/ lies beside dist/ in a package, two folders above the sources in a checkout. */
export function shippedModel(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const places = [join(here, '..', SHIPPED), join(here, '..', '..', SHIPPED)];
  return places.find(existsSync) ?? places[0];
}

/** Reads and checks a bundle. @throws BundleError, or an Error with a sentence where the file cannot be read */
export async function loadBundle(path: string): Promise<Bundle> {
  const bytes = readInput(path, 'model', MAX_BUNDLE_BYTES);
  return readBundle(bytes, basename(path));
}
