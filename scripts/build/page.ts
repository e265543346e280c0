// The page, the worklet, the Worker, the WAM and the models into dist/page, ready to be served as files.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildCore } from './core.ts';
import { dist, root } from './paths.ts';

const wam = join(root, 'plugin/wam');
/** ONNX Runtime Web's own files, fetched at run time from the page's origin. */
const runtime = join(root, 'node_modules/onnxruntime-web/dist');
const RUNTIME_FILES = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

/** es2022 and whole names: the WAM SDK sends functions to the worklet as text, which must not call helpers of the bundler. */
const common: BuildOptions = {
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

/** Builds into `page`, which is emptied first. */
export async function buildPage(page = join(dist, 'page')): Promise<void> {
  const options = { ...common, outdir: page };
  rmSync(page, { recursive: true, force: true });
  mkdirSync(join(page, 'models'), { recursive: true });
  if (!existsSync(join(dist, 'core.wasm'))) await buildCore();
  await Promise.all([
    // The page, the module for other hosts and its face share their code.
    build({
      ...options,
      splitting: true,
      entryPoints: { page: join(wam, 'page.ts'), index: join(wam, 'module.ts'), gui: join(wam, 'gui.ts') },
    }),
    // Worklet and Worker are files of their own.
    build({
      ...options,
      entryPoints: {
        processor: join(wam, 'processor.ts'),
        'decoder-worker': join(wam, 'decoder-worker.ts'),
        'encode-worker': join(wam, 'encode-worker.ts'),
      },
    }),
    build({ ...options, entryPoints: { style: join(root, 'ui/styles/index.css') }, assetNames: 'fonts/[name]-[hash]' }),
  ]);
  cpSync(join(wam, 'index.html'), join(page, 'index.html'));
  cpSync(join(dist, 'core.wasm'), join(page, 'core.wasm'));
  for (const name of RUNTIME_FILES) cpSync(join(runtime, name), join(page, name));
  const models = join(root, 'models');
  for (const name of readdirSync(models).filter((file) => file.endsWith('.timbre'))) {
    cpSync(join(models, name), join(page, 'models', name));
  }
}
