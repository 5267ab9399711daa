/**
 * Linear support vector machines by dual coordinate descent, after Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual
 * coordinate descent method for large-scale linear SVM" (ICML 2008), algorithm 3 (random order, with shrinking).
 */
import type { Random } from '../../lib/random.ts';

/** One two-class problem. */
export interface DualProblem {
  /** rows x columns; the intercept, if any, is a column. */
  readonly X: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** y: +1 or -1 of each row. */
  readonly signs: Float64Array;
  /** C_i of each row, >= 0; rows of 0 are left out. */
  readonly costs: Float64Array;
  /** Hinge: max(0, 1 - y z). Squared hinge: its square. */
  readonly loss: 'hinge' | 'squaredHinge';
}

/** When to stop: the spread of projected gradients, and passes over the rows. */
export interface DualOptions {
  readonly tol: number;
  readonly maxIter: number;
  readonly random: Random;
}

/**
 * Minimizes 1/2 |w|^2 + sum_i C_i loss_i by its dual, 1/2 a'(Q + D)a - sum a with 0 <= a_i <= U_i, where
 * Q_ij = y_i y_j x_i . x_j; hinge: D = 0 and U_i = C_i; squared hinge: D_ii = 1 / (2 C_i) and U_i infinite.
 */
export function dualCoordinateDescent(
  { X, rows, columns, signs, costs, loss }: DualProblem,
  { tol, maxIter, random }: DualOptions,
): { readonly w: Float64Array; readonly iterations: number; readonly converged: boolean } {
  const w = new Float64Array(columns);
  const alpha = new Float64Array(rows);
  const ridge = costs.map((cost) => (loss === 'hinge' ? 0 : 1 / (2 * cost)));
  const bound = costs.map((cost) => (loss === 'hinge' ? cost : Number.POSITIVE_INFINITY));
  const curvature = ridge.map((d, row) => d + squaredNorm(X, row * columns, columns));
  const all = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => costs[row]! > 0);

  let active = all.slice();
  // Projected gradients of the pass before: what lies outside their span can be shrunk away.
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    let newTop = Number.NEGATIVE_INFINITY;
    let newBottom = Number.POSITIVE_INFINITY;
    const kept: number[] = [];
    for (const row of random.shuffle(active)) {
      const at = row * columns;
      const a = alpha[row]!;
      const sign = signs[row]!;
      let z = 0;
      for (let j = 0; j < columns; j++) z += w[j]! * X[at + j]!;
      const gradient = sign * z - 1 + ridge[row]! * a;
      if ((a === 0 && gradient > top) || (a === bound[row] && gradient < bottom)) continue;
      kept.push(row);
      const projected =
        a === 0 ? Math.min(gradient, 0) : a === bound[row] ? Math.max(gradient, 0) : gradient;
      newTop = Math.max(newTop, projected);
      newBottom = Math.min(newBottom, projected);
      if (Math.abs(projected) < 1e-12) continue;
      alpha[row] = Math.min(Math.max(a - gradient / curvature[row]!, 0), bound[row]!);
      const step = (alpha[row]! - a) * sign;
      for (let j = 0; j < columns; j++) w[j]! += step * X[at + j]!;
    }
    if (newTop - newBottom <= tol) {
      if (kept.length === all.length) return { w, iterations: iteration, converged: true };
      // Optimal without the rows shrunk away: look once more at all of them.
      active = all.slice();
      top = Number.POSITIVE_INFINITY;
      bottom = Number.NEGATIVE_INFINITY;
      continue;
    }
    active = Int32Array.from(kept);
    top = newTop > 0 ? newTop : Number.POSITIVE_INFINITY;
    bottom = newBottom < 0 ? newBottom : Number.NEGATIVE_INFINITY;
  }
  return { w, iterations: maxIter, converged: false };
}

function squaredNorm(X: Float64Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += X[i]! * X[i]!;
  return sum;
}
