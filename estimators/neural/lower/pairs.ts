/**
 * Layers that join two values element by element, in integers of a common step.
 */
import * as np from '../../../tracer/index.ts';
import { sameShape, sizeOf } from '../../../tracer/tensor.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import { pairs } from '../evaluate.ts';
import type { Layer, PairLayer } from '../network.ts';
import { failed } from '../problems.ts';
import { broadcasted } from './elementwise.ts';
import {
  type Aligned,
  classified,
  commonUnit,
  type ElementFunction,
  type Integers,
  type Lowered,
  lineFunction,
  linesOf,
  multiplied,
  type ProgramBuilder,
  unlike,
} from './integers.ts';
import { materialized } from './tables.ts';

/** Whether a layer joins two values element by element. */
export function isPair(layer: Layer): layer is PairLayer {
  return layer.kind in pairs;
}

/**
 * Whether two values are functions of the same integers, of which one is on no grid: their sum or product is another function
 * of these, such as x * sigmoid(x).
 */
export function areFunctionsOfOne(
  program: ProgramBuilder,
  values: readonly Lowered[],
  shape: readonly number[],
): boolean {
  const [a, b] = values as [Lowered, Lowered];
  const isOnGrid = ({ functions }: Lowered): boolean =>
    functions.every(({ line, code }) => line !== null || code !== null);
  return (
    a.array === b.array &&
    sameShape(program.of(a).shape, shape) &&
    !values.every((value) => isOnGrid(value))
  );
}

/** Two functions of the same integers as one. */
export function lowerPairOfOne(values: readonly Lowered[], { kind }: PairLayer): Lowered {
  const [a, b] = values as [Lowered, Lowered];
  const join = pairs[kind];
  const make = (e: number): ElementFunction => {
    const [f, g] = [a.functions[a.classes[e]!]!, b.functions[b.classes[e]!]!];
    return { of: (c) => join(f.of(c), g.of(c)), line: null, code: null };
  };
  const keyOf = (e: number): string => `${a.classes[e]} ${b.classes[e]}`;
  return { array: a.array, ...classified(a.classes.length, keyOf, make) };
}

/** A sum, a difference, a product, or the larger or the smaller of two values. */
export function lowerPair(
  program: ProgramBuilder,
  values: readonly Lowered[],
  layer: PairLayer,
  shape: readonly number[],
): Lowered {
  const [a, b] = values.map((value) =>
    broadcasted(program, materialized(program, value, layer), shape),
  ) as [Lowered, Lowered];
  if (layer.kind === 'multiply') return product(program, a, b, layer, shape);
  const [left, right] = [linesOf(a, layer), linesOf(b, layer)];
  const scales = Float64Array.of(...left.scales, ...right.scales);
  const unit = commonUnit(scales);
  if (unit === null) throw unlike(layer, scales);
  const x = multiplied(program, a.array, left.scales, unit);
  const y = multiplied(program, b.array, right.scales, unit);
  if (layer.kind === 'maximum' || layer.kind === 'minimum') {
    return extreme(program, layer, shape, [
      { array: x, unit, offsets: left.offsets },
      { array: y, unit, offsets: right.offsets },
    ]);
  }
  const sign = layer.kind === 'add' ? 1 : -1;
  const [p, q] = [program.arrays[x]!, program.arrays[y]!];
  const [low, high] = sign > 0 ? [q.min, q.max] : [q.max, q.min];
  const offsets = left.offsets.map((offset, e) => offset + sign * right.offsets[e]!);
  return {
    array: program.add({
      shape,
      min: p.min.map((own, e) => own + sign * low[e]!),
      max: p.max.map((own, e) => own + sign * high[e]!),
      compute: (arrays) =>
        sign > 0 ? arrays[x]!.add(arrays[y]!) : arrays[x]!.subtract(arrays[y]!),
    }),
    ...classified(
      sizeOf(shape),
      (e) => `${offsets[e]}`,
      (e) => lineFunction(unit, offsets[e]!),
    ),
  };
}

/** The larger or the smaller: of integers, once offsets are whole steps. */
function extreme(
  program: ProgramBuilder,
  layer: PairLayer,
  shape: readonly number[],
  operands: readonly [Aligned, Aligned],
): Lowered {
  const [x, y] = operands.map((operand) => withoutOffsets(program, operand, layer)) as [
    number,
    number,
  ];
  const [p, q] = [program.arrays[x]!, program.arrays[y]!];
  const isLargest = layer.kind === 'maximum';
  const pick = isLargest ? Math.max : Math.min;
  const [{ unit }] = operands;
  return {
    array: program.add({
      shape,
      min: p.min.map((own, e) => pick(own, q.min[e]!)),
      max: p.max.map((own, e) => pick(own, q.max[e]!)),
      lookups: {
        entries: p.max.map((most, e) => most - q.min[e]! + q.max[e]! - p.min[e]! + 1),
        count: 1,
      },
      compute: (arrays) =>
        (isLargest
          ? np.maximum(arrays[x]!, arrays[y]!)
          : np.minimum(arrays[x]!, arrays[y]!)) as np.Traced,
    }),
    ...classified(
      sizeOf(shape),
      () => '',
      () => lineFunction(unit, 0),
    ),
  };
}

/** The product of integers. */
function product(
  program: ProgramBuilder,
  a: Lowered,
  b: Lowered,
  layer: PairLayer,
  shape: readonly number[],
): Lowered {
  const [left, right] = [linesOf(a, layer), linesOf(b, layer)];
  const whole = (value: Lowered, { scales, offsets }: typeof left): number => {
    const steps = scales.map((scale) => scale || 1);
    return shifted(program, value.array, offsets, steps, layer);
  };
  const [x, y] = [whole(a, left), whole(b, right)];
  const [p, q] = [program.arrays[x]!, program.arrays[y]!];
  const scales = left.scales.map((scale, e) => (scale || 1) * (right.scales[e]! || 1));
  return {
    array: program.add({
      shape,
      ...productEnds(p, q),
      // A difference of quarter squares, of the sum and of the difference.
      lookups: {
        entries: p.max.map((most, e) => most - p.min[e]! + q.max[e]! - q.min[e]! + 1),
        count: 2,
      },
      compute: (arrays) => arrays[x]!.multiply(arrays[y]!),
    }),
    ...classified(
      sizeOf(shape),
      (e) => `${scales[e]}`,
      (e) => lineFunction(scales[e]!, 0),
    ),
  };
}

function productEnds(p: Integers, q: Integers): Pick<Integers, 'min' | 'max'> {
  const ends = p.min.reduce<number[][]>((all, _, e) => {
    const low = [p.min[e]! * q.min[e]!, p.min[e]! * q.max[e]!];
    const high = [p.max[e]! * q.min[e]!, p.max[e]! * q.max[e]!];
    all.push([...low, ...high]);
    return all;
  }, []);
  return {
    min: Float64Array.from(ends, (products) => Math.min(...products) + 0),
    max: Float64Array.from(ends, (products) => Math.max(...products) + 0),
  };
}

/** The integers of values that are multiples of a unit. @throws NOT_QUANTIZED where offsets are not */
export function withoutOffsets(
  program: ProgramBuilder,
  { array, unit, offsets }: Aligned,
  layer: Layer,
): number {
  return shifted(program, array, offsets, new Float64Array(offsets.length).fill(unit), layer);
}

/** The integers with the offsets of their values added in whole steps. */
function shifted(
  program: ProgramBuilder,
  array: number,
  offsets: Float64Array,
  steps: Float64Array,
  layer: Layer,
): number {
  const whole = offsets.map((offset, e) => roundHalfEven(offset / steps[e]!) + 0);
  const wrong = offsets.findIndex((offset, e) => {
    return Math.abs(offset / steps[e]! - whole[e]!) > 1e-9 * Math.max(1, Math.abs(whole[e]!));
  });
  if (wrong >= 0) {
    const given = `a value that is ${offsets[wrong]} where its integer is 0, with step ${steps[wrong]}`;
    throw failed(layer, 'NOT_QUANTIZED', { given, allowed: 'a grid layer before it' });
  }
  if (whole.every((each) => each === 0)) return array;
  const { shape, min, max } = program.arrays[array]!;
  const constant = { shape, data: whole };
  return program.add({
    shape,
    min: min.map((own, e) => own + whole[e]!),
    max: max.map((own, e) => own + whole[e]!),
    compute: (arrays) => arrays[array]!.add(constant),
  });
}
