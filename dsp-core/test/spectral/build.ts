// Compiles the test entry with the product's flags and instantiates it; once per test file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { compileCore } from '../../../scripts/build/core.ts';
import { root } from '../../../scripts/build/paths.ts';

/** What entry.ts exports; pointers are byte offsets. */
export interface Spectral {
  memory: WebAssembly.Memory;
  fftBuffer(): number;
  fftSpectrum(): number;
  fftForward(size: number): number;
  fftInverse(size: number): number;
}

/** The spectral part in a fresh instance. */
export async function buildSpectral(): Promise<Spectral> {
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-spectral-'));
  try {
    const file = join(folder, 'spectral.wasm');
    await compileCore('dsp-core/test/spectral/entry.ts', relative(root, file));
    const { instance } = await WebAssembly.instantiate(readFileSync(file), {});
    return instance.exports as unknown as Spectral;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
