/** Sums of products in random programs. */
import { sizeOf } from '../../../tracer/tensor.ts';
import { between, type Known, known, type Makes, type Operand, tabulable } from './reader.ts';

export const products: Makes = {
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
  inner: (read) => {
    const x = read.value((x) => x.shape.length > 0 && sizeOf(x.shape) > 0);
    if (x === null) return null;
    const count = x.shape.at(-1)!;
    const y = known({ shape: [count], data: Float64Array.from(read.numbers(count)) });
    return summed(read.np.inner(x.value, y.value), count, x, y);
  },
  einsum: (read) => {
    const x = read.value((x) => x.shape.length > 0 && sizeOf(x.shape) > 0);
    if (x === null) return null;
    const letters = 'abcdef'.slice(0, x.shape.length);
    const last = letters.at(-1)!;
    const count = x.shape.at(-1)!;
    const y = known({ shape: [count, 2], data: Float64Array.from(read.numbers(2 * count)) });
    const output = read.choose([`${letters.slice(0, -1)}z`, `z${letters}`, `${last}z`, 'z']);
    const value = read.np.einsum<Operand>(`${letters},${last}z->${output}`, x.value, y.value);
    return summed(value, sizeOf(x.shape), x, y);
  },
  outer: (read) => {
    const x = read.value((x) => sizeOf(x.shape) <= 4);
    if (x === null) return null;
    const isFactor = (y: Known) => sizeOf(x.shape) * sizeOf(y.shape) <= 12 && tabulable(x, y);
    const y = (read.below(2) === 0 ? read.value(isFactor) : null) ?? read.clear(x);
    return summed(read.np.outer(x.value, y.value), 1, x, y);
  },
  matrixTrace: (read) => {
    const x = read.value((x) => x.shape.length >= 2);
    if (x === null) return null;
    const count = Math.max(...x.shape);
    const value = read.np.matrixTrace(x.value, { offset: read.choose([0, 1, -1]) });
    return between(value, Math.min(0, count * x.min), Math.max(0, count * x.max));
  },
};

/** A sum of so many products of elements. */
function summed(value: Operand, count: number, x: Known, y: Known): Known {
  const corners = [x.min, x.max].flatMap((a) => [a * y.min, a * y.max]);
  return between(value, count * Math.min(...corners), count * Math.max(...corners));
}
