// A built folder for a test to change: what is built already, built anew only where a source is younger.
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from './page.ts';
import { dist, root } from './paths.ts';
import { buildWam } from './wam.ts';

const builds = { page: { build: buildPage, proof: 'index.html' }, wam: { build: buildWam, proof: 'index.js' } };
const SOURCES = ['plugin', 'ui', 'models', 'scripts/build', 'dist/core.wasm', 'package-lock.json'];

/** Time of the last change below a path, ms; tests are no sources. */
function lastChange(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, lastChange(join(path, name))), 0);
}

/** Fills `folder` with the page or the Web Audio Module as the sources are now. */
export async function copyBuilt(what: keyof typeof builds, folder: string): Promise<void> {
  const { build, proof } = builds[what];
  const built = join(dist, what);
  const stamp = statSync(join(built, proof), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.some((source) => lastChange(join(root, source)) > stamp)) {
    // Aside first, so that nobody finds half of it.
    const aside = `${built}.${process.pid}`;
    await build(aside);
    if (existsSync(built)) rmSync(built, { recursive: true });
    renameSync(aside, built);
  }
  cpSync(built, folder, { recursive: true, filter: (path) => !path.endsWith('.map') });
}
