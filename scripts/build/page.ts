// The page into dist/page, ready to be served as files: the instrument, its icons and manifest, and the service worker that keeps it for offline use.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { drawIcon, iconSvg } from './icons.ts';
import { dist } from './paths.ts';
import { listFiles } from './version.ts';
import { buildWeb, wam, webOptions } from './web.ts';

/** Ground of the dark instrument, as a browser's frame shows it before the page is there. */
const GROUND = '#0d1017';
const ICON_SIZES = [192, 512] as const;

const manifest = {
  name: 'Timbrefold',
  short_name: 'Timbrefold',
  description: 'A neural polyphonic synthesizer: a map of sounds, played and walked.',
  start_url: './',
  scope: './',
  id: './',
  display: 'standalone',
  orientation: 'any',
  background_color: GROUND,
  theme_color: GROUND,
  categories: ['music'],
  icons: [
    { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ...ICON_SIZES.map((size) => ({ src: `icons/icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png' })),
    { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
};

/** Builds into `page`, which is emptied first. */
export async function buildPage(page = join(dist, 'page')): Promise<void> {
  await buildWeb(page, { page: join(wam, 'page.ts') });
  cpSync(join(wam, 'index.html'), join(page, 'index.html'));
  writeIcons(join(page, 'icons'));
  writeFileSync(join(page, 'manifest.webmanifest'), `${JSON.stringify(manifest, null, 2)}\n`);
  await buildServiceWorker(page);
}

/** Last of all, since it knows the hash of every other file. A test that changes files calls it again. */
export async function buildServiceWorker(page: string): Promise<void> {
  const { version, files } = listFiles(page, (name) => !name.endsWith('.map') && name !== 'service-worker.js');
  await build({
    ...webOptions,
    outdir: page,
    sourcemap: false,
    entryPoints: { 'service-worker': join(wam, 'service-worker.ts') },
    define: { BUILD_VERSION: JSON.stringify(version), BUILD_FILES: JSON.stringify(files) },
  });
}

function writeIcons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'icon.svg'), iconSvg());
  for (const size of ICON_SIZES) writeFileSync(join(folder, `icon-${size}.png`), drawIcon(size, 1));
  // Launchers cut maskable icons to shapes of their own: the drawing keeps to the middle four fifths.
  writeFileSync(join(folder, 'maskable-512.png'), drawIcon(512, 0.7, true));
}
