/**
 * Reading elements: `x.at(0)`, `x.at(slice(1, 3), newAxis)`, `x.at(ellipsis, -1)`, `x.at([2, 0])`, and with traced
 * integers `x.at(i)`.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { broadcastIndex, broadcastShapes, gather, normalizeAxis } from '../broadcast.ts';
import {
  type ArrayResult,
  applyMap,
  argumentOf,
  Handle,
  integersOf,
  locate,
  type Operand,
} from '../record.ts';
import { sizeOf, stridesOf, type Tensor, toIntegerTensor } from '../tensor.ts';
import type { Traced } from '../value.ts';
import { add, multiply } from './arithmetic.ts';
import { bits } from './bitwise.ts';
import { type Index, type Selection, select, type TracedIndex } from './indices.ts';
import { concatenate } from './join.ts';
import { range, rearrange } from './move.ts';
import { flatten, reshape } from './shape.ts';
import { slice } from './slice.ts';
import { applyTable } from './table.ts';
import { where } from './where.ts';

/** Along which axis `take` reads. */
export interface TakeOptions {
  /** A negative axis counts from the end. Default: null, all elements in one row. */
  readonly axis?: number | null;
}

/**
 * Elements of x as numpy's `x[...]`: integers (negative from the end), slices, `newAxis`, `ellipsis`, arrays of
 * integers, which broadcast together, and masks; axes not named are taken whole.
 *
 * Integers may be traced. From a clear x they read a table; from a traced one they choose by the bits of the index,
 * with one choice less than the axis has elements.
 *
 * @throws INDEX_OUT_OF_RANGE, for traced indices when evaluated or compiled; BAD_OPTION for too many indices, two
 * ellipses, or a traced mask; SHAPE_MISMATCH for a mask that does not fit; NOT_AN_INTEGER for an index, or for clear
 * floats read by a traced index
 */
export function at<X extends Operand, const I extends readonly Index[]>(
  x: X,
  ...indices: I
): ArrayResult<X | I[number]> {
  return locate(() => {
    refuseMasks('at', indices);
    return read('at', x, indices);
  }) as ArrayResult<X | I[number]>;
}

/**
 * The elements at `indices`, integers clear or traced, along an axis: as `at`, but true and false count as 1 and 0.
 *
 * @throws as `at`
 */
export function take<X extends Operand, I extends Operand>(
  x: X,
  indices: I,
  options: TakeOptions = {},
): ArrayResult<X | I> {
  return locate(() => {
    checkOptions('take', options, ['axis']);
    const { axis = null } = options;
    const { traced, tensor } = argumentOf(indices, 'take: indices');
    const places = traced ?? toIntegerTensor(tensor!, 'take: indices');
    if (axis === null) return read('take', flatten(x) as Operand, [places]);
    const along = normalizeAxis('take', axis, argumentOf(x, 'take').shape.length);
    return read('take', x, [...Array.from({ length: along }, () => slice()), places]);
  }) as ArrayResult<X | I>;
}

/** A comparison as an index would be read as places 0 and 1, not as the mask that numpy takes it for. */
export function refuseMasks(what: string, indices: readonly Index[]): void {
  for (const index of indices) {
    if (!(index instanceof Handle) || index.node.shape.length === 0) continue;
    if (!index.recorder.conditions.has(index.id)) continue;
    throw error('BAD_OPTION', {
      what,
      given: 'a traced mask',
      allowed: 'clear masks: what a traced one picks has no fixed shape',
      remedy: 'choose with np.where; for places 0 and 1 use np.take',
    });
  }
}

/** A traced index as 0 to extent - 1; outside of that, negative ones included, it throws when evaluated. */
export function placeOf(what: string, { value, axis, extent }: TracedIndex): Traced {
  const f = (index: number): number => {
    if (index >= -extent && index < extent) return index < 0 ? index + extent : index;
    throw error('INDEX_OUT_OF_RANGE', {
      what: `${what}: axis ${axis}`,
      given: index,
      allowed: `${-extent} to ${extent - 1}`,
      remedy: 'clip the index, or narrow its range',
    });
  };
  const parameters = `axis ${axis} of ${extent}`;
  return applyMap('place', [value], f, 'integer', { parameters }) as Traced;
}

function read(what: string, x: Operand, indices: readonly Index[]): unknown {
  const { shape, traced, tensor } = argumentOf(x, what);
  const selection = select(what, shape, indices);
  if (selection.traced.length === 0) return rearrange(what, traced ?? tensor!, () => selection);
  // Behind the axes of a traced index come those of slices after it.
  const places = selection.traced.map((index) => {
    const place = placeOf(what, index);
    return reshape(place, [...place.shape, ...range(selection.after).fill(1)]);
  });
  if (traced) return choose(what, traced, selection, places);
  const [clear] = integersOf(what, [tensor!]);
  return lookUp(clear!.tensor!, selection, places);
}

/** From a clear array: tables with an entry for each value of the index, or of several indices in mixed radix. */
function lookUp(x: Tensor, selection: Selection, places: readonly Traced[]): unknown {
  const { extents, offsets } = candidatesOf(selection);
  const radix = stridesOf(extents);
  const digits = places.map((place, k) => (radix[k] === 1 ? place : multiply(place, radix[k]!)));
  const index = digits.reduce((sum, digit) => add(sum, digit));
  const entries = Array.from(selection.index, (base) => {
    return Float64Array.from(offsets, (offset) => x.data[base + offset]!);
  });
  return applyTable({ shape: selection.shape, entries }, index);
}

/** From a traced array: all that the indices may name, then halved by the bits of one index after the other. */
function choose(what: string, x: Traced, selection: Selection, places: readonly Traced[]): unknown {
  const { extents, offsets } = candidatesOf(selection);
  const target = broadcastShapes(what, selection.shape, ...places.map(({ shape }) => shape));
  const spread = broadcastIndex(selection.shape, target) ?? range(sizeOf(target));
  const index = new Int32Array(offsets.length * spread.length);
  offsets.forEach((offset, k) => {
    spread.forEach((from, i) => {
      index[k * spread.length + i] = offset + selection.index[from]!;
    });
  });
  const { parameters } = selection;
  let level = rearrange(what, x, () => ({ shape: [...extents, ...target], index, parameters }));
  extents.forEach((extent, k) => {
    level = chooseFirst(level, extent, places[k]!);
  });
  return level;
}

/** The element of `level` along axis 0 that `place` says. */
function chooseFirst(level: Traced, extent: number, place: Traced): Traced {
  let rest = level;
  for (let count = extent, bit = 0; count > 1; count = Math.ceil(count / 2), bit++) {
    const paired = count - (count % 2);
    const [zero, one] = [0, 1].map((start) => rest.at(slice(start, paired, 2))) as [Traced, Traced];
    const chosen = where(bits(place, bit), one, zero);
    rest = paired === count ? chosen : concatenate([chosen, rest.at(slice(paired))]);
  }
  // A place that can only be 0 is added, so that it is checked.
  return extent === 1 ? rest.at(0).add(place) : rest.at(0);
}

/** How many values each traced index has, and what each combination of them adds to a flat element. */
function candidatesOf({ traced }: Selection): { extents: number[]; offsets: Int32Array } {
  const extents = traced.map(({ extent }) => extent);
  const strides = traced.map(({ stride }) => stride);
  return { extents, offsets: gather(extents, strides, 0) };
}
