// ONNX Runtime for C++: the headers from Debian 13, the library from the npm package that the command line uses too.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError, say } from '../bootstrap.mjs';
import { root } from '../build/paths.ts';
import { fromTrixie } from './debian.ts';
import { sharedFolder } from './shared-folder.ts';

/** The headers' version; the library may be newer, its interface is versioned. */
const HEADERS_VERSION = '1.21';

export interface OnnxRuntime {
  /** Folder of onnxruntime_cxx_api.h. */
  headers: string;
  /** The shared library. */
  library: string;
}

/** @throws SetupError */
export async function ensureOnnxRuntime(): Promise<OnnxRuntime> {
  const folder = await sharedFolder(`onnxruntime-headers-${HEADERS_VERSION}`, async (growing) => {
    say(`fetching the C++ headers of ONNX Runtime ${HEADERS_VERSION} (once)`);
    await fromTrixie(growing, ['download'], 'libonnxruntime-dev');
    const packed = readdirSync(growing).find((name) => name.startsWith(`libonnxruntime-dev_${HEADERS_VERSION}.`));
    if (!packed) throw new SetupError(`Debian 13 no longer has ONNX Runtime ${HEADERS_VERSION}.`);
    await run('dpkg', ['-x', packed, growing], { cwd: growing });
  });
  const bin = join(root, 'node_modules', 'onnxruntime-node', 'bin');
  const api = existsSync(bin) ? readdirSync(bin).find((name) => name.startsWith('napi-')) : undefined;
  const library = join(bin, api ?? '', process.platform, process.arch, 'libonnxruntime.so.1');
  if (!existsSync(library)) {
    throw new SetupError(
      `npm's onnxruntime-node has no library for ${process.platform} on ${process.arch}; Timbrefold's native shell cannot be built here.`,
    );
  }
  return { headers: join(folder, 'usr', 'include', 'onnxruntime'), library };
}
