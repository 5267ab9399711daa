/**
 * Ranges of indices, as `start:stop:step` of Python.
 */
import { error } from '../../lib/errors.ts';

/** A range of indices along one axis; null is the end that the sign of `step` gives. */
export interface Slice {
  readonly slice: readonly [start: number | null, stop: number | null, step: number];
}

/** As `start:stop:step` of Python: `slice(2)` is not `:2` but `2:`; use `slice(null, 2)` or `slice(0, 2)`. */
export function slice(start: number | null = null, stop: number | null = null, step = 1): Slice {
  for (const part of [start, stop, step]) {
    if (part !== null && !Number.isInteger(part)) {
      throw error('BAD_OPTION', { what: 'slice', given: part, allowed: 'integers or null' });
    }
  }
  if (step === 0) throw error('BAD_OPTION', { what: 'slice: step', given: 0, allowed: 'not 0' });
  return { slice: [start, stop, step] };
}

/** Tells a slice from other indices. */
export function isSlice(index: unknown): index is Slice {
  if (typeof index !== 'object' || index === null || !('slice' in index)) return false;
  return Array.isArray(index.slice);
}

/** As Python writes it: `1:3`, `::-1`. */
export function printSlice({ slice: [start, stop, step] }: Slice): string {
  return `${start ?? ''}:${stop ?? ''}${step === 1 ? '' : `:${step}`}`;
}

/** The places along an axis that a slice names, by Python's rule: from `start` on, `count` of them. */
export function sliceRange(
  { slice: [start, stop, step] }: Slice,
  extent: number,
): { start: number; step: number; count: number } {
  const [lowest, highest] = step > 0 ? [0, extent] : [-1, extent - 1];
  const settle = (value: number | null, otherwise: number): number => {
    if (value === null) return otherwise;
    return Math.min(highest, Math.max(lowest, value < 0 ? value + extent : value));
  };
  const from = settle(start, step > 0 ? lowest : highest);
  const to = settle(stop, step > 0 ? highest : lowest);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}
