/** Operations of random programs that reorder, repeat, cut or extend arrays. */
import type { Traced } from '../../../tracer/index.ts';
import { moved, movedAlong } from './arrays.ts';
import { between, type Make, type Makes, type Numpy, type Reader } from './reader.ts';

/** Moves the elements of one value, with zeros among them; of an empty one there are zeros only. */
const withZeros =
  (move: (np: Numpy, x: Traced, read: Reader) => Traced): Make =>
  (read) => {
    const x = read.value((x) => x.shape.length > 0);
    if (x === null) return null;
    const value = move(read.np, x.value, read);
    return between(value, Math.min(0, x.min), Math.max(0, x.max));
  };

export const reordering: Makes = {
  flip: moved((np, x, read) => np.flip(x, x.ndim === 0 ? null : read.choose([null, 0, -1]))),
  flipud: movedAlong((np, x) => np.flipud(x)),
  fliplr: movedAlong((np, x) => (x.ndim < 2 ? null : np.fliplr(x))),
  roll: movedAlong((np, x, axis, read) =>
    np.roll(x, read.number(), read.below(2) === 0 ? null : axis),
  ),
  swapaxes: movedAlong((np, x, axis) => np.swapaxes(x, axis, -1)),
  moveaxis: movedAlong((np, x, axis) => np.moveaxis(x, axis, 0)),
  tile: moved((np, x, read) => np.tile(x, read.choose([2, [2, 1], [1, 2], 0]))),
  repeat: movedAlong((np, x, axis, read) => {
    const each = x.shape[axis]! === 2 ? [2, 1] : 2;
    return read.below(2) === 0 ? np.repeat(x, 2) : np.repeat(x, each, axis);
  }),
  split: movedAlong((np, x, axis, read) => {
    if (x.shape[axis]! < 2) return null;
    const [first, second] =
      x.shape[axis]! % 2 === 0 && read.below(2) === 0
        ? np.split(x, 2, axis)
        : np.arraySplit(x, [1], axis);
    return read.below(2) === 0 ? first! : second!;
  }),
  arraySplit: movedAlong((np, x, axis, read) => np.arraySplit(x, 2, axis)[read.below(2)]!),
  diagonal: movedAlong((np, x) => (x.ndim < 2 ? null : np.diagonal(x))),
  diag: withZeros((np, x, read) => np.diag(x.ndim > 2 ? x.at(0) : x, read.choose([0, 1, -1]))),
  tril: withZeros((np, x, read) => np.tril(x, read.choose([0, 1, -1]))),
  triu: withZeros((np, x, read) => np.triu(x, read.choose([0, 1, -1]))),
  pad: withZeros((np, x, read) => np.pad(x, read.choose([1, [0, 1], [1, 0]]))),
  padWithin: movedAlong((np, x, _, read) => {
    const mode = read.choose(['edge', 'reflect', 'symmetric', 'wrap'] as const);
    return np.pad(x, read.choose([1, [0, 2], [1, 0]]), { mode });
  }),
};
