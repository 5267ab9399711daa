/**
 * Parameter tables: what an estimator's constructor takes, with defaults and limits, as data.
 *
 * A constructor only stores; `fit` checks. An unknown name is refused at once, so that a misspelt one cannot go unseen.
 */
import { error } from '../lib/errors.ts';

/** One constructor parameter: its default, the values it takes in words, and the test for them. */
export interface Parameter<T> {
  readonly default: T;
  readonly allowed: string;
  accepts(value: unknown): boolean;
}

/** One entry per parameter of `P`, in the order of the documentation. */
export type ParameterTable<P> = { readonly [Name in keyof P]-?: Parameter<P[Name]> };

/** A finite number above `above` (not itself), at most `max`. */
export function number(
  initial: number,
  limits: { readonly above: number; readonly max?: number },
): Parameter<number> {
  const { above, max = Number.POSITIVE_INFINITY } = limits;
  return {
    default: initial,
    allowed:
      max < Number.POSITIVE_INFINITY ? `a number in (${above}, ${max}]` : `a number > ${above}`,
    accepts: (value) =>
      typeof value === 'number' && Number.isFinite(value) && value > above && value <= max,
  };
}

/** A finite number of at least 0. */
export function nonNegative(initial: number): Parameter<number> {
  return {
    default: initial,
    allowed: 'a number >= 0',
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  };
}

/** An integer in `min` to `max`, both inclusive. */
export function integer(initial: number, min: number, max: number): Parameter<number> {
  return {
    default: initial,
    allowed:
      max < Number.MAX_SAFE_INTEGER ? `an integer in [${min}, ${max}]` : `an integer >= ${min}`,
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

/** A number of things (an integer of at least `min`), or a fraction of all of them, in (0, 1). */
export function countOrFraction(initial: number, min: number): Parameter<number> {
  return {
    default: initial,
    allowed: `an integer >= ${min}, or a fraction in (0, 1)`,
    accepts: (value) => isCountOrFraction(value, min),
  };
}

/** Whether a value is an integer of at least `min` or a fraction in (0, 1). */
export function isCountOrFraction(value: unknown, min: number): value is number {
  if (typeof value !== 'number') return false;
  return Number.isSafeInteger(value) ? value >= min : value > 0 && value < 1;
}

/** True or false. */
export function boolean(initial: boolean): Parameter<boolean> {
  return {
    default: initial,
    allowed: 'true or false',
    accepts: (value) => typeof value === 'boolean',
  };
}

/** One of a few literals. */
export function choice<const T>(initial: NoInfer<T>, values: readonly T[]): Parameter<T> {
  return {
    default: initial,
    allowed: values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', '),
    accepts: (value) => values.includes(value as T),
  };
}

/** A parameter with its own test. */
export function custom<T>(
  initial: T,
  allowed: string,
  accepts: (value: unknown) => boolean,
): Parameter<T> {
  return { default: initial, allowed, accepts };
}

/** `null`, or whatever `parameter` takes; `null` is the default. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | null> {
  return {
    default: null,
    allowed: `${parameter.allowed}, or null`,
    accepts: (value) => value === null || parameter.accepts(value),
  };
}

/**
 * The seed of an estimator's random choices. `null` stands for seed 0: equal data and parameters always give an equal
 * model. (scikit-learn draws another seed at each fit.)
 */
export const randomState: Parameter<number | null> = optional(
  integer(0, 0, Number.MAX_SAFE_INTEGER),
);

/**
 * All parameters: those given, and the defaults of the others. `undefined` counts as not given.
 *
 * @throws BAD_OPTION for a name that is not in the table.
 */
export function completed<P extends object>(
  what: string,
  table: ParameterTable<P>,
  given: Partial<P>,
): P {
  const names = Object.keys(table) as (keyof P & string)[];
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue;
    throw error('BAD_OPTION', { what, given: name, allowed: names.join(', ') });
  }
  const all = names.map((name) => {
    const value = given[name];
    return [name, value === undefined ? table[name].default : value];
  });
  return Object.fromEntries(all) as P;
}

/** @throws BAD_OPTION for the first parameter that its own test refuses. */
export function checkParameters<P extends object>(
  what: string,
  table: ParameterTable<P>,
  parameters: P,
): void {
  for (const name of Object.keys(table) as (keyof P & string)[]) {
    const { accepts, allowed } = table[name];
    const given = parameters[name];
    if (!accepts(given)) throw error('BAD_OPTION', { what: `${what}.${name}`, given, allowed });
  }
}
