// The decoder and the other graphs of a bundle on ONNX Runtime for Node.
import * as ort from 'onnxruntime-node';
import type { Bundle } from './bundle.ts';
import { type GraphRunner, openGraph } from './graph-runner.ts';
import type { GraphRole } from './manifest.ts';
import { type ModelDecoder, openDecoder } from './onnx-decoder.ts';

/** @throws BundleError */
export const openNodeDecoder = (bundle: Bundle): Promise<ModelDecoder> => openDecoder(ort, bundle);

/** A runner for a graph of the bundle, or null where it has none of that role. @throws BundleError */
export const openNodeGraph = (bundle: Bundle, role: GraphRole): Promise<GraphRunner | null> =>
  openGraph(ort, bundle, role);
