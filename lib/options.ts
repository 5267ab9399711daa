import { error } from './errors.ts';
import type { OnProgress } from './progress.ts';

/**
 * The last argument of every call that may take long.
 *
 * `signal`: abort rejects the call with `signal.reason`, at once if it is already aborted.
 * `onProgress`: told of each stage as it advances.
 */
export interface LongWorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Refuses what is no object of options, and names that are no option: what is misspelt would be ignored silently.
 *
 * @param what the function that takes them
 * @param names of its options; the first is what a lone value is taken to mean
 * @throws BAD_OPTION
 */
export function checkOptions(what: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const value = Array.isArray(options) ? `[${options}]` : String(options);
    const remedy = `write { ${names[0]}: ${value} }`;
    const allowed = `an object of ${names.join(', ')}`;
    throw error('BAD_OPTION', { what: `${what}: options`, given: value, allowed, remedy });
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const letters = (name: string) => name.toLowerCase().replaceAll('_', '');
  const meant = names.find((name) => letters(name) === letters(unknown));
  const remedy = meant === undefined ? 'name one of the allowed options' : `write ${meant}`;
  const given = isPlain(options) ? `{ ${unknown} }` : String(options);
  throw error('BAD_OPTION', { what: `${what}: options`, given, allowed: names, remedy });
}

/** Tells an object literal from an instance of a class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
