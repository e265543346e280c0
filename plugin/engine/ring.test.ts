// The ring keeps every record in order, whatever the rhythm of the two sides, in one thread and between two.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { Ring } from './ring.ts';

const SIZE = 5;
const make = (capacity: number): { producer: Ring; consumer: Ring } => {
  const memory = Ring.allocate(capacity, SIZE);
  return { producer: new Ring(memory, capacity, SIZE), consumer: new Ring(memory, capacity, SIZE) };
};

describe('one thread', () => {
  test('any sequence of pushes and pulls behaves like a queue', () => {
    const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: SIZE }));
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 8), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
        const { producer, consumer } = make(capacity);
        const queue: number[][] = [];
        let next = 0;
        for (const [pushing, count, stride] of steps) {
          if (pushing) {
            const records = Array.from({ length: count }, () => Array.from({ length: stride }, () => next++));
            const sent = producer.push(Float32Array.from([-1, ...records.flat()]), 1, count, stride);
            expect(sent).toBe(Math.min(count, capacity - queue.length));
            queue.push(...records.slice(0, sent));
          } else {
            const into = new Float32Array(2 + count * SIZE).fill(-1);
            const got = consumer.pull(into, 2, count, SIZE);
            expect(got).toBe(Math.min(count, queue.length));
            queue.splice(0, got).forEach((record, i) => {
              expect([...into.subarray(2 + i * SIZE, 2 + i * SIZE + record.length)]).toEqual(record);
            });
            expect(into.subarray(2 + got * SIZE).every((value) => value === -1)).toBe(true);
          }
          expect(consumer.readable).toBe(queue.length);
          expect(producer.writable).toBe(capacity - queue.length);
        }
      }),
    );
  });

  test('its counters may wrap', () => {
    const memory = Ring.allocate(4, 1);
    new Int32Array(memory)[0] = -2;
    new Int32Array(memory)[16] = -2;
    const ring = new Ring(memory, 4, 1);
    const out = new Float32Array(4);
    for (let i = 0; i < 4; i++) {
      expect(ring.push(Float32Array.of(i, i + 0.5, i + 0.75), 0, 3, 1)).toBe(3);
      expect(ring.readable).toBe(3);
      expect(ring.pull(out, 0, 4, 1)).toBe(3);
      expect([...out.subarray(0, 3)]).toEqual([i, i + 0.5, i + 0.75]);
    }
  });

  test('refuses sizes that do not fit', () => {
    expect(() => Ring.allocate(3, 1)).toThrow('a power of two, not 3');
    expect(() => new Ring(new SharedArrayBuffer(8), 4, 1)).toThrow('does not fit into 8 bytes');
  });
});

test('two threads: a hundred thousand records arrive whole and in order', async () => {
  const total = 100_000;
  const capacity = 64;
  const memory = Ring.allocate(capacity, SIZE);
  // The worker runs the very ring.ts, stripped of its types.
  const source = readFileSync(fileURLToPath(new URL('./ring.ts', import.meta.url)), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
  const producer = `
    const { workerData } = require('node:worker_threads');
    const { Ring } = (() => { const module = { exports: {} }; ${code}; return module.exports; })();
    const ring = new Ring(workerData.memory, workerData.capacity, ${SIZE});
    const records = new Float32Array(7 * ${SIZE});
    for (let sent = 0; sent < workerData.total; ) {
      const count = Math.min(1 + (sent % 7), workerData.total - sent);
      for (let i = 0; i < count * ${SIZE}; i++) records[i] = sent + Math.floor(i / ${SIZE});
      for (let done = 0; done < count; ) done += ring.push(records, done * ${SIZE}, count - done, ${SIZE});
      sent += count;
      ring.wake();
    }`;
  const worker = new Worker(producer, { eval: true, workerData: { memory, capacity, total } });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  const ring = new Ring(memory, capacity, SIZE);
  const into = new Float32Array(capacity * SIZE);
  const consume = async (): Promise<void> => {
    for (let got = 0; got < total; ) {
      const count = ring.pull(into, 0, capacity, SIZE);
      for (let i = 0; i < count * SIZE; i++) {
        if (into[i] !== got + Math.floor(i / SIZE))
          throw new Error(`Record ${got + Math.floor(i / SIZE)} arrived as ${into[i]}.`);
      }
      got += count;
      if (count === 0) {
        ring.wait(2);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  await Promise.race([consume(), failed]);
  expect(ring.readable).toBe(0);
  await worker.terminate();
});
