// Runs one ONNX graph by the names its manifest declares; ONNX Runtime for Node or for the web is handed in. See ort-node.ts, ort-web.ts.
import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { type Bundle, BundleError } from './bundle.ts';
import type { GraphRole, GraphSpec, TensorSpec } from './manifest.ts';

/** What is used of ONNX Runtime; both packages have this face. */
export interface OrtRuntime {
  InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => TypedTensor<'float32'>;
}

/** One thread, in order: the decoder shares the machine with the audio thread, and results do not depend on scheduling. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
};

export interface GraphRunner {
  readonly spec: GraphSpec;
  /**
   * Runs the graph. Each input holds the product of its shape; where the shape begins with "batch", the length says how many. The tensors of the
   * answer are the caller's to keep. Calls do not overlap.
   * @throws Error with a sentence where an input is missing or of a wrong length, or the graph fails
   */
  run(inputs: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/**
 * Opens a graph and compares what it really takes and gives (names, types, shapes) with what the manifest declares.
 * @throws Error with a sentence
 */
export async function openSession(ort: OrtRuntime, bytes: Uint8Array, spec: GraphSpec): Promise<InferenceSession> {
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, SESSION_OPTIONS);
  } catch (error) {
    throw new Error(`${spec.file} is not a graph that ONNX Runtime can open (${firstLine(error)}).`);
  }
  const clash =
    tensorClash(spec.inputs, session.inputMetadata, 'input') ??
    tensorClash(spec.outputs, session.outputMetadata, 'output');
  if (clash) {
    await session.release();
    throw new Error(`${spec.file} is not the graph its manifest describes: ${clash}.`);
  }
  return session;
}

/**
 * A runner for a graph of a bundle (encoder, refine), or null where it has none of that role.
 * @throws BundleError
 */
export async function openGraph(ort: OrtRuntime, bundle: Bundle, role: GraphRole): Promise<GraphRunner | null> {
  const spec = bundle.manifest.graphs[role];
  const bytes = bundle.graphs.get(role);
  if (!spec || !bytes) return null;
  const session = await openSession(ort, bytes, spec).catch((error: Error) => {
    throw new BundleError(`The model ${bundle.manifest.name} cannot be used: ${error.message}`);
  });
  return {
    spec,
    async run(inputs) {
      const feeds: Record<string, TypedTensor<'float32'>> = {};
      for (const { name, shape } of spec.inputs) {
        const data = inputs[name];
        if (!data) throw new Error(`${spec.file} needs the input "${name}".`);
        const fixed = shape.reduce<number>((product, n) => (n === 'batch' ? product : product * n), 1);
        const dims = shape.map((n) => (n === 'batch' ? data.length / fixed : n));
        if (dims.some((n) => !Number.isInteger(n)) || dims.reduce((a, b) => a * b, 1) !== data.length) {
          throw new Error(
            `The input "${name}" of ${spec.file} has ${data.length} numbers; its shape is (${shape.join(', ')}).`,
          );
        }
        feeds[name] = new ort.Tensor('float32', data, dims);
      }
      const results = await runSession(session, feeds, spec);
      const outputs: Record<string, Float32Array> = {};
      for (const { name } of spec.outputs) outputs[name] = results[name].data as Float32Array;
      return outputs;
    },
    dispose: () => session.release(),
  };
}

/** `session.run` whose failure is a sentence. */
export async function runSession(
  session: InferenceSession,
  feeds: InferenceSession.FeedsType,
  spec: GraphSpec,
): Promise<InferenceSession.ReturnType> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw new Error(`${spec.file} failed while running (${firstLine(error)}).`);
  }
}

/** Compares declared with real tensors; a symbolic axis of any name stands for "batch". */
function tensorClash(
  declared: readonly TensorSpec[],
  real: readonly InferenceSession.ValueMetadata[],
  side: 'input' | 'output',
): string | null {
  for (const { name } of real) {
    if (!declared.some((tensor) => tensor.name === name)) return `it has an ${side} "${name}" that is not declared`;
  }
  for (const { name, shape } of declared) {
    const found = real.find((tensor) => tensor.name === name);
    if (!found) return `its ${side} "${name}" is missing`;
    if (!found.isTensor || found.type !== 'float32') return `its ${side} "${name}" is not a float32 tensor`;
    const fits =
      found.shape.length === shape.length &&
      shape.every((n, axis) => (n === 'batch' ? typeof found.shape[axis] === 'string' : found.shape[axis] === n));
    if (!fits) return `its ${side} "${name}" has the shape (${found.shape.join(', ')}), not (${shape.join(', ')})`;
  }
  return null;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0].slice(0, 200).replace(/\.$/, '');
