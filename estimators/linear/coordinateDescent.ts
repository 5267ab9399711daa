/**
 * The elastic net by coordinate descent, after Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear
 * models via coordinate descent" (2010), with the duality gap of Kim, Koh, Lustig, Boyd and Gorinevsky, "An interior-point
 * method for large-scale l1-regularized least squares" (2007), as stopping rule.
 */
import type { Random } from '../../lib/random.ts';
import { softThreshold } from './penalties.ts';

/** Minimize 1/2 |y - X w|^2 + l1 |w|_1 + 1/2 l2 |w|^2. */
export interface ElasticNetProblem {
  /** One array of rows for each feature. */
  readonly columns: readonly Float64Array[];
  readonly y: Float64Array;
  readonly l1: number;
  readonly l2: number;
  /** Whether w must be at least 0. */
  readonly positive: boolean;
}

/** When to stop, and in which order coordinates are taken: in turn, or drawn at `random`. */
export interface DescentOptions {
  /** Stop where the duality gap is below this share of |y|^2. */
  readonly tol: number;
  /** Passes over all features at most. */
  readonly maxIter: number;
  readonly random: Random | null;
}

/** Finds w. */
export function coordinateDescent(
  problem: ElasticNetProblem,
  { tol, maxIter, random }: DescentOptions,
): { readonly w: Float64Array; readonly iterations: number; readonly converged: boolean } {
  const { columns, y, l1, l2, positive } = problem;
  const w = new Float64Array(columns.length);
  const residual = y.slice();
  const squares = columns.map((column) => dot(column, column));
  const goal = tol * dot(y, y);
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    let largest = 0;
    let largestStep = 0;
    for (let i = 0; i < columns.length; i++) {
      const j = random === null ? i : random.integer(columns.length);
      if (squares[j] === 0) continue;
      const column = columns[j]!;
      const old = w[j]!;
      const pull = dot(column, residual) + squares[j]! * old;
      const next = positive && pull < 0 ? 0 : softThreshold(pull, l1) / (squares[j]! + l2);
      if (next !== old) {
        for (let row = 0; row < residual.length; row++)
          residual[row]! += (old - next) * column[row]!;
      }
      w[j] = next;
      largest = Math.max(largest, Math.abs(next));
      largestStep = Math.max(largestStep, Math.abs(next - old));
    }
    // The gap costs as much as a pass: it is looked at when coefficients hardly move.
    if (largest === 0 || largestStep < tol * largest || iteration === maxIter) {
      if (dualityGap(problem, w, residual) <= goal) {
        return { w, iterations: iteration, converged: true };
      }
    }
  }
  return { w, iterations: maxIter, converged: false };
}

/**
 * How far the objective is above its minimum, at most: the residual, shrunk until |X'r - l2 w| <= l1 everywhere, is a point of
 * the dual problem.
 */
function dualityGap(
  { columns, y, l1, l2, positive }: ElasticNetProblem,
  w: Float64Array,
  residual: Float64Array,
): number {
  let norm = 0;
  columns.forEach((column, j) => {
    const slope = dot(column, residual) - l2 * w[j]!;
    norm = Math.max(norm, positive ? slope : Math.abs(slope));
  });
  const share = norm > l1 ? l1 / norm : 1;
  const squares = dot(residual, residual);
  const magnitudes = w.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return (
    ((1 + share ** 2) * squares) / 2 +
    l1 * magnitudes -
    share * dot(residual, y) +
    (l2 * (1 + share ** 2) * dot(w, w)) / 2
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
