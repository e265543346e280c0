// Plays FOLDER/score.mid with the shipped model's first preset offline, in Node and in Chromium: tsx play-in-node-and-chromium.ts FOLDER SECONDS
// Leaves node.* and chromium.* (audio: interleaved stereo; rows; frames; all float32) and request.json, which the native engine plays.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readMidi } from '../../plugin/export/midi-score.ts';
import { presetEvents } from '../../plugin/instrument/preset.ts';
import { readBundle } from '../../plugin/model/bundle.ts';
import { openNodeDecoder } from '../../plugin/model/ort-node.ts';
import { dist, root } from '../../scripts/build/paths.ts';
import { openBrowser } from '../../scripts/open-browser.ts';
import { type Served, serve } from '../../scripts/serve.ts';
import { type Played, play, type ScoreRequest } from './play-offline.ts';

const RATE = 48_000;
const [folder, secondsText] = process.argv.slice(2);
const model = join(root, 'models', 'atlas.timbre');
const runtime = join(root, 'node_modules/onnxruntime-web/dist');

/** Writes what a shell played as `name`.audio, .rows and .frames. */
function keep(name: string, { audio, rows, frames }: Played): void {
  for (const [what, numbers] of Object.entries({ audio, rows, frames })) {
    writeFileSync(
      join(folder, `${name}.${what}`),
      new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    );
  }
}

async function playInChromium(request: ScoreRequest): Promise<Played & { browser: string }> {
  const site = mkdtempSync(join(tmpdir(), 'timbrefold-parity-'));
  const browser = await openBrowser();
  let served: Served | undefined;
  try {
    await build({
      entryPoints: { play: join(root, 'test/hosts/play-in-page.ts') },
      outdir: site,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      conditions: ['onnxruntime-web-use-extern-wasm'],
      logLevel: 'warning',
      absWorkingDir: root,
    });
    for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])
      copyFileSync(join(runtime, name), join(site, name));
    copyFileSync(join(dist, 'core.wasm'), join(site, 'core.wasm'));
    copyFileSync(model, join(site, 'atlas.timbre'));
    writeFileSync(join(site, 'index.html'), '<!doctype html><script type="module" src="play.js"></script>');
    served = await serve({ port: 0, isolation: true, folder: site });
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(served.address);
    await page.waitForFunction(() => window.playScore !== undefined);
    const played = await page.evaluate((wanted) => window.playScore?.(wanted), request);
    if (!played) throw new Error('The page did not play.');
    const numbers = (base64: string): Float32Array =>
      new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
    return {
      browser: `Chromium ${browser.version()}`,
      audio: numbers(played.audio),
      rows: numbers(played.rows),
      frames: numbers(played.frames),
    };
  } finally {
    await browser.close();
    await served?.close();
    rmSync(site, { recursive: true, force: true });
  }
}

const bundle = await readBundle(readFileSync(model), 'atlas.timbre');
const preset = bundle.presets[0];
const score = readMidi(readFileSync(join(folder, 'score.mid')), 'score.mid', RATE);
const request: ScoreRequest = {
  sampleRate: RATE,
  frames: Number(secondsText) * RATE,
  seed: preset.seed,
  latent: [...preset.latent],
  mapX: preset.map.x,
  mapY: preset.map.y,
  initial: presetEvents(preset),
  events: score.events,
};
writeFileSync(join(folder, 'request.json'), JSON.stringify({ ...request, model, output: join(folder, 'native') }));

const module = await WebAssembly.compile(readFileSync(join(dist, 'core.wasm')));
const decoder = await openNodeDecoder(bundle);
keep('node', await play(request, module, bundle, decoder));
await decoder.dispose();
const { browser, ...played } = await playInChromium(request);
keep('chromium', played);
writeFileSync(join(folder, 'chromium.json'), JSON.stringify({ browser }));
