/**
 * Operators that give constants: those that exporters write around shapes, and comparisons.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { intAttribute, stringsAttribute, tensorAttribute } from '../attributes.ts';
import {
  type Context,
  constantInput,
  type Known,
  type Operator,
  required,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { checkedSize } from '../tensors.ts';
import {
  broadcast,
  type ComputedValue,
  type ConstantValue,
  constant,
  isSameShape,
  isUniform,
  scalarOf,
  shapeOf,
  type Value,
} from '../values.ts';
import { activated } from './activated.ts';
import { add, multiply, subtract } from './arithmetic.ts';
import { addConstant, combined, mapped, number, paired, scaled, spread } from './scaled.ts';

/** The operators of this file by their names. */
export const constantOperators: Readonly<Record<string, Operator>> = {
  Constant: {
    attributes: ['value', 'value_float', 'value_floats', 'value_int', 'value_ints'],
    convert: (node) => [constantOf(node)],
  },
  ConstantOfShape: { attributes: ['value'], convert: constantOfShape },
  Shape: { attributes: ['start', 'end'], convert: shape },
  Size: {
    attributes: [],
    convert: (node, inputs) => [integers([sizeOf(shapeOf(required(node, inputs, 0)))], [])],
  },
  Range: { attributes: [], convert: range },
  Where: { attributes: [], convert: where },
  Mod: { attributes: ['fmod'], convert: modulo },
  And: logic((a, b) => Number(a !== 0 && b !== 0)),
  Or: logic((a, b) => Number(a !== 0 || b !== 0)),
  Xor: logic((a, b) => Number((a !== 0) !== (b !== 0))),
  Not: { attributes: [], convert: not },
  Equal: comparison('equal', 'equal', (a, b) => a === b),
  Greater: comparison('greater', 'less', (a, b) => a > b),
  GreaterOrEqual: comparison('greaterOrEqual', 'lessOrEqual', (a, b) => a >= b),
  Less: comparison('less', 'greater', (a, b) => a < b),
  LessOrEqual: comparison('lessOrEqual', 'greaterOrEqual', (a, b) => a <= b),
};

type Inputs = readonly (Known | undefined)[];

function integers(values: readonly number[], ownShape: readonly number[]): ConstantValue {
  return constant(ownShape, Float64Array.from(values), 'int64');
}

function constantOf(node: OnnxNode): Value {
  if (stringsAttribute(node, 'value_strings') !== undefined) throw unsupported(node, 'texts');
  const tensor = tensorAttribute(node, 'value');
  if (tensor !== undefined) return { kind: 'constant', tensor };
  for (const attribute of node.attributes.values()) {
    if (attribute.kind === 'int') return integers([attribute.value], []);
    if (attribute.kind === 'ints') return integers(attribute.value, [attribute.value.length]);
    if (attribute.kind === 'float') return constant([], Float64Array.of(attribute.value));
    if (attribute.kind === 'floats') {
      return constant([attribute.value.length], Float64Array.from(attribute.value));
    }
  }
  throw badModel(`node ${node.name}`, 'no value', 'a Constant with one');
}

function constantOfShape(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const wanted = Array.from(constantInput(node, inputs, 0).tensor.data);
  const tensor = tensorAttribute(node, 'value');
  const size = checkedSize(wanted, `node ${node.name}`);
  spend(context, node, size);
  const data = new Float64Array(size).fill(tensor?.data[0] ?? 0);
  return [constant(wanted, data, tensor?.type)];
}

function shape(node: OnnxNode, inputs: Inputs): Value[] {
  const own = shapeOf(required(node, inputs, 0));
  const part = own.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', own.length));
  return [integers(part, [part.length])];
}

function range(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const given = [0, 1, 2].map((i) => constantInput(node, inputs, i));
  const [start, limit, delta] = given.map((each) => scalarOf(each, node, 'a limit')) as [
    number,
    number,
    number,
  ];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  if (!Number.isSafeInteger(count)) {
    throw badModel(`node ${node.name}`, `from ${start} to ${limit} by ${delta}`, 'a finite range');
  }
  spend(context, node, count);
  const data = Float64Array.from({ length: count }, (_, i) => start + i * delta);
  return [constant([count], data, given[0]!.tensor.type)];
}

/** b + condition (a - b), where the condition or what it chooses is computed. */
function where(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const [condition, a, b] = [0, 1, 2].map((i) => required(node, inputs, i)) as [
    Known,
    Known,
    Known,
  ];
  const areConstant = [condition, a, b].every(({ kind }) => kind === 'constant');
  if (areConstant) return [chosen(node, inputs, context)];
  const difference = subtract(context, node, a, b);
  return [add(context, node, multiply(context, node, condition, difference), b)];
}

function chosen(node: OnnxNode, inputs: Inputs, context: Context): ConstantValue {
  const [condition, a, b] = [0, 1, 2].map((i) => constantInput(node, inputs, i)) as [
    ConstantValue,
    ConstantValue,
    ConstantValue,
  ];
  const target = broadcast(node, condition.tensor.shape, a.tensor.shape, b.tensor.shape);
  spend(context, node, 3 * sizeOf(target));
  const [left, right] = [spread(a, target), spread(b, target)];
  const data = spread(condition, target).map((each, i) => (each !== 0 ? left[i]! : right[i]!));
  return constant(target, data, a.tensor.type);
}

/** The sign of the divisor, as Python has it; with `fmod` that of the dividend. */
function modulo(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const [a, b] = [constantInput(node, inputs, 0), constantInput(node, inputs, 1)];
  const keepsSign = intAttribute(node, 'fmod', 0) !== 0;
  const f = (x: number, y: number): number => (keepsSign ? x % y : x - y * Math.floor(x / y));
  return [combined(context, node, a, b, f)];
}

function logic(f: (a: number, b: number) => number): Operator {
  return {
    attributes: [],
    convert: (node, inputs, context) => {
      const [a, b] = [constantInput(node, inputs, 0), constantInput(node, inputs, 1)];
      return [combined(context, node, a, b, f, 'bool')];
    },
  };
}

function not(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  if (value.kind === 'computed') return [scaled(context, node, value, number(-1), number(1))];
  return [mapped(value, (each) => Number(each === 0))];
}

/** 1 where a comparison holds, else 0; of a computed value with one number a function of each element. */
function comparison(name: string, swapped: string, f: (a: number, b: number) => boolean): Operator {
  const compare = (
    context: Context,
    node: OnnxNode,
    value: ComputedValue,
    other: ConstantValue,
    functionName: string,
  ): Value => {
    const { data } = other.tensor;
    const target = broadcast(node, value.shape, other.tensor.shape);
    if (isUniform(data) && isSameShape(target, value.shape)) {
      return activated(context, node, value, functionName, [data[0]!]);
    }
    const difference = addConstant(
      context,
      node,
      value,
      mapped(other, (each) => -each),
    );
    return activated(context, node, difference, functionName, [0]);
  };
  return {
    attributes: [],
    convert: (node, inputs, context) => {
      const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)];
      if (a.kind === 'constant') {
        if (b.kind === 'computed') return [compare(context, node, b, a, swapped)];
        return [combined(context, node, a, b, (x, y) => Number(f(x, y)), 'bool')];
      }
      if (b.kind === 'constant') return [compare(context, node, a, b, name)];
      const difference = paired(context, node, 'subtract', a, b);
      return [activated(context, node, difference, name, [0])];
    },
  };
}
