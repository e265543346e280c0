// The version of the package, for `--version`.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** package.json lies above dist/ for the built program, and two folders above the sources in a checkout. */
const file = ['../package.json', '../../package.json']
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find(existsSync);

export const version: string = file
  ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  : 'unknown';
