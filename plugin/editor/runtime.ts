// ONNX Runtime Web inside a Worker of the view: its code comes packed, since what crosses to a web view costs by the byte.
import { env } from 'onnxruntime-web/wasm';
import { configureWebRuntime } from '../model/ort-web.ts';

/** Unpacks the runtime, once. `folder` is the address of the view's files, ending in "/". */
export async function prepareRuntime(folder: string, packed: ArrayBuffer): Promise<void> {
  configureWebRuntime(folder);
  if (env.wasm.wasmBinary) return;
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  env.wasm.wasmBinary = await new Response(plain).arrayBuffer();
}
