/**
 * Cutting one array into several along an axis.
 */
import { error } from '../../lib/errors.ts';
import { normalizeAxis } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { at } from './indexing.ts';
import { slice } from './slice.ts';

/**
 * Equal parts, as many as `parts` says; or the parts between the places of a list: `[2, 5]` gives `:2`, `2:5` and `5:`.
 *
 * @throws SHAPE_MISMATCH where the extent is no multiple of the number of parts; BAD_OPTION for less than one part
 */
export function split<X extends Operand>(
  x: X,
  parts: number | readonly number[],
  axis = 0,
): ArrayResult<X>[] {
  return locate(() => {
    const { shape } = argumentOf(x, 'split');
    const extent = shape[normalizeAxis('split', axis, shape.length)]!;
    if (typeof parts === 'number' && parts >= 1 && extent % parts !== 0) {
      throw error('SHAPE_MISMATCH', {
        what: 'split',
        given: `${parts} parts of ${extent} elements`,
        allowed: 'a divisor of the extent',
        remedy: 'use arraySplit for parts of different lengths',
      });
    }
    return cut('split', x, parts, axis);
  });
}

/** As `split`, but the first parts may be longer by one. */
export function arraySplit<X extends Operand>(
  x: X,
  parts: number | readonly number[],
  axis = 0,
): ArrayResult<X>[] {
  return locate(() => cut('arraySplit', x, parts, axis));
}

function cut<X extends Operand>(
  what: string,
  x: X,
  parts: number | readonly number[],
  axis: number,
): ArrayResult<X>[] {
  const { shape } = argumentOf(x, what);
  const along = normalizeAxis(what, axis, shape.length);
  const whole = Array.from({ length: along }, () => slice());
  const places = typeof parts === 'number' ? evenPlaces(what, shape[along]!, parts) : parts;
  return [...places, null].map((stop, k) => {
    return at(x, ...whole, slice(k === 0 ? 0 : places[k - 1]!, stop)) as ArrayResult<X>;
  });
}

function evenPlaces(what: string, extent: number, parts: number): number[] {
  if (!Number.isSafeInteger(parts) || parts < 1) {
    throw error('BAD_OPTION', { what: `${what}: parts`, given: parts, allowed: '1 or more' });
  }
  const short = Math.floor(extent / parts);
  const longer = extent % parts;
  return Array.from({ length: parts - 1 }, (_, k) => (k + 1) * short + Math.min(k + 1, longer));
}
