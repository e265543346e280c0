// AssemblyScript -> dist/core.wasm: static memory, SIMD, no imports.
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import asc from 'assemblyscript/asc';
import { dist, root } from './paths.ts';

/** Pages of 64 KiB; initial equals maximum, so views of the memory stay valid for ever. */
const MEMORY_PAGES = 400;

/** Compiles `entry` to `outFile`, both relative to the repository's root. */
export async function compileCore(entry: string, outFile: string): Promise<void> {
  const { error, stderr } = await asc.main(
    [
      entry,
      '--baseDir',
      root,
      '--outFile',
      outFile,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--enable',
      'simd',
      '--initialMemory',
      String(MEMORY_PAGES),
      '--maximumMemory',
      String(MEMORY_PAGES),
    ],
    {},
  );
  if (error) throw new Error(`The core does not compile:\n${stderr.toString()}`);
}

export async function buildCore(): Promise<void> {
  mkdirSync(dist, { recursive: true });
  await compileCore('dsp-core/assembly/index.ts', relative(root, join(dist, 'core.wasm')));
}
