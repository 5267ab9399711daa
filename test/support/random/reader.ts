/**
 * What the operations of random programs share: how they read their operands and constants from a step, and how they
 * know the range of what they make.
 */
import { BlindfitError } from '../../../lib/errors.ts';
import { broadcastShapes } from '../../../tracer/broadcast.ts';
import type * as tracer from '../../../tracer/index.ts';
import { shapeOf, type Tensor, Traced, toTensor } from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';

/** All functions that a program may call. */
export type Numpy = typeof tracer;
export type Operand = tracer.Operand;

/** One operation: `picks` choose its operands among the earlier values, `numbers` its constants. */
export interface Step {
  readonly op: string;
  readonly picks: readonly number[];
  readonly numbers: readonly number[];
}

/** An integer array, traced or clear, with bounds of its elements: so tables stay small and programs compile. */
export interface Known {
  readonly value: Operand;
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** An operation: a value of earlier ones, or null where it is not possible. */
export type Make = (read: Reader) => Known | null;
export type Makes = Readonly<Record<string, Make>>;

/** Most elements, and most distinct values, that a value of a random program has. */
const mostElements = 12;
const mostValues = 2 ** 24;
/** Most combinations of operands that a table of a random program reads: some are too wide for a lookup. */
const mostEntries = 2 ** 11;

/** Reads a step's picks and numbers in order. */
export class Reader {
  readonly np: Numpy;
  readonly #known: readonly Known[];
  readonly #step: Step;
  /** The values that were read. */
  readonly operands: Known[] = [];
  #pick = 0;
  #number = 0;

  constructor(np: Numpy, known: readonly Known[], step: Step) {
    this.np = np;
    this.#known = known;
    this.#step = step;
  }

  /** One of the traced values that are allowed, or null. Late ones are likelier: programs get deep. */
  value(allowed: (known: Known) => boolean = () => true): (Known & { value: Traced }) | null {
    const all = this.#known.filter(allowed) as (Known & { value: Traced })[];
    const pick = this.#step.picks[this.#pick++ % this.#step.picks.length]!;
    if (all.length === 0) return null;
    const value = all[all.length - 1 - (pick % Math.min(4, all.length))]!;
    this.operands.push(value);
    return value;
  }

  /** Two values that broadcast, in any order: both traced, or one of them clear. */
  pair(allowed: (known: Known) => boolean = () => true): [Known, Known] | null {
    const x = this.value(allowed);
    if (x === null) return null;
    const y =
      this.below(3) === 0 ? this.clear(x) : this.value((y) => allowed(y) && broadcasts(x, y));
    if (y === null) return null;
    return this.below(2) === 0 ? [x, y] : [y, x];
  }

  /** A clear number, or a clear array that broadcasts against `x`. */
  clear({ shape }: Known): Known {
    const rank = this.below(shape.length + 1);
    const own = shape.slice(shape.length - rank).map((n) => (this.below(4) === 0 ? 1 : n));
    const data = Float64Array.from({ length: sizeOf(own) }, () => this.number());
    return known(rank === 0 ? data[0]! : { shape: own, data });
  }

  number(): number {
    return this.#step.numbers[this.#number++ % this.#step.numbers.length]!;
  }

  numbers(count: number): number[] {
    return Array.from({ length: count }, () => this.number());
  }

  /** An integer from 0 to before `count`. */
  below(count: number): number {
    return modulo(this.number(), count);
  }

  choose<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** A clear array with its bounds. */
export function known(value: Exclude<Operand, Traced>): Known {
  const { data } = toTensor(value);
  return between(value, Math.min(...data), Math.max(...data));
}

/** `value` as a value between two bounds; those of no elements are 0. */
export function between(value: Operand, min: number, max: number): Known {
  const shape = shapeOf(value);
  return sizeOf(shape) === 0 ? { value, shape, min: 0, max: 0 } : { value, shape, min, max };
}

/** As `between` those of what `value` takes its elements from. */
export function mixed(value: Operand, parts: readonly Known[]): Known {
  const all = parts.filter(({ shape }) => sizeOf(shape) > 0);
  return between(value, Math.min(...all.map((a) => a.min)), Math.max(...all.map((a) => a.max)));
}

/** Whether a value is small enough to go on with. */
export function fits({ value, shape, min, max }: Known): boolean {
  return (
    value instanceof Traced &&
    sizeOf(shape) <= mostElements &&
    shape.length <= 3 &&
    max - min < mostValues
  );
}

/** Whether two values broadcast to something that is not too large. */
export function broadcasts(...values: readonly Known[]): boolean {
  try {
    return sizeOf(broadcastShapes('', ...values.map(({ shape }) => shape))) <= mostElements;
  } catch {
    return false;
  }
}

/** Whether a function of these values has a table of a reasonable size. */
export function tabulable(...values: readonly Known[]): boolean {
  const entries = values.reduce((product, each) => product * countOf(each), 1);
  return entries <= mostEntries;
}

export const modulo = (v: number, m: number): number => ((v % m) + m) % m;

/**
 * An element-wise function of some values; its bounds are those of the same function of clear arrays that hold every
 * combination of what the values can be. Null where the table is too large or has no value somewhere.
 */
export function tabulated(
  f: (...operands: Operand[]) => Operand,
  values: readonly Known[],
): Known | null {
  if (!broadcasts(...values) || !tabulable(...values)) return null;
  const grid = values.map((each, axis): Tensor => {
    const data = Float64Array.from(pointsOf(each));
    return { shape: values.map((_, i) => (i === axis ? data.length : 1)), data };
  });
  const all = attempt(() => toTensor(f(...grid) as Exclude<Operand, Traced>).data);
  if (all === null || !all.every(Number.isSafeInteger)) return null;
  return between(f(...values.map(({ value }) => value)), Math.min(...all), Math.max(...all));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof BlindfitError) return null;
    throw cause;
  }
}

/** All that an element can be. */
function pointsOf(known: Known): number[] {
  const { value, min } = known;
  if (!(value instanceof Traced)) return [...new Set(toTensor(value).data)];
  return Array.from({ length: countOf(known) }, (_, i) => min + i);
}

/** How many values an element can have; of a clear array as many as it has elements. */
function countOf({ value, shape, min, max }: Known): number {
  return value instanceof Traced ? max - min + 1 : sizeOf(shape);
}
