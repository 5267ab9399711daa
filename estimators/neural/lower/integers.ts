import type { Traced } from '../../../tracer/value.ts';
import { roundHalfEven } from '../../quantize/rounding.ts';
import type { Layer } from '../network.ts';
import { failed } from '../problems.ts';

/** One array of integers that the program computes. */
export interface Integers {
  readonly shape: readonly number[];
  /** The least and the largest integer of each element, which follow from those of the inputs. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Of sums of inputs alone: how many bits of inputs each element is a sum of. */
  readonly freshBits?: Float64Array | undefined;
  /** Of sums of inputs alone: their standard deviations where inputs are any integers of their ranges. */
  readonly deviations?: Float64Array | undefined;
  /** Of tables and maxima: what each element looks up. */
  readonly lookups?: Lookups | undefined;
  /** The array, from those before it. */
  readonly compute: (arrays: readonly Traced[]) => Traced;
}

/** What costs time, for the choice of bits. */
export interface Lookups {
  /** Number of entries of the table of each element. */
  readonly entries: Float64Array;
  /** The table itself, where it is known; elements with equal keys have equal ones. */
  readonly tableOf?: ((element: number) => Float64Array) | undefined;
  readonly keyOf?: ((element: number) => string) | undefined;
  /** How many such tables each element reads. */
  readonly count: number;
  /** Values that a table has for each entry. Default: 1. */
  readonly components?: number | undefined;
  /** Bits of inputs that the index is a sum of, where it is one of inputs alone. */
  readonly freshBits?: Float64Array | undefined;
}

/** What the integer of an element stands for. */
export interface ElementFunction {
  readonly of: (integer: number) => number;
  /** `of` as scale * integer + offset, where it is that. */
  readonly line: { readonly scale: number; readonly offset: number } | null;
  /** `of` as step * code(integer) + offset, where a grid or a line of one was last: what a table makes of the integer. */
  readonly code: {
    readonly of: (integer: number) => number;
    readonly step: number;
    readonly offset: number;
  } | null;
}

/**
 * The value of a layer: an array of integers and a function of each. Elements of one class have one function, and share a
 * table.
 */
export interface Lowered {
  readonly array: number;
  readonly classes: Int32Array;
  readonly functions: readonly ElementFunction[];
}

/** Arrays in the order in which they are computed. */
export class ProgramBuilder {
  readonly arrays: Integers[] = [];

  /** Appends an array; its position. */
  add(array: Integers): number {
    return this.arrays.push(array) - 1;
  }

  /** The array of a value. */
  of({ array }: Lowered): Integers {
    return this.arrays[array]!;
  }
}

/** scale * integer + offset. */
export function lineFunction(scale: number, offset: number): ElementFunction {
  return { of: (c) => scale * c + offset, line: { scale, offset }, code: null };
}

/** Elements by keys: those of equal keys get one function. */
export function classified(
  size: number,
  keyOf: (element: number) => string,
  make: (element: number) => ElementFunction,
): Pick<Lowered, 'classes' | 'functions'> {
  const known = new Map<string, number>();
  const functions: ElementFunction[] = [];
  const classes = new Int32Array(size);
  for (let e = 0; e < size; e++) {
    const key = keyOf(e);
    let own = known.get(key);
    if (own === undefined) {
      own = functions.push(make(e)) - 1;
      known.set(key, own);
    }
    classes[e] = own;
  }
  return { classes, functions };
}

/** The lines of all elements. @throws NOT_QUANTIZED where the layer reads something else */
export function linesOf(
  { classes, functions }: Lowered,
  layer: Layer,
): { readonly scales: Float64Array; readonly offsets: Float64Array } {
  const lines = functions.map(({ line }) => {
    if (line !== null) return line;
    const given = 'a value that is on no grid';
    throw failed(layer, 'NOT_QUANTIZED', { given, allowed: 'a grid layer between the two' });
  });
  return {
    scales: Float64Array.from(classes, (own) => lines[own]!.scale),
    offsets: Float64Array.from(classes, (own) => lines[own]!.offset),
  };
}

/** Integers in a common unit: value = unit * integer + offset of the element. */
export interface Aligned {
  readonly array: number;
  readonly unit: number;
  readonly offsets: Float64Array;
}

/** The value with one unit for all elements, which are multiplied by small integers where their scales are multiples. */
export function aligned(program: ProgramBuilder, value: Lowered, layer: Layer): Aligned {
  const { scales, offsets } = linesOf(value, layer);
  const unit = commonUnit(scales);
  if (unit === null) throw unlike(layer, scales);
  return { array: multiplied(program, value.array, scales, unit), unit, offsets };
}

/** The array times scale / unit, element by element. */
export function multiplied(
  program: ProgramBuilder,
  array: number,
  scales: Float64Array,
  unit: number,
): number {
  const factors = scales.map((scale) => wholeRatio(scale, unit)!);
  if (factors.every((factor) => factor === 1)) return array;
  const { shape, min, max, freshBits, deviations } = program.arrays[array]!;
  const constant = { shape, data: factors };
  const ends = (pick: (a: number, b: number) => number): Float64Array =>
    factors.map((factor, e) => pick(factor * min[e]!, factor * max[e]!) + 0);
  return program.add({
    shape,
    min: ends(Math.min),
    max: ends(Math.max),
    freshBits,
    deviations: deviations?.map((own, e) => Math.abs(factors[e]!) * own),
    compute: (arrays) => arrays[array]!.multiply(constant),
  });
}

/** The error of values whose steps have no common measure. */
export function unlike(layer: Layer, scales: ArrayLike<number>): Error {
  const steps = [...new Set(Array.from(scales, Math.abs))];
  const given = `values of steps ${steps.slice(0, 4).join(', ')}${steps.length > 4 ? ', …' : ''}`;
  const allowed = 'one step, or small multiples of one';
  const remedy = 'put grid layers of one step before it, or call quantize(model, X)';
  return failed(layer, 'NOT_QUANTIZED', { given, allowed, remedy });
}

/** Largest factor between the steps of two values that are added. */
const largestFactor = 2 ** 16;

/** A step of which all scales are multiples: the smallest of them, or a small part of it; null where there is none. */
export function commonUnit(scales: Float64Array): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const scale of scales) if (scale !== 0) least = Math.min(least, Math.abs(scale));
  if (least === Number.POSITIVE_INFINITY) return 1;
  for (let parts = 1; parts <= 16; parts++) {
    const unit = least / parts;
    if (scales.every((scale) => wholeRatio(scale, unit) !== null)) return unit;
  }
  return null;
}

/** scale / unit, where that is an integer but for the rounding of doubles. */
export function wholeRatio(scale: number, unit: number): number | null {
  const ratio = scale / unit;
  const whole = roundHalfEven(ratio) + 0;
  if (Math.abs(whole) > largestFactor || Math.abs(ratio - whole) > 1e-9 * Math.abs(ratio)) {
    return null;
  }
  return whole;
}
