/** Operations of random programs on values that are too wide for a table, and some that make values so wide. */
import { Traced } from '../../../tracer/index.ts';
import {
  between,
  broadcasts,
  type Known,
  type Make,
  type Makes,
  type Numpy,
  type Operand,
} from './reader.ts';

/** Most values that an operand has: larger ones are refused too often. */
const mostValues = 2 ** 12;

const isWide = ({ min, max }: Known): boolean => max - min < mostValues;

/** A function of two values, whose bounds follow from theirs. */
function binary(
  f: (np: Numpy, x: Operand, y: Operand) => Operand,
  boundsOf: (x: Known, y: Known) => readonly [min: number, max: number],
): Make {
  return (read) => {
    const operands = read.pair(isWide);
    if (operands === null) return null;
    const [x, y] = operands;
    return between(f(read.np, x.value, y.value), ...boundsOf(x, y));
  };
}

const truth = (): readonly [number, number] => [0, 1];

const corners =
  (f: (a: number, b: number) => number) =>
  (x: Known, y: Known): readonly [number, number] => {
    const all = [x.min, x.max].flatMap((a) => [y.min, y.max].map((b) => f(a, b)));
    return [Math.min(...all), Math.max(...all)];
  };

/** Bitwise functions stay within the bits of their operands. */
function bitsOf(...values: readonly Known[]): readonly [number, number] {
  const largest = Math.max(...values.flatMap(({ min, max }) => [max, -min - 1, 0]));
  const end = 2 ** Math.ceil(Math.log2(largest + 1));
  return [values.some(({ min }) => min < 0) ? -end : 0, end - 1];
}

export const wide: Makes = {
  ...Object.fromEntries(
    (['less', 'lessEqual', 'greater', 'greaterEqual', 'equal', 'notEqual'] as const).map((name) => [
      `${name}Wide`,
      binary((np, x, y) => np[name](x, y), truth),
    ]),
  ),
  ...Object.fromEntries(
    (['bitwiseAnd', 'bitwiseOr', 'bitwiseXor'] as const).map((name) => [
      `${name}Wide`,
      binary((np, x, y) => np[name](x, y), bitsOf),
    ]),
  ),
  minimumWide: binary((np, x, y) => np.minimum(x, y), corners(Math.min)),
  maximumWide: binary((np, x, y) => np.maximum(x, y), corners(Math.max)),
  multiplyWide: binary(
    (np, x, y) => np.multiply(x, y),
    corners((a, b) => a * b),
  ),
  distance: (read) => {
    const operands = read.pair(isWide);
    if (operands === null) return null;
    const [x, y] = operands;
    const most = Math.max(x.max - y.min, y.max - x.min);
    return between(read.np.abs(read.np.subtract(x.value, y.value)), 0, Math.max(0, most));
  },
  shiftWide: (read) => {
    const x = read.value(isWide);
    const isShift = (y: Known) => y.min >= 0 && y.max < 8 && x !== null && broadcasts(x, y);
    const by = x && read.value(isShift);
    if (!x || !by) return null;
    if (read.below(2) === 0)
      return between(read.np.rightShift(x.value, by.value), Math.min(x.min, 0), Math.max(x.max, 0));
    const [min, max] = corners((a, b) => a * 2 ** b)(x, by);
    return between(read.np.leftShift(x.value, by.value), min, max);
  },
  whereWide: (read) => {
    const condition = read.value(({ min, max }) => min >= 0 && max <= 1);
    const then = condition && read.value((x) => isWide(x) && broadcasts(x, condition));
    const otherwise =
      then && read.value((x) => isWide(x) && broadcasts(x, then, condition as Known));
    if (!condition || !then || !otherwise) return null;
    const value = read.np.where(condition.value, then.value, otherwise.value);
    const [a, b] = [then, otherwise];
    return between(value, Math.min(a.min, b.min), Math.max(a.max, b.max));
  },
  /** A positional sum, as if of digits, perhaps computed by lookups. */
  widened: (read) => {
    const operands = read.pair((x) => x.max - x.min < 64);
    if (operands === null) return null;
    const [x, y] = operands;
    const factor = 2 ** (2 + read.below(5));
    const { np } = read;
    const sum = np.add(np.multiply(x.value, factor), y.value);
    const value = sum instanceof Traced && read.below(2) === 0 ? np.refresh(sum) : sum;
    return between(value, factor * x.min + y.min, factor * x.max + y.max);
  },
};
