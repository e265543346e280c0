// CMake on the native shell: configures, builds and tests a preset of native-shell/CMakePresets.json.
import { join } from 'node:path';
import { cache, run } from '../bootstrap.mjs';
import { dist, root } from '../build/paths.ts';

const shell = join(root, 'native-shell');
/** Compiled objects are shared between checkouts: paths inside a checkout do not count. */
const environment = { ...process.env, CCACHE_DIR: join(cache, 'ccache'), CCACHE_BASEDIR: root, CCACHE_NOHASHDIR: '1' };

/** Where `preset` is built, as native-shell/CMakePresets.json says. */
export const folderOf = (preset: string): string => join(dist, 'native', preset);

/** Builds everything of `preset`; `settings` become CMake variables. @throws SetupError */
export async function build(preset: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const options = { cwd: shell, env: environment };
  const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  await run('cmake', ['--preset', preset, '--log-level=WARNING', ...definitions], options);
  await run('cmake', ['--build', '--preset', preset], options);
}

/** Runs the tests of `preset`. @throws SetupError */
export async function test(preset: string): Promise<void> {
  await run('ctest', ['--preset', preset], { cwd: shell, env: environment });
}
