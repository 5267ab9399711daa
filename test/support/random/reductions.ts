/** Operations of random programs that combine many elements into one. */
import type { ReduceOptions } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  between,
  type Known,
  known,
  type Makes,
  mixed,
  type Operand,
  type Reader,
  tabulable,
} from './reader.ts';

/** Over all axes, or over one. */
function someAxis(read: Reader, { shape }: Known): ReduceOptions {
  const axis = shape.length === 0 || read.below(3) === 0 ? null : read.below(shape.length);
  return {
    axis: axis === null ? null : axis - (read.below(2) === 0 ? 0 : shape.length),
    keepDims: read.below(2) === 1,
  };
}

/** Elements of `x` for each element of a reduction of it. */
function countOf(x: Known, reduced: Operand): number {
  const made = between(reduced, 0, 0);
  return sizeOf(made.shape) === 0 ? 0 : sizeOf(x.shape) / sizeOf(made.shape);
}

/** A minimum or maximum over axes, and so on: of few elements, each a table of two. */
const extreme =
  (name: 'max' | 'min') =>
  (read: Reader): Known | null => {
    const x = read.value((x) => tabulable(x, x) && sizeOf(x.shape) > 0);
    return x && mixed(read.np[name](x.value, someAxis(read, x)), [x]);
  };

export const reductions: Makes = {
  max: extreme('max'),
  min: extreme('min'),
  sum: (read) => {
    const x = read.value()!;
    const value = read.np.sum(x.value, someAxis(read, x));
    const count = countOf(x, value);
    return between(value, Math.min(0, count * x.min), Math.max(0, count * x.max));
  },
  sort: (read) => {
    const x = read.value((x) => tabulable(x, x) && x.shape.length > 0 && sizeOf(x.shape) <= 4);
    if (x === null) return null;
    return mixed(read.np.sort(x.value, { axis: read.choose([-1, null, 0]) }), [x]);
  },
  median: (read) => {
    const x = read.value((x) => tabulable(x, x) && [1, 2, 3, 4].includes(sizeOf(x.shape)));
    if (x === null) return null;
    const rounding = read.choose(['floor', 'nearest'] as const);
    return mixed(read.np.median(x.value, { ...someAxis(read, x), rounding }), [x]);
  },
  matrixTrace: (read) => {
    const x = read.value((x) => x.shape.length >= 2);
    if (x === null) return null;
    const count = Math.max(...x.shape);
    const value = read.np.matrixTrace(x.value, { offset: read.choose([0, 1, -1]) });
    return between(value, Math.min(0, count * x.min), Math.max(0, count * x.max));
  },
  mean: (read) => {
    const x = read.value(
      (x) => sizeOf(x.shape) > 0 && (x.max - x.min + 1) * sizeOf(x.shape) <= 256,
    );
    if (x === null) return null;
    const value = read.np.floor(read.np.mean(x.value, someAxis(read, x)));
    return between(value, x.min, x.max);
  },
  matmul: (read) => {
    const x = read.value((x) => x.shape.length > 0 && sizeOf(x.shape) > 0);
    if (x === null) return null;
    const inner = x.shape.at(-1)!;
    const columns = 1 + read.below(2);
    const isFactor = (y: Known) =>
      [1, 2].includes(y.shape.length) && y.shape.at(-2) === inner && tabulable(x, y);
    const data = Float64Array.from(read.numbers(inner * columns));
    const y =
      (read.below(2) === 0 ? read.value(isFactor) : null) ??
      known({ shape: [inner, columns], data });
    return summed(read.np.matmul(x.value, y.value), inner, x, y);
  },
  dot: (read) => {
    const x = read.value((x) => x.shape.length === 1 && x.shape[0]! > 0);
    if (x === null) return null;
    const inner = x.shape[0]!;
    const isFactor = (y: Known) => `${y.shape}` === `${x.shape}` && tabulable(x, y);
    const clear = known({ shape: [inner], data: Float64Array.from(read.numbers(inner)) });
    const y = (read.below(2) === 0 ? read.value(isFactor) : null) ?? clear;
    const [a, b] = read.below(2) === 0 ? [x, y] : [y, x];
    return summed(read.np.dot(a.value, b.value), inner, a, b);
  },
};

/** A sum of so many products of elements. */
function summed(value: Operand, count: number, x: Known, y: Known): Known {
  const corners = [x.min, x.max].flatMap((a) => [a * y.min, a * y.max]);
  return between(value, count * Math.min(...corners), count * Math.max(...corners));
}
