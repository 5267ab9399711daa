/**
 * Operators with weights: matrix products and batch normalization.
 */
import { floatAttribute, intAttribute } from '../attributes.ts';
import {
  append,
  type Context,
  checkAxis,
  computedInput,
  constantInput,
  type Known,
  materialized,
  type Operator,
  required,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { all, transposed } from '../moves.ts';
import { badModel } from '../protobuf.ts';
import {
  broadcast,
  type ComputedValue,
  type ConstantValue,
  constant,
  isSameShape,
  shapeOf,
  type Value,
} from '../values.ts';
import { moved } from './moved.ts';
import { addConstant, mapped, number, paired, scaled, spread } from './scaled.ts';
import { noBias, weightsOf } from './weights.ts';

/** The operators of this file by their names. */
export const linearOperators: Readonly<Record<string, Operator>> = {
  Gemm: { attributes: ['alpha', 'beta', 'transA', 'transB'], convert: gemm },
  MatMul: { attributes: [], convert: matmul },
  BatchNormalization: {
    attributes: ['epsilon', 'momentum', 'training_mode'],
    convert: batchNormalization,
  },
};

type Inputs = readonly (Known | undefined)[];

/** alpha A B + beta C, with A computed. */
function gemm(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = computedInput(node, inputs, 0);
  const matrix = constantInput(node, inputs, 1);
  if (intAttribute(node, 'transA', 0) !== 0) throw unsupported(node, 'Gemm with transA');
  const outputs = intAttribute(node, 'transB', 0) !== 0 ? 0 : 1;
  if (matrix.tensor.shape.length !== 2) throw misfit(node, value, matrix);
  const alpha = floatAttribute(node, 'alpha', 1);
  const beta = floatAttribute(node, 'beta', 1);
  const offset = inputs[2];
  const count = matrix.tensor.shape[outputs]!;
  // A constant that is the same for every row is the bias.
  const isBias =
    offset?.kind === 'constant' &&
    isSameShape(broadcast(node, offset.tensor.shape, [1, count]), [1, count]);
  const bias = isBias ? Array.from(spread(offset, [1, count]), (each) => each * beta) : undefined;
  const product = dense(context, node, value, matrix, outputs, alpha, bias);
  if (isBias || offset === undefined) return [product];
  if (offset.kind === 'constant') {
    return [
      addConstant(
        context,
        node,
        product,
        mapped(offset, (each) => each * beta),
      ),
    ];
  }
  const scaledOffset = scaled(context, node, offset, number(beta), number(0));
  return [paired(context, node, 'add', product, scaledOffset)];
}

/** The product of the last axis of a value with a matrix, whose axis `outputs` stays. */
function dense(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  matrix: ConstantValue,
  outputs: 0 | 1,
  factor = 1,
  bias?: readonly number[],
): ComputedValue {
  const last = value.shape.length - 1;
  const { shape } = matrix.tensor;
  if (value.shape[last] !== shape[1 - outputs]) throw misfit(node, value, matrix);
  checkAxis(node, value, last);
  const count = shape[outputs]!;
  const row = value.shape.filter((_, axis) => axis !== value.batch);
  const weights = weightsOf(matrix, outputs, factor);
  const result = append(
    context,
    {
      kind: 'dense',
      name: node.name,
      input: materialized(context, node, value, row),
      weights,
      bias: bias ?? noBias(count),
    },
    [...row.slice(0, -1), count],
  );
  return { ...result, shape: [...value.shape.slice(0, -1), count], batch: value.batch };
}

function matmul(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)];
  if (a.kind === 'computed' && b.kind === 'computed') {
    throw unsupported(node, 'MatMul of two computed values');
  }
  if (a.kind === 'constant' && b.kind === 'constant') return [product(node, a, b)];
  if (b.kind === 'constant') return [times(context, node, a as ComputedValue, b)];
  // M x = (x' M')', with the last two axes of x exchanged.
  const value = b as ComputedValue;
  const rank = value.shape.length;
  const matrix = a as ConstantValue;
  if (rank === 1)
    return [squeezedLast(dense(context, node, lifted(value), asMatrix(node, matrix), 0))];
  const order = [...all(rank - 2), rank - 1, rank - 2];
  const flipped = flip(context, node, value, order);
  const result = dense(context, node, flipped, asMatrix(node, matrix), 0);
  return [flip(context, node, result, order)];
}

/** value . matrix, of a matrix or of a vector. */
function times(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  other: ConstantValue,
): ComputedValue {
  if (other.tensor.shape.length !== 1) return dense(context, node, value, asMatrix(node, other), 1);
  const { tensor } = other;
  const column = { ...other, tensor: { ...tensor, shape: [tensor.shape[0]!, 1] } };
  return squeezedLast(dense(context, node, value, column, 1));
}

function squeezedLast(value: ComputedValue): ComputedValue {
  return { ...value, shape: value.shape.slice(0, -1) };
}

function lifted(value: ComputedValue): ComputedValue {
  return {
    ...value,
    shape: [1, ...value.shape],
    batch: value.batch === null ? null : value.batch + 1,
  };
}

function flip(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  order: readonly number[],
): ComputedValue {
  const batch = value.batch === null ? null : order.indexOf(value.batch);
  const make = () => transposed(value.shape, order);
  return moved(context, node, value, make, value.shape, { batch }) as ComputedValue;
}

/** A constant as a matrix; leading axes of length 1 say nothing. */
function asMatrix(node: OnnxNode, value: ConstantValue): ConstantValue {
  const { tensor } = value;
  if (tensor.shape.length === 2) return value;
  const lead = tensor.shape.length - 2;
  if (lead > 0 && tensor.shape.slice(0, lead).every((extent) => extent === 1)) {
    const shape = tensor.shape.slice(lead);
    const { grid } = value;
    const own = grid?.axis == null ? grid : { ...grid, axis: grid.axis - lead };
    return { kind: 'constant', tensor: { ...tensor, shape }, grid: own };
  }
  throw unsupported(node, `MatMul with a constant of shape [${tensor.shape.join(', ')}]`);
}

/** The product of two constant matrices. */
function product(node: OnnxNode, a: ConstantValue, b: ConstantValue): ConstantValue {
  const [rows = 0, inner = 0] = a.tensor.shape;
  const [other = 0, columns = 0] = b.tensor.shape;
  const ranks = a.tensor.shape.length === 2 && b.tensor.shape.length === 2;
  if (!ranks || inner !== other) throw misfit(node, a, b);
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += a.tensor.data[row * inner + k]! * b.tensor.data[k * columns + column]!;
      }
      data[row * columns + column] = sum;
    }
  }
  return constant([rows, columns], data);
}

/** scale (x - mean) / sqrt(variance + epsilon) + bias, for each channel. */
function batchNormalization(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = computedInput(node, inputs, 0);
  if (intAttribute(node, 'training_mode', 0) !== 0) {
    throw unsupported(node, 'BatchNormalization in training mode');
  }
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map(
    (i) => constantInput(node, inputs, i).tensor.data,
  );
  const channels = value.shape[1] ?? 0;
  const parts = [scale, bias, mean, variance];
  if (value.shape.length < 2 || parts.some((each) => each!.length !== channels)) {
    throw misfit(node, value, constantInput(node, inputs, 1));
  }
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const factor = scale!.map((each, i) => each / Math.sqrt(variance![i]! + epsilon));
  const offset = bias!.map((each, i) => each - mean![i]! * factor[i]!);
  const shape = [channels, ...new Array<number>(value.shape.length - 2).fill(1)];
  return [scaled(context, node, value, constant(shape, factor), constant(shape, offset))];
}

function misfit(node: OnnxNode, value: Known, other: Known): Error {
  const [own, given] = [shapeOf(value), shapeOf(other)].map((shape) => `[${shape.join(', ')}]`);
  return badModel(`node ${node.name}`, `${given} for a value of shape ${own}`, 'shapes that fit');
}
