/**
 * Element-wise functions that are no arithmetic: the user's own, signs, minimum and maximum.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions, isPlain } from '../../lib/options.ts';
import type { Kind } from '../graph.ts';
import { probeKind } from '../probe.ts';
import {
  type Argument,
  applyMap,
  argumentOf,
  commonKind,
  Handle,
  locate,
  type Operand,
  type Result,
  recorderOf,
} from '../record.ts';
import { applyTable, LookupTable } from './table.ts';

/** A function of one element of each argument; a boolean counts as 0 or 1. */
export type ElementFunction = (...scalars: number[]) => number | boolean;

/** How `map` treats a function. */
export interface MapOptions {
  /** What it returns. Default: found by calling it on values that its arguments take inside their declared ranges. */
  readonly kind?: Kind;
  /** How it prints. Default: its own name, or `map`. */
  readonly name?: string;
}

/**
 * Any function of one or several values, element by element with broadcasting: `map((a, b) => a ^ b, x, y)`.
 * It must depend on its arguments alone, and is called for many values when compiled. Options may come last.
 * A LookupTable in the place of the function looks up in it.
 *
 * @throws when evaluated: FUNCTION_FAILED with what it threw; NOT_AN_INTEGER or NOT_FINITE with the value and its
 * arguments, where its kind is integer
 */
export function map<X extends Operand>(
  f: ElementFunction | LookupTable,
  ...operands: readonly [X, ...X[]] | readonly [X, ...X[], MapOptions]
): Result<X> {
  return locate(() => mapValues(f, operands)) as Result<X>;
}

/** |x| */
export function abs<X extends Operand>(x: X): Result<X> {
  return applyMap('abs', [x], Math.abs, commonKind) as Result<X>;
}

/** `abs` under numpy's other name. */
export const absolute: typeof abs = abs;

/** `abs` under the name that numpy has for floats; integers stay integers. */
export const fabs: typeof abs = abs;

/** -1, 0 or 1 by the sign of x. */
export function sign<X extends Operand>(x: X): Result<X> {
  return applyMap('sign', [x], Math.sign, 'integer') as Result<X>;
}

/** The smaller of x and y, element by element with broadcasting. */
export function minimum<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const details = { known: { function: 'minimum' } } as const;
  return applyMap('minimum', [x, y], Math.min, commonKind, details) as Result<X | Y>;
}

/** The larger of x and y, element by element with broadcasting. */
export function maximum<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const details = { known: { function: 'maximum' } } as const;
  return applyMap('maximum', [x, y], Math.max, commonKind, details) as Result<X | Y>;
}

/** As `minimum`, but where one of the two is NaN, the other. */
export function fmin<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const f = (a: number, b: number): number => (a <= b || Number.isNaN(b) ? a : b);
  const details = { known: { function: 'minimum' } } as const;
  return applyMap('fmin', [x, y], f, commonKind, details) as Result<X | Y>;
}

/** As `maximum`, but where one of the two is NaN, the other. */
export function fmax<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const f = (a: number, b: number): number => (a >= b || Number.isNaN(b) ? a : b);
  const details = { known: { function: 'maximum' } } as const;
  return applyMap('fmax', [x, y], f, commonKind, details) as Result<X | Y>;
}

/** The larger of x and 0. */
export function relu<X extends Operand>(x: X): Result<X> {
  return maximum<X, number>(x, 0) as Result<X>;
}

/** The step function: 0 for x below 0, `middle` at 0, 1 above. */
export function heaviside<X extends Operand, Y extends Operand>(x: X, middle: Y): Result<X | Y> {
  const f = (a: number, b: number): number => (a === 0 ? b : (Math.sign(a) + 1) / 2);
  return applyMap('heaviside', [x, middle], f, commonKind) as Result<X | Y>;
}

/** |x| with the sign of y, which for floats may be that of -0. */
export function copysign<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  const f = (a: number, b: number): number =>
    b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a);
  return applyMap('copysign', [x, y], f, commonKind) as Result<X | Y>;
}

/** x, but at least `low` and at most `high`; null leaves a side open. All broadcast. */
export function clip<X extends Operand>(
  x: X,
  low: Operand | null,
  high: Operand | null = null,
): Result<X> {
  return locate(() => {
    if (low == null && high == null) {
      throw error('BAD_OPTION', { what: 'clip', given: 'no limit', allowed: 'at least one limit' });
    }
    if (low == null) return minimum(x, high!);
    if (high == null) return maximum(x, low);
    const f = (a: number, least: number, most: number) => Math.min(Math.max(a, least), most);
    return applyMap('clip', [x, low, high] as Operand[], f, commonKind);
  }) as Result<X>;
}

function mapValues<X extends Operand>(
  f: ElementFunction | LookupTable,
  operands: readonly (X | MapOptions)[],
): unknown {
  const last = operands.at(-1);
  const options = operands.length > 1 && isOptions(last) ? last : {};
  checkOptions('map', options, ['kind', 'name']);
  const values = (options === last ? operands.slice(0, -1) : operands) as X[];
  if (values.length === 0) {
    const remedy = 'write map(f, x)';
    throw error('BAD_OPTION', { what: 'map', given: 'no values', allowed: 'one or more', remedy });
  }
  if (f instanceof LookupTable) {
    if (values.length === 1) return applyTable(f, values[0]!);
    const given = `${values.length} values for a LookupTable`;
    throw error('BAD_OPTION', { what: 'map', given, allowed: 'one', remedy: 'give a function' });
  }
  if (typeof f !== 'function') {
    const allowed = 'a function or a LookupTable';
    throw error('BAD_OPTION', { what: 'map', given: f, allowed, remedy: 'write map(f, x)' });
  }
  // Called for each entry of a table: of one value without a list.
  const call =
    values.length === 1
      ? (scalar: number): number => scalarOf(f(scalar))
      : (...scalars: number[]): number => scalarOf(f(...scalars));
  Object.defineProperty(call, 'toString', { value: () => f.toString() });
  const name = options.name ?? (f.name || 'map');
  const kind = options.kind ?? kindOf(name, call, values);
  if (kind !== 'integer' && kind !== 'float') {
    throw error('BAD_OPTION', { what: 'map: kind', given: kind, allowed: "'integer' or 'float'" });
  }
  return applyMap(name, values, call, kind);
}

/** What a user's function returned, as a number; a promise, a text or nothing would become one silently. */
function scalarOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (value instanceof Handle) {
    throw new TypeError('it returned a traced value: give that to map as an operand of its own');
  }
  if (value instanceof Promise) {
    value.catch(() => undefined); // Its failure is this one.
    throw new TypeError('it returned a promise, not a number');
  }
  const name = typeof value === 'object' && value !== null ? value.constructor.name : `${value}`;
  throw new TypeError(`it returned ${typeof value === 'string' ? 'a text' : name}, not a number`);
}

function isOptions(value: unknown): value is MapOptions {
  return typeof value === 'object' && value !== null && isPlain(value) && !('data' in value);
}

/** The kind of a user's function: float as soon as one sampled value is finite and no integer. */
function kindOf(
  name: string,
  f: (...scalars: number[]) => number,
  values: readonly Operand[],
): Kind {
  const recorder = recorderOf(name, values);
  const args: Argument[] = values.map((value) => argumentOf(value, name));
  return probeKind(recorder, f, args);
}
