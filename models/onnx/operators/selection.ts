/**
 * Operators that take some elements of a value, repeat them, or put a border around them.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../attributes.ts';
import {
  type Context,
  checkAxis,
  constantInput,
  type Known,
  type Operator,
  optionalConstant,
  required,
  spend,
  unsupported,
} from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { all, expanded, type Move } from '../moves.ts';
import { badModel } from '../protobuf.ts';
import { axisOf, broadcast, isSameShape, scalarOf, shapeOf, type Value } from '../values.ts';
import { misfit, moved, picked, viewed } from './moved.ts';

/** The operators of this file by their names. */
export const selectionOperators: Readonly<Record<string, Operator>> = {
  Slice: { attributes: ['starts', 'ends', 'axes'], convert: slice },
  Split: { attributes: ['axis', 'split', 'num_outputs'], convert: split },
  Gather: { attributes: ['axis'], convert: gather },
  Pad: { attributes: ['mode', 'pads', 'value'], convert: pad },
  Expand: { attributes: [], convert: expand },
  Tile: { attributes: [], convert: tile },
};

type Inputs = readonly (Known | undefined)[];

function slice(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const part = (name: string, index: number): readonly number[] | undefined =>
    intsAttribute(node, name) ??
    (inputs[index] && Array.from(constantInput(node, inputs, index).tensor.data));
  const starts = part('starts', 1) ?? [];
  const ends = part('ends', 2) ?? [];
  if (starts.length > shape.length) throw misfit(node, shape, starts);
  const axes = (part('axes', 3) ?? all(starts.length)).map((axis) =>
    axisOf(axis, shape.length, node),
  );
  const steps = part('steps', 4) ?? starts.map(() => 1);
  if (![ends, axes, steps].every(({ length }) => length === starts.length)) {
    throw misfit(node, starts, ends);
  }
  const lists = shape.map(all);
  axes.forEach((axis, i) => {
    lists[axis] = range(node, shape[axis]!, starts[i]!, ends[i]!, steps[i]!);
    if (lists[axis]!.length !== shape[axis]) checkAxis(node, value, axis);
  });
  return [picked(context, node, value, lists)];
}

/** Indices from start to end, both counted from the end where they are negative, and held inside the axis. */
function range(node: OnnxNode, extent: number, start: number, end: number, step: number): number[] {
  if (step === 0) throw badModel(`node ${node.name}`, 'a step of 0', 'another step');
  const inside = (at: number, low: number, high: number): number =>
    Math.min(Math.max(at < 0 ? at + extent : at, low), high);
  const first = step > 0 ? inside(start, 0, extent) : inside(start, 0, extent - 1);
  const last = step > 0 ? inside(end, 0, extent) : inside(end, -1, extent - 1);
  const indices: number[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step) indices.push(at);
  return indices;
}

function split(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const axis = axisOf(intAttribute(node, 'axis', 0), shape.length, node);
  checkAxis(node, value, axis);
  const extent = shape[axis]!;
  const count = node.outputs.length;
  const each = Math.ceil(extent / intAttribute(node, 'num_outputs', count));
  const sizes = Array.from(
    intsAttribute(node, 'split') ??
      optionalConstant(node, inputs, 1)?.tensor.data ??
      all(count).map((i) => Math.min(each, extent - i * each)),
  );
  if (sizes.length !== count || sizes.reduce((sum, size) => sum + size, 0) !== extent) {
    throw misfit(node, shape, sizes);
  }
  let start = 0;
  return sizes.map((size) => {
    if (!(size >= 0)) throw misfit(node, shape, sizes);
    const own = all(size).map((i) => start + i);
    start += size;
    return picked(
      context,
      node,
      value,
      shape.map((length, i) => (i === axis ? own : all(length))),
    );
  });
}

function gather(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const indices = constantInput(node, inputs, 1).tensor;
  const shape = shapeOf(value);
  const axis = axisOf(intAttribute(node, 'axis', 0), shape.length, node);
  checkAxis(node, value, axis);
  const list = Array.from(indices.data, (index) => axisOf(index, shape[axis]!, node));
  const found = picked(
    context,
    node,
    value,
    shape.map((length, i) => (i === axis ? list : all(length))),
  );
  const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  const batch = value.kind === 'computed' ? value.batch : null;
  const own = batch === null || batch < axis ? batch : batch + indices.shape.length - 1;
  return [viewed(found as Known, result, own)];
}

function pad(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const rank = shape.length;
  const given =
    intsAttribute(node, 'pads') ?? Array.from(constantInput(node, inputs, 1).tensor.data);
  const filled = optionalConstant(node, inputs, 2);
  const fill =
    filled === undefined || filled.tensor.data.length === 0
      ? floatAttribute(node, 'value', 0)
      : scalarOf(filled, node, 'a fill');
  const axes = optionalConstant(node, inputs, 3);
  const places = axes
    ? Array.from(axes.tensor.data, (axis) => axisOf(axis, rank, node))
    : all(rank);
  if (given.length !== 2 * places.length || places.length > rank) throw misfit(node, shape, given);
  const mode = stringAttribute(node, 'mode', 'constant');
  const borders = shape.map((): [before: number, after: number] => [0, 0]);
  places.forEach((axis, i) => {
    borders[axis] = [given[i]!, given[places.length + i]!];
  });
  const target = shape.map((extent, axis) => extent + borders[axis]![0] + borders[axis]![1]);
  if (!target.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw misfit(node, shape, given);
  }
  spend(context, node, sizeOf(target));
  const lists = target.map((extent, axis) => {
    const [before, after] = borders[axis]!;
    if (before === 0 && after === 0) return all(extent);
    checkAxis(node, value, axis);
    return all(extent).map((at) => padSource(node, mode, at - before, shape[axis]!));
  });
  return [picked(context, node, value, lists, fill)];
}

/** The index that padding reads at a place outside the axis. */
function padSource(node: OnnxNode, mode: string, at: number, extent: number): number {
  if (at >= 0 && at < extent) return at;
  if (mode === 'constant') return -1;
  if (mode === 'edge') return at < 0 ? 0 : extent - 1;
  if (mode === 'wrap') return ((at % extent) + extent) % extent;
  if (mode !== 'reflect') throw unsupported(node, `Pad with the mode ${mode}`);
  const mirrored = at < 0 ? -at : 2 * (extent - 1) - at;
  if (mirrored >= 0 && mirrored < extent) return mirrored;
  throw badModel(`node ${node.name}`, 'padding', `at most ${extent - 1} elements of reflection`);
}

function expand(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const wanted = Array.from(constantInput(node, inputs, 1).tensor.data);
  if (!wanted.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw misfit(node, shape, wanted);
  }
  const target = broadcast(node, shape, wanted);
  if (isSameShape(target, shape)) return [value];
  const lead = target.length - shape.length;
  const batch = value.kind === 'computed' && value.batch !== null ? value.batch + lead : null;
  if (batch !== null && target[batch] !== 1) throw unsupported(node, 'Expand along the batch');
  const make = (): Move => expanded(shape, target);
  return [moved(context, node, value, make, target, { batch })];
}

function tile(node: OnnxNode, inputs: Inputs, context: Context): Value[] {
  const value = required(node, inputs, 0);
  const shape = shapeOf(value);
  const times = Array.from(constantInput(node, inputs, 1).tensor.data);
  const fits =
    times.length === shape.length &&
    times.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!fits) throw misfit(node, shape, times);
  const target = shape.map((extent, axis) => extent * times[axis]!);
  spend(context, node, sizeOf(target));
  const lists = target.map((extent, axis) => {
    if (times[axis] !== 1) checkAxis(node, value, axis);
    return all(extent).map((at) => at % shape[axis]!);
  });
  return [picked(context, node, value, lists)];
}
