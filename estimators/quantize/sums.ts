/**
 * Weighted sums of integer inputs: real coefficients as integer weights.
 *
 * Where one leveled product has no room for the precision that is wanted, weights are cut into digits: the sum of each digit
 * is an output of its own, and the client puts them together.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { roundHalfEven } from './rounding.ts';
import { checkExact, checkFinite, exactSums } from './weights.ts';

/**
 * score_k = scale * sum over parts p of radix^p * (sum_j input_j * weights[j][p * outputs + k] + bias[p * outputs + k]).
 */
export interface IntegerSums {
  /** Inputs x (parts * outputs). */
  readonly weights: readonly (readonly number[])[];
  /** Parts * outputs. */
  readonly bias: readonly number[];
  readonly scale: number;
  readonly radix: number;
  readonly outputs: number;
}

/** Real coefficients: score_k = sum_j coef[k][j] * input_j + intercept[k]. */
export interface RealSums {
  readonly coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
}

/** Inclusive range of all inputs. */
export interface InputRange {
  readonly min: number;
  readonly max: number;
}

/** Integers above this are not made: doubles hold all below 2^53. */
const largest = 2 ** 51;

/** The finest scale at which one product has room for the sums; 0 where there is nothing to weigh. */
export function finestScale({ coef }: RealSums, inputs: InputRange): number {
  return Math.max(
    ...coef.map((own) => {
      const range = sumOfMagnitudes(own) * (inputs.max - inputs.min);
      // Two roots: the product of huge or tiny numbers would be infinite or 0.
      return (Math.sqrt(range) * Math.sqrt(norm(own))) / 2 ** (exactSums / 2);
    }),
  );
}

/**
 * Sums that are returned: weights in units of the finest scale that one product has room for, or of `coarsest` where that is
 * finer, in as many digits as it takes.
 */
export function returnedSums(
  sums: RealSums,
  inputs: InputRange,
  coarsest: number = Number.POSITIVE_INFINITY,
): IntegerSums {
  const finest = finestScale(sums, inputs);
  if (finest <= coarsest) return integerSums(sums, usable(finest, sums));
  const most = Math.max(...sums.coef.flat().map(Math.abs), ...sums.intercept.map(Math.abs));
  const scale = Math.max(coarsest, most / largest);
  // Of digits in [-radix / 2, radix / 2]: range <= count span radix / 2, norm <= sqrt(count) radix / 2.
  const count = sums.coef[0]!.length;
  const room = exactSums + 2 - Math.log2(inputs.max - inputs.min) - 1.5 * Math.log2(count);
  return integerSums(sums, scale, 2 ** Math.max(2, Math.floor(room / 2)));
}

/** Sums that are compared on the server: each in a range of about 2^width. */
export function comparedSums(sums: RealSums, inputs: InputRange, width: number): IntegerSums {
  const range = Math.max(...sums.coef.map(sumOfMagnitudes)) * (inputs.max - inputs.min);
  return integerSums(sums, usable(range / 2 ** width, sums));
}

/** The width for which `comparedSums` gave these. */
export function widthOfSums({ weights, outputs }: IntegerSums, inputs: InputRange): number {
  const ranges = Array.from({ length: outputs }, (_, k) =>
    sumOfMagnitudes(weights.map((own) => own[k]!)),
  );
  return Math.log2(Math.max(1, ...ranges) * (inputs.max - inputs.min));
}

/** Scores, rows x outputs, from the sums of all parts, rows x (parts * outputs). */
export function joinParts({ radix, outputs, scale }: IntegerSums, sums: Tensor): Tensor {
  const [rows, columns] = sums.shape as [number, number];
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * outputs + (column % outputs);
      data[at] = data[at]! * radix + sums.data[row * columns + column]!;
    }
  }
  return { shape: [rows, outputs], data: data.map((value) => value * scale) };
}

/** A scale that is above 0, and at which no intercept is too large. */
function usable(scale: number, { intercept }: RealSums): number {
  const offset = Math.max(...intercept.map(Math.abs));
  return Math.max(scale, offset / largest) || 1;
}

/** Without a radix: weights of one digit. */
function integerSums({ coef, intercept }: RealSums, scale: number, radix = 1): IntegerSums {
  const integer = (value: number): number => roundHalfEven(value / scale) + 0;
  const byOutput = coef.map((own) => own.map(integer));
  checkFinite('the step of sums', [scale]);
  checkExact([...byOutput.flat(), ...intercept.map(integer)]);
  let parts = 1;
  if (radix > 1) {
    const widest = byOutput.flat().reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
    while (radix ** parts < 2 * widest) parts++;
  }
  const cut = (values: readonly number[]): number[] => {
    const digits = values.map((value) => digitsOf(value, radix, parts));
    return Array.from({ length: parts }, (_, p) => digits.map((own) => own[p]!)).flat();
  };
  return {
    weights: coef[0]!.map((_, j) => cut(byOutput.map((own) => own[j]!))),
    bias: cut(intercept.map(integer)),
    scale,
    radix,
    outputs: intercept.length,
  };
}

/** Digits from the lowest, in [-radix / 2, radix / 2]; the last one takes what is left. */
function digitsOf(value: number, radix: number, count: number): number[] {
  const digits: number[] = [];
  let rest = value;
  for (let p = 0; p + 1 < count; p++) {
    const higher = roundHalfEven(rest / radix);
    digits.push(rest - radix * higher + 0);
    rest = higher;
  }
  return [...digits, rest + 0];
}

function sumOfMagnitudes(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}

function norm(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (squares > 1e-280 && squares < Number.POSITIVE_INFINITY) return Math.sqrt(squares);
  // Squares of huge and of tiny numbers are no doubles: those of shares of the largest are.
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}
