/**
 * The language of indices, which `at` and `set` share: what they name in an array of a given shape.
 */
import { error } from '../../lib/errors.ts';
import { broadcastIndex, broadcastShapes, gather } from '../broadcast.ts';
import { printTensor } from '../print.ts';
import { containsTraced, Handle, integersOf } from '../record.ts';
import { sizeOf, stridesOf, type Tensor, toIntegerTensor, toTensor } from '../tensor.ts';
import type { Traced } from '../value.ts';
import { array, type NestedOperand } from './join.ts';
import { isMask, truePlaces } from './masks.ts';
import { isSlice, printSlice, type Slice, slice, sliceRange } from './slice.ts';

/** Stands for a new axis of extent 1. */
export const newAxis: null = null;

/** Stands for as many whole axes as are left. */
export const ellipsis: unique symbol = Symbol('ellipsis');

/**
 * What may index an axis: an integer, clear or traced; a slice; a new axis; all remaining axes; or an array of
 * integers, clear or traced. Nested arrays of booleans are masks, and index as many axes as they have.
 */
export type Index = number | Slice | null | typeof ellipsis | NestedOperand;

/** A traced index, and what it means in flat elements. */
export interface TracedIndex {
  readonly value: Traced;
  readonly axis: number;
  readonly extent: number;
  readonly stride: number;
}

/** What indices name in an array. */
export interface Selection {
  /** Extents of what is named; the axes of traced indices count as 1. */
  readonly shape: readonly number[];
  /** The flat elements named, in row-major order of `shape`, where each traced index is 0. */
  readonly index: Int32Array;
  readonly traced: readonly TracedIndex[];
  /** How many axes of `shape` are those of the arrays of indices, which stand together. */
  readonly listed: number;
  /** How many axes come after those. */
  readonly after: number;
  /** The indices as text. */
  readonly parameters: string;
}

/**
 * What the indices name by numpy's rules: integers are negative from the end, arrays of integers broadcast together,
 * axes not named are taken whole.
 *
 * @throws INDEX_OUT_OF_RANGE; BAD_OPTION for too many indices, two ellipses, or true and false alone; NOT_AN_INTEGER;
 * SHAPE_MISMATCH for a mask that does not fit
 */
export function select(
  what: string,
  shape: readonly number[],
  indices: readonly Index[],
): Selection {
  const read = indices.map((index) => readIndex(what, index));
  const steps = plan(what, shape, read);
  const strides = stridesOf(shape);
  const lists = steps.filter((step) => step.type === 'list');
  const traced = lists.flatMap(({ axis, list }) => {
    return list instanceof Handle ? [tracedIndex(what, list, axis, shape[axis]!, strides)] : [];
  });
  return { traced, parameters: read.map(printIndex).join(', '), ...walk(what, steps, strides) };
}

/** An index as it was understood: masks are marked, arrays are tensors or traced. */
type Read = Slice | null | typeof ellipsis | Traced | Tensor | { readonly mask: Tensor };

/** One index made explicit: what it does to one axis, or a new axis. */
type Step =
  | { readonly type: 'new' }
  | { readonly type: 'range'; readonly axis: number; start: number; step: number; count: number }
  | { readonly type: 'list'; readonly axis: number; readonly list: Tensor | Traced };

function readIndex(what: string, index: Index): Read {
  if (index === null || index === ellipsis || isSlice(index)) return index;
  if (index instanceof Handle) {
    integersOf(`${what}: index`, [index]);
    return index;
  }
  if (containsTraced(index)) return readIndex(what, array(index as Traced[]));
  if (typeof index === 'boolean') {
    const remedy = 'use 0 or 1 as an index, or slice(0, 0) for nothing';
    throw error('BAD_OPTION', { what, given: index, allowed: 'masks of rank 1 or more', remedy });
  }
  if (typeof index === 'string' || typeof index === 'function' || index === undefined) {
    const given = typeof index === 'string' ? `the text '${index}'` : index;
    const allowed = 'integers, slice(1, 3), newAxis, ellipsis, arrays of integers, clear masks';
    const remedy = "write slice() for ':' and slice(1, 3) for '1:3'";
    throw error('BAD_OPTION', { what: `${what}: index`, given, allowed, remedy });
  }
  if (isMask(index)) return { mask: toTensor(index as never, what) };
  return toIntegerTensor(index as never, `${what}: index`);
}

function plan(what: string, shape: readonly number[], indices: readonly Read[]): Step[] {
  const axesOf = (index: Read): number => {
    if (index === null || index === ellipsis) return 0;
    return 'mask' in index ? index.mask.shape.length : 1;
  };
  const used = indices.reduce((sum, index) => sum + axesOf(index), 0);
  const gaps = indices.filter((index) => index === ellipsis).length;
  if (used > shape.length) {
    const given = `${used} indices`;
    throw error('BAD_OPTION', { what, given, allowed: `at most ${shape.length}` });
  }
  if (gaps > 1) throw error('BAD_OPTION', { what, given: gaps, allowed: 'one ellipsis' });
  const whole = Array.from({ length: shape.length - used }, () => slice());
  const full = gaps
    ? indices.flatMap((index) => (index === ellipsis ? whole : [index]))
    : [...indices, ...whole];
  let axis = 0;
  return full.flatMap((index): Step[] => {
    const here = axis;
    axis += axesOf(index);
    if (index === null || index === ellipsis) return [{ type: 'new' }];
    if (isSlice(index)) return [{ type: 'range', axis: here, ...sliceRange(index, shape[here]!) }];
    if ('mask' in index) return maskSteps(what, index.mask, here, shape);
    const list = index instanceof Handle ? index : placesOf(what, index, here, shape[here]!);
    return [{ type: 'list', axis: here, list }];
  });
}

/** A mask is the lists of the indices, one per axis, where it is true. */
function maskSteps(what: string, mask: Tensor, axis: number, shape: readonly number[]): Step[] {
  const extents = shape.slice(axis, axis + mask.shape.length);
  if (mask.shape.some((extent, k) => extent !== extents[k])) {
    throw error('SHAPE_MISMATCH', { what: `${what}: mask`, given: mask.shape, allowed: extents });
  }
  return truePlaces(mask).map((list, k) => ({ type: 'list', axis: axis + k, list }));
}

function placesOf(what: string, list: Tensor, axis: number, extent: number): Tensor {
  const data = list.data.map((value) => {
    if (value >= -extent && value < extent) return value < 0 ? value + extent : value;
    const allowed = extent === 0 ? 'none, the axis is empty' : `${-extent} to ${extent - 1}`;
    throw error('INDEX_OUT_OF_RANGE', { what: `${what}: axis ${axis}`, given: value, allowed });
  });
  return { shape: list.shape, data };
}

function tracedIndex(
  what: string,
  value: Traced,
  axis: number,
  extent: number,
  strides: readonly number[],
): TracedIndex {
  if (extent > 0) return { value, axis, extent, stride: strides[axis]! };
  const allowed = 'none, the axis is empty';
  const given = 'a traced index';
  throw error('INDEX_OUT_OF_RANGE', { what: `${what}: axis ${axis}`, given, allowed });
}

/**
 * Shape and flat elements of the selection. Lists broadcast to one shape, which stands where the lists stand, or first
 * where other axes come between them (numpy's rule).
 */
function walk(
  what: string,
  steps: readonly Step[],
  strides: readonly number[],
): { shape: number[]; index: Int32Array; listed: number; after: number } {
  const lists = steps.flatMap((step) => {
    if (step.type !== 'list') return [];
    const { list, axis } = step;
    const shape = list instanceof Handle ? list.node.shape.map(() => 1) : list.shape;
    const data = list instanceof Handle ? new Float64Array(1) : list.data;
    return [{ shape, data, axis }];
  });
  const common = broadcastShapes(what, ...lists.map(({ shape }) => shape));
  const offsets = new Int32Array(sizeOf(common));
  for (const { axis, shape, data } of lists) {
    const index = broadcastIndex(shape, common);
    for (let i = 0; i < offsets.length; i++) {
      offsets[i]! += data[index ? index[i]! : i]! * strides[axis]!;
    }
  }
  const places = steps.flatMap((step, place) => (step.type === 'list' ? [place] : []));
  const apart = places.some((place, k) => k > 0 && place !== places[k - 1]! + 1);
  const first = common.length > 0 && apart ? 0 : (places[0] ?? 0);
  const before = steps.slice(0, first).filter((step) => step.type !== 'list');
  const after = steps.slice(first).filter((step) => step.type !== 'list');
  const outer = ranges(before, strides);
  const inner = ranges(after, strides);
  const shape = [...outer.shape, ...common, ...inner.shape];
  const index = new Int32Array(sizeOf(shape));
  let next = 0;
  for (const a of outer.offsets) {
    for (const b of offsets) for (const c of inner.offsets) index[next++] = a + b + c;
  }
  return { shape, index, listed: common.length, after: inner.shape.length };
}

/** Extents of slices and new axes, and the offsets that walking them gives. */
function ranges(
  steps: readonly Step[],
  strides: readonly number[],
): { shape: number[]; offsets: Int32Array } {
  const shape = steps.map((step) => (step.type === 'range' ? step.count : 1));
  const start = steps.reduce(
    (sum, step) => (step.type === 'range' ? sum + step.start * strides[step.axis]! : sum),
    0,
  );
  const walked = steps.map((step) => (step.type === 'range' ? step.step * strides[step.axis]! : 0));
  return { shape, offsets: gather(shape, walked, start) };
}

function printIndex(index: Read): string {
  if (index === null) return 'newAxis';
  if (index === ellipsis) return '...';
  if (isSlice(index)) return printSlice(index);
  if (index instanceof Handle) return 'traced';
  return 'mask' in index ? `mask ${printTensor(index.mask)}` : printTensor(index);
}
