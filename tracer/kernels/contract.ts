/**
 * Operations that add up elements: sums and matrix products. Integer results are exact as far as they are at most
 * 2^53: where a partial sum could be larger, it is computed with bigint.
 */
import { broadcastIndex, gather, matmulShape } from '../broadcast.ts';
import type { NodeOf } from '../graph.ts';
import { sizeOf, stridesOf } from '../tensor.ts';
import { type Kernel, largest, type Shapes } from './kernel.ts';

/** Kernel of a `sum` node. */
export function sumKernel(node: NodeOf<'sum'>, shapes: Shapes): Kernel {
  const shape = shapes[0]!;
  const strides = stridesOf(shape);
  const kept = shape.map((_, axis) => axis).filter((axis) => !node.axes.includes(axis));
  const pick = (axes: readonly number[], of: readonly number[]): number[] =>
    axes.map((axis) => of[axis]!);
  const starts = gather(pick(kept, shape), pick(kept, strides), 0);
  const terms = gather(pick(node.axes, shape), pick(node.axes, strides), 0);
  const size = sizeOf(shape);
  return ([x], [step], out, rows) => {
    for (let row = 0; row < rows; row++) {
      const offset = row * step!;
      const at = row * starts.length;
      const exact = node.kind === 'integer' && largest(x!, offset, size) * terms.length > 2 ** 53;
      for (let i = 0; i < starts.length; i++) {
        const add = exact ? exactSum : fastSum;
        out[at + i] = add(x!, offset + starts[i]!, terms);
      }
    }
  };
}

function fastSum(x: Float64Array, start: number, terms: Int32Array): number {
  let sum = 0;
  for (let k = 0; k < terms.length; k++) sum += x[start + terms[k]!]!;
  return sum;
}

function exactSum(x: Float64Array, start: number, terms: Int32Array): number {
  let sum = 0n;
  for (let k = 0; k < terms.length; k++) sum += BigInt(x[start + terms[k]!]!);
  return Number(sum);
}

/** Kernel of a `matmul` node; `constants` are the elements of inputs that never change, else null. */
export function matmulKernel(
  node: NodeOf<'matmul'>,
  shapes: Shapes,
  constants: readonly (Float64Array | null)[],
): Kernel {
  const [x = [], y = []] = shapes;
  const { batch, rows, inner, columns } = matmulShape(x, y);
  const xBlocks = broadcastIndex(x.slice(0, -2), batch);
  const yBlocks = broadcastIndex(y.slice(0, -2), batch);
  const [xSize, ySize] = [sizeOf(x), sizeOf(y)];
  const blocks = sizeOf(batch);
  const [xBound, yBound] = constants.map((data) => data && largest(data, 0, data.length));
  const fast = columns === 1 ? columnBlock : fastBlock;
  return ([a, b], [aStep, bStep], out, batchRows) => {
    for (let row = 0; row < batchRows; row++) {
      const [aOffset, bOffset] = [row * aStep!, row * bStep!];
      let block = fast;
      if (node.kind === 'integer') {
        const left = xBound ?? largest(a!, aOffset, xSize);
        const right = yBound ?? largest(b!, bOffset, ySize);
        if (left * right * inner > 2 ** 53) block = exactBlock;
      }
      for (let k = 0; k < blocks; k++) {
        const aStart = aOffset + (xBlocks ? xBlocks[k]! : k) * rows * inner;
        const bStart = bOffset + (yBlocks ? yBlocks[k]! : k) * inner * columns;
        const at = (row * blocks + k) * rows * columns;
        block(a!, aStart, b!, bStart, out, at, rows, inner, columns);
      }
    }
  };
}

type Block = (
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  out: Float64Array,
  at: number,
  rows: number,
  inner: number,
  columns: number,
) => void;

/** Row by row, and within a row along `b`'s rows, so that memory is read in order. */
const fastBlock: Block = (a, aStart, b, bStart, out, at, rows, inner, columns) => {
  out.fill(0, at, at + rows * columns);
  for (let i = 0; i < rows; i++) {
    const target = at + i * columns;
    for (let k = 0; k < inner; k++) {
      const factor = a[aStart + i * inner + k]!;
      const source = bStart + k * columns;
      for (let j = 0; j < columns; j++) {
        out[target + j] = out[target + j]! + factor * b[source + j]!;
      }
    }
  }
};

/** One column: a sum of products per row. */
const columnBlock: Block = (a, aStart, b, bStart, out, at, rows, inner) => {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[aStart + i * inner + k]! * b[bStart + k]!;
    out[at + i] = sum;
  }
};

const exactBlock: Block = (a, aStart, b, bStart, out, at, rows, inner, columns) => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0n;
      for (let k = 0; k < inner; k++) {
        const left = BigInt(a[aStart + i * inner + k]!);
        sum += left * BigInt(b[bStart + k * columns + j]!);
      }
      out[at + i * columns + j] = Number(sum);
    }
  }
};
