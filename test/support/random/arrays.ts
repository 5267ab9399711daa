/** Operations of random programs that move elements or join arrays. */
import type { Traced } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  broadcasts,
  type Known,
  known,
  type Make,
  type Makes,
  mixed,
  modulo,
  type Numpy,
  type Operand,
  type Reader,
} from './reader.ts';

/** Moves the elements of one value. */
export function moved(move: (np: Numpy, x: Traced, read: Reader) => Traced | null): Make {
  return (read) => {
    const x = read.value()!;
    const value = move(read.np, x.value, read);
    return value === null ? null : mixed(value, [x]);
  };
}

/** As `moved`, of arrays with axes and elements. */
export function movedAlong(
  move: (np: Numpy, x: Traced, axis: number, read: Reader) => Traced | null,
): Make {
  return moved((np, x, read) =>
    sizeOf(x.shape) === 0 || x.ndim === 0 ? null : move(np, x, read.below(x.ndim), read),
  );
}

/** Joins two values that are `alike`, in any order; one may be clear. */
function joined(
  alike: (x: Known, y: Known) => boolean,
  join: (read: Reader, x: Known, y: Known) => Traced,
): Make {
  return (read) => {
    const x = read.value((x) => alike(x, x));
    if (x === null) return null;
    const { shape } = x;
    const y =
      read.below(4) === 0
        ? known({ shape, data: Float64Array.from(read.numbers(sizeOf(shape))) })
        : read.value((y) => alike(x, y))!;
    const [first, second] = read.below(2) === 0 ? [x, y] : [y, x];
    return mixed(join(read, first, second), [x, y]);
  };
}

/** The shapes that an array of so many elements may be given. */
function shapesOf(size: number): number[][] {
  const halves = [
    [2, size / 2],
    [size / 2, 2],
  ];
  return [
    [size],
    [1, size],
    [size, 1],
    ...(size % 2 === 0 ? halves : []),
    ...(size === 1 ? [[]] : []),
  ];
}

const sameShape = (x: Known, y: Known): boolean => `${x.shape}` === `${y.shape}`;
const sameTail = (x: Known, y: Known): boolean =>
  x.shape.length > 0 &&
  x.shape.length === y.shape.length &&
  `${x.shape.slice(1)}` === `${y.shape.slice(1)}`;

export const arrays: Makes = {
  reshape: moved((np, x, read) => np.reshape(x, read.choose(shapesOf(sizeOf(x.shape))))),
  transpose: moved((np, x, read) => {
    const axes = x.shape.map((_, axis) => axis);
    const turn = read.below(x.ndim + 1);
    return turn === x.ndim
      ? np.transpose(x)
      : np.transpose(x, [...axes.slice(turn), ...axes.slice(0, turn)]);
  }),
  flatten: moved((np, x) => np.flatten(x)),
  ravel: moved((np, x) => np.ravel(x)),
  squeeze: moved((np, x) => np.squeeze(x)),
  expandDims: moved((np, x, read) => np.expandDims(x, read.below(x.ndim + 1))),
  broadcastTo: moved((np, x, read) => np.broadcastTo(x, [1 + read.below(3), ...np.shapeOf(x)])),
  at: movedAlong((np, x, axis, read) => {
    const all = x.shape.map(() => np.slice());
    const start = read.below(x.shape[axis]!);
    const index = read.choose([
      start,
      start - x.shape[axis]!,
      np.slice(start, null, 1 + read.below(2)),
    ]);
    return np.at(x, ...all.map((each, k) => (k === axis ? index : each)));
  }),
  reverse: movedAlong((np, x) => np.at(x, np.slice(null, null, -1), np.ellipsis)),
  pickMany: movedAlong((np, x, _, read) => {
    const extent = x.shape.at(-1)!;
    const list = read
      .numbers(1 + read.below(3))
      .map((n) => modulo(n, extent) - (n < 0 ? extent : 0));
    return np.at(x, np.ellipsis, list);
  }),
  newAxes: moved((np, x) => np.at(x, np.newAxis, np.ellipsis)),
  concatenate: joined(sameTail, (read, x, y) => read.np.concatenate([x.value, y.value]) as Traced),
  concatenateLast: joined(sameShape, (read, x, y) =>
    x.shape.length === 0
      ? (read.np.stack([x.value, y.value]) as Traced)
      : (read.np.concatenate([x.value, y.value, x.value], -1) as Traced),
  ),
  stack: joined(sameShape, (read, x, y) => {
    const axis = read.below(x.shape.length + 1);
    return read.np.stack([x.value, y.value], axis) as Traced;
  }),
  vstack: joined(sameShape, (read, x, y) => read.np.vstack([x.value, y.value]) as Traced),
  hstack: joined(sameShape, (read, x, y) => read.np.hstack([x.value, y.value]) as Traced),
  atleast: moved((np, x, read) =>
    read.choose([() => np.atleast1d(x), () => np.atleast2d(x), () => np.atleast3d(x)])(),
  ),
  array: joined(sameShape, (read, x, y) => {
    const array = read.np.array as (values: Operand[][]) => Traced;
    return array([
      [x.value, y.value],
      [y.value, x.value],
    ]);
  }),
  withConstants: (read) => {
    const { np } = read;
    const x = read.value()!;
    const size = x.shape.at(-1) ?? 1;
    const n = read.number();
    const y = known(
      read.choose([
        () => np.full(x.shape, n),
        () => np.zeros(x.shape),
        () => np.ones(x.shape),
        () => np.zerosLike(x.value),
        () => np.onesLike(x.value),
        () => np.arange(size),
        () => np.eye(size),
        () => np.tri(size, size, -1),
        () => np.constant([n]),
      ])(),
    );
    if (!broadcasts(x, y)) return null;
    const value = np.subtract(np.add(x.value, y.value), n);
    return { ...mixed(value, [x]), min: x.min + y.min - n, max: x.max + y.max - n };
  },
};
