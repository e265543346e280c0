// Modules by others, from the npm package wam-community: fetched once into the cache that checkouts share.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { alone, cache, say } from '../bootstrap.mjs';

const PACKAGE = 'wam-community';
const VERSION = '0.4.9';

/** The folder with `plugins.json` and `plugins/`, or null where the package cannot be had; what then is missing is said. */
export async function communityModules(): Promise<string | null> {
  const home = join(cache, `${PACKAGE}-${VERSION}`);
  const folder = join(home, 'node_modules', PACKAGE, 'dist');
  const list = join(folder, 'plugins.json');
  if (!existsSync(list)) {
    await alone(`${home}.lock`, async () => {
      if (existsSync(list)) return;
      say(`fetching modules by others (npm package ${PACKAGE} ${VERSION}, 71 MB, once)`);
      mkdirSync(home, { recursive: true });
      const args = [
        'install',
        '--prefix',
        home,
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        '--loglevel=error',
      ];
      spawnSync('npm', [...args, `${PACKAGE}@${VERSION}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    });
  }
  if (existsSync(list)) return folder;
  say(`${PACKAGE} could not be fetched; the host offers Timbrefold alone, as often as you like.`);
  return null;
}
