/**
 * What is said of a layer that is wrong.
 */
import { type BlindfitError, type ErrorCode, type ErrorDetails, error } from '../../lib/errors.ts';
import type { Layer } from './network.ts';

/** The error of a layer, by its name. */
export function failed(
  { name, kind }: Pick<Layer, 'name' | 'kind'>,
  code: ErrorCode,
  details: ErrorDetails,
): BlindfitError {
  return error(code, { ...details, what: `layer ${name} (${kind})`, layer: name });
}

/** Finite numbers, so many of them; null: any number. @throws SHAPE_MISMATCH, NOT_FINITE */
export function numbers(
  layer: Layer,
  part: string,
  values: readonly number[],
  count: number | null,
): void {
  if (!Array.isArray(values) || (count !== null && values.length !== count)) {
    const given = `${values?.length} numbers of ${part}`;
    throw failed(layer, 'SHAPE_MISMATCH', { given, allowed: `${count}` });
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const given = `${values[i]} as number ${i} of ${part}`;
    throw failed(layer, 'NOT_FINITE', { given, remedy: 'export a model without it' });
  }
}

/** Whether a number is the length of an axis. */
export function isExtent(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** A short list as text. */
export function shown(values: readonly number[]): string {
  if (!Array.isArray(values)) return String(values);
  return values.length > 8 ? `[${values.slice(0, 8).join(', ')}, …]` : `[${values.join(', ')}]`;
}
