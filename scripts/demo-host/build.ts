// Builds the host page into dist/demo-host.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { dist, root } from '../build/paths.ts';

/** A module that the host offers. */
export interface ModuleEntry {
  name: string;
  /** Of its index.js, absolute. */
  url: string;
}

const here = dirname(fileURLToPath(import.meta.url));

/** Says where it was built; `modules` are what its list offers. */
export async function buildDemoHost(
  modules: readonly ModuleEntry[],
  folder = join(dist, 'demo-host'),
): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { host: join(here, 'host.ts'), style: join(here, 'style.css') },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    logLevel: 'warning',
    absWorkingDir: root,
  });
  cpSync(join(here, 'index.html'), join(folder, 'index.html'));
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  return folder;
}
