// The decoder and the other graphs of a bundle on ONNX Runtime Web. For a Worker: it does not run inside an AudioWorklet.
import * as ort from 'onnxruntime-web/wasm';
import type { Bundle } from './bundle.ts';
import { type GraphRunner, openGraph } from './graph-runner.ts';
import type { GraphRole } from './manifest.ts';
import { type ModelDecoder, openDecoder } from './onnx-decoder.ts';

/**
 * Says where `ort-wasm-simd-threaded.{mjs,wasm}` are served; call it once, before the first session. `wasmPaths` is a folder's address ending
 * in "/". One thread: the build with two hung in a Worker.
 */
export function configureWebRuntime(wasmPaths: string): void {
  ort.env.wasm.wasmPaths = wasmPaths;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
}

/**
 * Begins to fetch and compile the runtime, which takes longer than reading a bundle, so that both can go on at once. Call `configureWebRuntime`
 * before, and open nothing until it resolves. ONNX Runtime offers no way to start but to open a session: an empty graph is refused as soon as
 * the runtime stands.
 */
export const warmWebRuntime = (): Promise<void> =>
  ort.InferenceSession.create(new Uint8Array(0)).then(
    () => {},
    () => {},
  );

/** @throws BundleError */
export const openWebDecoder = (bundle: Bundle): Promise<ModelDecoder> => openDecoder(ort, bundle);

/** A runner for a graph of the bundle, or null where it has none of that role. @throws BundleError */
export const openWebGraph = (bundle: Bundle, role: GraphRole): Promise<GraphRunner | null> =>
  openGraph(ort, bundle, role);
