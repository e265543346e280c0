// Writes small ONNX graphs for tests: just enough protobuf (field numbers of onnx.proto3) for float graphs of standard operators.

type Bytes = Uint8Array<ArrayBuffer>;

function join(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): Bytes {
  // Negative int64 attributes are ten bytes of two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const integer = (field: number, value: number): Bytes => join([varint(field * 8), varint(value)]);
const chunk = (field: number, value: Uint8Array | string): Bytes => {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return join([varint(field * 8 + 2), varint(bytes.length), bytes]);
};

export type Shape = readonly (number | string)[];

export interface Node {
  op: string;
  inputs: string[];
  output: string;
  /** Integer attributes. */
  attributes?: Record<string, number>;
}

export interface Graph {
  inputs: Record<string, Shape>;
  outputs: Record<string, Shape>;
  nodes: Node[];
  /** Constant tensors: float32, or int64 where the data is an array of integers. */
  constants: Record<string, { shape: readonly number[]; data: Float32Array | number[] }>;
  /** Element type of the outputs as ONNX numbers it; 1 is float32, 11 is float64. */
  outputType?: number;
}

function valueInfo(name: string, shape: Shape, type = 1): Bytes {
  const dims = shape.map((n) => chunk(1, typeof n === 'number' ? integer(1, n) : chunk(2, n)));
  const tensor = join([integer(1, type), chunk(2, join(dims))]);
  return join([chunk(1, name), chunk(2, chunk(1, tensor))]);
}

function node({ op, inputs, output, attributes = {} }: Node): Bytes {
  return join([
    ...inputs.map((name) => chunk(1, name)),
    chunk(2, output),
    chunk(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      chunk(5, join([chunk(1, name), integer(3, value), integer(20, 2)])),
    ),
  ]);
}

function tensor(name: string, shape: readonly number[], data: Float32Array | number[]): Bytes {
  const float = data instanceof Float32Array;
  const raw = float ? data : BigInt64Array.from(data, BigInt);
  return join([
    ...shape.map((n) => integer(1, n)),
    integer(2, float ? 1 : 7),
    chunk(8, name),
    chunk(9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)),
  ]);
}

/** The bytes of a model file, opset 18. */
export function writeOnnx(graph: Graph): Bytes {
  const body = join([
    ...graph.nodes.map((n) => chunk(1, node(n))),
    chunk(2, 'test'),
    ...Object.entries(graph.constants).map(([name, { shape, data }]) => chunk(5, tensor(name, shape, data))),
    ...Object.entries(graph.inputs).map(([name, shape]) => chunk(11, valueInfo(name, shape))),
    ...Object.entries(graph.outputs).map(([name, shape]) => chunk(12, valueInfo(name, shape, graph.outputType))),
  ]);
  const opset = join([chunk(1, ''), integer(2, 18)]);
  return join([integer(1, 8), chunk(7, body), chunk(8, opset)]);
}
