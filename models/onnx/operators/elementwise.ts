/**
 * Operators on each element of one value.
 */
import { activations } from '../../../estimators/neural/activations.ts';
import type { GridLayer } from '../../../estimators/neural/network.ts';
import { floatAttribute, intAttribute, stringAttribute } from '../attributes.ts';
import {
  appendLike,
  type Context,
  constantInput,
  type Known,
  type Operator,
  optionalConstant,
  required,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import type { OnnxTensor } from '../tensors.ts';
import { type ComputedValue, isUniform, rowShape, scalarOf, type Value } from '../values.ts';
import { activated } from './activated.ts';
import { atLeast, atMost } from './arithmetic.ts';
import { withoutIntegers } from './quantizers.ts';
import { mapped, number, paired, scaled } from './scaled.ts';

type Inputs = readonly (Known | undefined)[];

/** An attribute that is a parameter, with its default. */
type Parameter = readonly [attribute: string, otherwise: number];

/** The operators of this file by their names. */
export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  Relu: named('relu'),
  LeakyRelu: named('leakyRelu', ['alpha', 0.01]),
  ThresholdedRelu: named('thresholdedRelu', ['alpha', 1]),
  Elu: named('elu', ['alpha', 1]),
  Celu: named('celu', ['alpha', 1]),
  // The defaults are those of the specification, which are doubles nearest to singles.
  Selu: named('selu', ['alpha', 1.6732632423543772], ['gamma', 1.0507009873554805]),
  Sigmoid: named('sigmoid'),
  HardSigmoid: named('hardSigmoid', ['alpha', 0.2], ['beta', 0.5]),
  HardSwish: named('hardSwish'),
  Tanh: named('tanh'),
  Softplus: named('softplus'),
  Softsign: named('softsign'),
  Mish: named('mish'),
  Swish: named('swish', ['alpha', 1]),
  Shrink: named('shrink', ['lambd', 0.5], ['bias', 0]),
  Exp: named('exp'),
  Log: named('log'),
  Sqrt: named('sqrt'),
  Reciprocal: named('reciprocal'),
  Erf: named('erf'),
  Abs: named('abs'),
  Neg: named('neg'),
  Sign: named('sign'),
  Floor: named('floor'),
  Ceil: named('ceil'),
  Round: named('round'),
  Sin: named('sin'),
  Cos: named('cos'),
  Tan: named('tan'),
  Asin: named('asin'),
  Acos: named('acos'),
  Atan: named('atan'),
  Sinh: named('sinh'),
  Cosh: named('cosh'),
  Asinh: named('asinh'),
  Acosh: named('acosh'),
  Atanh: named('atanh'),
  Gelu: {
    attributes: ['approximate'],
    convert: (node, inputs, context) => {
      const approximate = stringAttribute(node, 'approximate', 'none');
      if (approximate !== 'none' && approximate !== 'tanh') {
        throw unsupported(node, `Gelu with approximate ${approximate}`);
      }
      const name = approximate === 'tanh' ? 'geluTanh' : 'gelu';
      return [applied(context, node, required(node, inputs, 0), name, [])];
    },
  },
  Clip: { attributes: ['min', 'max'], convert: clip },
  PRelu: { attributes: [], convert: prelu },
  Identity: { attributes: [], convert: (node, inputs) => [required(node, inputs, 0)] },
  Dropout: { attributes: ['ratio', 'seed'], convert: dropout },
  Cast: { attributes: ['to', 'saturate', 'round_mode'], convert: cast },
};

function named(functionName: string, ...parameters: readonly Parameter[]): Operator {
  return {
    attributes: parameters.map(([attribute]) => attribute),
    convert: (node, inputs, context) => {
      const values = parameters.map(([name, otherwise]) => floatAttribute(node, name, otherwise));
      return [applied(context, node, required(node, inputs, 0), functionName, values)];
    },
  };
}

function applied(
  context: Context,
  node: OnnxNode,
  value: Known,
  functionName: string,
  parameters: readonly number[],
): Value {
  if (value.kind === 'computed') return activated(context, node, value, functionName, parameters);
  const { function: f } = activations[functionName]!;
  return mapped(value, (x) => f(x, ...parameters));
}

/** Exporters write the limits of singles for a side that is open. */
const open = 3.4e38;

function clip(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const bound = (name: string, index: number): number | undefined => {
    const input = optionalConstant(node, inputs, index);
    const own = node.attributes.has(name) ? floatAttribute(node, name, 0) : undefined;
    const value = input === undefined ? own : scalarOf(input, node, name);
    return value !== undefined && Math.abs(value) >= open ? undefined : value;
  };
  const value = required(node, inputs, 0);
  const low = bound('min', 1);
  const high = bound('max', 2);
  if (value.kind === 'constant') {
    return [mapped(value, (x) => Math.min(Math.max(x, low ?? x), high ?? x))];
  }
  if (low === undefined && high === undefined) return [value];
  const isOnGrid = value.integers !== undefined && context.layers[value.layer]?.kind === 'grid';
  if (isOnGrid) return [narrowed(context, value, low, high)];
  const plain = withoutIntegers(context, node, value);
  if (high === undefined) return [atLeast(context, node, plain, number(low!))];
  if (low === undefined) return [atMost(context, node, plain, number(high))];
  return [activated(context, node, plain, 'clip', [low, high])];
}

/** Integers of fewer bits than their type has: exporters clip what a quantizer gives. */
function narrowed(
  context: Context,
  value: ComputedValue,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): ComputedValue {
  const layer = context.layers[value.layer] as GridLayer;
  const [min, max] = [Math.max(layer.min, low), Math.min(layer.max, high)];
  const { integers } = value;
  return { ...appendLike(context, value, { ...layer, min, max }), integers };
}

/** max(x, 0) + slope min(x, 0) = slope x + (1 - slope) max(x, 0). */
function prelu(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const slope = constantInput(node, inputs, 1);
  if (value.kind === 'constant') throw unsupported(node, 'PRelu of a constant');
  const own = slope.tensor.data;
  if (isUniform(own)) return [activated(context, node, value, 'leakyRelu', [own[0]!])];
  const linear = scaled(context, node, value, slope, number(0));
  const rest = scaled(
    context,
    node,
    activated(context, node, value, 'relu'),
    mapped(slope, (each) => 1 - each),
    number(0),
  );
  return [paired(context, node, 'add', linear, rest)];
}

/** Nothing is dropped once a network is trained. */
function dropout(node: OnnxNode, inputs: Inputs): Value[] {
  const training = optionalConstant(node, inputs, 2);
  if (training?.tensor.data[0]) throw unsupported(node, 'Dropout in training mode');
  return [required(node, inputs, 0)];
}

/** TensorProto.DataType: the types of floats, of integers with their names, and of bool. */
const floats = [1, 10, 11, 16];
const bool = 9;
const integers: ReadonlyMap<number, readonly [OnnxTensor['type'], least: number, most: number]> =
  new Map([
    [2, ['uint8', 0, 2 ** 8 - 1]],
    [3, ['int8', -(2 ** 7), 2 ** 7 - 1]],
    [4, ['uint16', 0, 2 ** 16 - 1]],
    [5, ['int16', -(2 ** 15), 2 ** 15 - 1]],
    [6, ['int32', -(2 ** 31), 2 ** 31 - 1]],
    [7, ['int64', -(2 ** 63), 2 ** 63]],
    [12, ['uint32', 0, 2 ** 32 - 1]],
    [13, ['uint64', 0, 2 ** 64]],
  ]);

function cast(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  const to = intAttribute(node, 'to', 1);
  const integer = integers.get(to);
  if (!floats.includes(to) && to !== bool && integer === undefined) {
    throw unsupported(node, `Cast to element type ${to}`);
  }
  if (value.kind === 'constant') {
    const { shape, data } = value.tensor;
    if (floats.includes(to)) return [{ ...value, tensor: { type: 'float', shape, data } }];
    if (integer === undefined) {
      return [
        {
          kind: 'constant',
          tensor: { type: 'bool', shape, data: data.map((x) => Number(x !== 0)) },
        },
      ];
    }
    const [type, least, most] = integer;
    const whole = data.map(Math.trunc);
    if (whole.every((each) => each >= least && each <= most)) {
      return [{ kind: 'constant', tensor: { type, shape, data: whole } }];
    }
    throw unsupported(node, `Cast to ${type} of numbers that it does not hold`);
  }
  if (floats.includes(to) || (value.finish?.kind === 'argmax' && to !== bool)) return [value];
  throw unsupported(
    node,
    `Cast of a computed value of shape [${rowShape(value as ComputedValue)}] to integers`,
  );
}
