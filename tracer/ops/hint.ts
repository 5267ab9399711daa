/**
 * What a user knows or wishes beyond the values: promised ranges, fresh values, names of parts.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { apply, integersOf, locate, type Operand, type Result, withTag } from '../record.ts';

/** A range: its ends, both inclusive, or as many bits, two's complement where `signed` (default: false). */
export type RangeHint =
  | { readonly min: number; readonly max: number }
  | { readonly bits: number; readonly signed?: boolean };

/**
 * x, with the promise that every element is in a range: `hint(x, { min: 0, max: 9 })` or `hint(x, { bits: 4 })`. What is
 * computed from it becomes cheaper. An encrypted run with a value outside of it gives wrong results silently.
 *
 * @throws NOT_AN_INTEGER for floats; BAD_OPTION for a range that is none; OUT_OF_RANGE when evaluated in clear, for a
 * value that breaks the promise
 */
export function hint<X extends Operand>(x: X, range: RangeHint): Result<X> {
  return apply('hint', [x], ({ shape }) => {
    checkOptions('hint', range, ['bits', 'signed', 'min', 'max']);
    integersOf('hint', [x]);
    return { op: 'assume', ...endsOf(range), shape, kind: 'integer' };
  }) as Result<X>;
}

/**
 * x, computed by a bootstrapped lookup, which removes the noise that it has gathered. The compiler chooses such places
 * itself; this forces one.
 *
 * @throws NOT_AN_INTEGER for floats
 */
export function refresh<X extends Operand>(x: X): Result<X> {
  return apply('refresh', [x], ({ shape }) => {
    integersOf('refresh', [x]);
    return { op: 'refresh', shape, kind: 'integer' };
  }) as Result<X>;
}

/**
 * Tags whatever `f` records with `name`, which graphs, errors and statistics show. Tags inside tags join by dots:
 * `attention.softmax`.
 *
 * @returns what `f` returns
 * @throws BAD_OPTION for a name that is no text, or an asynchronous f
 */
export function tag<T>(name: string, f: () => T): T {
  locate(() => {
    if (typeof name !== 'string' || !/^\S+$/.test(name)) {
      throw error('BAD_OPTION', { what: 'tag', given: name, allowed: 'a name without spaces' });
    }
    if (typeof f === 'function') return;
    const details = { given: f, allowed: 'a function', remedy: "write tag('name', () => ...)" };
    throw error('BAD_OPTION', { what: `tag ${name}`, ...details });
  });
  const result = withTag(name, f);
  if (result instanceof Promise) {
    result.catch(() => undefined); // Its failure is this one.
    const details = { given: 'an asynchronous function', allowed: 'a synchronous function' };
    locate(() => {
      throw error('BAD_OPTION', { what: `tag ${name}`, ...details });
    });
  }
  return result;
}

function endsOf(range: RangeHint): { readonly min: number; readonly max: number } {
  const { min, max } = 'bits' in range ? endsOfBits(range.bits, range.signed ?? false) : range;
  if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max) return { min, max };
  const allowed = 'integers min <= max of at most 2^53 in size, or { bits, signed }';
  throw error('BAD_OPTION', { what: 'hint', given: `${min} to ${max}`, allowed });
}

function endsOfBits(bits: number, signed: boolean): { min: number; max: number } {
  if (!Number.isInteger(bits) || bits < 1 || bits > 53) {
    throw error('BAD_OPTION', { what: 'hint: bits', given: bits, allowed: '1 to 53' });
  }
  return signed
    ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }
    : { min: 0, max: 2 ** bits - 1 };
}
