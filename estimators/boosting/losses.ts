/**
 * What boosters minimize. Scores and derivatives come output after output: that of `row` and output k is at k * rows + row.
 */
import type { Gradients } from './binnedRows.ts';

/** A loss of scores. */
export interface Loss {
  /** Scores of one row: 1, or one for each class. */
  readonly outputs: number;
  /** The constant scores that all trees are added to: those of the least loss over the rows in `known`. */
  start(known: Int32Array): number[];
  /** Writes the derivatives of all rows, weights included. */
  fill(scores: Float64Array, gradients: Gradients): void;
  /** The mean loss over the rows in `known`, weights included. */
  mean(scores: Float64Array, known: Int32Array): number;
  /** Leaves are not Newton steps but the quantile of this level of what is left of the targets. */
  readonly leafQuantile?: number;
  /** The largest absolute value of a leaf, before shrinking. */
  readonly maxStep: number;
}

/** Losses of regressors. */
export type RegressionLoss = 'squaredError' | 'absoluteError' | 'poisson' | 'quantile';

/** Second derivatives of classifiers are at least this, as in XGBoost. */
const leastSecond = 1e-16;

/** The least share of a class, for its logarithm: the precision of single floats. */
const shareMargin = 2 ** -23;

/** The step beyond which XGBoost does not go in one tree where scores are logarithms of means. */
const poissonStep = 0.7;

/** Of labels 0 or 1 and one score z: log(1 + exp(z)) - y z. */
export function binaryLoss(labels: Int32Array, weights: Float64Array): Loss {
  return {
    outputs: 1,
    maxStep: Number.POSITIVE_INFINITY,
    start(known) {
      const share = inside(weightedMean(known, weights, (row) => labels[row]!));
      return [Math.log(share / (1 - share))];
    },
    fill(scores, { first, second }) {
      for (let row = 0; row < labels.length; row++) {
        const p = 1 / (1 + Math.exp(-scores[row]!));
        first[row] = weights[row]! * (p - labels[row]!);
        second[row] = weights[row]! * Math.max(p * (1 - p), leastSecond);
      }
    },
    mean: (scores, known) =>
      weightedMean(known, weights, (row) => {
        const z = scores[row]!;
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[row]! * z;
      }),
  };
}

/** Of class indices and one score a class: log sum exp(z) - z_y. */
export function softmaxLoss(labels: Int32Array, classes: number, weights: Float64Array): Loss {
  const rows = labels.length;
  /** The largest score of a row, and the sum of exp(score - largest). */
  const partition = (scores: Float64Array, row: number): { top: number; sum: number } => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) top = Math.max(top, scores[k * rows + row]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(scores[k * rows + row]! - top);
    return { top, sum };
  };
  return {
    outputs: classes,
    maxStep: Number.POSITIVE_INFINITY,
    start: (known) =>
      Array.from({ length: classes }, (_, k) =>
        Math.log(inside(weightedMean(known, weights, (row) => Number(labels[row] === k)))),
      ),
    fill(scores, { first, second }) {
      for (let row = 0; row < rows; row++) {
        const { top, sum } = partition(scores, row);
        const weight = weights[row]!;
        for (let k = 0; k < classes; k++) {
          const at = k * rows + row;
          const p = Math.exp(scores[at]! - top) / sum;
          first[at] = weight * (p - Number(labels[row] === k));
          // Twice the diagonal of the Hessian, as XGBoost: it bounds what the other classes have to do with it.
          second[at] = weight * Math.max(2 * p * (1 - p), leastSecond);
        }
      }
    },
    mean: (scores, known) =>
      weightedMean(known, weights, (row) => {
        const { top, sum } = partition(scores, row);
        return top + Math.log(sum) - scores[labels[row]! * rows + row]!;
      }),
  };
}

/** Of targets y and one score z: see the documentation of `GradientBoostingRegressor`. */
export function regressionLoss(
  name: RegressionLoss,
  y: Float64Array,
  weights: Float64Array,
  alpha: number,
): Loss {
  const unbounded = { outputs: 1, maxStep: Number.POSITIVE_INFINITY };
  switch (name) {
    case 'squaredError':
      return {
        ...unbounded,
        start: (known) => [weightedMean(known, weights, (row) => y[row]!)],
        fill: filled(weights, (z, row) => [z - y[row]!, 1]),
        mean: (scores, known) =>
          weightedMean(known, weights, (row) => (scores[row]! - y[row]!) ** 2 / 2),
      };
    case 'poisson':
      return {
        outputs: 1,
        maxStep: poissonStep,
        start: (known) => [Math.log(weightedMean(known, weights, (row) => y[row]!))],
        fill: filled(weights, (z, row) => [Math.exp(z) - y[row]!, Math.exp(z + poissonStep)]),
        mean: (scores, known) =>
          weightedMean(known, weights, (row) => Math.exp(scores[row]!) - y[row]! * scores[row]!),
      };
    case 'absoluteError':
      return {
        ...unbounded,
        leafQuantile: 0.5,
        start: (known) => [weightedQuantile(known, weights, (row) => y[row]!, 0.5)],
        fill: filled(weights, (z, row) => [Math.sign(z - y[row]!), 1]),
        mean: (scores, known) =>
          weightedMean(known, weights, (row) => Math.abs(y[row]! - scores[row]!)),
      };
    case 'quantile':
      return {
        ...unbounded,
        leafQuantile: alpha,
        start: (known) => [weightedQuantile(known, weights, (row) => y[row]!, alpha)],
        fill: filled(weights, (z, row) => [z >= y[row]! ? 1 - alpha : -alpha, 1]),
        mean: (scores, known) =>
          weightedMean(known, weights, (row) => {
            const left = y[row]! - scores[row]!;
            return left * (alpha - Number(left < 0));
          }),
      };
    default:
      return name satisfies never;
  }
}

/** The least value below or at which rows of at least `level` of the weight are; between two such, their middle. */
export function weightedQuantile(
  known: Int32Array,
  weights: Float64Array,
  valueAt: (row: number) => number,
  level: number,
): number {
  const pairs = Array.from(known, (row): [number, number] => [valueAt(row), weights[row]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const target = level * pairs.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  for (let i = 0; i < pairs.length; i++) {
    below += pairs[i]![1];
    const next = pairs[i + 1];
    if (next === undefined || below > target) return pairs[i]![0];
    if (below === target) return (pairs[i]![0] + next[0]) / 2;
  }
  return 0;
}

/** A share away from 0 and 1 as scikit-learn has it: all weights of a class may be 0. */
function inside(share: number): number {
  return Math.min(Math.max(share, shareMargin), 1 - shareMargin);
}

/** `Loss.fill` of a loss with one score, from both derivatives of a row of weight 1. */
function filled(
  weights: Float64Array,
  derivatives: (z: number, row: number) => readonly [number, number],
): Loss['fill'] {
  return (scores, { first, second }) => {
    for (let row = 0; row < weights.length; row++) {
      const [a, b] = derivatives(scores[row]!, row);
      first[row] = weights[row]! * a;
      second[row] = weights[row]! * b;
    }
  };
}

function weightedMean(
  known: Int32Array,
  weights: Float64Array,
  valueAt: (row: number) => number,
): number {
  let [sum, total] = [0, 0];
  for (const row of known) {
    sum += weights[row]! * valueAt(row);
    total += weights[row]!;
  }
  return sum / total;
}
