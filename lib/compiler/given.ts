/** What users hand to a circuit: keys of either half, queries and replies. A mix-up of them is told by its names. */
import { type ErrorCode, error } from '../errors.ts';
import {
  type Carried,
  carriedFromBytes,
  type Query,
  queryFromBytes,
  type Reply,
  replyFromBytes,
} from '../runtime/ciphertexts.ts';
import { EvaluationKey, SecretKey } from '../runtime/keys.ts';

/** @throws WRONG_KEY for what is no secret key */
export function secretOf(what: string, given: unknown): SecretKey {
  if (given instanceof SecretKey) return given;
  throw refusal('WRONG_KEY', `${what}: first argument`, given, 'a secret key', 'pass keys.secret');
}

/** @throws WRONG_KEY for what is no evaluation key */
export function evaluationOf(what: string, given: unknown): EvaluationKey {
  if (given instanceof EvaluationKey) return given;
  const remedy = 'pass keys.evaluation';
  throw refusal('WRONG_KEY', `${what}: first argument`, given, 'an evaluation key', remedy);
}

/** A query, also from its bytes. @throws BAD_CIPHERTEXT for what is neither */
export function queryOf(what: string, given: unknown): Query {
  if (given instanceof Uint8Array) return queryFromBytes(given);
  if (hasBytes(given)) return given as Query;
  const remedy = 'pass what circuit.encrypt returns';
  throw refusal('BAD_CIPHERTEXT', `${what}: query`, given, 'a query or its bytes', remedy);
}

/** Carried values, also from their bytes; null for none. @throws BAD_CIPHERTEXT for what is neither */
export function carriedOf(what: string, given: unknown): Carried | null {
  if (given === null) return null;
  if (given instanceof Uint8Array) return carriedFromBytes(given);
  if (hasBytes(given)) return given as Carried;
  const remedy = 'pass what the step before carried, or null';
  throw refusal('BAD_CIPHERTEXT', `${what}: carried`, given, 'carried values or null', remedy);
}

/** A reply, also from its bytes. @throws BAD_CIPHERTEXT for what is neither */
export function replyOf(what: string, given: unknown): Reply {
  if (given instanceof Uint8Array) return replyFromBytes(given);
  if (hasBytes(given)) return given as Reply;
  const remedy = 'pass what circuit.run resolves to';
  throw refusal('BAD_CIPHERTEXT', `${what}: reply`, given, 'a reply or its bytes', remedy);
}

function hasBytes(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'bytes' in given;
}

function refusal(
  code: ErrorCode,
  what: string,
  given: unknown,
  allowed: string,
  remedy: string,
): Error {
  if (given instanceof Promise) {
    const awaited = `await it, and ${remedy}`;
    return error(code, { what, given: 'a promise', allowed, remedy: awaited });
  }
  return error(code, { what, given: nameOf(given), allowed, remedy });
}

/** What a thing is, without what it holds: it may be a secret. */
function nameOf(given: unknown): string {
  if (given instanceof SecretKey) return 'a secret key';
  if (given instanceof EvaluationKey) return 'an evaluation key';
  if (hasBytes(given)) return 'a query or a reply';
  if (given === undefined || given === null) return String(given);
  if (typeof given !== 'object') return `a ${typeof given}`;
  if ('secret' in given && 'evaluation' in given) return 'both keys';
  return 'an object';
}
