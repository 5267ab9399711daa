/**
 * What smooth linear models minimize: sum_i s_i loss(z_i, y_i) + 1/2 sum_j penalty_j w_j^2, with z = X w.
 *
 * Unknowns of several outputs are stored output after output: w[k * columns + j].
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Objective } from './lbfgs.ts';

/** Data of a fit: rows x columns, where the intercept, if any, is the last column. */
export interface LinearProblem {
  readonly X: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** s: one weight >= 0 a row. */
  readonly sampleWeight: Float64Array;
  /** One weight >= 0 a column. */
  readonly penalty: Float64Array;
}

/** The problem of features X and an intercept column that holds `intercept.value` everywhere, or none. */
export function linearProblem(
  X: Tensor,
  sampleWeight: Float64Array,
  penalty: number,
  intercept: { readonly value: number; readonly penalty: number } | null,
): LinearProblem {
  const [rows, features] = X.shape as [number, number];
  const penalties = new Float64Array(features).fill(penalty);
  if (intercept === null) {
    return { X: X.data, rows, columns: features, sampleWeight, penalty: penalties };
  }
  const columns = features + 1;
  const data = new Float64Array(rows * columns).fill(intercept.value);
  for (let row = 0; row < rows; row++) {
    data.set(X.data.subarray(row * features, (row + 1) * features), row * columns);
  }
  const all = Float64Array.of(...penalties, intercept.penalty);
  return { X: data, rows, columns, sampleWeight, penalty: all };
}

/** Logistic loss log(1 + exp(-y z)), y = +1 for class 1 and -1 for class 0. */
export function logisticObjective(problem: LinearProblem, indices: Int32Array): Objective {
  return (w, gradient) =>
    accumulate(problem, 1, w, gradient, (z, slopes, row) => {
      const margin = indices[row] === 1 ? z[0]! : -z[0]!;
      const sign = indices[row] === 1 ? 1 : -1;
      const small = Math.exp(-Math.abs(margin));
      slopes[0] = (-sign * (margin > 0 ? small : 1)) / (1 + small);
      return Math.max(-margin, 0) + Math.log1p(small);
    });
}

/** Cross entropy of the softmax of `classes` outputs (multinomial logistic regression). */
export function softmaxObjective(
  problem: LinearProblem,
  indices: Int32Array,
  classes: number,
): Objective {
  return (w, gradient) =>
    accumulate(problem, classes, w, gradient, (z, slopes, row) => {
      let top = z[0]!;
      for (let k = 1; k < classes; k++) top = Math.max(top, z[k]!);
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        slopes[k] = Math.exp(z[k]! - top);
        sum += slopes[k]!;
      }
      for (let k = 0; k < classes; k++) slopes[k]! /= sum;
      const truth = indices[row]!;
      slopes[truth]! -= 1;
      return Math.log(sum) + top - z[truth]!;
    });
}

/** Squared hinge loss max(0, 1 - y z)^2, with y = +1 or -1 of each row. */
export function squaredHingeObjective(problem: LinearProblem, signs: Float64Array): Objective {
  return (w, gradient) =>
    accumulate(problem, 1, w, gradient, (z, slopes, row) => {
      const missing = Math.max(0, 1 - signs[row]! * z[0]!);
      slopes[0] = -2 * signs[row]! * missing;
      return missing * missing;
    });
}

/** Above as many columns, the Cholesky factor costs more than the iterations that it saves. */
const preconditionedColumns = 200;
/** Columns whose mean squares differ by less than this factor need no help. */
const evenlyScaled = 100;

/**
 * Multiplies each output's part of a vector by the inverse of `curvature * X' S X + penalty`, where `curvature` is the
 * loss's largest second derivative: with features of very different scales (breast cancer's, unscaled) the fit takes
 * twenty times fewer iterations. Undefined for evenly scaled columns, where plain L-BFGS takes fewer and ends where
 * scikit-learn's does even under a loose `tol`; and for more columns than it is worth.
 */
export function curvaturePreconditioner(
  { X, rows, columns, sampleWeight, penalty }: LinearProblem,
  curvature: number,
): ((vector: Float64Array) => void) | undefined {
  if (columns > preconditionedColumns) return undefined;
  const squares = new Float64Array(columns);
  for (let i = 0; i < X.length; i++) squares[i % columns]! += X[i]! * X[i]!;
  const occupied = squares.filter((square) => square > 0);
  if (Math.max(...occupied) < evenlyScaled * Math.min(...occupied)) return undefined;

  const gram = Matrix.zeros(columns, columns);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    for (let i = 0; i < columns; i++) {
      const factor = curvature * sampleWeight[row]! * X[at + i]!;
      if (factor === 0) continue;
      for (let j = 0; j <= i; j++) gram.set(i, j, gram.get(i, j) + factor * X[at + j]!);
    }
  }
  for (let i = 0; i < columns; i++) {
    // The small share keeps directions that the data hardly determine from being blown up.
    gram.set(i, i, gram.get(i, i) * (1 + 1e-4) + penalty[i]!);
    for (let j = 0; j < i; j++) gram.set(j, i, gram.get(i, j));
  }
  // Sums that overflow are no matrix to decompose.
  if (!gram.to1DArray().every(Number.isFinite)) return undefined;
  const factor = new CholeskyDecomposition(gram);
  if (!factor.isPositiveDefinite()) return undefined;
  return (vector) => {
    for (let start = 0; start < vector.length; start += columns) {
      const part = Matrix.columnVector(Array.from(vector.subarray(start, start + columns)));
      vector.set(factor.solve(part).to1DArray(), start);
    }
  };
}

/**
 * Value and gradient (written to `gradient`) of an objective: sums losses over rows, where `loss` returns one row's loss of
 * its scores z and writes its slopes by output.
 */
export function accumulate(
  { X, rows, columns, sampleWeight, penalty }: LinearProblem,
  outputs: number,
  w: Float64Array,
  gradient: Float64Array,
  loss: (z: Float64Array, slopes: Float64Array, row: number) => number,
): number {
  const z = new Float64Array(outputs);
  const slopes = new Float64Array(outputs);
  let value = 0;
  for (let i = 0; i < w.length; i++) {
    const pull = penalty[i % columns]! * w[i]!;
    gradient[i] = pull;
    value += (pull * w[i]!) / 2;
  }
  for (let row = 0; row < rows; row++) {
    const weight = sampleWeight[row]!;
    if (weight === 0) continue;
    const at = row * columns;
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += w[k * columns + j]! * X[at + j]!;
      z[k] = sum;
    }
    value += weight * loss(z, slopes, row);
    for (let k = 0; k < outputs; k++) {
      const slope = weight * slopes[k]!;
      if (slope === 0) continue;
      for (let j = 0; j < columns; j++) gradient[k * columns + j]! += slope * X[at + j]!;
    }
  }
  return value;
}
