/** Operations of random programs that combine many elements into one. */
import type { ReduceOptions } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  between,
  type Known,
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

/** The place of an extreme element among few. */
const place =
  (name: 'argmax' | 'argmin') =>
  (read: Reader): Known | null => {
    const x = read.value((x) => tabulable(x, x) && [1, 2, 3, 4].includes(sizeOf(x.shape)));
    if (x === null) return null;
    const axis = x.shape.length === 0 ? null : read.choose([null, 0, -1]);
    return between(read.np[name](x.value, { axis }), 0, sizeOf(x.shape));
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
  mean: (read) => {
    const x = read.value(
      (x) => sizeOf(x.shape) > 0 && (x.max - x.min + 1) * sizeOf(x.shape) <= 256,
    );
    if (x === null) return null;
    const value = read.np.floor(read.np.mean(x.value, someAxis(read, x)));
    return between(value, x.min, x.max);
  },
  variance: (read) => {
    const x = read.value((x) => [1, 2].includes(sizeOf(x.shape)) && power(x, 2) <= 16);
    if (x === null) return null;
    const options = { ...someAxis(read, x), ddof: 0 };
    const spread = read.choose([read.np.variance, read.np.std] as const);
    return between(read.np.round(spread(x.value, options)), 0, power(x, 2));
  },
  countNonzero: (read) => {
    const x = read.value((x) => tabulable(x));
    return x && between(read.np.countNonzero(x.value, someAxis(read, x)), 0, sizeOf(x.shape));
  },
  prod: (read) => {
    const x = read.value((x) => sizeOf(x.shape) <= 3 && power(x, 3) <= 512);
    if (x === null) return null;
    const size = power(x, Math.max(1, sizeOf(x.shape)));
    return between(read.np.prod(x.value, someAxis(read, x)), -size, size);
  },
  ptp: (read) => {
    const x = read.value((x) => tabulable(x, x) && [1, 2, 3, 4].includes(sizeOf(x.shape)));
    // A difference, of which the compiler does not know that it is not negative.
    return x && between(read.np.ptp(x.value, someAxis(read, x)), x.min - x.max, x.max - x.min);
  },
  any: (read) => {
    const x = read.value((x) => tabulable(x));
    return x && between(read.np.any(x.value, someAxis(read, x)), 0, 1);
  },
  all: (read) => {
    const x = read.value((x) => tabulable(x));
    return x && between(read.np.all(x.value, someAxis(read, x)), 0, 1);
  },
  argmax: place('argmax'),
  argmin: place('argmin'),
  cumsum: (read) => {
    const x = read.value()!;
    const axis = x.shape.length === 0 ? null : read.choose([null, 0, -1]);
    const count = sizeOf(x.shape);
    const value = read.np.cumsum(x.value, { axis });
    return between(value, Math.min(x.min, count * x.min), Math.max(x.max, count * x.max));
  },
  cumprod: (read) => {
    const x = read.value((x) => sizeOf(x.shape) <= 3 && power(x, 3) <= 512);
    if (x === null) return null;
    const size = power(x, Math.max(1, sizeOf(x.shape)));
    return between(read.np.cumprod(x.value), -size, size);
  },
};

/** Largest size of a product of so many elements. */
function power({ min, max }: Known, count: number): number {
  return Math.max(1, -min, max) ** count;
}
