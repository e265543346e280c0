// The core's real FFT beside pffft (WebAssembly, SIMD) and fft.js, forward and inverse, in one process. Alone: npx tsx scripts/bench/fft.ts
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
// @ts-expect-error The package carries no types; `Pffft` below says what is used of it.
import pffftModule from '@echogarden/pffft-wasm/simd';
import FftJs from 'fft.js';
import { Core } from '../../plugin/engine/core.ts';
import { buildCore } from '../build/core.ts';
import { dist } from '../build/paths.ts';
import { median, RUNS } from './measure.ts';
import type { Row } from './row.ts';

const SIZES = [1024, 2048, 4096];
/** One measurement lasts about this long: short enough that most are not interrupted. */
const RUN_MS = 1;
/** Runs of each transform; they take turns, so that whatever else the machine does meets all alike. */
const TURNS = Math.max(RUNS, 151);

interface Transform {
  name: string;
  forward(): void;
  inverse(): void;
}

function fillNoise(samples: { length: number; [index: number]: number }): void {
  for (let i = 0; i < samples.length; i++) samples[i] = Math.sin(i * i * 0.37);
}

function ours(core: Core, size: number): Transform {
  const { buffer, forward, inverse } = core.fft(size);
  fillNoise(buffer);
  return { name: 'core', forward, inverse };
}

/** What is used of the Emscripten module; pointers are byte offsets into HEAPF32. */
interface Pffft {
  HEAPF32: Float32Array;
  _pffft_new_setup(size: number, kind: number): number;
  _pffft_aligned_malloc(bytes: number): number;
  _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: number): void;
}

const createPffft = pffftModule as () => Promise<Pffft>;

/** pffft in natural order of bins, as ours is; it leaves the inverse unscaled, which is in its favour. */
function pffft(module: Pffft, size: number): Transform {
  const REAL = 0;
  const FORWARD = 0;
  const BACKWARD = 1;
  const setup = module._pffft_new_setup(size, REAL);
  const input = module._pffft_aligned_malloc(size * 4);
  const output = module._pffft_aligned_malloc(size * 4);
  const back = module._pffft_aligned_malloc(size * 4);
  const work = module._pffft_aligned_malloc(size * 4);
  fillNoise(new Float32Array(module.HEAPF32.buffer, input, size));
  return {
    name: 'pffft-wasm',
    forward: () => module._pffft_transform_ordered(setup, input, output, work, FORWARD),
    inverse: () => module._pffft_transform_ordered(setup, output, back, work, BACKWARD),
  };
}

/** fft.js has a real transform forward only; its inverse is complex. */
function fftJs(size: number): Transform {
  const fft = new FftJs(size);
  const input = new Array<number>(size).fill(0);
  fillNoise(input);
  const spectrum = fft.createComplexArray();
  const back = fft.createComplexArray();
  fft.realTransform(spectrum, input);
  fft.completeSpectrum(spectrum);
  return {
    name: 'fft.js',
    forward: () => fft.realTransform(spectrum, input),
    inverse: () => fft.inverseTransform(back, spectrum),
  };
}

/** Microseconds of one call, over `calls` of them. */
function time(run: () => void, calls: number): number {
  const before = performance.now();
  for (let i = 0; i < calls; i++) run();
  return ((performance.now() - before) * 1000) / calls;
}

/** Medians in microseconds of every run, taken in turns after a warm-up. */
function medians(runs: (() => void)[]): number[] {
  const calls = runs.map((run) => {
    time(run, 2000);
    return Math.max(1, Math.round((RUN_MS * 1000) / time(run, 500)));
  });
  const times = runs.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn++) {
    for (let i = 0; i < runs.length; i++) times[i].push(time(runs[i], calls[i]));
  }
  return times.map(median);
}

/** Times of dist/core.wasm's FFT with both peers; one row per size, direction and peer, and the sum of both directions against pffft. */
export async function benchFft(): Promise<Row[]> {
  const core = await Core.fromBytes(readFileSync(join(dist, 'core.wasm')));
  const module = await createPffft();
  const rows: Row[] = [];
  for (const size of SIZES) {
    const [self, ...peers] = [ours(core, size), pffft(module, size), fftJs(size)];
    const [forward, inverse, ...others] = medians(
      [self, ...peers].flatMap((t) => [() => t.forward(), () => t.inverse()]),
    );
    const row = (what: string, value: number, peer: string, theirs: number): Row => ({
      name: `real FFT ${size}, ${what}`,
      value,
      unit: 'us',
      peer,
      ratio: value / theirs,
    });
    peers.forEach(({ name }, i) => {
      const theirs = others.slice(2 * i, 2 * i + 2);
      rows.push(row('forward', forward, name, theirs[0]), row('inverse', inverse, name, theirs[1]));
      rows.push(row('forward and inverse', forward + inverse, name, theirs[0] + theirs[1]));
    });
  }
  return rows;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildCore();
  for (const { name, value, unit, peer, ratio } of await benchFft()) {
    console.log(`${name.padEnd(36)} ${value.toFixed(2).padStart(7)} ${unit}  ${ratio?.toFixed(2)} x ${peer}`);
  }
}
