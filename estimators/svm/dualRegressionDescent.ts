/**
 * Linear support vector regression by dual coordinate descent, after Ho and Lin, "Large-scale linear support vector
 * regression" (JMLR 2012), algorithm 4 (random order, Newton steps, with shrinking).
 */
import type { DualOptions } from './dualCoordinateDescent.ts';

/** One problem. */
export interface DualRegressionProblem {
  /** rows x columns; the intercept, if any, is a column. */
  readonly X: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly y: Float64Array;
  /** C_i of each row, >= 0; rows of 0 are left out. */
  readonly costs: Float64Array;
  /** Distances from y that cost nothing, >= 0. */
  readonly epsilon: number;
  /** max(0, |z - y| - epsilon), or its square. */
  readonly loss: 'epsilonInsensitive' | 'squaredEpsilonInsensitive';
}

/**
 * Minimizes 1/2 |w|^2 + sum_i C_i loss_i by its dual, 1/2 b'(Q + D)b - y'b + epsilon |b|_1 with |b_i| <= U_i, where
 * Q_ij = x_i . x_j; without the square: D = 0 and U_i = C_i; with it: D_ii = 1 / (2 C_i) and U_i infinite.
 */
export function dualRegressionDescent(
  { X, rows, columns, y, costs, epsilon, loss }: DualRegressionProblem,
  { tol, maxIter, random }: DualOptions,
): { readonly w: Float64Array; readonly iterations: number; readonly converged: boolean } {
  const squared = loss === 'squaredEpsilonInsensitive';
  const w = new Float64Array(columns);
  const beta = new Float64Array(rows);
  const all = Int32Array.from(costs.keys()).filter((row) => costs[row]! > 0);
  let active = all.slice();
  let first = 0;
  // The largest violation of the pass before: what is further inside can be shrunk away.
  let before = Number.POSITIVE_INFINITY;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    let largest = 0;
    let sum = 0;
    const kept: number[] = [];
    for (const row of random.shuffle(active)) {
      const x = X.subarray(row * columns, (row + 1) * columns);
      const b = beta[row]!;
      const ridge = squared ? 1 / (2 * costs[row]!) : 0;
      const bound = squared ? Number.POSITIVE_INFINITY : costs[row]!;
      let gradient = ridge * b - y[row]!;
      let curvature = ridge;
      for (let j = 0; j < columns; j++) {
        gradient += w[j]! * x[j]!;
        curvature += x[j]! * x[j]!;
      }
      const above = gradient + epsilon; // slope towards larger b
      const below = gradient - epsilon; // slope towards smaller b
      if (isSettled(b, bound, above, below, before)) continue;
      kept.push(row);
      const violation = violationOf(b, bound, above, below);
      largest = Math.max(largest, violation);
      sum += violation;
      const step =
        above < curvature * b
          ? -above / curvature
          : below > curvature * b
            ? -below / curvature
            : -b;
      beta[row] = Math.min(Math.max(b + step, -bound), bound);
      const move = beta[row]! - b;
      for (let j = 0; j < columns; j++) w[j]! += move * x[j]!;
    }
    if (iteration === 1) first = sum;
    if (sum <= tol * first) {
      if (kept.length === all.length) return { w, iterations: iteration, converged: true };
      // Optimal without the rows shrunk away: look once more at all of them.
      active = all.slice();
      before = Number.POSITIVE_INFINITY;
      continue;
    }
    active = Int32Array.from(kept);
    before = largest;
  }
  return { w, iterations: maxIter, converged: false };
}

/** How far a coordinate is from optimal. */
function violationOf(b: number, bound: number, above: number, below: number): number {
  if (b === 0) return Math.max(-above, below, 0);
  if (b >= bound) return Math.max(above, 0);
  if (b <= -bound) return Math.max(-below, 0);
  return Math.abs(b > 0 ? above : below);
}

/** Whether a coordinate is optimal by more than the largest violation of the pass before. */
function isSettled(
  b: number,
  bound: number,
  above: number,
  below: number,
  before: number,
): boolean {
  if (b === 0) return above > before && below < -before;
  if (b >= bound) return above < -before;
  return b <= -bound && below > before;
}
