/**
 * Training rows as integers of few bits, for training that runs encrypted.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { roundHalfEven } from './rounding.ts';

/** Standard deviations on either side of the mean that codes reach; what lies farther out is moved to the end. */
const reach = 2.5;

/** Rows of features as integers from -largest to largest: code = round((x - center) / scale), cut off. */
export interface TrainingGrid {
  /** Rows x features. */
  readonly codes: Tensor;
  readonly largest: number;
  /** Of each feature; a constant feature has the scale 0, and codes of 0. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Standard deviations that one code stands for. */
  readonly unit: number;
  /** The largest sum of magnitudes in one row. */
  readonly largestSum: number;
}

/** The grid of rows x features, with codes of `bits` bits, 2..8: standardized, each feature by its mean and deviation. */
export function trainingGrid(X: Tensor, bits: number): TrainingGrid {
  const [rows, features] = X.shape as [number, number];
  const largest = 2 ** (bits - 1) - 1;
  const unit = reach / largest;
  const center: number[] = [];
  const scale: number[] = [];
  for (let feature = 0; feature < features; feature++) {
    let [mean, squares] = [0, 0];
    for (let row = 0; row < rows; row++) {
      // Welford: sums of squares of large values would swallow the deviation.
      const distance = X.data[row * features + feature]! - mean;
      mean += distance / (row + 1);
      squares += distance * (X.data[row * features + feature]! - mean);
    }
    center.push(mean + 0);
    scale.push(unit * Math.sqrt(squares / rows));
  }
  const data = X.data.map((value, i) => {
    const feature = i % features;
    if (scale[feature] === 0) return 0;
    const code = roundHalfEven((value - center[feature]!) / scale[feature]!);
    return Math.min(Math.max(code, -largest), largest) + 0;
  });
  let largestSum = 0;
  for (let row = 0; row < rows; row++) {
    const codes = data.subarray(row * features, (row + 1) * features);
    largestSum = Math.max(
      largestSum,
      codes.reduce((sum, code) => sum + Math.abs(code), 0),
    );
  }
  return { codes: { shape: [rows, features], data }, largest, center, scale, unit, largestSum };
}

/** The nearest power of two to a positive number, as its exponent: factors that integers are shifted by. */
export function nearestShift(factor: number): number {
  return roundHalfEven(Math.log2(factor));
}

/** `levels * sigmoid(z)` as an integer, 0..levels: what a table of probabilities holds. */
export function quantizedSigmoid(z: number, levels: number): number {
  return roundHalfEven(levels / (1 + Math.exp(-z)));
}
