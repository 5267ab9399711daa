/**
 * What the inputs of a circuit may be: declared types, or `'encrypted'` and `'clear'` with an inputset that shows them.
 */
import { type ArrayLike, sameShape, sizeOf, toIntegerTensor } from '../../tracer/tensor.ts';
import type { InputDeclaration } from '../../tracer/trace.ts';
import { error } from '../errors.ts';

/** The type of an encrypted input: integers from `min` to `max`, both inclusive, in an array of `shape`. */
export interface EncryptedType {
  readonly min: number;
  readonly max: number;
  readonly shape: readonly number[];
}

/** The type of a clear input: the server sees its value of every run, the compiler does not. */
export interface ClearType extends EncryptedType {
  readonly clear: true;
}

/** Types of one kind of input. */
interface Types<T> {
  /** Unsigned integers of `bits` bits (1 to 53): 0 to 2^bits - 1. */
  uint(bits: number, shape?: readonly number[]): T;
  /** Signed integers of `bits` bits (1 to 53): -2^(bits-1) to 2^(bits-1) - 1. */
  int(bits: number, shape?: readonly number[]): T;
  /** Integers from `min` to `max`, both inclusive: a narrower range makes a cheaper circuit. */
  range(min: number, max: number, shape?: readonly number[]): T;
}

/** Makes types of encrypted inputs. */
export const encrypted: Types<EncryptedType> = typesOf('encrypted', (type) => type);

/** Makes types of clear inputs, which travel as they are: what depends on them alone costs nearly nothing. */
export const clear: Types<ClearType> = typesOf('clear', (type) => ({ ...type, clear: true }));

/** The inputs of a circuit by parameter name, in the order of the function's parameters. */
export type InputSpecs = Readonly<
  Record<string, EncryptedType | ClearType | 'encrypted' | 'clear'>
>;

/** Example inputs: one list of arguments each, in the order of the function's parameters. */
export type Inputset = Iterable<readonly ArrayLike[]>;

/**
 * Declarations for the tracer. Types stand for themselves; `'encrypted'` and `'clear'` take shape, minimum and maximum
 * from the inputset. Only inputs are measured: the ranges of everything computed from them follow from these.
 *
 * @throws BAD_OPTION where an inputset is missing, superfluous or of the wrong length; SHAPE_MISMATCH
 */
export function declareInputs(
  specs: InputSpecs,
  inputset: Inputset | undefined,
): InputDeclaration[] {
  const names = namesOf(specs);
  if (inputset !== undefined && !Object.values(specs).some((spec) => typeof spec === 'string'))
    throw error('BAD_OPTION', {
      what: 'inputset',
      given: 'an inputset, and a declared type for every input',
      allowed: 'one of the two',
      remedy: "leave the inputset out, or declare inputs as 'encrypted' or 'clear'",
    });
  const measured = inputset === undefined ? null : measure(names, inputset);
  return names.map((name, i): InputDeclaration => {
    const spec: unknown = specs[name];
    if (isType(spec)) {
      const { min, max, shape } = spec;
      if (measured !== null) checkShown(name, spec, measured[i] as EncryptedType);
      return { name, min, max, shape, encrypted: !('clear' in spec) };
    }
    if (spec !== 'encrypted' && spec !== 'clear')
      throw error('BAD_OPTION', {
        what: `input ${name}`,
        given: spec,
        allowed:
          "encrypted.uint, encrypted.int, encrypted.range, the same of clear, or 'encrypted' or 'clear' with an inputset",
        remedy: 'call one of them, as in encrypted.uint(4) or encrypted.int(4, [3])',
      });
    if (measured === null)
      throw error('BAD_OPTION', {
        what: `input ${name}`,
        given: `'${spec}' without an inputset`,
        allowed: 'a declared type, or an inputset',
        remedy: `declare it, as in ${spec}.uint(4), or pass { inputset }`,
      });
    return { name, ...(measured[i] as EncryptedType), encrypted: spec === 'encrypted' };
  });
}

/** @throws BAD_OPTION for what is no object of inputs, and for names that JavaScript would put in another order */
function namesOf(specs: unknown): string[] {
  const allowed = 'an object with the type of each input by its name';
  const remedy = 'write { x: encrypted.uint(4) }';
  if (typeof specs !== 'object' || specs === null || Array.isArray(specs) || isType(specs)) {
    const given = Array.isArray(specs) ? 'a list' : isType(specs) ? 'a type' : String(specs);
    throw error('BAD_OPTION', { what: 'compile: inputs', given, allowed, remedy });
  }
  const names = Object.keys(specs);
  const number = names.find((name) => /^\d+$/.test(name));
  if (number === undefined) return names;
  const given = `an input named ${number}`;
  throw error('BAD_OPTION', { what: 'compile: inputs', given, allowed: 'names', remedy });
}

function isType(spec: unknown): spec is EncryptedType {
  return (
    typeof spec === 'object' && spec !== null && 'min' in spec && 'max' in spec && 'shape' in spec
  );
}

/** @throws OUT_OF_RANGE where examples of an input of a declared type leave its range; SHAPE_MISMATCH */
function checkShown(name: string, declared: EncryptedType, shown: EncryptedType): void {
  const what = `inputset: ${name}`;
  const remedy = 'declare what the examples show, or leave them out';
  if (!sameShape(declared.shape, shown.shape))
    throw error('SHAPE_MISMATCH', { what, given: shown.shape, allowed: declared.shape, remedy });
  const { min, max } = declared;
  if (sizeOf(shown.shape) === 0 || (shown.min >= min && shown.max <= max)) return;
  const given = shown.min < min ? shown.min : shown.max;
  throw error('OUT_OF_RANGE', { what, given, allowed: `${min} to ${max}`, remedy });
}

function typesOf<T>(kind: string, make: (type: EncryptedType) => T): Types<T> {
  return {
    uint: (bits, shape = []) => {
      checkBits(bits);
      return make({ min: 0, max: 2 ** bits - 1, shape });
    },
    int: (bits, shape = []) => {
      checkBits(bits);
      return make({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1, shape });
    },
    range: (min, max, shape = []) => {
      if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max)
        throw error('BAD_OPTION', {
          what: `${kind}.range`,
          given: `${min} to ${max}`,
          allowed: 'integers min <= max of at most 2^53 in size',
        });
      return make({ min, max, shape });
    },
  };
}

function measure(names: readonly string[], inputset: Inputset): EncryptedType[] {
  const remedy = 'put the arguments of each example into a list of their own, as in [[x0], [x1]]';
  if (typeof inputset !== 'object' || inputset === null || !(Symbol.iterator in inputset))
    throw error('BAD_OPTION', {
      what: 'inputset',
      given: inputset,
      allowed: 'a list of examples',
      remedy,
    });
  const types: EncryptedType[] = [];
  let row = 0;
  for (const args of inputset) {
    if (!Array.isArray(args) || args.length !== names.length)
      throw error('BAD_OPTION', {
        what: `inputset[${row}]`,
        given: Array.isArray(args) ? `${args.length} values` : args,
        allowed: `a list of ${names.length}, one per input (${names.join(', ')})`,
        remedy,
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
