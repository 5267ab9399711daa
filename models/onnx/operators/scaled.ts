/**
 * What operators of two values are made of: constants together, a scale of a computed value, and a pair of two.
 */
import type { Constant, PairLayer } from '../../../estimators/neural/network.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  append,
  appendLike,
  type Context,
  materialized,
  single,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { expanded } from '../moves.ts';
import { integerTypes, type OnnxTensor } from '../tensors.ts';
import {
  broadcast,
  type ComputedValue,
  type ConstantValue,
  constant,
  isSameShape,
  isUniform,
  withRank,
} from '../values.ts';

/** A function of two constants. */
export function combined(
  context: Context,
  node: OnnxNode,
  a: ConstantValue,
  b: ConstantValue,
  f: (a: number, b: number, isInteger: boolean) => number,
  type: OnnxTensor['type'] = a.tensor.type,
): ConstantValue {
  const shape = broadcast(node, a.tensor.shape, b.tensor.shape);
  spend(context, node, sizeOf(shape));
  const left = spread(a, shape);
  const right = spread(b, shape);
  const integers = integerTypes.includes(a.tensor.type);
  return constant(
    shape,
    left.map((value, i) => f(value, right[i]!, integers)),
    type,
  );
}

/** The elements of a constant, repeated along axes of length 1. */
export function spread({ tensor }: ConstantValue, shape: readonly number[]): Float64Array {
  if (isSameShape(tensor.shape, shape)) return tensor.data;
  return Float64Array.from(expanded(tensor.shape, shape).from, (at) => tensor.data[at]!);
}

/** A constant of one number. */
export function number(value: number): ConstantValue {
  return constant([], Float64Array.of(value));
}

/** A function of each element of a constant. */
export function mapped(value: ConstantValue, f: (value: number) => number): ConstantValue {
  return constant(value.tensor.shape, value.tensor.data.map(f), value.tensor.type);
}

/** value + other. */
export function addConstant(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  other: ConstantValue,
): ComputedValue {
  return scaled(context, node, value, number(1), other);
}

/** value * factor + offset, which broadcast. */
export function scaled(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  factor: ConstantValue,
  offset: ConstantValue,
): ComputedValue {
  const { name } = node;
  const shape = broadcast(node, value.shape, factor.tensor.shape, offset.tensor.shape);
  const isOne = ({ tensor }: ConstantValue, one: number): boolean =>
    isUniform(tensor.data) && tensor.data[0] === one;
  if (isSameShape(shape, value.shape)) {
    if (isOne(factor, 1) && isOne(offset, 0)) return value;
    if (isUniform(factor.tensor.data) && isUniform(offset.tensor.data)) {
      return appendLike(context, value, {
        kind: 'scale',
        name,
        input: value.layer,
        factor: single(factor.tensor.data[0]!),
        offset: single(offset.tensor.data[0]!),
      });
    }
  }
  const batch = value.batch === null ? null : value.batch + shape.length - value.shape.length;
  const row = (own: readonly number[]): number[] => withoutBatch(node, own, shape.length, batch);
  const ofRow = ({ tensor }: ConstantValue): Constant => ({
    shape: row(tensor.shape),
    data: Array.from(tensor.data),
  });
  const result = append(
    context,
    {
      kind: 'scale',
      name,
      input: materialized(context, node, value, row(value.shape)),
      factor: ofRow(factor),
      offset: ofRow(offset),
    },
    row(shape),
  );
  return { ...result, shape, batch };
}

/** A shape of this rank without the axis of the batch. @throws UNSUPPORTED_OPERATOR where it has more than one row */
function withoutBatch(
  node: OnnxNode,
  shape: readonly number[],
  rank: number,
  batch: number | null,
): number[] {
  const own = withRank(shape, rank);
  if (batch === null) return own;
  if (own[batch] !== 1) throw unsupported(node, `${node.operator} with a value of several rows`);
  return own.filter((_, axis) => axis !== batch);
}

/** Two computed values, which broadcast. */
export function paired(
  context: Context,
  node: OnnxNode,
  kind: PairLayer['kind'],
  a: ComputedValue,
  b: ComputedValue,
): ComputedValue {
  const shape = broadcast(node, a.shape, b.shape);
  const batches = [a, b].map((value) =>
    value.batch === null ? null : value.batch + shape.length - value.shape.length,
  );
  const batch = batches[0] === batches[1] ? batches[0]! : null;
  const inputs = [a, b].map((value) =>
    materialized(context, node, value, withoutBatch(node, value.shape, shape.length, batch)),
  ) as [number, number];
  const row = withoutBatch(node, shape, shape.length, batch);
  return { ...append(context, { kind, name: node.name, inputs }, row), shape, batch };
}
