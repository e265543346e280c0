// Arrays survive the way through .npy, and files by NumPy itself are read.
import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { readNpy, readNpz, writeNpy } from './npy.ts';

describe('npy', () => {
  test.each([[[3]], [[2, 3, 4]], [[0]], [[1, 1]]])('shape %j survives', (shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: size }, (_, i) => i / 3 - 1);
    const bytes = writeNpy({ shape, data });
    expect((bytes.length - size * 4) % 64).toBe(0);
    expect(readNpy(bytes, 'x.npy')).toEqual({ shape, data });
  });

  test('reads what numpy.save wrote (np.arange(3, dtype="f4"))', () => {
    const text = "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(127, ' ');
    const bytes = Uint8Array.from(
      [...`${text}\n`].map((c) => c.charCodeAt(0)).concat([0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64]),
    );
    expect(readNpy(bytes, 'x.npy')).toEqual({ shape: [3], data: Float32Array.of(0, 1, 2) });
  });

  test('refuses what it cannot read, with the reason', () => {
    const good = writeNpy({ shape: [4], data: new Float32Array(4) });
    const with8 = Uint8Array.from(good);
    with8[with8.indexOf('4'.charCodeAt(0))] = '8'.charCodeAt(0);
    expect(() => readNpy(with8, 'a.npy')).toThrow(
      'a.npy is not a float32 array that can be read: its numbers are <f8, not <f4.',
    );
    expect(() => readNpy(good.subarray(0, good.length - 1), 'a.npy')).toThrow(
      'holds 15 bytes where its shape (4) needs 16',
    );
    expect(() => readNpy(new Uint8Array(20), 'a.npy')).toThrow('does not begin like a .npy file');
    expect(() => writeNpy({ shape: [5], data: new Float32Array(4) })).toThrow('needs 5 floats, not 4');
  });
});

test('npz: arrays by name; foreign entries are refused', () => {
  const one = writeNpy({ shape: [1], data: Float32Array.of(7) });
  expect(readNpz(zipSync({ 'z.npy': one }), 'p.npz').get('z')).toEqual({ shape: [1], data: Float32Array.of(7) });
  expect(() => readNpz(zipSync({ '../z.npy': one }), 'p.npz')).toThrow(
    'p.npz cannot be read: it holds an entry that does not belong there',
  );
});
