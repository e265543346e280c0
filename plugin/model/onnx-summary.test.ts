// The look into an ONNX file: what it counts, what it refuses, and that no damage makes it do anything else.
import { describe, expect, test } from '@jest/globals';
import { type Graph, writeOnnx } from '../../test/support/onnx-writer.ts';
import { tinyDecoderGraph } from '../../test/support/tiny-bundle.ts';
import { summariseOnnx } from './onnx-summary.ts';

const graph = tinyDecoderGraph();
const bytes = writeOnnx(graph);
const withNode = (op: string): Uint8Array =>
  writeOnnx({ ...graph, nodes: [...graph.nodes, { op, inputs: ['z'], output: 'extra' }] });

/** A protobuf field of bytes, for lengths below 128. */
const chunk = (field: number, content: number[]): number[] => [field * 8 + 2, content.length, ...content];

describe('a graph', () => {
  test('is counted: operators, weights, multiply-adds, opset', () => {
    const { opset, operators, weights, macs } = summariseOnnx(bytes);
    expect(opset).toBe(18);
    expect(Object.fromEntries(operators)).toEqual({ Unsqueeze: 3, Concat: 1, MatMul: 2, Add: 2, Tanh: 1 });
    expect(weights).toBe(1 + 7 * 8 + 8 + 8 * 49 + 49);
    expect(macs).toBe(7 * 8 + 8 * 49);
  });

  test('with a Gemm: the bias is no product', () => {
    const gemm: Graph = {
      inputs: { x: ['batch', 3] },
      outputs: { y: ['batch', 5] },
      nodes: [{ op: 'Gemm', inputs: ['x', 'w', 'b'], output: 'y' }],
      constants: {
        w: { shape: [3, 5], data: new Float32Array(15) },
        b: { shape: [5], data: new Float32Array(5) },
      },
    };
    expect(summariseOnnx(writeOnnx(gemm)).macs).toBe(15);
  });

  test.each(['Loop', 'Scan', 'If', 'RandomUniform', 'RandomNormalLike', 'SequenceMap'])('with %s is refused', (op) => {
    expect(() => summariseOnnx(withNode(op))).toThrow(`it uses the operator ${op}, which a bundle may not contain`);
  });

  test('with weights in another file is refused', () => {
    // ModelProto.graph (7) { initializer (5) { data_location (14) = EXTERNAL (1) } }
    const external = Uint8Array.from(chunk(7, chunk(5, [14 * 8, 1])));
    expect(() => summariseOnnx(external)).toThrow('it keeps weights in another file');
  });

  test('with an operator of somebody else is refused', () => {
    const domain = [...'acme'].map((c) => c.charCodeAt(0));
    const foreign = Uint8Array.from(chunk(7, chunk(1, [...chunk(4, domain), ...chunk(7, domain)])));
    expect(() => summariseOnnx(foreign)).toThrow('the operator acme of "acme", which is not standard');
  });
});

test('whatever is flipped or cut off, it answers or refuses, at once', () => {
  for (let at = 0; at < bytes.length; at += 3) {
    for (const bad of [bytes.slice(0, at), Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 0x81 : byte))]) {
      try {
        expect(summariseOnnx(bad).operators.size).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect((error as Error).message).toMatch(/^it /);
      }
    }
  }
  expect(() => summariseOnnx(new Uint8Array(0))).toThrow('it is not an ONNX file');
});
