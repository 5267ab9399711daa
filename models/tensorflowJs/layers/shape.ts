/**
 * Layers that move elements: other shapes and orders, margins added and taken, repetitions.
 */
import { error } from '../../../lib/errors.ts';
import { sizeOf, stridesOf } from '../../../tracer/tensor.ts';
import { type Draft, moved, reshaped, type Value } from '../draft.ts';
import type { Call, LayerKind } from '../layerKind.ts';
import {
  channelsLast,
  count,
  integers,
  lengths,
  lengthsOf,
  margins,
  marginsOf,
  oneOf,
} from '../options.ts';
import { checkRank } from '../windows.ts';

/** All elements in one axis. */
export const flatten: LayerKind = {
  options: { data_format: channelsLast },
  build: ({ name }, [value], draft) => reshaped(draft, name, value!, [sizeOf(value!.shape)]),
};

/** The same elements in another shape; one length may be -1: whatever is left. */
export const reshape: LayerKind = {
  options: { target_shape: integers(-1) },
  build({ name, config }, [value], draft) {
    const target = config.target_shape as readonly number[];
    const size = sizeOf(value!.shape);
    const known = target.filter((length) => length !== -1);
    const shape = target.map((length) => (length === -1 ? size / sizeOf(known) : length));
    const fits = target.length - known.length <= 1 && shape.every((each) => Number.isInteger(each));
    if (fits && sizeOf(shape) === size) return reshaped(draft, name, value!, shape);
    throw error('SHAPE_MISMATCH', {
      what: name,
      given: `a value of shape [${value!.shape.join(', ')}] as [${target.join(', ')}]`,
      allowed: 'as many elements',
      remedy: 'export the model again',
    });
  },
};

/** Axes in another order; Keras counts them from 1. */
export const permute: LayerKind = {
  options: { dims: integers(1) },
  build(call, [value], draft) {
    const dims = (call.config.dims as readonly number[]).map((axis) => axis - 1);
    checkRank(call, value!, dims.length);
    if (dims.some((axis) => axis >= dims.length) || new Set(dims).size < dims.length) {
      const allowed = `the axes 1 to ${dims.length}, each once`;
      throw error('SHAPE_MISMATCH', { what: call.name, given: call.config.dims, allowed });
    }
    const strides = stridesOf(value!.shape);
    const shape = dims.map((axis) => value!.shape[axis]!);
    return indexed(call, value!, draft, shape, (index) =>
      index.reduce((sum, at, axis) => sum + at * strides[dims[axis]!]!, 0),
    );
  },
};

/** One row of features, several times. */
export const repeatVector: LayerKind = {
  options: { n: count },
  build(call, [value], draft) {
    checkRank(call, value!, 1);
    const [features] = value!.shape as [number];
    const shape = [call.config.n as number, features];
    return moved(draft, call.name, [value!], shape, (index) => index % features);
  },
};

/** Zeros around the spatial axes. */
export function zeroPadding(rank: number): LayerKind {
  return {
    options: { padding: margins(rank), data_format: channelsLast },
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const around = marginsOf(call.config.padding ?? 1, rank)!;
      return windowed(
        call,
        value!,
        draft,
        around.map(([before, after]) => [-before, -after]),
      );
    },
  };
}

/** Less at the ends of the spatial axes. */
export function cropping(rank: number): LayerKind {
  return {
    options: { cropping: margins(rank), data_format: channelsLast },
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      // Keras takes one element from lines, and none from images, unless told.
      const cut = marginsOf(call.config.cropping ?? (rank === 1 ? 1 : 0), rank)!;
      return windowed(call, value!, draft, cut);
    },
  };
}

/** Each element several times along the spatial axes. */
export function upSampling(rank: number): LayerKind {
  return {
    options: {
      size: lengths(rank),
      data_format: channelsLast,
      interpolation: oneOf('nearest'),
    },
    build(call, [value], draft) {
      checkRank(call, value!, rank + 1);
      const times = [...lengthsOf(call.config.size, rank, 2), 1];
      const strides = stridesOf(value!.shape);
      const shape = value!.shape.map((length, axis) => length * times[axis]!);
      return indexed(call, value!, draft, shape, (index) =>
        index.reduce((sum, at, axis) => sum + Math.floor(at / times[axis]!) * strides[axis]!, 0),
      );
    },
  };
}

/** Without so many elements at both ends of the spatial axes; where it is less than none, with zeros. */
function windowed(
  call: Call,
  value: Value,
  draft: Draft,
  cut: readonly (readonly [number, number])[],
): Value {
  const strides = stridesOf(value.shape);
  const first = [...cut.map(([before]) => before), 0];
  const shape = value.shape.map(
    (length, axis) => length - (cut[axis]?.[0] ?? 0) - (cut[axis]?.[1] ?? 0),
  );
  if (shape.some((length) => length < 1)) {
    const given = `[${shape.join(', ')}] of [${value.shape.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what: call.name, given, allowed: 'lengths >= 1' });
  }
  return indexed(call, value, draft, shape, (index) => {
    let place = 0;
    for (const [axis, at] of index.entries()) {
      const own = at + first[axis]!;
      if (own < 0 || own >= value.shape[axis]!) return -1;
      place += own * strides[axis]!;
    }
    return place;
  });
}

/** Moves elements by their indices along all axes. */
function indexed(
  { name }: Call,
  value: Value,
  draft: Draft,
  shape: readonly number[],
  source: (index: readonly number[]) => number,
): Value {
  const strides = stridesOf(shape);
  return moved(draft, name, [value], shape, (place) =>
    source(strides.map((stride, axis) => Math.floor(place / stride) % shape[axis]!)),
  );
}
