/**
 * Logistic regression with an l1 penalty, by a proximal Newton method: Yuan, Ho and Lin, "An improved GLMNET for
 * l1-regularized logistic regression" (2012), and for several classes one block of unknowns after the other, as in
 * Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate descent" (2010).
 */
import type { LinearProblem } from './objectives.ts';
import { softThreshold } from './penalties.ts';

/** Minimize sum_i s_i loss(z_i, y_i) + sum_j l1_j |w_j| + 1/2 sum_j penalty_j w_j^2, with z = X w. */
export interface SparseProblem extends LinearProblem {
  /** One weight >= 0 a column. */
  readonly l1: Float64Array;
  /** Of each row, its class: 0 or 1 with one output (logistic loss), else 0 to outputs - 1 (cross entropy of the softmax). */
  readonly indices: Int32Array;
  readonly outputs: number;
}

/** Curvatures of rows are at least this, so that rows far from the border leave a step that is finite. */
const leastCurvature = 1e-6;
/** A quadratic model is minimized until what is left of its slopes is this share of the first, in at most so many passes. */
const innerShare = 0.1;
const innerPasses = 100;
/** Sufficient decrease of a line search, as a share of the predicted one. */
const decrease = 1e-4;
const lineSearchSteps = 40;

/** Finds w, one vector an output; stops where no element of the least subgradient is larger than `tol`. */
export function proximalNewton(
  problem: SparseProblem,
  { tol, maxIter }: { readonly tol: number; readonly maxIter: number },
): {
  readonly w: readonly Float64Array[];
  readonly iterations: number;
  readonly converged: boolean;
} {
  const { rows, columns, outputs } = problem;
  const w = Array.from({ length: outputs }, () => new Float64Array(columns));
  const z = Array.from({ length: outputs }, () => new Float64Array(rows));
  const X = columnsOf(problem);
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    let violation = 0;
    for (let k = 0; k < outputs; k++) {
      violation = Math.max(violation, improve(problem, X, w[k]!, z, k, tol));
    }
    if (violation <= tol) return { w, iterations: iteration, converged: true };
  }
  return { w, iterations: maxIter, converged: false };
}

/** One Newton step of the unknowns of output k, in place; returns how far they were from optimal before. */
function improve(
  problem: SparseProblem,
  X: readonly Float64Array[],
  w: Float64Array,
  z: readonly Float64Array[],
  k: number,
  tol: number,
): number {
  const { penalty, l1, columns } = problem;
  const { slopes, curvatures } = derivatives(problem, z, k);
  const gradient = X.map((column, j) => dot(column, slopes) + penalty[j]! * w[j]!);
  const violation = gradient.reduce(
    (max, slope, j) => Math.max(max, distance(slope, w[j]!, l1[j]!)),
    0,
  );
  if (violation <= tol) return violation;

  const step = new Float64Array(columns);
  const change = new Float64Array(slopes.length); // X step
  const squares = X.map((column, j) => weightedDot(column, curvatures, column) + penalty[j]!);
  for (let pass = 0; pass < innerPasses; pass++) {
    let left = 0;
    for (let j = 0; j < columns; j++) {
      if (squares[j] === 0) continue;
      const column = X[j]!;
      const slope = gradient[j]! + weightedDot(column, curvatures, change) + penalty[j]! * step[j]!;
      const at = w[j]! + step[j]!;
      left = Math.max(left, distance(slope, at, l1[j]!));
      const next = softThreshold(squares[j]! * at - slope, l1[j]!) / squares[j]!;
      const move = next - at;
      if (move === 0) continue;
      step[j]! += move;
      for (let row = 0; row < change.length; row++) change[row]! += move * column[row]!;
    }
    if (left <= innerShare * violation) break;
  }

  const length = lineSearch(problem, gradient, w, step, z, change, k);
  for (let j = 0; j < columns; j++) w[j]! += length * step[j]!;
  for (let row = 0; row < change.length; row++) z[k]![row]! += length * change[row]!;
  return violation;
}

/** By row, the first derivative of the loss in its score k, and the second. */
function derivatives(
  { sampleWeight, indices, outputs }: SparseProblem,
  z: readonly Float64Array[],
  k: number,
): { readonly slopes: Float64Array; readonly curvatures: Float64Array } {
  const truth = outputs === 1 ? 1 : k;
  const slopes = new Float64Array(sampleWeight.length);
  const curvatures = new Float64Array(sampleWeight.length);
  for (let row = 0; row < slopes.length; row++) {
    const others = outputs === 1 ? 0 : logSumExp(z, row, k);
    const probability = 1 / (1 + Math.exp(others - z[k]![row]!));
    const weight = sampleWeight[row]!;
    slopes[row] = weight * (probability - Number(indices[row] === truth));
    curvatures[row] = weight * Math.max(probability * (1 - probability), leastCurvature);
  }
  return { slopes, curvatures };
}

/** How long a step is to be: 1, halved until the objective falls as it should; 0 where rounding leaves no decrease. */
function lineSearch(
  problem: SparseProblem,
  gradient: readonly number[],
  w: Float64Array,
  step: Float64Array,
  z: readonly Float64Array[],
  change: Float64Array,
  k: number,
): number {
  const { penalty, l1, sampleWeight, indices, outputs } = problem;
  const truth = outputs === 1 ? 1 : k;
  const others = Float64Array.from(change, (_, row) => (outputs === 1 ? 0 : logSumExp(z, row, k)));
  // What the step changes of the objective; the loss of a row is log(1 + exp(z_k - others)), less z_k for rows of class k.
  const changeAt = (length: number): number => {
    let sum = 0;
    for (let row = 0; row < change.length; row++) {
      const score = z[k]![row]!;
      const moved = score + length * change[row]!;
      const loss =
        softplus(moved - others[row]!) -
        softplus(score - others[row]!) -
        (indices[row] === truth ? moved - score : 0);
      sum += sampleWeight[row]! * loss;
    }
    step.forEach((move, j) => {
      const next = w[j]! + length * move;
      sum += l1[j]! * (Math.abs(next) - Math.abs(w[j]!));
      sum += (penalty[j]! * (next ** 2 - w[j]! ** 2)) / 2;
    });
    return sum;
  };
  let predicted = 0;
  step.forEach((move, j) => {
    predicted += gradient[j]! * move + l1[j]! * (Math.abs(w[j]! + move) - Math.abs(w[j]!));
  });
  let length = 1;
  for (let i = 0; i < lineSearchSteps; i++) {
    if (changeAt(length) <= decrease * length * predicted) return length;
    length /= 2;
  }
  return 0;
}

/** The distance of 0 from the subgradients of slope * w + l1 |w|. */
function distance(slope: number, w: number, l1: number): number {
  return w === 0 ? Math.max(Math.abs(slope) - l1, 0) : Math.abs(slope + Math.sign(w) * l1);
}

/** log of the sum of exp over the scores of a row, but for that of `except`. */
function logSumExp(z: readonly Float64Array[], row: number, except: number): number {
  let top = Number.NEGATIVE_INFINITY;
  z.forEach((scores, k) => {
    if (k !== except) top = Math.max(top, scores[row]!);
  });
  let sum = 0;
  z.forEach((scores, k) => {
    if (k !== except) sum += Math.exp(scores[row]! - top);
  });
  return top + Math.log(sum);
}

/** log(1 + exp(x)) */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function columnsOf({ X, rows, columns }: LinearProblem): Float64Array[] {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, row) => X[row * columns + j]!),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function weightedDot(a: Float64Array, weights: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * weights[i]! * b[i]!;
  return sum;
}
