/**
 * Indexing: `x.at(0)`, `x.at(slice(1, 3), newAxis)`, `x.at(ellipsis, -1)`, `x.at([2, 0])`.
 */
import { error } from '../../lib/errors.ts';
import { broadcastIndex, broadcastShapes, gather } from '../broadcast.ts';
import { type ArrayResult, apply, Handle, type Operand } from '../record.ts';
import { type ArrayLike, sizeOf, stridesOf, type Tensor, toIntegerTensor } from '../tensor.ts';

/** A range of indices along one axis; null is the end that the sign of `step` gives. */
export interface Slice {
  readonly slice: readonly [start: number | null, stop: number | null, step: number];
}

/** Stands for a new axis of extent 1. */
export const newAxis: null = null;

/** Stands for as many whole axes as are left. */
export const ellipsis: unique symbol = Symbol('ellipsis');

/** What may index an axis: an integer, a slice, a new axis, all remaining axes, or an array of integers. */
export type Index = number | Slice | null | typeof ellipsis | ArrayLike;

/** As `start:stop:step` of Python: `slice(2)` is not `:2` but `2:`; use `slice(null, 2)` or `slice(0, 2)`. */
export function slice(start: number | null = null, stop: number | null = null, step = 1): Slice {
  for (const part of [start, stop, step]) {
    if (part !== null && !Number.isInteger(part)) {
      throw error('BAD_OPTION', { what: 'slice', given: part, allowed: 'integers or null' });
    }
  }
  if (step === 0) throw error('BAD_OPTION', { what: 'slice: step', given: 0, allowed: 'not 0' });
  return { slice: [start, stop, step] };
}

/** Tells a slice from other indices. */
export function isSlice(index: unknown): index is Slice {
  if (typeof index !== 'object' || index === null || !('slice' in index)) return false;
  return Array.isArray(index.slice);
}

/** As Python writes it: `1:3`, `::-1`. */
export function printSlice({ slice: [start, stop, step] }: Slice): string {
  return `${start ?? ''}:${stop ?? ''}${step === 1 ? '' : `:${step}`}`;
}

/**
 * Elements of x as numpy's `x[...]`: integers (negative from the end), slices, `newAxis`, `ellipsis`, and arrays of
 * integers, which broadcast together; axes not named are taken whole.
 *
 * @throws INDEX_OUT_OF_RANGE; BAD_OPTION for too many indices, two ellipses, or an index that is traced
 */
export function at<X extends Operand>(x: X, ...indices: readonly Index[]): ArrayResult<X> {
  return apply('at', [x], ({ shape, kind }) => {
    const steps = plan(shape, indices);
    const { target, index } = walk(shape, steps);
    const source = new Int32Array(index.length);
    const parameters = indices.map(printIndex).join(', ');
    return { op: 'rearrange', name: 'at', parameters, source, index, shape: target, kind };
  }) as ArrayResult<X>;
}

/** One index made explicit: what it does to one axis of x, or a new axis. */
type Step =
  | { readonly type: 'new' }
  | { readonly type: 'range'; readonly axis: number; start: number; step: number; count: number }
  | { readonly type: 'list'; readonly axis: number; readonly list: Tensor };

function plan(shape: readonly number[], indices: readonly Index[]): Step[] {
  const used = indices.filter((index) => index !== null && index !== ellipsis).length;
  const gaps = indices.filter((index) => index === ellipsis).length;
  if (used > shape.length) {
    const given = `${used} indices`;
    throw error('BAD_OPTION', { what: 'at', given, allowed: `at most ${shape.length}` });
  }
  if (gaps > 1) throw error('BAD_OPTION', { what: 'at', given: gaps, allowed: 'one ellipsis' });
  const whole = Array.from({ length: shape.length - used }, () => slice());
  const full: readonly (Index | Slice)[] = gaps
    ? indices.flatMap((index) => (index === ellipsis ? whole : [index]))
    : [...indices, ...whole];
  let axis = 0;
  return full.map((index) => {
    if (index === null) return { type: 'new' };
    const here = axis++;
    return stepOf(index as number | Slice | ArrayLike, here, shape[here]!);
  });
}

function stepOf(index: number | Slice | ArrayLike, axis: number, extent: number): Step {
  if (index instanceof Handle) {
    const remedy = 'look a clear array up with a LookupTable, or choose with np.where';
    throw error('BAD_OPTION', { what: 'at', given: 'a traced index', allowed: 'integers', remedy });
  }
  if (isSlice(index)) return { type: 'range', axis, ...sliceRange(index.slice, extent) };
  const list = toIntegerTensor(index as ArrayLike, 'index');
  const data = list.data.map((value) => {
    if (value >= -extent && value < extent) return value < 0 ? value + extent : value;
    const allowed = extent === 0 ? 'none, the axis is empty' : `${-extent} to ${extent - 1}`;
    throw error('INDEX_OUT_OF_RANGE', { what: `at: axis ${axis}`, given: value, allowed });
  });
  return { type: 'list', axis, list: { shape: list.shape, data } };
}

/** Python's rule for `start:stop:step` on an axis. */
function sliceRange(
  [start, stop, step]: Slice['slice'],
  extent: number,
): { start: number; step: number; count: number } {
  const [lowest, highest] = step > 0 ? [0, extent] : [-1, extent - 1];
  const settle = (value: number | null, otherwise: number): number => {
    if (value === null) return otherwise;
    return Math.min(highest, Math.max(lowest, value < 0 ? value + extent : value));
  };
  const from = settle(start, step > 0 ? lowest : highest);
  const to = settle(stop, step > 0 ? highest : lowest);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/**
 * Result shape and flat indices. Lists broadcast to one shape, which stands where the lists stand, or first where
 * other axes come between them (numpy's rule).
 */
function walk(
  shape: readonly number[],
  steps: readonly Step[],
): { target: number[]; index: Int32Array } {
  const strides = stridesOf(shape);
  const lists = steps.filter((step) => step.type === 'list');
  const common = broadcastShapes('at', ...lists.map(({ list }) => list.shape));
  const listed = new Int32Array(lists.length === 0 ? 1 : sizeOf(common));
  for (const { axis, list } of lists) {
    const index = broadcastIndex(list.shape, common);
    for (let i = 0; i < listed.length; i++) {
      listed[i]! += list.data[index ? index[i]! : i]! * strides[axis]!;
    }
  }
  const places = steps.flatMap((step, place) => (step.type === 'list' ? [place] : []));
  const arrays = lists.filter(({ list }) => list.shape.length > 0).length;
  const apart = places.some((place, k) => k > 0 && place !== places[k - 1]! + 1);
  const first = arrays > 0 && apart ? 0 : (places[0] ?? 0);
  const before = steps.slice(0, first).filter((step) => step.type !== 'list');
  const after = steps.slice(first).filter((step) => step.type !== 'list');
  const outer = ranges(before, strides);
  const inner = ranges(after, strides);
  const target = [...outer.shape, ...(lists.length === 0 ? [] : common), ...inner.shape];
  const index = new Int32Array(sizeOf(target));
  let next = 0;
  for (const a of outer.offsets) {
    for (const b of listed) for (const c of inner.offsets) index[next++] = a + b + c;
  }
  return { target, index };
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

function printIndex(index: Index): string {
  if (index === null) return 'newAxis';
  if (index === ellipsis) return '...';
  if (isSlice(index)) return printSlice(index);
  if (typeof index === 'number') return String(index);
  const { shape, data } = toIntegerTensor(index as ArrayLike);
  return shape.length === 0 ? `${data[0]}` : `[${data.join(', ')}]`;
}
