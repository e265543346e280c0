// L-BFGS on functions whose minimum is known.
import { describe, expect, test } from '@jest/globals';
import { type Evaluation, lbfgs } from './lbfgs.ts';

/** Rosenbrock's valley in n dimensions; minimum 0 at (1, ..., 1). */
async function rosenbrock(x: Float32Array): Promise<Evaluation> {
  let loss = 0;
  const gradient = new Float32Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1] - x[i] * x[i];
    const b = 1 - x[i];
    loss += 100 * a * a + b * b;
    gradient[i] += -400 * x[i] * a - 2 * b;
    gradient[i + 1] += 200 * a;
  }
  return { loss, gradient };
}

describe('Rosenbrock', () => {
  test.each([2, 10])('%d dimensions', async (n) => {
    const start = new Float32Array(n).fill(-1.2);
    const { x, loss, steps } = await lbfgs(rosenbrock, start, { steps: 300, tolerance: 0 });
    expect(loss).toBeLessThan(1e-6);
    for (const v of x) expect(Math.abs(v - 1)).toBeLessThan(1e-3);
    expect(steps).toBeLessThan(150);
  });
});

test('a step never makes it worse, and the walk ends when told', async () => {
  const losses: number[] = [];
  const onStep = (_: number, loss: number): boolean => losses.push(loss) < 5;
  const { steps, loss } = await lbfgs(rosenbrock, Float32Array.of(-1.2, 1), { onStep });
  expect(steps).toBe(5);
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
  expect(loss).toBe(losses[4]);
});

test('places where the loss is not a number are not entered', async () => {
  const walled = async (x: Float32Array): Promise<Evaluation> => ({
    loss: x[0] < 0 ? Number.NaN : (x[0] - 0.01) ** 2,
    gradient: Float32Array.of(2 * (x[0] - 0.01)),
  });
  const { x } = await lbfgs(walled, Float32Array.of(3));
  expect(Math.abs(x[0] - 0.01)).toBeLessThan(1e-3);
  await expect(lbfgs(walled, Float32Array.of(-1))).rejects.toThrow('not a number');
});
