/**
 * Operators on two values, element by element: constants at once, a constant with a computed value as a scale layer, two
 * computed values as a pair.
 */
import { type Context, type Known, type Operator, required, unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import {
  broadcast,
  type ComputedValue,
  type ConstantValue,
  isSameShape,
  isUniform,
  shapeOf,
} from '../values.ts';
import { activated } from './activated.ts';
import { addConstant, combined, mapped, number, paired, scaled } from './scaled.ts';

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

function divide(a: number, b: number, isInteger: boolean): number {
  return isInteger ? Math.trunc(a / b) : a / b;
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
