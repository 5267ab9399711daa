/**
 * What the names of a graph stand for while it becomes a network.
 *
 * Shapes are those of the graph, with a batch of one row. So an element has one place in C order, wherever a graph moves the
 * axis of the batch, and reshaping moves nothing.
 */
import { sizeOf } from '../../tracer/tensor.ts';
import type { OnnxNode } from './model.ts';
import { badModel } from './protobuf.ts';
import type { OnnxTensor } from './tensors.ts';

/** The rank of a value, at most: far more than any operator here needs. */
export const largestRank = 32;

/** The value of a name; what follows from an unsupported node is unknown. */
export type Value = ConstantValue | ComputedValue | UnknownValue;

/** The same for every row. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: OnnxTensor;
  /** Of weights on a grid: a step for each index along `axis`; null: one step for all. */
  readonly grid?: { readonly axis: number | null; readonly steps: readonly number[] } | undefined;
}

/** What a layer computes. */
export interface ComputedValue {
  readonly kind: 'computed';
  /** Position of the layer; -1 is the input of the network. */
  readonly layer: number;
  /** As the graph has it: the elements of the layer, in the same order. */
  readonly shape: readonly number[];
  /** Where the batch is; null where its axis is merged with another, or is none. */
  readonly batch: number | null;
  /**
   * Of integers that QuantizeLinear made: the layer has the numbers that they stand for, step * (integer - zero). Steps are
   * one, or one for each index along axis 1.
   */
  readonly integers?: Integers | undefined;
  /** What the client still does to the value of the layer. Then it has to be the last. */
  readonly finish?: Finish | undefined;
}

/** The grid of integers. */
export interface Integers {
  readonly steps: readonly number[];
  readonly zero: number;
}

/** What follows the network: of all its outputs, the shares of softmax, their logarithms, or the place of the largest. */
export interface Finish {
  readonly kind: 'softmax' | 'logSoftmax' | 'argmax';
  readonly node: string;
}

export interface UnknownValue {
  readonly kind: 'unknown';
}

/** The value of a constant. */
export function constant(
  shape: readonly number[],
  data: Float64Array,
  type: OnnxTensor['type'] = 'float',
): ConstantValue {
  return { kind: 'constant', tensor: { type, shape, data } };
}

/** The shape of a value with one row. */
export function shapeOf(value: ConstantValue | ComputedValue): readonly number[] {
  return value.kind === 'constant' ? value.tensor.shape : value.shape;
}

/** The shape of a computed value without the axis of the batch. */
export function rowShape({ shape, batch }: ComputedValue): number[] {
  return shape.filter((_, axis) => axis !== batch);
}

/** The only element of a constant. @throws BAD_MODEL for none or several */
export function scalarOf({ tensor }: ConstantValue, node: OnnxNode, what: string): number {
  if (tensor.data.length === 1) return tensor.data[0]!;
  const given = `${what} of shape [${tensor.shape.join(', ')}]`;
  throw badModel(`node ${node.name}`, given, 'one number');
}

/** Whether all elements of a constant are the same, and there are any. */
export function isUniform(data: ArrayLike<number>): boolean {
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return false;
  return data.length > 0;
}

/** An axis counted from the front. @throws BAD_MODEL for one that the rank does not have */
export function axisOf(axis: number, rank: number, node: OnnxNode): number {
  const own = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(own) && own >= 0 && own < rank) return own;
  throw badModel(`node ${node.name}`, `axis ${axis}`, `-${rank} to ${rank - 1}`);
}

/** numpy's broadcasting of shapes. @throws BAD_MODEL where they do not fit */
export function broadcast(node: OnnxNode, ...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const all = shapes.map((shape) => withRank(shape, rank));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = all.map((shape) => shape[axis]!);
    const extent = extents.find((each) => each !== 1) ?? 1;
    if (extents.every((each) => each === 1 || each === extent)) return extent;
    const given = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
    throw badModel(`node ${node.name}`, given, 'shapes that broadcast');
  });
}

/** A shape with axes of length 1 in front. */
export function withRank(shape: readonly number[], rank: number): number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

/** Whether two shapes are the same. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Whether a shape has as many elements as another. */
export function isSameSize(a: readonly number[], b: readonly number[]): boolean {
  return sizeOf(a) === sizeOf(b);
}
