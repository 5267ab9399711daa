/**
 * One step of gradient descent on the logistic loss as a function of integers: what runs encrypted.
 *
 * With codes x of a batch of rows, labels y of 0 and 1, and weights w, all integers:
 *
 *     z_i  = sum_j x_ij w_j                               products of fresh bits with computed weights: CMUX
 *     s_i  = round(levels * sigmoid(floor((z_i + r_i) / 2^dropped) 2^dropped * scoreUnit))     a lookup a row
 *     g_j  = sum_i (s_i - levels y_i) x_ij                CMUX again
 *     w_j := clip(floor((2^shift w_j - d w_j - g_j + q_j) / 2^shift))                     a lookup a weight
 *
 * r and q are uniform random integers that the server may know: they make both roundings right on average, so that weights of
 * few bits move by less than one unit a step. So does d, which makes weights decay: the l2 penalty.
 */
import { clear, encrypted, type InputSpecs } from '../../lib/index.ts';
import * as np from '../../tracer/index.ts';
import { quantizedSigmoid } from '../quantize/trainingGrid.ts';

/** The integers of a step. */
export interface StepShape {
  readonly batch: number;
  readonly features: number;
  /** Bits of a code of a row, sign included, and what stands in the column of the intercept; 0 for no intercept. */
  readonly rowBits: number;
  readonly interceptCode: number;
  /** Weights are from minus this to this. */
  readonly largestWeight: number;
  /** Probabilities are from 0 to this. */
  readonly levels: number;
  /** No score and no gradient is larger: the rows of the batches keep that promise. */
  readonly largestScore: number;
  readonly largestGradient: number;
  /** What a score of 1 stands for. */
  readonly scoreUnit: number;
  /** Low bits of scores and of moved weights that roundings take away. */
  readonly droppedBits: number;
  readonly shift: number;
  /** How many times 2^-shift of themselves weights lose a step, on average. */
  readonly decay: number;
}

/** The names of what a step reads, in this order; weights are carried from step to step. */
export type StepInputs = readonly [
  rows: np.Traced,
  labels: np.Traced,
  scoreNoise: np.Traced,
  weightNoise: np.Traced,
  decay: np.Traced,
  weights: np.Traced,
];

/** Weights of a step: one a feature, and that of the intercept behind them. */
export function weightCount({ features, interceptCode }: StepShape): number {
  return features + Number(interceptCode > 0);
}

/** The types of the inputs of a step. */
export function stepInputs(shape: StepShape): InputSpecs {
  const { batch, features, rowBits, largestWeight, droppedBits, shift, decay } = shape;
  const weights = weightCount(shape);
  return {
    rows: encrypted.int(rowBits, [batch, features]),
    labels: encrypted.uint(1, [batch]),
    scoreNoise: clear.range(0, 2 ** droppedBits - 1, [batch]),
    weightNoise: clear.range(0, 2 ** shift - 1, [weights]),
    decay: clear.range(0, Math.max(1, Math.ceil(decay))),
    weights: encrypted.range(-largestWeight, largestWeight, [weights]),
  };
}

/** The next weights. */
export function step(shape: StepShape, ...inputs: StepInputs): np.Traced {
  const { batch, interceptCode, levels, largestWeight, largestScore, scoreUnit } = shape;
  const [rows, labels, scoreNoise, weightNoise, decay, weights] = inputs;
  const x =
    interceptCode > 0 ? np.concatenate([rows, np.full([batch, 1], interceptCode)], 1) : rows;
  const product = np.matmul(x, weights);
  const scores = np.hint(product, { min: -largestScore, max: largestScore });
  const kept = 2 ** shape.droppedBits;
  const probabilities = np.map(
    (z: number) => quantizedSigmoid(Math.floor(z / kept) * kept * scoreUnit, levels),
    np.add(scores, scoreNoise),
  );
  const errors = np.subtract(probabilities, np.multiply(labels, levels));
  const gradient = np.matmul(np.transpose(x), errors);
  const factor = 2 ** shape.shift;
  const still = np.subtract(np.multiply(weights, factor), decayOf(shape, decay, weights));
  const farthest = factor * largestWeight + shape.largestGradient;
  const moved = np.hint(np.add(np.subtract(still, gradient), weightNoise), {
    min: -farthest,
    max: farthest + factor - 1,
  });
  return np.map(
    (w: number) => Math.min(Math.max(Math.floor(w / factor), -largestWeight), largestWeight),
    moved,
  );
}

/** Entries that the lookup of a moved weight tells apart. */
export function movedWeights({ largestWeight, largestGradient, shift }: StepShape): number {
  return 2 * largestWeight + 1 + 2 * Math.ceil(largestGradient / 2 ** shift);
}

/** What weights lose: of the intercept nothing. */
function decayOf(shape: StepShape, decay: np.Traced, weights: np.Traced) {
  if (shape.decay === 0) return 0;
  const lost = np.multiply(decay, weights);
  if (shape.interceptCode === 0) return lost;
  const count = weights.shape[0]!;
  return np.multiply(
    lost,
    Array.from({ length: count }, (_, j) => Number(j < count - 1)),
  );
}
