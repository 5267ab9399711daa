/**
 * Operators of models that were trained or calibrated on grids: their integers are taken at their word.
 */
import { roundHalfEven } from '../../../estimators/quantize/rounding.ts';
import { intAttribute, stringAttribute } from '../attributes.ts';
import {
  append,
  appendLike,
  type Context,
  constantInput,
  type Known,
  materialized,
  type Operator,
  optionalConstant,
  required,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import {
  axisOf,
  broadcast,
  type ComputedValue,
  type ConstantValue,
  constant,
  isSameShape,
  isUniform,
  rowShape,
  scalarOf,
  shapeOf,
  type Value,
} from '../values.ts';
import { activated } from './activated.ts';
import { mapped, number, scaled, spread } from './scaled.ts';

const linearAttributes = ['axis', 'block_size', 'output_dtype'];

/** The operators of ONNX itself. */
export const quantizerOperators: Readonly<Record<string, Operator>> = {
  QuantizeLinear: {
    attributes: [...linearAttributes, 'saturate', 'precision'],
    convert: quantizeLinear,
  },
  DequantizeLinear: { attributes: linearAttributes, convert: dequantizeLinear },
};

/** Those of QONNX, which Brevitas writes. */
export const qonnxOperators: Readonly<Record<string, Operator>> = {
  Quant: { attributes: ['signed', 'narrow', 'rounding_mode'], convert: quant },
  BipolarQuant: { attributes: [], convert: bipolarQuant },
};

type Inputs = readonly (Known | undefined)[];

/** A quantizer: steps one for all elements, or one for each index along `axis`. */
interface Grid {
  readonly steps: readonly number[];
  readonly axis: number | null;
  readonly zero: number;
  readonly min: number;
  readonly max: number;
}

/** The ranges of the element types that quantized values have. */
const ranges: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Scale and zero point of the second and third input. */
function linearGrid(node: OnnxNode, inputs: Inputs, rank: number, type: string): Grid {
  if (intAttribute(node, 'block_size', 0) !== 0 || intAttribute(node, 'output_dtype', 0) !== 0) {
    throw unsupported(node, `${node.operator} in blocks, or to another type than its zero point`);
  }
  const scale = constantInput(node, inputs, 1);
  const zeros = optionalConstant(node, inputs, 2);
  const range = ranges[zeros?.tensor.type ?? type];
  if (range === undefined)
    throw unsupported(node, `${node.operator} of ${zeros?.tensor.type ?? type}`);
  const steps = stepsOf(node, scale);
  const zero = zeros === undefined ? 0 : uniformZero(node, zeros);
  const axis = steps.length === 1 ? null : axisOf(intAttribute(node, 'axis', 1), rank, node);
  return { steps, axis, zero, min: range[0], max: range[1] };
}

function stepsOf(node: OnnxNode, { tensor }: ConstantValue): number[] {
  const steps = Array.from(tensor.data);
  if (steps.length > 0 && steps.every((step) => step > 0 && step < Number.POSITIVE_INFINITY)) {
    return steps;
  }
  throw badModel(`node ${node.name}`, steps, 'finite scales above 0');
}

function uniformZero(node: OnnxNode, { tensor }: ConstantValue): number {
  const [zero] = tensor.data;
  if (zero !== undefined && isUniform(tensor.data) && Number.isSafeInteger(zero)) return zero;
  throw unsupported(node, `${node.operator} with zero points that differ or are no integers`);
}

function quantizeLinear(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const grid = linearGrid(node, inputs, shapeOf(value).length, 'uint8');
  const { steps, zero } = grid;
  if (value.kind === 'computed') {
    return [{ ...onGrid(context, node, value, grid), integers: { steps, zero } }];
  }
  const type = optionalConstant(node, inputs, 2)?.tensor.type ?? 'uint8';
  return [constant(value.tensor.shape, integersOf(node, value, grid), type)];
}

/** clip(round(x / step) + zero, min, max) of a constant. */
function integersOf(node: OnnxNode, value: ConstantValue, grid: Grid): Float64Array {
  const steps = spread(alongAxis(node, value, grid), value.tensor.shape);
  const { zero, min, max } = grid;
  return value.tensor.data.map((x, i) =>
    Math.min(Math.max(roundHalfEven(x / steps[i]!) + zero, min), max),
  );
}

/** The steps of a grid, as a constant that broadcasts against a value. */
function alongAxis(node: OnnxNode, value: Known, { steps, axis }: Grid): ConstantValue {
  const shape = shapeOf(value).map((_, each) => (each === axis ? steps.length : 1));
  if (axis !== null && shapeOf(value)[axis] !== steps.length) {
    throw badModel(`node ${node.name}`, `${steps.length} scales`, `${shapeOf(value)[axis]}`);
  }
  return constant(shape, Float64Array.from(steps));
}

/** A computed value on a grid: its numbers stay what they stand for. */
function onGrid(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  { steps, axis, zero, min, max }: Grid,
): ComputedValue {
  const layer = { kind: 'grid', name: node.name, step: steps, zero, min, max } as const;
  if (axis === null) return appendLike(context, value, { ...layer, input: value.layer });
  if (value.batch !== 0 || axis !== 1 || value.shape[1] !== steps.length) {
    throw unsupported(node, `${node.operator} with ${steps.length} scales along axis ${axis}`);
  }
  const row = rowShape(value);
  return append(context, { ...layer, input: materialized(context, node, value, row) }, row);
}

function dequantizeLinear(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const given = value.kind === 'constant' ? value.tensor.type : 'uint8';
  const grid = linearGrid(node, inputs, shapeOf(value).length, given);
  const steps = alongAxis(node, value, grid);
  if (value.kind === 'constant') return [dequantized(value, grid, steps)];
  const { integers } = value;
  const isAlong = grid.axis === null || grid.axis === 1;
  if (isAlong && integers?.zero === grid.zero && isSameShape(integers.steps, grid.steps)) {
    return [{ ...value, integers: undefined }];
  }
  const plain = withoutIntegers(context, node, value);
  return [
    scaled(
      context,
      node,
      plain,
      steps,
      mapped(steps, (step) => -step * grid.zero),
    ),
  ];
}

function dequantized(value: ConstantValue, grid: Grid, steps: ConstantValue): ConstantValue {
  const { shape, data } = value.tensor;
  const each = spread(steps, shape);
  const result = constant(
    shape,
    data.map((q, i) => (q - grid.zero) * each[i]!),
  );
  return { ...result, grid: { axis: grid.axis, steps: grid.steps } };
}

/** The integers themselves, of a value whose layer has what they stand for. */
export function withoutIntegers(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
): ComputedValue {
  const { integers } = value;
  if (integers === undefined) return value;
  const { steps, zero } = integers;
  const own = { ...value, integers: undefined };
  const shape =
    steps.length === 1 ? [] : value.shape.map((_, axis) => (axis === 1 ? steps.length : 1));
  const factor = constant(
    shape,
    Float64Array.from(steps, (step) => 1 / step),
  );
  return scaled(context, node, own, factor, number(zero));
}

/** The grid of a Quant node. Its range: github.com/fastmachinelearning/qonnx, docs/qonnx-custom-ops/quant_op.md. */
function quant(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const mode = stringAttribute(node, 'rounding_mode', 'ROUND').toUpperCase();
  const bits = scalarOf(constantInput(node, inputs, 3), node, 'a bit width');
  const isSigned = intAttribute(node, 'signed', 1) !== 0;
  const narrow = intAttribute(node, 'narrow', 0);
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= 32)) {
    throw unsupported(node, `Quant to ${bits} bits`);
  }
  if (mode !== 'ROUND') throw unsupported(node, `Quant with rounding_mode ${mode}`);
  const { steps, axis } = scaleAxis(node, value, constantInput(node, inputs, 1));
  const grid = {
    steps,
    axis,
    zero: uniformZero(node, constantInput(node, inputs, 2)),
    min: isSigned ? -(2 ** (bits - 1)) + narrow : 0,
    max: isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - narrow,
  };
  if (value.kind === 'computed') return [onGrid(context, node, value, grid)];
  const integers = constant(value.tensor.shape, integersOf(node, value, grid));
  return [dequantized(integers, grid, alongAxis(node, value, grid))];
}

/** The axis along which a scale differs. */
function scaleAxis(
  node: OnnxNode,
  value: Known,
  scale: ConstantValue,
): { readonly steps: readonly number[]; readonly axis: number | null } {
  const steps = stepsOf(node, scale);
  if (isUniform(steps)) return { steps: steps.slice(0, 1), axis: null };
  const shape = shapeOf(value);
  const own = scale.tensor.shape;
  const lead = shape.length - own.length;
  const axis = own.findIndex((extent) => extent !== 1) + lead;
  const fits = isSameShape(broadcast(node, own, shape), shape) && shape[axis] === steps.length;
  if (fits) return { steps, axis };
  throw unsupported(node, `${node.operator} with scales along several axes`);
}

/** scale where x >= 0, else -scale. */
function bipolarQuant(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const scale = constantInput(node, inputs, 1);
  const { steps, axis } = scaleAxis(node, value, scale);
  const grid = { steps, axis, zero: 0, min: -1, max: 1 };
  if (value.kind === 'constant') {
    return [
      dequantized(
        mapped(value, (x) => (x >= 0 ? 1 : -1)),
        grid,
        alongAxis(node, value, grid),
      ),
    ];
  }
  const isUp = activated(context, node, value, 'step');
  const factor = alongAxis(node, value, grid);
  return [
    scaled(
      context,
      node,
      isUp,
      mapped(factor, (each) => 2 * each),
      mapped(factor, (each) => -each),
    ),
  ];
}
