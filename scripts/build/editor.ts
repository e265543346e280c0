// The plug-in's face into dist/editor, and all of it packed as dist/editor.zip, which the native shell carries inside.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { buildCore } from './core.ts';
import { dist, root } from './paths.ts';

const editor = join(root, 'plugin/editor');
const folder = join(dist, 'editor');
/** ONNX Runtime Web: its script, and its code, which the view unpacks by itself: what crosses to a web view costs by the byte. */
const runtime = join(root, 'node_modules/onnxruntime-web/dist');
const RUNTIME = 'ort-wasm-simd-threaded';

const filesIn = (place: string): string[] =>
  readdirSync(place).flatMap((name) => {
    const path = join(place, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });

export async function buildEditor(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(dist, 'core.wasm'))) await buildCore();
  await build({
    entryPoints: {
      view: join(editor, 'view.ts'),
      'encode-worker': join(editor, 'encode-worker.ts'),
      'offline-worker': join(editor, 'offline-worker.ts'),
      style: join(root, 'ui/styles/index.css'),
    },
    outdir: folder,
    assetNames: 'fonts/[name]',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.woff2': 'file' },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
  });
  cpSync(join(editor, 'index.html'), join(folder, 'index.html'));
  cpSync(join(dist, 'core.wasm'), join(folder, 'core.wasm'));
  cpSync(join(runtime, `${RUNTIME}.mjs`), join(folder, `${RUNTIME}.mjs`));
  writeFileSync(
    join(folder, `${RUNTIME}.wasm.gz`),
    gzipSync(readFileSync(join(runtime, `${RUNTIME}.wasm`)), { level: 9 }),
  );
  const entries = Object.fromEntries(
    filesIn(folder).map((path) => [
      relative(folder, path).split(sep).join('/'),
      [new Uint8Array(readFileSync(path)), { level: path.endsWith('.gz') ? 0 : 9, mtime: '1980-01-01' }] as [
        Uint8Array,
        { level: 0 | 9; mtime: string },
      ],
    ]),
  );
  writeFileSync(join(dist, 'editor.zip'), zipSync(entries));
}
