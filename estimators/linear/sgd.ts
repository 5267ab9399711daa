/**
 * Stochastic gradient descent as scikit-learn does it, after Bottou, "Stochastic gradient descent tricks" (2012), with the
 * cumulative l1 penalty of Tsuruoka, Tsujii and Ananiadou (2009).
 */
import type { Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { SgdLoss } from './sgdLosses.ts';

/** How the step size changes with the number t of rows seen. */
export type LearningRate = 'constant' | 'optimal' | 'invscaling' | 'adaptive';

/** One problem: minimize the mean of s_i loss(z_i, y_i) + alpha (r |w|_1 + (1 - r) / 2 |w|^2). */
export interface SgdProblem {
  /** Rows x features. */
  readonly X: Tensor;
  readonly y: Float64Array;
  readonly sampleWeight: Float64Array;
  readonly loss: SgdLoss;
  readonly alpha: number;
  /** r; null for no penalty. */
  readonly l1Ratio: number | null;
  readonly fitIntercept: boolean;
}

/** How it is minimized; names are those of the estimators' parameters. */
export interface SgdOptions {
  readonly learningRate: LearningRate;
  readonly eta0: number;
  readonly powerT: number;
  readonly maxIter: number;
  readonly tol: number | null;
  readonly nIterNoChange: number;
  readonly shuffle: boolean;
  /** Rows seen before averaging starts; 0 for none. */
  readonly averageFrom: number;
  readonly random: Random;
  /** Rows that are held out, and what coefficients are worth on them; null without early stopping. */
  readonly validation: {
    readonly rows: ReadonlySet<number>;
    score(w: Float64Array, intercept: number): number;
  } | null;
}

/** Where the descent ended. */
export interface SgdSolution {
  readonly w: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Slopes are cut off here: one far outlier must not overflow everything. */
const largestSlope = 1e12;
/** The adaptive step is divided by 5 where nothing improves, until it is this small. */
const smallestAdaptiveStep = 1e-6;

/** Passes over the rows until nothing improves any more. */
export function sgd(problem: SgdProblem, options: SgdOptions): SgdSolution {
  const { X, y, sampleWeight, loss, fitIntercept } = problem;
  const { maxIter, tol, nIterNoChange, shuffle, averageFrom, random, validation } = options;
  const features = X.shape[1]!;
  const order = Int32Array.from(y.keys()).filter(
    (row) => sampleWeight[row]! > 0 && !validation?.rows.has(row),
  );
  const state = {
    w: new Float64Array(features),
    averaged: new Float64Array(features),
    penalty: penaltyOf(problem, features),
  };
  const stepAt = stepSizes(problem, options);
  let intercept = 0;
  let averagedIntercept = 0;
  let divisor = 1;
  let t = 1;
  let best = validation === null ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  let unchanged = 0;
  const ended = (iterations: number, converged: boolean): SgdSolution =>
    averageFrom > 0 && averageFrom <= t - 1
      ? { w: state.averaged, intercept: averagedIntercept, iterations, converged }
      : { w: state.w, intercept, iterations, converged };

  for (let iteration = 1; iteration <= maxIter; iteration++) {
    if (shuffle) random.shuffle(order);
    let losses = 0;
    let eta = 0;
    for (const row of order) {
      const x = X.data.subarray(row * features, (row + 1) * features);
      const { w } = state;
      let z = intercept;
      for (let j = 0; j < features; j++) z += w[j]! * x[j]!;
      losses += loss.value(z, y[row]!);
      eta = stepAt(t) / divisor;
      const slope = loss.slope(z, y[row]!);
      const cut = Math.min(Math.max(slope, -largestSlope), largestSlope);
      const move = -eta * cut * sampleWeight[row]!;
      state.penalty.shrink(w, eta);
      if (move !== 0) {
        for (let j = 0; j < features; j++) w[j]! += move * x[j]!;
        if (fitIntercept) intercept += move;
      }
      if (averageFrom > 0 && averageFrom <= t) {
        const share = 1 / (t - averageFrom + 1);
        averagedIntercept += (intercept - averagedIntercept) * share;
        for (let j = 0; j < features; j++) {
          state.averaged[j]! += (w[j]! - state.averaged[j]!) * share;
        }
      }
      state.penalty.truncate(w, eta);
      t++;
    }
    if (tol === null) continue;

    const now = validation === null ? losses : validation.score(state.w, intercept);
    // Losses are to fall by tol a row, scores to rise by tol.
    const improved = validation === null ? now <= best - tol * order.length : now >= best + tol;
    unchanged = improved ? 0 : unchanged + 1;
    best = validation === null ? Math.min(best, now) : Math.max(best, now);
    if (unchanged < nIterNoChange) continue;
    if (options.learningRate !== 'adaptive' || eta <= smallestAdaptiveStep) {
      return ended(iteration, true);
    }
    divisor *= 5;
    unchanged = 0;
  }
  return ended(maxIter, tol === null);
}

/** Step sizes by the number of rows seen, from 1. */
function stepSizes(
  { loss, alpha }: SgdProblem,
  { learningRate, eta0, powerT }: SgdOptions,
): (t: number) => number {
  if (learningRate === 'invscaling') return (t) => eta0 / t ** powerT;
  if (learningRate !== 'optimal') return () => eta0;
  // Starts as large as a typical weight allows: 1 / (alpha (t0 + t)).
  const typical = Math.sqrt(1 / Math.sqrt(alpha));
  const first = typical / Math.max(1, loss.slope(-typical, 1));
  const offset = 1 / (first * alpha);
  return (t) => 1 / (alpha * (offset + t - 1));
}

/** The two parts of a penalty's step: the l2 part before the slope of the loss, the l1 part after it. */
function penaltyOf(
  { alpha, l1Ratio }: SgdProblem,
  features: number,
): {
  shrink(w: Float64Array, eta: number): void;
  truncate(w: Float64Array, eta: number): void;
} {
  const ratio = l1Ratio ?? 0;
  const strength = l1Ratio === null ? 0 : alpha;
  /** What could have been taken from every weight so far, and what has been taken from each. */
  let owed = 0;
  const taken = new Float64Array(features);
  return {
    shrink: (w, eta) => {
      const factor = Math.max(0, 1 - (1 - ratio) * eta * strength);
      if (factor === 1) return;
      for (let j = 0; j < features; j++) w[j]! *= factor;
    },
    truncate: (w, eta) => {
      if (ratio * strength === 0) return;
      owed += ratio * eta * strength;
      for (let j = 0; j < features; j++) {
        const before = w[j]!;
        if (before > 0) w[j] = Math.max(0, before - (owed + taken[j]!));
        else if (before < 0) w[j] = Math.min(0, before + (owed - taken[j]!));
        taken[j]! += w[j]! - before;
      }
    },
  };
}
