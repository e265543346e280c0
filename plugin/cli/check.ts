// `timbrefold check`: whether a bundle keeps its promises: structure, hashes, trial run, finite output, parity with PyTorch, cost.
import type { Command } from 'commander';
import { FRAME_HEADER, ROW, ROW_HEADER } from '../instrument/protocol.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Decoder } from '../model/decoder.ts';
import type { ModelDecoder } from '../model/onnx-decoder.ts';
import { openNodeDecoder, openNodeGraph } from '../model/ort-node.ts';
import { PARITY_LIMIT_DB, parityError } from '../model/parity.ts';
import { loadBundle, shippedModel } from './model-file.ts';

const RANDOM_LATENTS = 256;
const COST_BATCHES = [1, 16, 64] as const;
const COST_RUNS = 9;
/** Levels above this would be far louder than full scale whatever the gain. */
const LOUDEST_DB = 40;

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
}

/** A seeded standard normal source (mulberry32 and Box-Muller): each check tries the same latents. */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Rows with latents drawn from the prior, over all pitches, velocities and times. */
function randomRows({ manifest }: Bundle, count: number): Float32Array {
  const { latent, conditioning, time } = manifest;
  const next = gaussian(1);
  const size = ROW_HEADER + latent.dim;
  const rows = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const share = i / Math.max(1, count - 1);
    rows[i * size + ROW.pitch] = conditioning.range[0] + share * (conditioning.range[1] - conditioning.range[0]);
    rows[i * size + ROW.velocity] = (i % 8) / 7;
    rows[i * size + ROW.tau] = (((i * 37) % count) / count) * time.maxSeconds;
    for (let k = 0; k < latent.dim; k++) rows[i * size + ROW.z + k] = latent.mean[k] + latent.std[k] * next();
  }
  return rows;
}

/** Levels of a random sample of the prior: all finite, none absurdly loud. */
async function checkOutput(bundle: Bundle, decoder: ModelDecoder): Promise<Finding> {
  const name = 'random latents';
  const rows = randomRows(bundle, RANDOM_LATENTS);
  const size = FRAME_HEADER + decoder.frameSize;
  const frames = new Float32Array(RANDOM_LATENTS * size);
  await decoder.decode(rows, RANDOM_LATENTS, frames);
  if (decoder.replaced > 0)
    return { name, ok: false, detail: `${decoder.replaced} numbers of ${RANDOM_LATENTS} frames are not finite` };
  const partials = bundle.manifest.output.layout.find((part) => part.name === 'partials')?.size ?? 0;
  let loudest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < RANDOM_LATENTS; i++) {
    for (let k = 0; k < partials; k++) loudest = Math.max(loudest, frames[i * size + FRAME_HEADER + k]);
  }
  const ok = loudest < LOUDEST_DB;
  return { name, ok, detail: `${RANDOM_LATENTS} frames finite, loudest partial ${loudest.toFixed(1)} dB` };
}

/** Microseconds a row, median of several runs, at each batch size. */
async function cost(bundle: Bundle, decoder: Decoder): Promise<{ batch: number; microsecondsPerRow: number }[]> {
  const results: { batch: number; microsecondsPerRow: number }[] = [];
  for (const batch of COST_BATCHES) {
    const rows = randomRows(bundle, batch);
    const frames = new Float32Array(batch * (FRAME_HEADER + decoder.frameSize));
    const repeats = Math.ceil(128 / batch);
    const times: number[] = [];
    for (let run = 0; run < COST_RUNS; run++) {
      const started = performance.now();
      for (let i = 0; i < repeats; i++) await decoder.decode(rows, batch, frames);
      times.push(((performance.now() - started) * 1000) / (repeats * batch));
    }
    times.sort((a, b) => a - b);
    results.push({ batch, microsecondsPerRow: times[COST_RUNS >> 1] });
  }
  return results;
}

/** The graphs beside the decoder open and are what the manifest says. */
async function checkGraph(bundle: Bundle, role: 'encoder' | 'refine'): Promise<Finding | null> {
  try {
    const graph = await openNodeGraph(bundle, role);
    if (!graph) return null;
    const inputs = Object.fromEntries(
      graph.spec.inputs.map(({ name, shape }) => [
        name,
        new Float32Array(shape.reduce<number>((product, n) => (n === 'batch' ? product : product * n), 1)).fill(
          name === 'pitch' ? 60 : 0,
        ),
      ]),
    );
    const outputs = await graph.run(inputs);
    await graph.dispose();
    const bad = Object.entries(outputs).find(([, values]) => !values.every(Number.isFinite));
    return { name: role, ok: !bad, detail: bad ? `its output "${bad[0]}" is not finite` : 'opens and runs' };
  } catch (error) {
    return { name: role, ok: false, detail: (error as Error).message };
  }
}

async function check(path: string | undefined, { json }: { json?: boolean }): Promise<void> {
  const findings: Finding[] = [];
  const bundle = await loadBundle(path ?? shippedModel());
  findings.push({
    name: 'structure',
    ok: true,
    detail: `${bundle.manifest.name} ${bundle.manifest.version}: sizes agree, every file has the hash the manifest lists`,
  });
  const decoder = await openNodeDecoder(bundle);
  findings.push({ name: 'trial run', ok: true, detail: 'names, types and shapes as declared, output finite' });
  findings.push(await checkOutput(bundle, decoder));
  const worst = await parityError(decoder, bundle.parity);
  findings.push({
    name: 'parity',
    ok: worst <= PARITY_LIMIT_DB,
    detail: `${bundle.parity.rows} rows agree with PyTorch within ${worst.toExponential(1)} dB (limit ${PARITY_LIMIT_DB})`,
  });
  for (const role of ['encoder', 'refine'] as const) {
    const finding = await checkGraph(bundle, role);
    if (finding) findings.push(finding);
  }
  const costs = await cost(bundle, decoder);
  await decoder.dispose();
  const macs = bundle.summaries.get('decoder')?.macs ?? 0;
  const failed = findings.filter(({ ok }) => !ok);
  if (json) console.log(JSON.stringify({ ok: failed.length === 0, findings, cost: costs, macsPerRow: macs }));
  else {
    for (const { name, ok, detail } of findings) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}`);
    const list = costs
      .map(({ batch, microsecondsPerRow }) => `${microsecondsPerRow.toFixed(1)} us at batch ${batch}`)
      .join(', ');
    console.log(`cost   a row takes ${list}; ${macs.toLocaleString('en')} multiply-adds`);
  }
  if (failed.length > 0) {
    throw new Error(`${bundle.manifest.name} fails ${failed.map(({ name }) => name).join(' and ')}.`);
  }
}

export function register(program: Command): void {
  program
    .command('check')
    .description('test a model bundle: structure, hashes, trial run, finite output, parity with PyTorch, cost')
    .argument('[model]', 'model bundle (.timbre); without it the one that ships')
    .option('--json', 'print the findings as JSON')
    .action(check);
}
