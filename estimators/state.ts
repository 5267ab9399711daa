/**
 * Learned state as plain data: what `fit` may keep, and what is taken from JSON that others may have changed.
 */
import { error } from '../lib/errors.ts';
import { isPlain } from '../lib/options.ts';

/** Whether a value is one that an entry of learned state may have; entries above it in the table have passed. */
export type StateTest<S> = (value: unknown, state: S) => boolean;

/** One test per entry of learned state `S`. An entry without one, or a test without an entry, is refused. */
export type StateTable<S> = { readonly [Name in keyof S]-?: StateTest<S> };

/** The table of any class. */
export type AnyStateTable = Readonly<Record<string, StateTest<never>>>;

/**
 * The same data without -0, which JSON would make 0.
 *
 * @throws NOT_FINITE for NaN and infinite numbers, which JSON does not have: the fit overflowed
 */
export function plainState<T>(what: string, state: T): T {
  if (typeof state === 'number') {
    if (Number.isFinite(state)) return (state + 0) as T;
    const remedy = 'scale features and targets to moderate sizes';
    throw error('NOT_FINITE', { what: `${what}: learned state`, given: state, remedy });
  }
  if (Array.isArray(state)) return state.map((each) => plainState(what, each)) as T;
  if (typeof state !== 'object' || state === null) return state;
  const entries = Object.entries(state).map(([key, value]) => [key, plainState(what, value)]);
  return Object.fromEntries(entries) as T;
}

/** @throws BAD_JSON for the first entry that its test refuses, and for entries without a test. */
export function checkState(what: string, table: AnyStateTable, state: unknown): void {
  if (typeof state !== 'object' || state === null || !isPlain(state)) throw badState(what, state);
  const unknown = Object.keys(state).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw badState(what, `the entry ${unknown}`);
  for (const [name, passes] of Object.entries(table)) {
    const value = Object.hasOwn(state, name) ? state[name as keyof typeof state] : undefined;
    if (!isPassed(passes, value, state)) throw badState(`${what}.${name}`, value);
  }
}

/** Whether a test passes. One that trips over an entry whose own test is still to come does not. */
function isPassed(passes: StateTest<never>, value: unknown, state: unknown): boolean {
  try {
    return passes(value, state as never);
  } catch {
    return false;
  }
}

function badState(what: string, given: unknown): Error {
  return error('BAD_JSON', { what, given, allowed: 'what fit learned' });
}

/** A number that is not NaN or infinite. */
export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** A finite number above 0. */
export function isPositive(value: unknown): value is number {
  return isNumber(value) && value > 0;
}

/** An integer of at least `min`. */
export function isCount(value: unknown, min = 0): value is number {
  return Number.isSafeInteger(value) && Number(value) >= min;
}

/** Whether a value is an object with these entries and no others. */
export function hasKeys<K extends string>(
  value: unknown,
  keys: readonly K[],
): value is { readonly [Key in K]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key))
  );
}

/** A test for one of a few literals. */
export function isOneOf(...values: readonly unknown[]): (value: unknown) => boolean {
  return (value) => values.includes(value);
}

/** A list of so many (null: any number of) values that all pass. */
export function isList(
  value: unknown,
  length: number | null,
  passes: (each: unknown, index: number) => boolean,
): value is unknown[] {
  if (!Array.isArray(value) || (length !== null && value.length !== length)) return false;
  // Not `every`, which passes over holes.
  for (let i = 0; i < value.length; i++) if (!passes(value[i], i)) return false;
  return true;
}

/** So many finite numbers. */
export function isNumbers(value: unknown, length: number | null): value is number[] {
  return isList(value, length, isNumber);
}

/** Rows of equally many finite numbers. */
export function isMatrix(
  value: unknown,
  rows: number | null,
  columns: number,
): value is number[][] {
  return isList(value, rows, (row) => isNumbers(row, columns));
}

/** Finite numbers that rise from each to the next. */
export function isAscending(value: unknown): value is number[] {
  if (!isNumbers(value, null)) return false;
  return value.every((each, i) => i === 0 || value[i - 1]! < each);
}

/** Integers in [0, below). */
export function isIndices(value: unknown, length: number | null, below: number): value is number[] {
  return isList(value, length, (each) => isCount(each) && each < below);
}

/** Whether a value is the same data as what it is made from: entries that follow from others may not differ from these. */
export function isSame(value: unknown, derived: unknown): boolean {
  if (Array.isArray(derived)) {
    return isList(value, derived.length, (each, i) => isSame(each, derived[i]));
  }
  if (typeof derived !== 'object' || derived === null) return value === derived;
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(derived) as (keyof typeof derived)[];
  return (
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key) && isSame(value[key], derived[key]))
  );
}
