/**
 * Losses: sums over the rows of a batch, each with its weight, divided by their number.
 */
import { newValue, type Tape, type Value } from './tape.ts';

/** What rows should have: the index of a class, or numbers, [rows, outputs]; and what each row counts. */
export interface Targets {
  readonly y: Float64Array;
  readonly weights: Float64Array;
}

/** The loss of a batch of scores, [rows, outputs]. */
export type Loss = (tape: Tape, scores: Value, targets: Targets) => Value;

/** -log of the softmax's share of the class, of two classes or more. */
export const crossEntropy: Loss = smoothedCrossEntropy(0);

/**
 * The same where each row is of its class but for a share of `smoothing`, which is of all classes alike: scores then stay
 * small, and what they are computed from needs fewer digits. (Szegedy et al., "Rethinking the Inception architecture", 2016)
 */
export function smoothedCrossEntropy(smoothing: number): Loss {
  return (tape, scores, { y, weights }) => {
    const classes = scores.shape[1]!;
    const share = smoothing / classes;
    return lossOf(tape, scores, weights, (row, gradient) => {
      const own = scores.data.subarray(row * classes, (row + 1) * classes);
      const top = own.reduce((a, b) => Math.max(a, b));
      let [sum, mean] = [0, 0];
      for (let k = 0; k < classes; k++) {
        gradient[k] = Math.exp(own[k]! - top);
        sum += gradient[k]!;
        mean += own[k]! / classes;
      }
      for (let k = 0; k < classes; k++) gradient[k] = gradient[k]! / sum - share;
      const truth = y[row]!;
      gradient[truth]! -= 1 - smoothing;
      return Math.log(sum) + top - (1 - smoothing) * own[truth]! - smoothing * mean;
    });
  };
}

/** -log of the share of the class, 0 or 1, by one score, the logarithm of the odds of class 1. */
export const logisticLoss: Loss = smoothedLogisticLoss(0);

/** The same with smoothed classes. */
export function smoothedLogisticLoss(smoothing: number): Loss {
  return (tape, scores, { y, weights }) =>
    lossOf(tape, scores, weights, (row, gradient) => {
      const [z, truth] = [scores.data[row]!, y[row]! * (1 - smoothing) + smoothing / 2];
      gradient[0] = 1 / (1 + Math.exp(-z)) - truth;
      return Math.max(z, 0) - z * truth + Math.log1p(Math.exp(-Math.abs(z)));
    });
}

/** Half the mean square of differences over the outputs, as scikit-learn's MLPRegressor. */
export const squaredLoss: Loss = (tape, scores, { y, weights }) => {
  const outputs = scores.shape[1]!;
  return lossOf(tape, scores, weights, (row, gradient) => {
    let sum = 0;
    for (let k = 0; k < outputs; k++) {
      const difference = scores.data[row * outputs + k]! - y[row * outputs + k]!;
      gradient[k] = difference / outputs;
      sum += difference ** 2 / (2 * outputs);
    }
    return sum;
  });
};

/** The sum of a loss of single rows, each of which fills in its gradient. */
function lossOf(
  tape: Tape,
  scores: Value,
  weights: Float64Array,
  ofRow: (row: number, gradient: Float64Array) => number,
): Value {
  const [rows, outputs] = scores.shape as [number, number];
  const gradients = new Float64Array(scores.data.length);
  const loss = newValue([1]);
  for (let row = 0; row < rows; row++) {
    const own = gradients.subarray(row * outputs, (row + 1) * outputs);
    const share = weights[row]! / rows;
    loss.data[0]! += share * ofRow(row, own);
    for (let k = 0; k < outputs; k++) own[k]! *= share;
  }
  tape.steps.push(() => {
    for (let i = 0; i < gradients.length; i++) {
      scores.gradient[i]! += loss.gradient[0]! * gradients[i]!;
    }
  });
  return loss;
}
