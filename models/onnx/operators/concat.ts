/**
 * Values side by side.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { intAttribute } from '../attributes.ts';
import {
  addLayer,
  type Context,
  checkAxis,
  type Known,
  type Operator,
  required,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { concatenated, type Move } from '../moves.ts';
import { badModel } from '../protobuf.ts';
import {
  axisOf,
  type ComputedValue,
  type ConstantValue,
  constant,
  shapeOf,
  type Value,
} from '../values.ts';
import { misfit } from './moved.ts';
import { addConstant } from './scaled.ts';

/** The operator of this file by its name. */
export const concatOperators: Readonly<Record<string, Operator>> = {
  Concat: { attributes: ['axis'], convert: concat },
};

type Inputs = readonly (Known | undefined)[];

function concat(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const values = inputs.map((_, i) => required(node, inputs, i));
  const [first] = values;
  if (first === undefined) throw badModel(`node ${node.name}`, 'no inputs', 'one or more');
  const shapes = values.map(shapeOf);
  const rank = shapes[0]!.length;
  const axis = axisOf(intAttribute(node, 'axis', 1), rank, node);
  for (const shape of shapes) {
    const fits =
      shape.length === rank && shape.every((extent, i) => i === axis || extent === shapes[0]![i]);
    if (!fits) throw misfit(node, shapes[0]!, shape);
  }
  for (const value of values) checkAxis(node, value, axis);
  spend(
    context,
    node,
    shapes.reduce((sum, shape) => sum + sizeOf(shape), 0),
  );
  const move = concatenated(shapes, axis);
  const elements = new Float64Array(move.from.length);
  let at = 0;
  for (const value of values) {
    if (value.kind === 'constant') elements.set(value.tensor.data, at);
    at += sizeOf(shapeOf(value));
  }
  const fixed = Float64Array.from(move.from, (place) => elements[place]!);
  if (values.every(({ kind }) => kind === 'constant')) {
    return [constant(move.shape, fixed, (first as ConstantValue).tensor.type)];
  }
  return [joined(context, node, values, move, fixed)];
}

/** Computed values side by side; constants among them are added to zeros at their places. */
function joined(
  context: Context,
  node: OnnxNode,
  values: readonly Known[],
  move: Move,
  fixed: Float64Array,
): Value {
  const computed = values.filter((value) => value.kind === 'computed');
  const [one] = computed as [ComputedValue];
  if (computed.some(({ integers }) => JSON.stringify(integers) !== JSON.stringify(one.integers))) {
    throw unsupported(node, 'Concat of integers on different grids');
  }
  // Where each element is among the computed values alone; -1 in constants.
  const places: number[] = [];
  let base = 0;
  for (const value of values) {
    const size = sizeOf(shapeOf(value));
    for (let i = 0; i < size; i++) places.push(value.kind === 'computed' ? base + i : -1);
    if (value.kind === 'computed') base += size;
  }
  const batch = computed.every((value) => value.batch === one.batch) ? one.batch : null;
  const row = move.shape.filter((_, axis) => axis !== batch);
  const from = Array.from(move.from, (at) => places[at]!);
  const layers = computed.map(({ layer }) => layer);
  const joining = {
    kind: 'move',
    name: node.name,
    inputs: layers,
    shape: row,
    from,
    fill: 0,
  } as const;
  const layer = addLayer(context, joining, row);
  const found: ComputedValue = { ...one, layer, shape: move.shape, batch };
  if (computed.length === values.length) return found;
  if (one.integers !== undefined) throw unsupported(node, 'Concat of integers with constants');
  return addConstant(context, node, found, constant(move.shape, fixed));
}
