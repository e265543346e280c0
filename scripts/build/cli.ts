// The command line as one file, dist/cli.mjs; native and wasm packages stay outside.
import { join } from 'node:path';
import { build } from 'esbuild';
import { dist, root } from './paths.ts';

export async function buildCli(): Promise<void> {
  await build({
    entryPoints: {
      cli: join(root, 'plugin/cli/main.ts'),
      'analyse-worker': join(root, 'plugin/cli/analyse-worker.ts'),
    },
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
  });
}
