// A small L-BFGS: walks a latent down the gradient that a model's `refine` graph gives.

export interface Evaluation {
  loss: number;
  /** d loss / d x, as long as x. */
  gradient: Float32Array;
}

export interface LbfgsOptions {
  /** Steps at most (each costs one evaluation or a few). */
  steps?: number;
  /** Pairs of steps and gradient changes that are remembered. */
  memory?: number;
  /** Ends when PATIENCE steps in a row improve the loss by less than this share each. */
  tolerance?: number;
  /** Called after each step; returning false ends the walk there. */
  onStep?: (step: number, loss: number) => boolean | undefined;
}

export interface LbfgsResult {
  x: Float32Array;
  loss: number;
  steps: number;
}

const MOST_BACKTRACKS = 20;
const PATIENCE = 4;
/** Sufficient decrease (Armijo). */
const DECREASE = 1e-4;

/**
 * Minimises `evaluate` from `start`: two-loop recursion with a scaled first Hessian (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5) and a
 * backtracking line search. Pairs without positive curvature are left out, so the direction always descends. The best point seen is returned; a loss that is
 * not finite counts as no step.
 */
export async function lbfgs(
  evaluate: (x: Float32Array) => Promise<Evaluation>,
  start: Float32Array,
  { steps = 100, memory = 8, tolerance = 1e-6, onStep }: LbfgsOptions = {},
): Promise<LbfgsResult> {
  const n = start.length;
  let x: Float64Array = Float64Array.from(start);
  let { loss, gradient } = await evaluate(start.slice());
  if (!Number.isFinite(loss)) throw new Error('The loss is not a number at the starting point.');
  let g: Float64Array = Float64Array.from(gradient);
  const moved: Float64Array[] = [];
  const turned: Float64Array[] = [];
  let step = 0;
  let idle = 0;
  for (; step < steps; step++) {
    let direction = descent(g, moved, turned);
    let slope = dot(direction, g);
    if (!(slope < 0)) {
      moved.length = 0;
      turned.length = 0;
      direction = g.map((v) => -v);
      slope = -dot(g, g);
      if (!(slope < 0)) break;
    }
    // Without memory the length of the step is unknown: begin with one of length 1 at most.
    let length = moved.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    let found: { x: Float64Array; loss: number; gradient: Float64Array } | undefined;
    for (let attempt = 0; attempt < MOST_BACKTRACKS; attempt++) {
      const next = x.map((v, i) => v + length * direction[i]);
      const answer = await evaluate(Float32Array.from(next));
      if (Number.isFinite(answer.loss) && answer.loss <= loss + DECREASE * length * slope) {
        found = { x: next, loss: answer.loss, gradient: Float64Array.from(answer.gradient) };
        break;
      }
      // The lowest point of the parabola through what is known, within a tenth and a half.
      const curve = answer.loss - loss - slope * length;
      const best = curve > 0 ? (-slope * length * length) / (2 * curve) : length / 2;
      length = Math.min(length / 2, Math.max(length / 10, Number.isFinite(best) ? best : length / 10));
    }
    if (!found) {
      // What is remembered no longer fits the ground here: once more straight down, and if that leads nowhere this is the end.
      if (moved.length === 0) break;
      moved.length = 0;
      turned.length = 0;
      continue;
    }
    const s = new Float64Array(n);
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      s[i] = found.x[i] - x[i];
      y[i] = found.gradient[i] - g[i];
    }
    if (dot(s, y) > 1e-10 * Math.sqrt(dot(s, s) * dot(y, y))) {
      moved.push(s);
      turned.push(y);
      if (moved.length > memory) {
        moved.shift();
        turned.shift();
      }
    }
    const gained = loss - found.loss;
    ({ x, loss, gradient: g } = found);
    if (onStep?.(step + 1, loss) === false) return { x: Float32Array.from(x), loss, steps: step + 1 };
    idle = gained <= tolerance * Math.max(1e-12, Math.abs(loss)) ? idle + 1 : 0;
    if (idle === PATIENCE) {
      step++;
      break;
    }
  }
  return { x: Float32Array.from(x), loss, steps: step };
}

/** -H g by the remembered pairs, oldest first. */
function descent(g: Float64Array, moved: Float64Array[], turned: Float64Array[]): Float64Array {
  const q = g.map((v) => -v);
  const alpha: number[] = [];
  for (let i = moved.length - 1; i >= 0; i--) {
    alpha[i] = dot(moved[i], q) / dot(moved[i], turned[i]);
    for (let k = 0; k < q.length; k++) q[k] -= alpha[i] * turned[i][k];
  }
  const last = moved.length - 1;
  if (last >= 0) {
    const scale = dot(moved[last], turned[last]) / dot(turned[last], turned[last]);
    for (let k = 0; k < q.length; k++) q[k] *= scale;
  }
  for (let i = 0; i < moved.length; i++) {
    const beta = dot(turned[i], q) / dot(moved[i], turned[i]);
    for (let k = 0; k < q.length; k++) q[k] += (alpha[i] - beta) * moved[i][k];
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
