/**
 * A network under construction, and what operators need to write it.
 */
import type { Constant, Layer } from '../../estimators/neural/network.ts';
import { error } from '../../lib/errors.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { OnnxNode } from './model.ts';
import { all } from './moves.ts';
import { badModel } from './protobuf.ts';
import {
  type ComputedValue,
  type ConstantValue,
  isSameShape,
  rowShape,
  type Value,
} from './values.ts';

/** The state of one conversion. */
export interface Context {
  /** The version of `ai.onnx`. */
  readonly opset: number;
  readonly layers: Layer[];
  /** The shape of the value of each layer; the input of the network has `inputShape`. */
  readonly shapes: (readonly number[])[];
  readonly inputShape: readonly number[];
  /** Reshaped values by layer and shape, so that each is made once. */
  readonly reshaped: Map<string, number>;
  /** Elements of constants and moves that may still be made: a few bytes of a file can ask for any number. */
  elementsLeft: number;
}

/** Elements of constants and moves that are made from one file, at most. */
export const largestWork: number = 2 ** 23;

/** One operator. Attributes that are not listed are refused. */
export interface Operator {
  readonly attributes: readonly string[];
  /** The values of the outputs, in their order; those that are not known to be needed may be left out. */
  readonly convert: (
    node: OnnxNode,
    inputs: readonly (Known | undefined)[],
    context: Context,
  ) => readonly Value[];
}

/** What an operator is given: inputs that are left out are undefined. */
export type Known = ConstantValue | ComputedValue;

/** Adds a layer and returns its value, whose shape in the graph has the batch in front of that of the layer. */
export function append(
  context: Context,
  layer: Layer,
  layerShape: readonly number[],
): ComputedValue {
  const position = addLayer(context, layer, layerShape);
  return { kind: 'computed', layer: position, shape: [1, ...layerShape], batch: 0 };
}

/** Adds a layer that keeps the elements of `value` in their places, and returns the value that it gives. */
export function appendLike(context: Context, value: ComputedValue, layer: Layer): ComputedValue {
  const position = addLayer(context, layer, layerShape(context, value));
  const { shape, batch } = value;
  return { kind: 'computed', layer: position, shape, batch };
}

/** Adds a layer, and returns its position. @throws BAD_MODEL where it has too many elements */
export function addLayer(context: Context, layer: Layer, shape: readonly number[]): number {
  spend(context, layer, elementsOf(layer));
  context.shapes.push(shape);
  return context.layers.push(layer) - 1;
}

/** The numbers that a layer holds. */
function elementsOf(layer: Layer): number {
  if (layer.kind === 'move') return layer.from.length;
  if (layer.kind === 'scale') return layer.factor.data.length + layer.offset.data.length;
  if (layer.kind === 'dense' || layer.kind === 'convolution') return layer.weights.data.length;
  return 1;
}

/** The shape that the layer of a value has in the network. */
export function layerShape(context: Context, { layer }: ComputedValue): readonly number[] {
  return layer < 0 ? context.inputShape : context.shapes[layer]!;
}

/** The position of a layer with the elements of `value` in this shape. */
export function materialized(
  context: Context,
  node: OnnxNode,
  value: ComputedValue,
  shape: readonly number[] = rowShape(value),
): number {
  if (isSameShape(layerShape(context, value), shape)) return value.layer;
  const key = `${value.layer}: ${shape.join(' ')}`;
  const found = context.reshaped.get(key);
  if (found !== undefined) return found;
  const from = all(sizeOf(shape));
  const inputs = [value.layer];
  const move = { kind: 'move', name: node.name, inputs, shape, from, fill: 0 } as const;
  const position = addLayer(context, move, shape);
  context.reshaped.set(key, position);
  return position;
}

/** Takes so many elements from those that may be made. @throws BAD_MODEL where that is too many */
export function spend(context: Context, { name }: Pick<OnnxNode, 'name'>, elements: number): void {
  context.elementsLeft -= elements;
  if (context.elementsLeft >= 0) return;
  const given = `a value of ${elements} elements`;
  throw badModel(`node ${name}`, given, `${largestWork} elements of all nodes`);
}

/** The error for what a node asks for and no network here has; all of a file are collected into one. */
export function unsupported(node: OnnxNode, problem: string): Error {
  return error('UNSUPPORTED_OPERATOR', { what: `node ${node.name}`, given: problem });
}

/** An input that the operator cannot do without. @throws BAD_MODEL where it is left out */
export function required(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  index: number,
): Known {
  const found = inputs[index];
  if (found !== undefined) return found;
  throw badModel(`node ${node.name}`, `no input ${index}`, `an operator ${node.operator} with it`);
}

/** An input that has to be computed from the row. @throws UNSUPPORTED_OPERATOR for a constant */
export function computedInput(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  index: number,
): ComputedValue {
  const found = required(node, inputs, index);
  if (found.kind === 'computed') return found;
  throw unsupported(node, `${node.operator} with a constant as input ${index}`);
}

/** An input that has to be constant. @throws UNSUPPORTED_OPERATOR for one that depends on the row */
export function constantInput(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  index: number,
): ConstantValue {
  const found = required(node, inputs, index);
  if (found.kind === 'constant') return found;
  throw unsupported(node, `${node.operator} with an input ${index} that is computed`);
}

/** A constant input that may be left out. @throws UNSUPPORTED_OPERATOR for one that depends on the row */
export function optionalConstant(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  index: number,
): ConstantValue | undefined {
  return inputs[index] === undefined ? undefined : constantInput(node, inputs, index);
}

/** @throws UNSUPPORTED_OPERATOR where an operator works along the axis of the batch, and so across rows */
export function checkAxis(node: OnnxNode, value: Known, axis: number): void {
  if (value.kind === 'constant' || axis !== value.batch) return;
  throw unsupported(node, `${node.operator} along axis ${axis}, that of the batch`);
}

/** A constant of one number. */
export function single(value: number): Constant {
  return { shape: [], data: [value] };
}
