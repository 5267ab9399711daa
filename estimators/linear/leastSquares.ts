/**
 * Least squares in closed form: minimize sum_i s_i |y_i - x_i W - b|^2, with or without a penalty.
 */
import {
  CholeskyDecomposition,
  Matrix,
  QrDecomposition,
  SingularValueDecomposition,
} from 'ml-matrix';
import { error } from '../../lib/errors.ts';
import type { LinearForm } from '../quantize/weights.ts';
import type { RegressionData } from '../regressor.ts';

/** A problem without intercept and weights: means are subtracted, and rows are scaled by the root of their weight. */
export interface Centered {
  /** Rows x features. */
  readonly X: Matrix;
  /** Rows x outputs. */
  readonly y: Matrix;
  /** Weighted means, by feature and by output; zeros where no intercept is fitted. */
  readonly xMean: readonly number[];
  readonly yMean: readonly number[];
}

/** Weighted values whose squares, summed over rows, are still numbers; decompositions may not end for others. */
const largestValue = 1e140;

/**
 * Centers data, if an intercept is to be fitted, and applies weights. Weights keep their sum.
 *
 * @throws OUT_OF_RANGE for weighted values above 1e140
 */
export function centered({ X, y, sampleWeight }: RegressionData, fitIntercept: boolean): Centered {
  const xMean = means(X.data, X.shape[1]!, sampleWeight, fitIntercept);
  const yMean = means(y.data, y.shape[1]!, sampleWeight, fitIntercept);
  return {
    X: shifted(X.data, xMean, sampleWeight),
    y: shifted(y.data, yMean, sampleWeight),
    xMean,
    yMean,
  };
}

/** Coefficients (features x outputs) of a centered problem, with the intercepts that belong to them. */
export function uncentered(W: Matrix, { xMean, yMean }: Centered): LinearForm {
  // Adding 0 makes -0 the 0 that JSON would make of it.
  const coef = W.transpose()
    .to2DArray()
    .map((own) => own.map((value) => value + 0));
  const intercept = coef.map((own, k) =>
    own.reduce((rest, weight, j) => rest - weight * xMean[j]!, yMean[k]!),
  );
  return { coef, intercept };
}

/**
 * The solution of least squares, features x outputs; where several solve it, the one of least norm. (With the singular
 * value decomposition X = U S V', it is V S^-1 U' y over singular values that are not 0 by rounding.)
 */
export function leastSquares(problem: Pick<Centered, 'X' | 'y'>): Matrix {
  const { X, y } = squared(problem);
  // Columns of one norm: a feature of small numbers beside one of large ones is no rounding error.
  const { unit, norms } = unitColumns(X);
  const scaled = pseudoSolution(unit, y);
  if (scaled.rank < X.columns) return pseudoSolution(X, y).W;
  norms.forEach((norm, j) => {
    scaled.W.mulRow(j, 1 / norm);
  });
  return scaled.W;
}

/** X with columns of norm 1, and the norms they had; 1 for columns of zeros, which stay. */
export function unitColumns(X: Matrix): {
  readonly unit: Matrix;
  readonly norms: readonly number[];
} {
  const norms = Array.from({ length: X.columns }, (_, j) => Math.hypot(...X.getColumn(j)) || 1);
  const unit = X.clone();
  norms.forEach((norm, j) => {
    unit.mulColumn(j, 1 / norm);
  });
  return { unit, norms };
}

/**
 * The same problem in as many rows as there are columns, where there are more: with X = Q R, it is that of R and Q'y. Both are
 * in the triangle of [X y].
 */
function squared({ X, y }: Pick<Centered, 'X' | 'y'>): Pick<Centered, 'X' | 'y'> {
  const columns = X.columns + y.columns;
  if (X.rows <= columns) return { X, y };
  const both = new Matrix(X.rows, columns);
  both.setSubMatrix(X, 0, 0);
  both.setSubMatrix(y, 0, X.columns);
  const triangle = new QrDecomposition(both).upperTriangularMatrix;
  const last = X.columns - 1;
  return {
    X: triangle.subMatrix(0, last, 0, last),
    y: triangle.subMatrix(0, last, X.columns, columns - 1),
  };
}

/**
 * The solution of ridge regression, features x outputs: minimizes |y_k - X w_k|^2 + alpha_k |w_k|^2 for each output k.
 *
 * By a Cholesky decomposition of X'X + alpha, or, with more features than rows, of X X' + alpha: w = X'(X X' + alpha)^-1 y.
 */
export function ridge(problem: Centered, alphas: readonly number[]): Matrix {
  const { X, y } = problem;
  const dual = X.columns > X.rows;
  const gram = dual ? gramOf(X.transpose()) : gramOf(X);
  const right = dual ? y : X.transpose().mmul(y);
  const W = Matrix.zeros(X.columns, y.columns);
  for (const alpha of new Set(alphas)) {
    const penalized = gram.clone();
    for (let i = 0; i < gram.rows; i++) penalized.set(i, i, gram.get(i, i) + alpha);
    const factor = alpha > 0 ? new CholeskyDecomposition(penalized) : null;
    // Without a penalty, or with one too small to count beside features that repeat others: the limit for alpha -> 0.
    const all = factor?.isPositiveDefinite() ? factor.solve(right) : null;
    const solved = all === null ? leastSquares(problem) : dual ? X.transpose().mmul(all) : all;
    alphas.forEach((own, k) => {
      if (own === alpha) W.setColumn(k, solved.getColumn(k));
    });
  }
  return W;
}

/** X'X, symmetric to the last bit. */
export function gramOf(X: Matrix): Matrix {
  const { rows, columns } = X;
  const gram = Matrix.zeros(columns, columns);
  for (let row = 0; row < rows; row++) {
    const own = X.getRow(row);
    for (let i = 0; i < columns; i++) {
      const factor = own[i]!;
      if (factor === 0) continue;
      for (let j = 0; j <= i; j++) gram.set(i, j, gram.get(i, j) + factor * own[j]!);
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < i; j++) gram.set(j, i, gram.get(i, j));
  }
  return gram;
}

function pseudoSolution(X: Matrix, y: Matrix): { readonly W: Matrix; readonly rank: number } {
  const svd = new SingularValueDecomposition(X, { autoTranspose: true });
  const values = svd.diagonal;
  const cutoff = Number.EPSILON * Math.max(X.rows, X.columns) * Math.max(...values);
  const rank = values.filter((value) => value > cutoff).length;
  const projected = svd.leftSingularVectors.transpose().mmul(y);
  values.forEach((value, i) => {
    projected.mulRow(i, value > cutoff ? 1 / value : 0);
  });
  return { W: svd.rightSingularVectors.mmul(projected), rank };
}

function means(
  data: Float64Array,
  columns: number,
  weights: Float64Array,
  fitIntercept: boolean,
): number[] {
  const sums = new Array<number>(columns).fill(0);
  if (!fitIntercept) return sums;
  for (let i = 0; i < data.length; i++) {
    sums[i % columns]! += data[i]! * weights[Math.floor(i / columns)]!;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sums.map((sum) => sum / total);
}

function shifted(data: Float64Array, mean: readonly number[], weights: Float64Array): Matrix {
  const columns = mean.length;
  const result = new Matrix(weights.length, columns);
  weights.forEach((weight, row) => {
    const root = Math.sqrt(weight);
    for (let j = 0; j < columns; j++) {
      const value = root * (data[row * columns + j]! - mean[j]!);
      if (!(Math.abs(value) <= largestValue)) throw tooLarge(value);
      result.set(row, j, value);
    }
  });
  return result;
}

function tooLarge(given: number): Error {
  return error('OUT_OF_RANGE', {
    what: 'X and y, times the roots of sampleWeight',
    given,
    allowed: `up to +-${largestValue}`,
    remedy: 'scale them to moderate sizes',
  });
}
