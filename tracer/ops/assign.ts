/**
 * Writing elements. Arrays here do not change, so it gives a new one: `x = x.set([0, slice(1, 3)], value)`.
 */
import { error } from '../../lib/errors.ts';
import { broadcastIndex, broadcastShapes, gather } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import type { Traced } from '../value.ts';
import { equal, logicalAnd } from './compare.ts';
import { arange } from './create.ts';
import { placeOf, refuseMasks } from './indexing.ts';
import { type Index, type Selection, select } from './indices.ts';
import { type Moves, range, rearrange } from './move.ts';
import { broadcastTo, expandDims, flatten, reshape } from './shape.ts';
import { where } from './where.ts';

/**
 * x with `value` at the elements that `indices` name, as numpy's `x[...] = value`; the indices are a list of what `at`
 * takes. The value broadcasts. Of several values for one element the last counts.
 *
 * Integers may be traced: then each element that they may name is chosen between its old and its new value.
 *
 * @throws as `at`; SHAPE_MISMATCH where the value does not broadcast to the elements named
 */
export function set<X extends Operand, const I extends readonly Index[], V extends Operand>(
  x: X,
  indices: I,
  value: V,
): ArrayResult<X | I[number] | V> {
  return locate(() => {
    if (!Array.isArray(indices)) {
      const allowed = 'a list of indices, as in set(x, [0, slice(1)], value)';
      throw error('BAD_OPTION', { what: 'set: indices', given: indices, allowed });
    }
    refuseMasks('set', indices);
    const { shape, traced, tensor } = argumentOf(x, 'set');
    const selection = select('set', shape, indices);
    const places = selection.traced.map((index) => placeOf('set', index));
    const target = targetOf(selection, places);
    const values = spread(value, target);
    const array = traced ?? tensor!;
    if (places.length === 0) {
      return rearrange('set', array, () => replaced(shape, selection), values);
    }
    if (sizeOf(target) > 0) return write(array, selection, places, target, values);
    // The traced indices name nothing, and yet the result must be traced.
    return rearrange('set', array, () => ({ shape, index: range(sizeOf(shape)) }), places[0]!);
  }) as ArrayResult<X | I[number] | V>;
}

/** Element `index[i]` becomes element i of the filling. */
function replaced(shape: readonly number[], { index, parameters }: Selection): Moves {
  const moved = range(sizeOf(shape));
  index.forEach((element, i) => {
    moved[element] = -1 - i;
  });
  return { shape, index: moved, parameters: `[${parameters}]` };
}

/** The shape of the elements named, traced indices spread out. */
function targetOf(selection: Selection, places: readonly Traced[]): number[] {
  const behind = new Array<number>(selection.after).fill(1);
  return broadcastShapes('set', selection.shape, ...places.map((p) => [...p.shape, ...behind]));
}

/** The value repeated to a shape; axes of extent 1 that it has too many in front do not count. */
function spread(value: Operand, target: readonly number[]): Operand {
  const { shape } = argumentOf(value, 'set: value');
  const extra = Math.max(0, shape.length - target.length);
  const own = shape.slice(extra);
  const given = `[${shape.join(', ')}]`;
  const allowed = `what broadcasts to [${target.join(', ')}]`;
  const mismatch = error('SHAPE_MISMATCH', { what: 'set: value', given, allowed });
  if (shape.slice(0, extra).some((extent) => extent !== 1)) throw mismatch;
  const fits = own.every((extent, k) => {
    return extent === 1 || extent === target[target.length - own.length + k];
  });
  if (!fits) throw mismatch;
  return broadcastTo(reshape(value, own) as Operand, target) as Operand;
}

/**
 * One write after the other, as many as the arrays of indices have places; one, where all traced indices are single.
 * Each chooses between new and old value where the traced indices, as a one-hot row over all that they may be, are 1.
 */
function write(
  x: Operand,
  selection: Selection,
  places: readonly Traced[],
  target: readonly number[],
  values: Operand,
): Operand {
  const { traced, listed, after } = selection;
  const { shape } = argumentOf(x, 'set');
  const extents = traced.map(({ extent }) => extent);
  const strides = traced.map(({ stride }) => stride);
  const offsets = gather(extents, strides, 0);
  const spreading = broadcastIndex(selection.shape, target) ?? range(sizeOf(target));
  const common = target.slice(target.length - after - listed, target.length - after);
  const inner = sizeOf(target.slice(target.length - after));
  const single = places.every((place) => place.size === 1);
  const writes = single ? 1 : sizeOf(common);
  const rows = places.map((place) => flatten(single ? place : broadcastTo(place, common)));
  let result = x;
  for (let k = 0; k < writes; k++) {
    const hot = oneHot(rows, k, extents);
    const conditions = range(sizeOf(shape)).fill(-1);
    const moved = range(sizeOf(shape));
    spreading.forEach((from, i) => {
      if (!single && Math.floor(i / inner) % writes !== k) return;
      offsets.forEach((offset, place) => {
        const element = selection.index[from]! + offset;
        conditions[element] = place;
        moved[element] = -1 - i;
      });
    });
    const isNew = rearrange('set', hot, () => ({ shape, index: conditions }));
    const renewed = rearrange('set', result, () => ({ shape, index: moved }), values) as Operand;
    result = where(isNew, renewed, result);
  }
  return result;
}

/** A row that is 1 at one place, and 0 elsewhere: that of element `k` of the indices, in mixed radix. */
function oneHot(indices: readonly Traced[], k: number, extents: readonly number[]): Traced {
  const rows = indices.map((index, at) => equal(index.at(k), arange(extents[at]!)));
  return rows.reduce((row, next) => flatten(logicalAnd(expandDims(row, 1), next)));
}
