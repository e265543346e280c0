// `npm run bench`: one table of speed and size, medians of several runs, peers in the same run; the same as JSON in dist/bench.json.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '../plugin/model/bundle.ts';
import { coreModel } from '../plugin/model/core-model.ts';
import { openNodeDecoder } from '../plugin/model/ort-node.ts';
import { benchBounce } from './bench/bounce.ts';
import { benchDecoder } from './bench/decoder.ts';
import { benchFft } from './bench/fft.ts';
import { benchInteraction } from './bench/interaction.ts';
import { benchManyPoints } from './bench/many-points.ts';
import { RUNS } from './bench/measure.ts';
import { benchPage } from './bench/page.ts';
import type { Row } from './bench/row.ts';
import { benchVoices } from './bench/voices.ts';
import { buildCore } from './build/core.ts';
import { buildPage } from './build/page.ts';
import { dist, root } from './build/paths.ts';

const bundleFile = join(root, 'models', 'atlas.timbre');
const coreFile = join(dist, 'core.wasm');

await buildCore();
await buildPage();
const bundle = await readBundle(readFileSync(bundleFile), 'atlas.timbre');
const decoder = await openNodeDecoder(bundle);
const model = coreModel(bundle);
const module = await WebAssembly.compile(readFileSync(coreFile));

const rows: Row[] = [
  ...(await benchFft()),
  ...(await benchVoices(module, model, decoder)),
  ...(await benchDecoder(decoder)),
  ...(await benchBounce(module, model, decoder)),
  { name: 'core.wasm', value: statSync(coreFile).size / 1024, unit: 'KiB' },
  { name: 'models/atlas.timbre', value: statSync(bundleFile).size / 1024, unit: 'KiB' },
];
await decoder.dispose();
try {
  rows.push(...(await benchPage()), ...(await benchInteraction()), ...(await benchManyPoints()));
} catch (error) {
  console.error(`The page was not timed: ${error instanceof Error ? error.message : error}`);
}

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const width = Math.max(...rows.map((row) => row.name.length));
console.log(`Medians of ${RUNS} runs or more, Node ${process.versions.node}, ${cpus()[0].model.trim()}, one thread\n`);
for (const { name, value, unit, peer, ratio } of rows) {
  const compared = peer && ratio !== undefined ? `   ${ratio.toFixed(2)} x ${peer}` : '';
  console.log(`${name.padEnd(width)}  ${number(value).padStart(9)} ${unit}${compared}`);
}
const report = join(dist, 'bench.json');
mkdirSync(dist, { recursive: true });
writeFileSync(report, `${JSON.stringify({ node: process.versions.node, runs: RUNS, rows }, null, 2)}\n`);
console.log(`\nwrote ${report}`);
