/** Queries and replies: what travels between client and server. */
import { error } from '../errors.ts';
import { type SecretKey, secretHandle } from './keys.ts';
import type { LoadedProgram } from './load.ts';
import { attempt } from './native.ts';
import type { InputRange } from './program.ts';

/** Encrypted inputs, as bytes that can travel. */
export interface Query {
  readonly kind: 'query';
  readonly bytes: Uint8Array;
}

/** Encrypted outputs, as bytes that can travel. */
export interface Reply {
  readonly kind: 'reply';
  readonly bytes: Uint8Array;
}

/** What a run hands to the next one: ciphertexts that the server keeps, as bytes. */
export interface Carried {
  readonly kind: 'carried';
  readonly bytes: Uint8Array;
}

/** A query that arrived as bytes. They are checked when it runs. */
export function queryFromBytes(bytes: Uint8Array): Query {
  return { kind: 'query', bytes };
}

/** A reply that arrived as bytes. They are checked when it is decrypted. */
export function replyFromBytes(bytes: Uint8Array): Reply {
  return { kind: 'reply', bytes };
}

/** Carried values that were kept as bytes. They are checked when the next run reads them. */
export function carriedFromBytes(bytes: Uint8Array): Carried {
  return { kind: 'carried', bytes };
}

/**
 * Encrypts `rowCount` rows of the program's inputs, row after row, each an integer inside its input's range.
 * Throws SHAPE_MISMATCH, NOT_AN_INTEGER, OUT_OF_RANGE, WRONG_KEY, DISPOSED.
 */
export function encrypt(
  loaded: LoadedProgram,
  secret: SecretKey,
  rows: Float64Array,
  rowCount: number,
): Query {
  const { inputs } = loaded.program;
  checkShape(rows, rowCount, inputs.length);
  checkRows(rows, inputs);
  const key = secretHandle(secret);
  const bytes = attempt((addon) => addon.encrypt(loaded.native, key, rows, rowCount));
  return { kind: 'query', bytes };
}

/**
 * Decrypts a reply: row after row one integer for each output.
 * Throws BAD_CIPHERTEXT, WRONG_PROGRAM, WRONG_KEY, DECRYPTION_FAILED, DISPOSED.
 */
export function decrypt(loaded: LoadedProgram, secret: SecretKey, reply: Reply): Float64Array {
  const key = secretHandle(secret);
  return attempt((addon) => addon.decrypt(loaded.native, key, reply.bytes));
}

function checkShape(rows: Float64Array, rowCount: number, inputCount: number): void {
  const fits = Number.isInteger(rowCount) && rowCount >= 0 && rowCount < 2 ** 32;
  if (fits && rows.length === rowCount * inputCount) return;
  throw error('SHAPE_MISMATCH', {
    what: 'rows to encrypt',
    given: `${rows.length} values for ${rowCount} rows`,
    allowed: `${inputCount} values a row`,
  });
}

function checkRows(rows: Float64Array, inputs: readonly InputRange[]): void {
  for (let index = 0, input = 0; index < rows.length; index++) {
    const value = rows[index]!;
    const { min, max } = inputs[input]!;
    if (!(value >= min && value <= max && Number.isInteger(value))) refuse(value, index, inputs);
    if (++input === inputs.length) input = 0;
  }
}

function refuse(given: number, index: number, inputs: readonly InputRange[]): never {
  const input = index % inputs.length;
  const { min, max } = inputs[input]!;
  const what = `input ${input} of row ${(index - input) / inputs.length}`;
  const code = Number.isInteger(given) ? 'OUT_OF_RANGE' : 'NOT_AN_INTEGER';
  throw error(code, { what, given, allowed: `integers from ${min} to ${max}` });
}
