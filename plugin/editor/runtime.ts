// ONNX Runtime Web inside a Worker of the view: its code comes packed, since what crosses to a web view costs by the byte.
import { env } from 'onnxruntime-web/wasm';
import { configureWebRuntime } from '../model/ort-web.ts';

/** Fetches and unpacks the runtime, once. `folder` is the address of the view's files, ending in "/". @throws Error with a sentence */
export async function prepareRuntime(folder: string): Promise<void> {
  configureWebRuntime(folder);
  if (env.wasm.wasmBinary) return;
  const packed = await fetch(`${folder}ort-wasm-simd-threaded.wasm.gz`);
  if (!packed.ok || !packed.body) throw new Error('ONNX Runtime is missing from the plug-in; install it anew.');
  const plain = packed.body.pipeThrough(new DecompressionStream('gzip'));
  env.wasm.wasmBinary = await new Response(plain).arrayBuffer();
}
