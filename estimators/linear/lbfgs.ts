/**
 * Minimization of smooth convex functions by the limited-memory BFGS method (Nocedal and Wright, "Numerical
 * optimization", 2nd edition, algorithms 7.4 and 7.5), with a bisecting line search for the weak Wolfe conditions
 * (Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013).
 */

/** A function to minimize: returns its value at `x` and writes its gradient there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** When to stop, and what is known of the curvature. */
export interface MinimizeOptions {
  /** Stop where no element of the gradient is larger than this. */
  readonly tol: number;
  /** Stop after as many iterations at most. */
  readonly maxIter: number;
  /** Multiplies a vector, in place, by an approximate inverse of the Hessian; default: none known. */
  readonly precondition?: ((vector: Float64Array) => void) | undefined;
}

/** Where the search ended; `converged` is false where `maxIter` ended it. */
export interface Minimum {
  readonly x: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Pairs of steps and gradient changes that stand for the Hessian. */
const memory = 10;
/** Sufficient decrease, and the curvature left at the end of a line search, as shares of the first slope. */
const decrease = 1e-4;
const curvature = 0.9;
const lineSearchSteps = 50;
/** Stop where the value falls by less than this share of it: doubles tell no more. */
const resolution = 64 * Number.EPSILON;

/** Finds the minimum from `start`. */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { tol, maxIter, precondition }: MinimizeOptions,
): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < maxIter; iteration++) {
    if (largest(gradient) <= tol) return { x, iterations: iteration, converged: true };
    const direction = descent(gradient, pairs, precondition);
    const first = pairs.length === 0 && !precondition ? 1 / Math.max(norm(gradient), 1e-300) : 1;
    const next = lineSearch(objective, x, value, gradient, direction, Math.min(first, 1));
    // No lower point in floating point: this is the minimum as far as doubles can tell, unless they overflow.
    if (next === undefined)
      return { x, iterations: iteration, converged: Number.isFinite(largest(gradient) + value) };
    const step = difference(next.x, x);
    const change = difference(next.gradient, gradient);
    const product = dot(step, change);
    if (product > 1e-12 * norm(step) * norm(change)) {
      pairs.push({ step, change, product });
      if (pairs.length > memory) pairs.shift();
    }
    const gain = value - next.value;
    ({ x, value, gradient } = next);
    if (gain <= resolution * Math.max(Math.abs(value), Math.abs(value + gain), 1)) {
      return { x, iterations: iteration + 1, converged: true };
    }
  }
  return { x, iterations: maxIter, converged: largest(gradient) <= tol };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** step . change > 0 */
  readonly product: number;
}

interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(
  gradient: Float64Array,
  pairs: readonly Pair[],
  precondition: ((vector: Float64Array) => void) | undefined,
): Float64Array {
  const direction = gradient.map((g) => -g);
  const weights: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, product } = pairs[i]!;
    weights[i] = dot(step, direction) / product;
    addScaled(direction, -weights[i]!, change);
  }
  const last = pairs.at(-1);
  if (precondition) precondition(direction);
  else if (last) scaleBy(direction, last.product / dot(last.change, last.change));
  for (let i = 0; i < pairs.length; i++) {
    const { step, change, product } = pairs[i]!;
    addScaled(direction, weights[i]! - dot(change, direction) / product, step);
  }
  return direction;
}

/** A lower point whose slope is flat enough; undefined where rounding leaves none. */
function lineSearch(
  objective: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): Point | undefined {
  const slope = dot(gradient, direction);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = first;
  let best: Point | undefined;
  for (let i = 0; i < lineSearchSteps; i++) {
    const at = Float64Array.from(x, (xi, j) => xi + length * direction[j]!);
    const slopes = new Float64Array(x.length);
    const reached: Point = { x: at, value: objective(at, slopes), gradient: slopes };
    if (!(reached.value <= value + decrease * length * slope)) {
      high = length;
    } else {
      if (reached.value < value) best = reached;
      if (dot(slopes, direction) >= curvature * slope) return best;
      low = length;
    }
    length = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function largest(a: Float64Array): number {
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i]!));
  return max;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((ai, i) => ai - b[i]!);
}

function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}

function scaleBy(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! *= factor;
}
