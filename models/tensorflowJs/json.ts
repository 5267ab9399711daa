/**
 * Reading JSON of which nothing is known.
 */
import { error } from '../../lib/errors.ts';

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells an object from everything else that JSON has. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws BAD_MODEL unless it is an object. */
export function recordOf(value: unknown, what: string): JsonObject {
  if (isRecord(value)) return value;
  throw badModel(what, value, 'an object');
}

/** @throws BAD_MODEL unless it is a list. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw badModel(what, value, 'a list');
}

/** @throws BAD_MODEL unless it is a text. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw badModel(what, value, 'a text');
}

/** The error for JSON that is no layers model. */
export function badModel(what: string, given: unknown, allowed: string): Error {
  const remedy = 'export the model again, as a layers model';
  return error('BAD_MODEL', { what, given, allowed, remedy });
}
