// The compiled core for the command line: core.wasm lies beside the built program, or in dist/ of the checkout.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The first of the two places of a built file that exists: beside this module, or in the checkout's dist/. */
export function builtFile(name: string): string {
  for (const place of [`./${name}`, `../../dist/${name}`]) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} has not been built; run "npm run build".`);
}

/** Compiles core.wasm; takes a few milliseconds. */
export function coreModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(builtFile('core.wasm')));
}
