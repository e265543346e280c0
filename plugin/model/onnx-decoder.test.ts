// Decoding through ONNX Runtime for Node: agreement with plain arithmetic, batches of any size, refusal of graphs that are not what they claim.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TINY, type TinyChanges, tinyBundle, tinyFrame } from '../../test/support/tiny-bundle.ts';
import { FLOOR_DB, FRAME_HEADER, ROW_HEADER } from '../instrument/protocol.ts';
import { type Bundle, readBundle } from './bundle.ts';
import type { ModelDecoder } from './onnx-decoder.ts';
import { openNodeDecoder, openNodeGraph } from './ort-node.ts';
import { parityError } from './parity.ts';

const open = async (changes: TinyChanges = {}): Promise<ModelDecoder> =>
  openNodeDecoder(await readBundle(tinyBundle(changes), 'tiny.timbre'));

const ROW_SIZE = ROW_HEADER + TINY.dim;
const FRAME_SIZE = FRAME_HEADER + TINY.frame;

/** Row i with a header, note and latent of its own. */
function row(i: number): number[] {
  return [
    i % 2,
    i,
    i + 0.5,
    3,
    i * 0.01,
    40 + i * 0.25,
    (i % 10) / 10,
    0,
    Math.sin(i),
    Math.cos(i),
    i * 0.01,
    -i * 0.01,
  ];
}

describe('the decoder', () => {
  let bundle: Bundle;
  let decoder: ModelDecoder;
  beforeAll(async () => {
    bundle = await readBundle(tinyBundle(), 'tiny.timbre');
    decoder = await openNodeDecoder(bundle);
  });
  afterAll(() => decoder.dispose());

  test.each([1, 3, 64, 65, 200])('gives %d rows their frames and headers', async (count) => {
    const rows = Float32Array.from(Array.from({ length: count }, (_, i) => row(i)).flat());
    const frames = new Float32Array(count * FRAME_SIZE);
    expect(rows.length).toBe(count * ROW_SIZE);
    await decoder.decode(rows, count, frames);
    for (let i = 0; i < count; i++) {
      const [slot, voice, serial, frame, tau, pitch, velocity, , ...z] = row(i);
      expect([...frames.subarray(i * FRAME_SIZE, i * FRAME_SIZE + FRAME_HEADER)]).toEqual([slot, voice, serial, frame]);
      const expected = tinyFrame(z, pitch, velocity, tau);
      const worst = Math.max(
        ...expected.map((value, k) => Math.abs(value - frames[i * FRAME_SIZE + FRAME_HEADER + k])),
      );
      expect(worst).toBeLessThan(1e-3);
    }
  });

  test('agrees with the parity vectors, and notices when they are others', async () => {
    expect(await parityError(decoder, bundle.parity)).toBeLessThan(1e-3);
    const frame = bundle.parity.frame.slice();
    frame[100] += 0.5;
    expect(await parityError(decoder, { ...bundle.parity, frame })).toBeCloseTo(0.5, 2);
    frame[100] = Number.NaN;
    expect(await parityError(decoder, { ...bundle.parity, frame })).toBe(Number.POSITIVE_INFINITY);
  });

  test('a row that is not finite becomes silence', async () => {
    const rows = Float32Array.from(row(1));
    rows[ROW_HEADER] = Number.NaN;
    const frames = new Float32Array(FRAME_SIZE);
    const before = decoder.replaced;
    await decoder.decode(rows, 1, frames);
    expect(frames[FRAME_HEADER]).toBe(FLOOR_DB);
    expect(frames[FRAME_HEADER + TINY.partials + TINY.noise]).toBe(0);
    expect(decoder.replaced - before).toBe(TINY.frame);
  });
});

describe('a graph that is not what its manifest says is refused', () => {
  const poisoned = (constant: string, at: number): TinyChanges => ({
    decoder: (graph) => {
      const { shape, data } = graph.constants[constant];
      const changed = Float32Array.from(data);
      changed[at] = Number.NaN;
      return { ...graph, constants: { ...graph.constants, [constant]: { shape, data: changed } } };
    },
  });
  const cases: [string, TinyChanges, string][] = [
    ['a weight that is not a number', poisoned('w2', 5), 'gave a number that is not finite (value 5 of a frame)'],
    ['a first weight that is not a number', poisoned('w1', 8 * 3), 'gave a number that is not finite'],
    [
      'another latent size',
      { decoder: (g) => ({ ...g, inputs: { ...g.inputs, z: ['batch', 5] } }) },
      'graphs/decoder.onnx is not',
    ],
    [
      'an input of another name',
      {
        decoder: (g) => ({
          ...g,
          inputs: { z: g.inputs.z, pitch: ['batch'], velocity: ['batch'], time: ['batch'] },
          nodes: g.nodes.map((n) => ({ ...n, inputs: n.inputs.map((i) => (i === 'tau' ? 'time' : i)) })),
        }),
      },
      'it has an input "time" that is not declared',
    ],
    [
      'a fixed batch',
      { decoder: (g) => ({ ...g, inputs: { ...g.inputs, pitch: [1] } }) },
      'its input "pitch" has the shape (1), not (batch)',
    ],
    [
      'an operator that does not exist',
      { decoder: (g) => ({ ...g, nodes: g.nodes.map((n) => (n.op === 'Tanh' ? { ...n, op: 'Tangent' } : n)) }) },
      'is not a graph that ONNX Runtime can open',
    ],
  ];
  test.each(cases)('%s', async (_, changes, sentence) => {
    await expect(open(changes)).rejects.toThrow(sentence);
    await expect(open(changes)).rejects.toThrow(/^The model Tiny was refused: .+\.$/);
  });
});

test('encoder and refine run by the names of their tensors', async () => {
  const bundle = await readBundle(tinyBundle(), 'tiny.timbre');
  const encoder = await openNodeGraph(bundle, 'encoder');
  const refine = await openNodeGraph(bundle, 'refine');
  if (!encoder || !refine) throw new Error('A graph is missing.');
  const target = Float32Array.from({ length: TINY.frames * TINY.columns }, (_, i) => -20 - (i % 30));
  const pitch = Float32Array.of(60);
  const { z } = await encoder.run({ frames: target, pitch });
  expect(z).toHaveLength(TINY.dim);
  const at = async (x: Float32Array): Promise<{ loss: number; gradient: Float32Array }> => {
    const { loss, gradient } = await refine.run({ z: x, pitch, velocity: Float32Array.of(1), target });
    return { loss: loss[0], gradient };
  };
  // The gradient is that of the loss: compared with a finite difference.
  const { loss, gradient } = await at(z);
  for (let k = 0; k < TINY.dim; k++) {
    const moved = z.slice();
    moved[k] += 0.01;
    expect(((await at(moved)).loss - loss) / 0.01).toBeCloseTo(gradient[k], 2);
  }
  await expect(encoder.run({ frames: target })).rejects.toThrow('needs the input "pitch"');
  await expect(encoder.run({ frames: target.subarray(1), pitch })).rejects.toThrow('has 287 numbers');
  await encoder.dispose();
  await refine.dispose();
});
