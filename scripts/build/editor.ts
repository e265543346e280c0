// The plug-in's face into dist/editor, and all of it packed as dist/editor.zip, which the native shell carries inside.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { buildCore } from './core.ts';
import { dist, root } from './paths.ts';
import { listFiles } from './version.ts';
import { RUNTIME_FILES, runtime, webOptions } from './web.ts';

const editor = join(root, 'plugin/editor');
const folder = join(dist, 'editor');
/** The letters that nearly every text is made of come with the style; those of other scripts are fetched when a text needs them. */
const USUAL_FONT = /url\("?(\.\/fonts\/inter-latin-wght-normal\.woff2)"?\)/;

export async function buildEditor(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  if (!existsSync(join(dist, 'core.wasm'))) await buildCore();
  const options = { ...webOptions, sourcemap: false, outdir: folder, charset: 'ascii' } as const;
  await Promise.all([
    build({
      ...options,
      entryPoints: {
        'encode-worker': join(editor, 'encode-worker.ts'),
        'offline-worker': join(editor, 'offline-worker.ts'),
      },
    }),
    build({ ...options, entryPoints: { style: join(root, 'ui/styles/index.css') }, assetNames: 'fonts/[name]' }),
  ]);
  await build({
    ...options,
    entryPoints: { view: join(editor, 'view.ts') },
    format: 'iife',
    define: { STYLE: JSON.stringify(readStyle()) },
    // A web view runs it before anything of the page is there, and in the empty page that it begins with.
    banner: { js: "addEventListener('DOMContentLoaded',()=>{if(location.protocol==='about:')return;" },
    footer: { js: '});' },
  });
  rmSync(join(folder, 'style.css'));
  cpSync(join(editor, 'index.html'), join(folder, 'index.html'));
  cpSync(join(dist, 'core.wasm'), join(folder, 'core.wasm'));
  for (const name of RUNTIME_FILES) {
    // The view unpacks the runtime's code by itself: what crosses to a web view costs by the byte.
    if (name.endsWith('.wasm'))
      writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(runtime, name)), { level: 9 }));
    else cpSync(join(runtime, name), join(folder, name));
  }
  const { files } = listFiles(folder, () => true);
  const entries = Object.keys(files).map((path) => {
    const options = { level: path.endsWith('.gz') ? 0 : 9, mtime: '1980-01-01' } as const;
    return [path, [new Uint8Array(readFileSync(join(folder, path))), options]] as const;
  });
  writeFileSync(join(dist, 'editor.zip'), zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]));
}

/** The style with its usual letters inside. @throws Error where it has others */
function readStyle(): string {
  const css = readFileSync(join(folder, 'style.css'), 'utf8');
  const font = USUAL_FONT.exec(css)?.[1];
  if (!font)
    throw new Error(
      'ui/styles has no fonts/inter-latin-wght-normal.woff2; name the font of its usual letters in scripts/build/editor.ts.',
    );
  const letters = readFileSync(join(folder, font)).toString('base64');
  rmSync(join(folder, font));
  return css.replace(USUAL_FONT, `url(data:font/woff2;base64,${letters})`);
}
