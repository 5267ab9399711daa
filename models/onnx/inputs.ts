/**
 * Inputs of a graph: their shapes for one row, and where each is in the input of the network.
 */
import { error } from '../../lib/errors.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { plainIntegers } from './integers.ts';
import type { ValueInfo } from './model.ts';
import { all } from './moves.ts';
import { badModel } from './protobuf.ts';
import { integerTypes } from './tensors.ts';
import type { ComputedValue } from './values.ts';

/** Extents of dynamic axes, by their names in the file, or as `input[axis]` where they have none. */
export type Dimensions = Readonly<Record<string, number>>;

/** An input with a batch of one row. */
export interface InputShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the batch is; null for an input of rank 1 and a fixed length, which is a row by itself. */
  readonly batch: number | null;
  readonly isInteger: boolean;
}

/** An input has at most this many elements a row. */
const largestInput = 2 ** 24;

/**
 * The shape of an input for one row: its first axis, which is dynamic or 1, is the batch.
 *
 * @throws UNSUPPORTED for an input that is no tensor of numbers, that has a fixed batch of several rows, or dynamic axes to
 * which `dimensions` gives no extent; BAD_MODEL
 */
export function inputShape({ name, type, shape }: ValueInfo, dimensions: Dimensions): InputShape {
  const what = `input ${name}`;
  if (type === undefined || type === 'string' || shape === undefined) {
    const given = type === 'string' ? 'texts' : 'a value of unknown type or shape';
    const allowed = 'tensors of numbers with a shape';
    throw error('UNSUPPORTED', { what, given, allowed });
  }
  const extents = shape.map((extent, axis) => {
    if (typeof extent === 'number') return extent;
    const own = `${name}[${axis}]`;
    const found = Object.hasOwn(dimensions, extent) ? dimensions[extent] : dimensions[own];
    if (found !== undefined) return found;
    if (axis === 0) return 1;
    throw error('UNSUPPORTED', {
      what,
      given: `the dynamic axis ${axis}${extent === '' ? '' : `, ${extent}`}`,
      allowed: 'a batch in front, and fixed axes',
      remedy: `give its length: dimensions: { '${extent === '' ? own : extent}': 16 }`,
    });
  });
  const fits = extents.every((extent) => Number.isSafeInteger(extent) && extent >= 1);
  if (!fits || sizeOf(extents) > largestInput) {
    throw badModel(
      what,
      `[${extents.join(', ')}]`,
      `extents >= 1, at most ${largestInput} elements`,
    );
  }
  const own = { name, shape: extents, isInteger: integerTypes.includes(type) };
  if (extents[0] === 1 || extents.length === 0) {
    return { ...own, batch: extents.length === 0 ? null : 0 };
  }
  if (extents.length === 1) return { ...own, batch: null };
  const remedy = 'export it with a dynamic batch, or a batch of 1';
  throw error('UNSUPPORTED', {
    what,
    given: `a fixed batch of ${extents[0]}`,
    allowed: '1',
    remedy,
  });
}

/** The shape of the network's input: that of the only one, or all of them one after the other. */
export function joinedShape(inputs: readonly InputShape[]): number[] {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return rowOf(only);
  return [inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)];
}

/** A row of an input, without the batch. */
export function rowOf({ shape, batch }: InputShape): number[] {
  return shape.filter((_, axis) => axis !== batch);
}

/** The elements of the network's input that are those of input `position`. */
export function placesOf(inputs: readonly Pick<InputShape, 'shape'>[], position: number): number[] {
  const start = inputs.slice(0, position).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return all(sizeOf(inputs[position]!.shape)).map((i) => start + i);
}

/** The value of an input that is a layer, or the network's input itself. */
export function inputValue({ shape, batch, isInteger }: InputShape, layer: number): ComputedValue {
  const integers = isInteger ? plainIntegers : undefined;
  return { kind: 'computed', layer, shape, batch, integers };
}
