/**
 * Operators that give the same elements another shape, or their axes another order.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { intAttribute, intsAttribute } from '../attributes.ts';
import {
  type Context,
  constantInput,
  type Known,
  type Operator,
  optionalConstant,
  required,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { all, type Move, transposed } from '../moves.ts';
import { axisOf, isSameSize, largestRank, shapeOf, type Value } from '../values.ts';
import { misfit, moved, viewed } from './moved.ts';

/** The operators of this file by their names. */
export const viewOperators: Readonly<Record<string, Operator>> = {
  Reshape: { attributes: ['allowzero'], convert: reshape },
  Flatten: { attributes: ['axis'], convert: flatten },
  Squeeze: { attributes: ['axes'], convert: squeeze },
  Unsqueeze: { attributes: ['axes'], convert: unsqueeze },
  Transpose: { attributes: ['perm'], convert: transpose },
};

type Inputs = readonly (Known | undefined)[];

function reshape(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  const target = Array.from(constantInput(node, inputs, 1).tensor.data);
  const shape = shapeOf(value);
  const keepsZeros = intAttribute(node, 'allowzero', 0) !== 0;
  const result = target.map((extent, axis) =>
    extent === 0 && !keepsZeros ? shape[axis]! : extent,
  );
  const open = result.indexOf(-1);
  if (open >= 0) {
    const others = result.reduce((size, extent, axis) => (axis === open ? size : size * extent), 1);
    result[open] = sizeOf(shape) / others;
  }
  const fits = result.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (!fits || !isSameSize(result, shape)) throw misfit(node, shape, target);
  return [viewed(value, result, batchAfter(value, result))];
}

/** The batch stays in front where it was there; merged with other axes, it is in none. */
function batchAfter(value: Known, shape: readonly number[]): number | null {
  return value.kind === 'computed' && shape[0] === 1 ? 0 : null;
}

function flatten(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const given = intAttribute(node, 'axis', 1);
  const axis = given === shape.length ? given : axisOf(given, shape.length, node);
  const result = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))];
  return [viewed(value, result, batchAfter(value, result))];
}

/** Axes of an attribute, or since opset 13 of the input `index`. */
function axesOf(node: OnnxNode, inputs: Inputs, index: number, rank: number): number[] | undefined {
  const own = intsAttribute(node, 'axes') ?? optionalConstant(node, inputs, index)?.tensor.data;
  return own && Array.from(own, (axis) => axisOf(axis, rank, node));
}

function squeeze(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const batch = value.kind === 'computed' ? value.batch : null;
  const axes =
    axesOf(node, inputs, 1, shape.length) ??
    all(shape.length).filter((axis) => shape[axis] === 1 && axis !== batch);
  if (axes.some((axis) => shape[axis] !== 1)) throw misfit(node, shape, axes);
  const left = all(shape.length).filter((axis) => !axes.includes(axis));
  const own = batch === null ? -1 : left.indexOf(batch);
  return [
    viewed(
      value,
      left.map((axis) => shape[axis]!),
      own < 0 ? null : own,
    ),
  ];
}

function unsqueeze(node: OnnxNode, inputs: Inputs): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const count =
    intsAttribute(node, 'axes')?.length ?? constantInput(node, inputs, 1).tensor.data.length;
  const rank = shape.length + count;
  const axes = rank > largestRank ? [] : (axesOf(node, inputs, 1, rank) ?? []);
  if (new Set(axes).size !== count) throw misfit(node, shape, axes);
  const old = all(rank).filter((axis) => !axes.includes(axis));
  const result = new Array<number>(rank).fill(1);
  old.forEach((axis, i) => {
    result[axis] = shape[i]!;
  });
  const batch = value.kind === 'computed' && value.batch !== null ? old[value.batch]! : null;
  return [viewed(value, result, batch)];
}

function transpose(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const order = intsAttribute(node, 'perm') ?? all(shape.length).reverse();
  if ([...order].sort((a, b) => a - b).join() !== all(shape.length).join()) {
    throw misfit(node, shape, order);
  }
  const batch =
    value.kind === 'computed' && value.batch !== null ? order.indexOf(value.batch) : null;
  const result = order.map((axis) => shape[axis]!);
  // Axes of length 1 may change places with no element moving.
  const long = order.filter((axis) => shape[axis] !== 1);
  if (value.kind === 'computed' && long.every((axis, i) => i === 0 || long[i - 1]! < axis)) {
    return [viewed(value, result, batch)];
  }
  const grid = value.kind === 'constant' ? value.grid?.axis : undefined;
  const gridAxis = grid === undefined || grid === null ? null : order.indexOf(grid);
  const make = (): Move => transposed(shape, order);
  return [moved(context, node, value, make, result, { batch, gridAxis })];
}
