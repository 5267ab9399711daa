/**
 * Operators on two values, element by element: constants at once, a constant with a computed value as a scale layer, two
 * computed values as a pair.
 */
import type { Constant, PairLayer } from '../../../estimators/neural/network.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import {
  append,
  appendLike,
  type Context,
  type Known,
  materialized,
  type Operator,
  required,
  single,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { expanded } from '../moves.ts';
import type { OnnxTensor } from '../tensors.ts';
import {
  broadcast,
  type ComputedValue,
  type ConstantValue,
  constant,
  isSameShape,
  isUniform,
  shapeOf,
  withRank,
} from '../values.ts';
import { activated } from './activated.ts';

/** a + b, each constant or computed. */
export const add: Combine = combining((a, b) => a + b, {
  constant: (context, node, value, other) => addConstant(context, node, value, other),
  pair: (context, node, a, b) => paired(context, node, 'add', a, b),
});

/** a - b, each constant or computed. */
export const subtract: Combine = combining((a, b) => a - b, {
  constant: (context, node, value, other, isFirst) =>
    isFirst
      ? scaled(context, node, value, number(-1), other)
      : addConstant(
          context,
          node,
          value,
          mapped(other, (c) => -c),
        ),
  pair: (context, node, a, b) => paired(context, node, 'subtract', a, b),
});

/** a * b, each constant or computed. */
export const multiply: Combine = combining((a, b) => a * b, {
  constant: (context, node, value, other) => scaled(context, node, value, other, number(0)),
  pair: (context, node, a, b) => paired(context, node, 'multiply', a, b),
});

const division = combining(divide, {
  constant: (context, node, value, other, isFirst) =>
    isFirst
      ? scaled(context, node, activated(context, node, value, 'reciprocal'), other, number(0))
      : scaled(
          context,
          node,
          value,
          mapped(other, (c) => 1 / c),
          number(0),
        ),
  pair: (context, node, a, b) =>
    paired(context, node, 'multiply', a, activated(context, node, b, 'reciprocal')),
});

const maximum = combining((a, b) => Math.max(a, b), {
  constant: (context, node, value, other) => atLeast(context, node, value, other),
  pair: (context, node, a, b) => paired(context, node, 'maximum', a, b),
});

const minimum = combining((a, b) => Math.min(a, b), {
  constant: (context, node, value, other) => atMost(context, node, value, other),
  pair: (context, node, a, b) => paired(context, node, 'minimum', a, b),
});

const raised = combining((a, b) => a ** b, {
  constant: power,
  pair: (_, node) => {
    throw unsupported(node, 'Pow of two computed values');
  },
});

/** The operators of this file by their names. */
export const arithmeticOperators: Readonly<Record<string, Operator>> = {
  Add: ofSeveral(add),
  Sub: ofSeveral(subtract),
  Mul: ofSeveral(multiply),
  Div: ofSeveral(division),
  Max: ofSeveral(maximum),
  Min: ofSeveral(minimum),
  Pow: ofSeveral(raised),
};

/** A function of two values, each constant or computed. */
export type Combine = (context: Context, node: OnnxNode, a: Known, b: Known) => Known;

/** How an operator computes with what it is given. `isFirst`: the constant is the first of the two. */
interface Ways {
  readonly constant: (
    context: Context,
    node: OnnxNode,
    value: ComputedValue,
    other: ConstantValue,
    isFirst: boolean,
  ) => ComputedValue;
  readonly pair: (
    context: Context,
    node: OnnxNode,
    a: ComputedValue,
    b: ComputedValue,
  ) => ComputedValue;
}

function combining(f: (a: number, b: number, isInteger: boolean) => number, ways: Ways): Combine {
  return (context, node, a, b) => {
    if (a.kind === 'constant') {
      if (b.kind === 'constant') return combined(context, node, a, b, f);
      return ways.constant(context, node, b, a, true);
    }
    if (b.kind === 'constant') return ways.constant(context, node, a, b, false);
    return ways.pair(context, node, a, b);
  };
}

/** An operator of one or more values, from the left to the right. */
function ofSeveral(combine: Combine): Operator {
  return {
    attributes: [],
    convert: (node, inputs, context) => {
      const values = inputs.map((_, index) => required(node, inputs, index));
      const first = required(node, values, 0);
      return [values.slice(1).reduce((a, b) => combine(context, node, a, b), first)];
    },
  };
}

const integerTypes = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];

/** Whether a constant has integers: their quotients have no fractions. */
export function isInteger({ type }: OnnxTensor): boolean {
  return integerTypes.includes(type);
}

function divide(a: number, b: number, isInteger: boolean): number {
  return isInteger ? Math.trunc(a / b) : a / b;
}

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
  const integers = isInteger(a.tensor);
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

/** max(x, c) = relu(x - c) + c. */
export function atLeast(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  bound: ConstantValue,
): ComputedValue {
  const shifted = addConstant(
    context,
    node,
    value,
    mapped(bound, (c) => -c),
  );
  return addConstant(context, node, activated(context, node, shifted, 'relu'), bound);
}

/** min(x, c) = c - relu(c - x). */
export function atMost(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  bound: ConstantValue,
): ComputedValue {
  const shifted = scaled(context, node, value, number(-1), bound);
  return scaled(context, node, activated(context, node, shifted, 'relu'), number(-1), bound);
}

/** Powers that have a name of their own. */
const powers: ReadonlyMap<number, string> = new Map([
  [2, 'square'],
  [0.5, 'sqrt'],
  [-0.5, 'rsqrt'],
  [-1, 'reciprocal'],
]);

function power(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  other: ConstantValue,
  isFirst: boolean,
): ComputedValue {
  const [first] = other.tensor.data;
  if (first === undefined || !isUniform(other.tensor.data)) {
    throw unsupported(node, 'Pow with different numbers for different elements');
  }
  const shape = broadcast(node, shapeOf(value), other.tensor.shape);
  if (!isSameShape(shape, value.shape)) throw unsupported(node, 'Pow that makes its value larger');
  if (isFirst) {
    // c^x = e^(x ln c)
    if (!(first > 0)) throw unsupported(node, `Pow of ${first}`);
    const exponent = scaled(context, node, value, number(Math.log(first)), number(0));
    return activated(context, node, exponent, 'exp');
  }
  if (first === 1) return value;
  const named = powers.get(first);
  if (named !== undefined) return activated(context, node, value, named);
  return activated(context, node, value, 'power', [first]);
}
