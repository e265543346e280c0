// Looks into an ONNX file without running it: operators, opset, weights, multiply-adds. Just enough protobuf (field numbers of onnx.proto3) to refuse
// what a bundle may not contain before ONNX Runtime sees it.

export interface OnnxSummary {
  opset: number;
  /** Operator -> how often. */
  operators: Map<string, number>;
  /** Numbers in the weights. */
  weights: number;
  /** Multiply-adds per row of the matrix products with constant weights (MatMul and Gemm). */
  macs: number;
}

/** Control flow and randomness: they make cost or result depend on more than the inputs. */
const FORBIDDEN = new Set([
  'Loop',
  'Scan',
  'If',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
  'SequenceMap',
]);

type Field = { number: number; value: number } | { number: number; bytes: Uint8Array };

/** The fields of one message. @throws Error where the bytes are no message */
function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 63) throw new Error('it is damaged');
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const size = varint();
      if (at + size > bytes.length) throw new Error('it is truncated');
      yield { number, bytes: bytes.subarray(at, at + size) };
      at += size;
    } else throw new Error('it is damaged');
    if (at > bytes.length) throw new Error('it is truncated');
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const isBytes = (field: Field): field is { number: number; bytes: Uint8Array } => 'bytes' in field;

/** Name and sizes of a weight; refuses tensors whose data lies in another file. */
function readTensor(bytes: Uint8Array): { name: string; dims: number[] } {
  let name = '';
  const dims: number[] = [];
  for (const field of fields(bytes)) {
    if (field.number === 1) {
      if (isBytes(field)) dims.push(...packed(field.bytes));
      else dims.push(field.value);
    } else if (field.number === 8 && isBytes(field)) name = text(field.bytes);
    else if (field.number === 13 || (field.number === 14 && !isBytes(field) && field.value === 1)) {
      throw new Error('it keeps weights in another file');
    }
  }
  return { name, dims };
}

/** A packed list of varints. */
function packed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) {
      values.push(value);
      value = 0;
      scale = 1;
    }
  }
  return values;
}

/**
 * Reads the summary of a model file.
 * @throws Error whose message is a clause: damaged, external weights, forbidden operators or domains
 */
export function summariseOnnx(bytes: Uint8Array): OnnxSummary {
  const summary: OnnxSummary = { opset: 0, operators: new Map(), weights: 0, macs: 0 };
  let graphs = 0;
  for (const field of fields(bytes)) {
    if (!isBytes(field)) continue;
    if (field.number === 7) {
      graphs++;
      readGraph(field.bytes, summary);
    } else if (field.number === 8) readOpset(field.bytes, summary);
    else if (field.number === 25) throw new Error('it defines functions of its own');
  }
  if (graphs !== 1) throw new Error('it is not an ONNX file');
  return summary;
}

function readOpset(bytes: Uint8Array, summary: OnnxSummary): void {
  let domain = '';
  let version = 0;
  for (const field of fields(bytes)) {
    if (field.number === 1 && isBytes(field)) domain = text(field.bytes);
    else if (field.number === 2 && !isBytes(field)) version = field.value;
  }
  if (domain === '' || domain === 'ai.onnx') summary.opset = version;
}

function readGraph(bytes: Uint8Array, summary: OnnxSummary): void {
  const weights = new Map<string, number[]>();
  const nodes: { operator: string; inputs: string[] }[] = [];
  for (const field of fields(bytes)) {
    if (!isBytes(field)) continue;
    if (field.number === 5) {
      const { name, dims } = readTensor(field.bytes);
      weights.set(name, dims);
      summary.weights += dims.reduce((product, n) => product * n, 1);
    } else if (field.number === 15) throw new Error('it holds sparse weights');
    else if (field.number === 1) nodes.push(readNode(field.bytes));
  }
  for (const { operator, inputs } of nodes) {
    summary.operators.set(operator, (summary.operators.get(operator) ?? 0) + 1);
    if (operator !== 'MatMul' && operator !== 'Gemm') continue;
    for (const input of inputs) {
      const dims = weights.get(input);
      // A Gemm's bias has one axis and is no product.
      if (dims && dims.length >= 2) summary.macs += dims.reduce((product, n) => product * n, 1);
    }
  }
}

function readNode(bytes: Uint8Array): { operator: string; inputs: string[] } {
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  for (const field of fields(bytes)) {
    if (!isBytes(field)) continue;
    if (field.number === 1) inputs.push(text(field.bytes));
    else if (field.number === 4) operator = text(field.bytes);
    else if (field.number === 7) domain = text(field.bytes);
  }
  if (domain !== '' && domain !== 'ai.onnx')
    throw new Error(`it uses the operator ${operator} of "${domain}", which is not standard`);
  if (FORBIDDEN.has(operator)) throw new Error(`it uses the operator ${operator}, which a bundle may not contain`);
  return { operator, inputs };
}
