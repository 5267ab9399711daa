/**
 * What the inputs of a circuit may be: declared types, or `'encrypted'` with an inputset that shows them.
 */

import { type ArrayLike, sameShape, toIntegerTensor } from '../../tracer/tensor.ts';
import type { InputDeclaration } from '../../tracer/trace.ts';
import { error } from '../errors.ts';

/** The type of an encrypted input: integers from `min` to `max`, both inclusive, in an array of `shape`. */
export interface EncryptedType {
  readonly min: number;
  readonly max: number;
  readonly shape: readonly number[];
}

/** Makes types of encrypted inputs. */
export const encrypted = {
  /** Unsigned integers of `bits` bits (1 to 53): 0 to 2^bits - 1. */
  uint: (bits: number, shape: readonly number[] = []): EncryptedType => {
    checkBits(bits);
    return { min: 0, max: 2 ** bits - 1, shape };
  },
  /** Signed integers of `bits` bits (1 to 53): -2^(bits-1) to 2^(bits-1) - 1. */
  int: (bits: number, shape: readonly number[] = []): EncryptedType => {
    checkBits(bits);
    return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1, shape };
  },
  /** Integers from `min` to `max`, both inclusive: a narrower range makes a cheaper circuit. */
  range: (min: number, max: number, shape: readonly number[] = []): EncryptedType => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max)
      throw error('BAD_OPTION', {
        what: 'encrypted.range',
        given: `${min} to ${max}`,
        allowed: 'integers min <= max of at most 2^53 in size',
      });
    return { min, max, shape };
  },
} as const;

/** The inputs of a circuit by parameter name, in the order of the function's parameters. */
export type InputSpecs = Readonly<Record<string, EncryptedType | 'encrypted'>>;

/** Example inputs: one list of arguments each, in the order of the function's parameters. */
export type Inputset = Iterable<readonly ArrayLike[]>;

/**
 * Declarations for the tracer. Types stand for themselves; `'encrypted'` takes shape, minimum and maximum from the
 * inputset. Only inputs are measured: the ranges of everything computed from them follow from these.
 *
 * @throws BAD_OPTION where an inputset is missing, superfluous or of the wrong length; SHAPE_MISMATCH
 */
export function declareInputs(
  specs: InputSpecs,
  inputset: Inputset | undefined,
): InputDeclaration[] {
  const names = Object.keys(specs);
  if (inputset !== undefined && !Object.values(specs).includes('encrypted'))
    throw error('BAD_OPTION', {
      what: 'inputset',
      given: 'an inputset, and a declared type for every input',
      allowed: 'one of the two',
      remedy: "leave the inputset out, or declare inputs as 'encrypted'",
    });
  const measured = inputset === undefined ? null : measure(names, inputset);
  return names.map((name, i): InputDeclaration => {
    const spec = specs[name];
    if (typeof spec === 'object' && spec !== null) {
      const { min, max, shape } = spec;
      return { name, min, max, shape, encrypted: true };
    }
    if (spec !== 'encrypted')
      throw error('BAD_OPTION', {
        what: `input ${name}`,
        given: spec,
        allowed: "encrypted.uint, encrypted.int, encrypted.range, or 'encrypted' with an inputset",
      });
    if (measured === null)
      throw error('BAD_OPTION', {
        what: `input ${name}`,
        given: "'encrypted' without an inputset",
        allowed: 'a declared type, or an inputset',
        remedy: 'declare it, as in encrypted.uint(4), or pass { inputset }',
      });
    return { name, ...(measured[i] as EncryptedType), encrypted: true };
  });
}

function measure(names: readonly string[], inputset: Inputset): EncryptedType[] {
  const types: EncryptedType[] = [];
  let row = 0;
  for (const args of inputset) {
    if (!Array.isArray(args) || args.length !== names.length)
      throw error('BAD_OPTION', {
        what: `inputset[${row}]`,
        given: Array.isArray(args) ? `${args.length} values` : args,
        allowed: `a list of ${names.length}, one per input (${names.join(', ')})`,
      });
    names.forEach((name, i) => {
      const tensor = toIntegerTensor(args[i] as ArrayLike, `inputset[${row}].${name}`);
      const known = types[i];
      let min = known?.min ?? Number.POSITIVE_INFINITY;
      let max = known?.max ?? Number.NEGATIVE_INFINITY;
      for (const value of tensor.data) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      if (known !== undefined && !sameShape(known.shape, tensor.shape))
        throw error('SHAPE_MISMATCH', {
          what: `inputset[${row}].${name}`,
          given: `[${tensor.shape}]`,
          allowed: `[${known.shape}], as in inputset[0]`,
        });
      types[i] =
        tensor.data.length === 0
          ? { min: 0, max: 0, shape: tensor.shape }
          : { min, max, shape: tensor.shape };
    });
    row++;
  }
  if (row === 0)
    throw error('BAD_OPTION', {
      what: 'inputset',
      given: 'no examples',
      allowed: 'at least one list of arguments',
    });
  return types;
}

function checkBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 1 || bits > 53)
    throw error('BAD_OPTION', { what: 'bits', given: bits, allowed: 'an integer from 1 to 53' });
}
