/**
 * Layers of several values: element by element, or side by side.
 */

import type { PairLayer } from '../../../estimators/neural/network.ts';
import { error } from '../../../lib/errors.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { appended, type Draft, moved, reshaped, uniform, type Value } from '../draft.ts';
import type { Call, LayerKind } from '../layerKind.ts';
import { axes, axesOf } from '../options.ts';

/** A function of two values after the other; shapes broadcast as numpy's do. */
export function merge(kind: PairLayer['kind'], most: number = Number.POSITIVE_INFINITY): LayerKind {
  return {
    options: {},
    isMerge: true,
    build(call, inputs, draft) {
      if (inputs.length < 2 || inputs.length > most) {
        const allowed = most === 2 ? '2' : '2 or more';
        throw mismatch(call, `${inputs.length} values`, allowed);
      }
      return inputs
        .slice(1)
        .reduce((left, right) => paired(call, kind, left, right, draft), inputs[0]!);
    },
  };
}

/** The mean of several values. */
export const average: LayerKind = {
  options: {},
  isMerge: true,
  build(call, inputs, draft) {
    const { layer: input, shape } = merge('add').build(call, inputs, draft);
    const factor = uniform(1 / inputs.length, shape.length);
    const offset = uniform(0, shape.length);
    return appended(draft, { kind: 'scale', name: call.name, input, factor, offset }, shape);
  },
};

/** Values side by side along an axis. */
export const concatenate: LayerKind = {
  options: { axis: axes },
  isMerge: true,
  build(call, inputs, draft) {
    const [first] = inputs as [Value];
    const rank = first.shape.length;
    const [axis, ...others] = axesOf(call.config.axis ?? -1, rank) ?? [];
    const shapes = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
    if (axis === undefined || others.length > 0) {
      throw mismatch(call, `axis ${call.config.axis} of ${shapes}`, 'an axis of the values');
    }
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === rank &&
        shape.every((length, at) => at === axis || length === first.shape[at]),
    );
    if (!fits) throw mismatch(call, shapes, `shapes that differ along axis ${axis + 1} alone`);
    // Of each value so many elements at a time, in turn.
    const blocks = inputs.map(({ shape }) => sizeOf(shape.slice(axis)));
    const width = blocks.reduce((sum, block) => sum + block, 0);
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    const starts = inputs.map((_, i) =>
      inputs.slice(0, i).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    );
    const shape = first.shape.map((length, at) => (at === axis ? total : length));
    return moved(draft, call.name, inputs, shape, (place) => {
      let rest = place % width;
      let input = 0;
      while (rest >= blocks[input]!) rest -= blocks[input++]!;
      return starts[input]! + Math.floor(place / width) * blocks[input]! + rest;
    });
  },
};

function paired(
  call: Call,
  kind: PairLayer['kind'],
  left: Value,
  right: Value,
  draft: Draft,
): Value {
  const { name } = call;
  const rank = Math.max(left.shape.length, right.shape.length);
  const [a, b] = [left, right].map((value) => {
    const missing = rank - value.shape.length;
    if (missing === 0) return value;
    return reshaped(draft, name, value, [...new Array<number>(missing).fill(1), ...value.shape]);
  }) as [Value, Value];
  const shape = a.shape.map((length, axis) => Math.max(length, b.shape[axis]!));
  const fits = [a, b].every(({ shape: own }) =>
    own.every((length, axis) => length === 1 || length === shape[axis]),
  );
  if (!fits) {
    const given = `[${left.shape.join(', ')}] and [${right.shape.join(', ')}]`;
    throw mismatch(call, given, 'equal lengths, or 1');
  }
  return appended(draft, { kind, name, inputs: [a.layer, b.layer] }, shape);
}

function mismatch({ name }: Call, given: string, allowed: string): Error {
  const remedy = 'export the model again';
  return error('SHAPE_MISMATCH', { what: name, given, allowed, remedy });
}
