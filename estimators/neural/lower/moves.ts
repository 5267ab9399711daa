/**
 * Layers that pick elements: moves, and the largest of several.
 */
import * as np from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { groupsOf } from '../evaluate.ts';
import { placesOf } from '../kernels.ts';
import type { Layer, MoveLayer, PoolLayer, ReduceLayer } from '../network.ts';
import { failed } from '../problems.ts';
import {
  aligned,
  type Integers,
  type Lowered,
  lineFunction,
  linesOf,
  multiplied,
  type ProgramBuilder,
} from './integers.ts';
import { withoutOffsets } from './pairs.ts';
import { materialized } from './tables.ts';

/** Elements in other places. Values that are joined become multiples of steps first where they can, each by its own tables. */
export function lowerMove(
  program: ProgramBuilder,
  values: readonly Lowered[],
  layer: MoveLayer,
): Lowered {
  const parts = values.length === 1 ? values : values.map((value) => onGrid(program, value, layer));
  const { shape, from, fill } = layer;
  const inputs = parts.map(({ array }) => array);
  const min = joined(parts, (part) => program.of(part).min);
  const max = joined(parts, (part) => program.of(part).max);
  let first = 0;
  const functions = parts.flatMap((part) => part.functions);
  const classes = joined(parts, (part) => {
    const own = Float64Array.from(part.classes, (each) => each + first);
    first += part.functions.length;
    return own;
  });
  // What is filled in is an integer 0 that stands for the constant.
  const filled = functions.push(lineFunction(0, fill)) - 1;
  const pick = (data: Float64Array): Float64Array =>
    Float64Array.from(from, (at) => (at < 0 ? 0 : data[at]!));
  const ofAll = (dataOf: (part: Lowered) => Float64Array | undefined): Float64Array | undefined => {
    const isKnown = parts.every((part) => dataOf(part) !== undefined);
    return isKnown ? pick(joined(parts, (part) => dataOf(part)!)) : undefined;
  };
  const index = Float64Array.from(from, (at) => (at < 0 ? min.length : at));
  const holes = from.some((at) => at < 0);
  return {
    array: program.add({
      shape,
      min: pick(min),
      max: pick(max),
      freshBits: ofAll((part) => program.of(part).freshBits),
      deviations: ofAll((part) => program.of(part).deviations),
      compute: (arrays) => {
        const flat = inputs.map((array) => np.flatten(arrays[array]!));
        const all = holes ? [...flat, [0]] : flat;
        const whole = all.length === 1 ? flat[0]! : np.concatenate(all as np.Traced[]);
        return np.take(whole as np.Traced, { shape, data: index }) as np.Traced;
      },
    }),
    classes: Int32Array.from(from, (at) => (at < 0 ? filled : classes[at]!)),
    functions,
  };
}

function joined(parts: readonly Lowered[], dataOf: (part: Lowered) => Float64Array): Float64Array {
  const lists = parts.map(dataOf);
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** The largest element of each window: of narrow integers where there is a grid. */
export function lowerMaxPool(
  program: ProgramBuilder,
  value: Lowered,
  layer: PoolLayer,
  shape: readonly number[],
): Lowered {
  const x = program.of(value);
  const [channels, ...spatial] = x.shape as [number, ...number[]];
  const places = placesOf(layer.name, layer, spatial);
  const size = sizeOf(spatial);
  const groups = Array.from({ length: channels * places.length }, (_, e) => {
    const plane = Math.floor(e / places.length) * size;
    const inside = places[e % places.length]!.filter((place) => place >= 0);
    return inside.map((place) => plane + place);
  });
  const { kernel, strides, dilations, padding } = layer;
  const options = { strides, dilations, padding };
  return largest(program, value, layer, shape, groups, (array) =>
    np.squeeze(np.maxPool(np.expandDims(array, 0), kernel, options) as np.Traced, 0),
  );
}

/** The largest element along axes. */
export function lowerMax(
  program: ProgramBuilder,
  value: Lowered,
  layer: ReduceLayer,
  shape: readonly number[],
): Lowered {
  const { starts, places } = groupsOf(layer, program.of(value).shape);
  const groups = Array.from(starts, (start) => places.map((place) => start + place));
  const options = { axis: layer.axes, keepDims: layer.keepsAxes };
  return largest(
    program,
    value,
    layer,
    shape,
    groups,
    (array) => np.max(array, options) as np.Traced,
  );
}

/** The integers of a grid are narrower than those that it was made of. */
function onGrid(program: ProgramBuilder, value: Lowered, layer: Layer): Lowered {
  const hasGrid = value.functions.every(({ code, line }) => code !== null || line !== null);
  return hasGrid ? materialized(program, value, layer) : value;
}

/** The largest value of falling lines is that of the negative integers. */
function rising(program: ProgramBuilder, lines: Lowered, layer: Layer): Lowered {
  if (lines.functions.every(({ line }) => line === null || line.scale >= 0)) return lines;
  const { scales } = linesOf(lines, layer);
  const functions = lines.functions.map(({ line }) =>
    lineFunction(Math.abs(line!.scale), line!.offset),
  );
  const signs = scales.map((scale) => Math.sign(scale) || 1);
  return { array: multiplied(program, lines.array, signs, 1), classes: lines.classes, functions };
}

/** Elements of which the largest is wanted, with one function of integers where they were multiples of different steps. */
function comparable(
  program: ProgramBuilder,
  value: Lowered,
  layer: Layer,
  groups: readonly Int32Array[],
): Lowered {
  const lines = rising(program, onGrid(program, value, layer), layer);
  const { classes, functions } = lines;
  const isOne = groups.every((group) => group.every((e) => classes[e] === classes[group[0]!]));
  if (isOne || functions.some(({ line }) => line === null)) return lines;
  const { unit, array, offsets } = aligned(program, lines, layer);
  return {
    array: withoutOffsets(program, { unit, array, offsets }, layer),
    classes: new Int32Array(classes.length),
    functions: [lineFunction(unit, 0)],
  };
}

/** The largest integer stands for the largest value where the elements have one function, which never falls. */
function largest(
  program: ProgramBuilder,
  value: Lowered,
  layer: Layer,
  shape: readonly number[],
  groups: readonly Int32Array[],
  compute: (array: np.Traced) => np.Traced,
): Lowered {
  const before = comparable(program, value, layer, groups);
  const { array, classes, functions } = before;
  const x = program.of(before);
  const isOne = groups.every((group) => group.every((e) => classes[e] === classes[group[0]!]));
  if (!isOne || !functions.every((own, k) => rises(own.line, own.of, rangeOf(classes, x, k)))) {
    const details = { given: 'a maximum of values of different scales, or of a falling function' };
    throw failed(layer, 'NOT_QUANTIZED', { ...details, allowed: 'a grid layer before it' });
  }
  const over = (data: Float64Array): Float64Array =>
    Float64Array.from(groups, (group) => Math.max(...Array.from(group, (e) => data[e]!)));
  // One of two is one of them with its noise, which weights would multiply. Of bits, diagrams may do without any lookup.
  const isWide = x.max.some((most, e) => most - x.min[e]! > 1);
  const count = Math.max(...groups.map(({ length }) => length)) - Number(!isWide);
  return {
    array: program.add({
      shape,
      min: over(x.min),
      max: over(x.max),
      // The larger of two is one of them and a table of their difference.
      lookups: { entries: over(x.max.map((most, e) => 2 * (most - x.min[e]!) + 1)), count },
      compute: (arrays) => {
        const most = compute(arrays[array]!);
        return (isWide ? np.refresh(most) : most) as np.Traced;
      },
    }),
    classes: Int32Array.from(groups, (group) => classes[group[0]!]!),
    functions,
  };
}

function rangeOf(classes: Int32Array, { min, max }: Integers, own: number): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  classes.forEach((each, e) => {
    if (each !== own) return;
    least = Math.min(least, min[e]!);
    most = Math.max(most, max[e]!);
  });
  return [least, most];
}

/** Most integers that a function is tried on. */
const mostTried = 2 ** 20;

function rises(
  line: { readonly scale: number } | null,
  of: (integer: number) => number,
  [least, most]: readonly [number, number],
): boolean {
  if (line !== null) return line.scale >= 0;
  if (most - least > mostTried) return false;
  for (let c = least + 1; c <= most; c++) if (!(of(c) >= of(c - 1))) return false;
  return true;
}
