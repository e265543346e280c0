// What page and Web Audio Module have in common: worklet, Workers, style, core, ONNX Runtime and the models, as files side by side.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildCore } from './core.ts';
import { dist, root } from './paths.ts';

export const wam = join(root, 'plugin/wam');
/** ONNX Runtime Web's own files, fetched at run time from beside the module. */
export const runtime = join(root, 'node_modules/onnxruntime-web/dist');
export const RUNTIME_FILES = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

/** es2022 and whole names: the WAM SDK sends functions to the worklet as text, which must not call helpers of the bundler. */
export const webOptions: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  conditions: ['onnxruntime-web-use-extern-wasm'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.woff2': 'file' },
  keepNames: false,
  minify: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Builds into `folder`, which is emptied first; `entryPoints` are the modules that share their code. */
export async function buildWeb(folder: string, entryPoints: Record<string, string>): Promise<void> {
  const options = { ...webOptions, outdir: folder };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'models'), { recursive: true });
  if (!existsSync(join(dist, 'core.wasm'))) await buildCore();
  await Promise.all([
    build({ ...options, splitting: true, entryPoints }),
    // Worklet and Workers are files of their own.
    build({
      ...options,
      entryPoints: {
        processor: join(wam, 'processor.ts'),
        'decoder-worker': join(wam, 'decoder-worker.ts'),
        'encode-worker': join(wam, 'encode-worker.ts'),
        'export-worker': join(wam, 'export-worker.ts'),
        'note-worker': join(wam, 'note-worker.ts'),
      },
    }),
    build({ ...options, entryPoints: { style: join(root, 'ui/styles/index.css') }, assetNames: 'fonts/[name]-[hash]' }),
  ]);
  cpSync(join(dist, 'core.wasm'), join(folder, 'core.wasm'));
  for (const name of RUNTIME_FILES) cpSync(join(runtime, name), join(folder, name));
  const models = join(root, 'models');
  for (const name of readdirSync(models).filter((file) => file.endsWith('.timbre'))) {
    cpSync(join(models, name), join(folder, 'models', name));
  }
}
