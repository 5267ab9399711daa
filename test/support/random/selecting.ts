/** Operations of random programs that read and write elements, by indices of every kind. */
import type { Index, Traced } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { moved } from './arrays.ts';
import { type Known, known, type Makes, mixed, type Operand, type Reader } from './reader.ts';

/** A value made an index of an axis: inside, or as far below 0 as may be. */
function indexFor(read: Reader, extent: number): Operand | null {
  const i = read.value(({ shape, min, max }) => sizeOf(shape) <= 2 && max - min < 64);
  if (i === null) return null;
  return read.below(2) === 0
    ? read.np.remainder(i.value, extent)
    : read.np.clip(i.value, -extent, extent - 1);
}

/** A value with elements along a first axis that a traced index may choose from. */
function chosenFrom(read: Reader): Known | null {
  return read.value(({ shape, min, max }) => {
    return shape.length > 0 && sizeOf(shape) > 0 && shape[0]! <= 4 && max - min < 256;
  });
}

/** True or false for each place of an axis. */
const maskFor = (read: Reader, extent: number): boolean[] =>
  read.numbers(extent).map((number) => number % 2 === 0);

export const selecting: Makes = {
  atTraced: (read) => {
    const x = chosenFrom(read);
    const i = x && indexFor(read, x.shape[0]!);
    if (!x || i === null) return null;
    const last = x.shape.length > 1 && read.below(2) === 0;
    return mixed(read.np.at(x.value, ...(last ? [i, -1] : [i])), [x]);
  },
  atBoth: (read) => {
    const x = read.value(({ shape, min, max }) => shape.length === 2 && max - min < 256);
    if (x === null || sizeOf(x.shape) === 0) return null;
    const [i, j] = [indexFor(read, x.shape[0]!), indexFor(read, x.shape[1]!)];
    if (i === null || j === null) return null;
    const [column, row] = [read.np.expandDims(read.np.flatten(i), 1), read.np.flatten(j)];
    return mixed(read.np.at(x.value, column as Traced, row as Traced), [x]);
  },
  takeClear: (read) => {
    const extent = 1 + read.below(9);
    const table = known({ shape: [extent], data: Float64Array.from(read.numbers(extent)) });
    const i = indexFor(read, extent);
    return i === null ? null : mixed(read.np.take(table.value, i), [table]);
  },
  setTraced: (read) => {
    const x = chosenFrom(read);
    const i = x && indexFor(read, x.shape[0]!);
    if (!x || i === null) return null;
    const value = read.below(2) === 0 ? read.value(({ shape }) => shape.length === 0) : null;
    const written = value ?? known(read.number());
    return mixed(read.np.set(x.value, [i], written.value), [x, written]);
  },
  setClear: (read) => {
    const x = read.value(({ shape }) => shape.length > 0 && sizeOf(shape) > 0);
    if (x === null) return null;
    const { np } = read;
    const extent = x.shape[0]!;
    const indices: Index[][] = [
      [read.below(extent)],
      [np.slice(null, null, 2)],
      [np.ellipsis, [0, -1]],
      [maskFor(read, extent)],
    ];
    const value = read.value(({ shape }) => shape.length === 0) ?? known(read.number());
    return mixed(np.set(x.value, read.choose(indices), value.value), [x, value]);
  },
  atMask: moved((np, x, read) => (x.ndim === 0 ? null : x.at(maskFor(read, np.shapeOf(x)[0]!)))),
  nonzero: moved((np, x, read) => {
    if (x.ndim === 0) return null;
    return x.at(...np.nonzero(maskFor(read, np.shapeOf(x)[0]!)));
  }),
};
