/**
 * Distances from points as weighted sums of inputs that are 0 or 1, with integer weights: what one wheel turns by
 * (`lib/compiler/lower/turned.ts`).
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { type AffineQuantizer, codeRange, type OutOfRange, quantizeAffine } from './affine.ts';
import { roundHalfEven } from './rounding.ts';

/** Points, points x features. */
export type Points = readonly (readonly number[])[];

/** distance_i = sum_j input_j * weights[j][i] + bias[i], in [0, 2^bits - 1] whatever the inputs. */
export interface IntegerDistances {
  /** Inputs x points. */
  readonly weights: readonly (readonly number[])[];
  /** One a point. */
  readonly bias: readonly number[];
  readonly bits: number;
}

/**
 * Bits of a distance at most. One distance less another has two sides on a wheel of 4096 coefficients, which is two ciphertexts:
 * with 11 bits it would be one, and labels of 1 in 100 rows others than those of exact distances; 13 bits change hardly any.
 */
const mostBits = 12;

/**
 * The bits of all codes, counted from the smallest and from the lowest bit: rows x (features * (bits + 1)).
 *
 * @throws OUT_OF_RANGE under 'error'
 */
export function bitsOfCodes(grid: AffineQuantizer, X: Tensor, outOfRange: OutOfRange): Tensor {
  return expanded(
    grid,
    X,
    outOfRange,
    grid.bits + 1,
    (code, bit) => Math.floor(code / 2 ** bit) % 2,
  );
}

/**
 * Which codes the code of a feature is above, for all but the largest: rows x (features * (2^(bits + 1) - 1)).
 *
 * @throws OUT_OF_RANGE under 'error'
 */
export function stepsOfCodes(grid: AffineQuantizer, X: Tensor, outOfRange: OutOfRange): Tensor {
  return expanded(grid, X, outOfRange, stepsOf(grid), (code, step) => Number(code > step));
}

/** Steps of a feature. */
function stepsOf({ bits }: AffineQuantizer): number {
  return 2 ** (bits + 1) - 1;
}

function expanded(
  grid: AffineQuantizer,
  X: Tensor,
  outOfRange: OutOfRange,
  count: number,
  inputOf: (code: number, at: number) => number,
): Tensor {
  const { data } = quantizeAffine(grid, X, outOfRange);
  const { min } = codeRange(grid);
  const inputs = new Float64Array(data.length * count);
  data.forEach((code, i) => {
    for (let at = 0; at < count; at++) inputs[i * count + at] = inputOf(code - min, at);
  });
  return { shape: [X.shape[0]!, grid.center.length * count], data: inputs };
}

/**
 * Squared Euclidean distances of the bits of codes, up to what all points share: |x - p|^2 - |x - m|^2 with m the middle of the
 * grid is linear in x, so each bit has a weight. Rounding the weights leaves no error where a row is the point itself: what they
 * sum up to there is exact, and the bias takes the difference.
 */
export function euclideanDistances(points: Points, grid: AffineQuantizer): IntegerDistances {
  const { center, scale, bits } = grid;
  const { min } = codeRange(grid);
  const own = { shape: [points.length, center.length], data: Float64Array.from(points.flat()) };
  const inputs = bitsOfCodes(grid, own, 'clip');
  const codes = quantizeAffine(grid, own, 'clip').data;
  const reals = points.map((point, i) => {
    const weights: number[] = [];
    let [bias, here] = [0, 0];
    point.forEach((value, j) => {
      const apart = value - center[j]!;
      const slope = -2 * apart * scale[j]!;
      for (let bit = 0; bit <= bits; bit++) weights.push(slope * 2 ** bit);
      bias += apart * apart + slope * min;
      here += apart * apart + slope * codes[i * center.length + j]!;
    });
    return { weights, bias, here };
  });
  const count = inputs.shape[1]!;
  // Squares of codes of b bits have no more than 2 b bits.
  const precision = 2 * (bits + 1) + Math.log2(center.length);
  return fitted(reals.map(rangeOf), precision, (unit) =>
    reals.map(({ weights, here }, i) => {
      const rounded = weights.map((weight) => roundHalfEven(weight / unit) + 0);
      const sum = rounded.reduce((all, weight, j) => all + weight * inputs.data[i * count + j]!, 0);
      return { weights: rounded, bias: roundHalfEven(here / unit) - sum };
    }),
  );
}

/** Sums of absolute differences, as sums of steps: each feature's part is rounded once. */
export function manhattanDistances(points: Points, grid: AffineQuantizer): IntegerDistances {
  const parts = points.map((point) => manhattanParts(point, grid));
  // Two bits more than codes have, since points lie between them.
  const precision = grid.bits + 3 + Math.log2(grid.center.length);
  return fitted(parts.map(rangeOf), precision, (unit) =>
    points.map((point) => manhattanParts(point, grid, (part) => roundHalfEven(part / unit) + 0)),
  );
}

/** |x_j - p_j| for all codes as a bias and the weights of steps. */
export function manhattanParts(
  point: readonly number[],
  grid: AffineQuantizer,
  rounded: (part: number) => number = (part) => part,
): PointSum {
  const { min } = codeRange(grid);
  const weights: number[] = [];
  let bias = 0;
  point.forEach((value, j) => {
    const at = (code: number): number =>
      rounded(Math.abs(grid.center[j]! + (min + code) * grid.scale[j]! - value));
    bias += at(0);
    for (let step = 0; step < stepsOf(grid); step++) weights.push(at(step + 1) - at(step) + 0);
  });
  return { weights, bias };
}

/** The weighted sum that is the distance from one point. */
interface PointSum {
  readonly weights: readonly number[];
  readonly bias: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The range of a sum, whatever the inputs. */
function rangeOf({ weights, bias }: PointSum): Range {
  return {
    min: weights.reduce((sum, weight) => sum + Math.min(0, weight), bias),
    max: weights.reduce((sum, weight) => sum + Math.max(0, weight), bias),
  };
}

function union(ranges: readonly Range[]): Range {
  return {
    min: ranges.reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY),
    max: ranges.reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY),
  };
}

/** The sums in the finest unit for which all have room in so many bits, counted from the least. */
function fitted(
  reals: readonly Range[],
  precision: number,
  integers: (unit: number) => readonly PointSum[],
): IntegerDistances {
  const real = union(reals);
  const largest = 2 ** Math.min(mostBits, Math.ceil(precision)) - 1;
  const span = real.max / largest - real.min / largest;
  // Rounding may take a sum a little further than the reals reach. Numbers near the least have too few digits to grow by shares.
  for (let unit = Math.max(span, 2 ** -1000); ; unit *= 1 + 1 / largest) {
    const sums = integers(unit);
    const { min, max } = union(sums.map(rangeOf));
    if (max - min > largest) continue;
    return {
      weights: sums[0]!.weights.map((_, j) => sums.map(({ weights }) => weights[j]!)),
      bias: sums.map(({ bias }) => bias - min + 0),
      bits: Math.max(1, Math.ceil(Math.log2(max - min + 1))),
    };
  }
}
