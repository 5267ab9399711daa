/**
 * Operators along axes: sums, means, maxima, and what the client finishes at the end.
 */
import type { ReduceLayer } from '../../../estimators/neural/network.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { intAttribute, intsAttribute } from '../attributes.ts';
import {
  append,
  type Context,
  checkAxis,
  computedInput,
  type Known,
  materialized,
  type Operator,
  optionalConstant,
  required,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { all } from '../moves.ts';
import {
  axisOf,
  type ComputedValue,
  type ConstantValue,
  constant,
  rowShape,
  shapeOf,
  type Value,
} from '../values.ts';
import { activated } from './activated.ts';
import { number, scaled } from './scaled.ts';

/** The operators of this file by their names. */
export const reductionOperators: Readonly<Record<string, Operator>> = {
  ReduceSum: reduction('sum', (a, b) => a + b),
  ReduceMean: reduction('mean'),
  ReduceMax: reduction('max', Math.max),
  ReduceMin: reduction('max', Math.min, ['negative', 'negative']),
  ReduceSumSquare: reduction('sum', undefined, ['square', 'same']),
  ReduceL1: reduction('sum', undefined, ['abs', 'same']),
  ReduceL2: reduction('sum', undefined, ['square', 'sqrt']),
  ReduceProd: { attributes: reduceAttributes(), convert: product },
  GlobalAveragePool: global('mean'),
  GlobalMaxPool: global('max'),
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
  ArgMax: { attributes: ['axis', 'keepdims', 'select_last_index'], convert: argmax },
};

type Inputs = readonly (Known | undefined)[];

/** What is done to each element before, and to each result after a reduction. */
type Around = 'same' | 'negative' | 'square' | 'abs' | 'sqrt';

function reduceAttributes(): string[] {
  return ['axes', 'keepdims', 'noop_with_empty_axes'];
}

function reduction(
  kind: ReduceLayer['kind'],
  fold?: (a: number, b: number) => number,
  [before, after]: readonly [Around, Around] = ['same', 'same'],
): Operator {
  return {
    attributes: reduceAttributes(),
    convert: (node, inputs, context) => {
      const value = required(node, inputs, 0);
      const axes = axesOf(node, inputs);
      if (axes === undefined) return [value];
      const keepsAxes = intAttribute(node, 'keepdims', 1) !== 0;
      if (value.kind === 'constant') {
        if (fold === undefined) throw unsupported(node, `${node.operator} of a constant`);
        return [folded(node, value, axes, keepsAxes, fold)];
      }
      for (const axis of axes) checkAxis(node, value, axis);
      const given = around(context, node, value, before);
      return [around(context, node, reduced(context, node, given, kind, axes, keepsAxes), after)];
    },
  };
}

function around(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  what: Around,
): ComputedValue {
  if (what === 'same') return value;
  if (what === 'negative') return scaled(context, node, value, number(-1), number(0));
  return activated(context, node, value, what);
}

/** The axes of an attribute or of the second input; all where there are none; undefined where nothing is to be done. */
function axesOf(node: OnnxNode, inputs: Inputs): number[] | undefined {
  const rank = shapeOf(required(node, inputs, 0)).length;
  const given = intsAttribute(node, 'axes') ?? optionalConstant(node, inputs, 1)?.tensor.data ?? [];
  if (given.length > 0) return [...new Set(Array.from(given, (axis) => axisOf(axis, rank, node)))];
  return intAttribute(node, 'noop_with_empty_axes', 0) !== 0 ? undefined : all(rank);
}

function reduced(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  kind: ReduceLayer['kind'],
  axes: readonly number[],
  keepsAxes: boolean,
): ComputedValue {
  const { shape, batch } = value;
  const row = rowShape(value);
  const ofRow = axes.map((axis) => (batch !== null && axis > batch ? axis - 1 : axis));
  const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const left = keepsAxes
    ? all(shape.length)
    : all(shape.length).filter((axis) => !axes.includes(axis));
  const result = left.map((axis) => kept[axis]!);
  const own = batch === null ? null : left.indexOf(batch);
  const layer = {
    kind,
    name: node.name,
    input: materialized(context, node, value, row),
    axes: [...ofRow].sort((a, b) => a - b),
    keepsAxes,
  } as const;
  const rowResult = result.filter((_, axis) => axis !== own);
  return { ...append(context, layer, rowResult), shape: result, batch: own };
}

/** A reduction of a constant. */
function folded(
  node: OnnxNode,
  { tensor }: ConstantValue,
  axes: readonly number[],
  keepsAxes: boolean,
  fold: (a: number, b: number) => number,
): ConstantValue {
  if (tensor.data.length === 0 || axes.length !== tensor.shape.length) {
    throw unsupported(node, `${node.operator} of some axes of a constant`);
  }
  const shape = keepsAxes ? tensor.shape.map(() => 1) : [];
  return constant(shape, Float64Array.of(tensor.data.reduce(fold)), tensor.type);
}

/** Of constants only: shapes are multiplied so. */
function product(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  if (value.kind === 'computed') throw unsupported(node, 'ReduceProd of a computed value');
  const keepsAxes = intAttribute(node, 'keepdims', 1) !== 0;
  return [folded(node, value, axesOf(node, inputs) ?? [], keepsAxes, (a, b) => a * b)];
}

function global(kind: ReduceLayer['kind']): Operator {
  return {
    attributes: [],
    convert: (node, inputs, context) => {
      const value = computedInput(node, inputs, 0);
      const axes = all(value.shape.length).slice(2);
      for (const axis of axes) checkAxis(node, value, axis);
      return [reduced(context, node, value, kind, axes, true)];
    },
  };
}

/** At the end of the network alone: the client computes it. */
function softmax(kind: 'softmax' | 'logSoftmax'): Operator {
  return {
    attributes: ['axis'],
    convert: (node, inputs, context) => {
      const value = computedInput(node, inputs, 0);
      const rank = value.shape.length;
      // Before opset 13 all axes from this one on are one.
      const merges = context.opset < 13;
      const axis = axisOf(intAttribute(node, 'axis', merges ? 1 : -1), rank, node);
      checkAxis(node, value, axis);
      const own = merges ? sizeOf(value.shape.slice(axis)) : value.shape[axis];
      if (own !== sizeOf(value.shape))
        throw unsupported(node, `${node.operator} of several groups`);
      return [{ ...value, finish: { kind, node: node.name } }];
    },
  };
}

function argmax(node: OnnxNode, inputs: Inputs): Value[] {
  const value = computedInput(node, inputs, 0);
  const { shape, batch } = value;
  if (intAttribute(node, 'select_last_index', 0) !== 0) {
    throw unsupported(node, 'ArgMax with select_last_index');
  }
  const axis = axisOf(intAttribute(node, 'axis', 0), shape.length, node);
  checkAxis(node, value, axis);
  const others = shape.filter((_, i) => i !== axis);
  if (others.some((extent) => extent !== 1))
    throw unsupported(node, 'ArgMax of several values a row');
  const keepsAxis = intAttribute(node, 'keepdims', 1) !== 0;
  const finish = { kind: 'argmax', node: node.name } as const;
  const result = keepsAxis ? shape.map(() => 1) : others;
  const own = batch === null || keepsAxis || batch < axis ? batch : batch - 1;
  return [{ ...value, shape: result, batch: own, finish }];
}
