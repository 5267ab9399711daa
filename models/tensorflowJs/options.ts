/**
 * Options of layers: tests for them, and what they say once they have passed.
 */
import { activationNames, activationOf } from './activations.ts';
import type { Option } from './layerKind.ts';

/** The most that a kernel, a stride, a padding or a count may be: far more than fits, and sums of it are exact. */
const most = 2 ** 24;

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** Whether an option was not given, so that Keras' default counts. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A number of things. */
export const count: Option = {
  allowed: 'an integer >= 1',
  accepts: (value) => isCount(value, 1),
};

/** True or false. */
export const flag: Option = {
  allowed: 'true or false',
  accepts: (value) => isAbsent(value) || typeof value === 'boolean',
};

/** A finite number. */
export const number: Option = {
  allowed: 'a number',
  accepts: (value) => value === undefined || Number.isFinite(value),
};

/** One of a few values; the first is the default. */
export function oneOf(...values: readonly unknown[]): Option {
  const allowed = values.map((value) => JSON.stringify(value)).join(', ');
  return { allowed, accepts: (value) => isAbsent(value) || values.includes(value) };
}

/** The order of axes: networks that run elsewhere than on graphics cards have channels last. */
export const channelsLast: Option = oneOf('channels_last');

/** One integer for each of so many axes, or one for all. */
export function lengths(rank: number): Option {
  return {
    allowed: `an integer >= 1, or ${rank} of them`,
    accepts: (value) =>
      isAbsent(value) ||
      isCount(value, 1) ||
      (Array.isArray(value) && value.length === rank && value.every((each) => isCount(each, 1))),
  };
}

/** The integers that pass `lengths`. */
export function lengthsOf(
  value: unknown,
  rank: number,
  initial: number | readonly number[],
): number[] {
  const given = (value ?? initial) as number | readonly number[];
  return typeof given === 'number' ? new Array<number>(rank).fill(given) : [...given];
}

/** How much is added or taken at both ends of each axis: one integer, one for each axis, or two for each. */
export function margins(rank: number): Option {
  return {
    allowed: `an integer >= 0, or pairs [before, after] of ${rank} axes`,
    accepts: (value) => isAbsent(value) || marginsOf(value, rank) !== null,
  };
}

/** Pairs [before, after] of all axes; null for anything else. */
export function marginsOf(value: unknown, rank: number): (readonly [number, number])[] | null {
  if (isCount(value, 0)) return Array.from({ length: rank }, () => [Number(value), Number(value)]);
  if (!Array.isArray(value)) return null;
  // Of one axis, [before, after] is not a list of axes.
  const axes: readonly unknown[] = rank === 1 && value.length === 2 ? [value] : value;
  if (axes.length !== rank) return null;
  const pairs = axes.map((axis) => (Array.isArray(axis) ? axis : [axis, axis]));
  const fits = pairs.every((pair) => pair.length === 2 && pair.every((each) => isCount(each, 0)));
  return fits ? pairs.map(([before, after]) => [Number(before), Number(after)]) : null;
}

/** A list of integers of at least `least`. */
export function integers(least: number): Option {
  return {
    allowed: `a list of integers >= ${least}`,
    accepts: (value) =>
      Array.isArray(value) &&
      value.every((each) => Number.isSafeInteger(each) && each >= least && each <= most),
  };
}

/** A number, or a list of numbers. */
export const numbers: Option = {
  allowed: 'a number, or a list of numbers',
  accepts: (value) =>
    isAbsent(value) ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.every((each) => Number.isFinite(each))),
};

/** An axis, or a list of them. */
export const axes: Option = {
  allowed: 'an integer, or a list of integers',
  accepts: (value) =>
    isAbsent(value) ||
    (Array.isArray(value) ? value : [value]).every((each) => Number.isSafeInteger(each)),
};

/** The axes of a value without the batch, from Keras' numbers: 1 is the first one, -1 the last; null: not there. */
export function axesOf(value: unknown, rank: number): number[] | null {
  const given = (Array.isArray(value) ? value : [value]) as number[];
  const own = given.map((axis) => (axis < 0 ? rank + axis : axis - 1));
  return own.every((axis) => axis >= 0 && axis < rank) ? own : null;
}

/** A function of each element by its name. */
export const activation: Option = {
  allowed: activationNames,
  accepts: (value, isKeras3) => activationOf(value, isKeras3) !== null,
};
