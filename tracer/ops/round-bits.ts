/**
 * Dropping the lowest bits of integers before a function of them, which is then a smaller table.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import {
  applyMap,
  type BitRounder,
  Handle,
  integersOf,
  locate,
  type Operand,
  type Result,
} from '../record.ts';
import { add, subtract } from './arithmetic.ts';
import { leftShift, rightShift } from './bitwise.ts';

/** Whether an encrypted run drops bits exactly as evaluation in clear. */
export type Exactness = 'exact' | 'approximate';

/** How bits are dropped. */
export interface RoundBitsOptions {
  /**
   * 'approximate' is cheaper: an encrypted run may give the neighbouring multiple for values next to a boundary.
   * Default: 'exact', or what the rounder says.
   */
  readonly exactness?: Exactness;
}

/**
 * x rounded to the nearest multiple of 2^count, halves upwards: floor((x + 2^(count-1)) / 2^count) * 2^count. An
 * `AutoRounder` in the place of the count measures it.
 *
 * @throws BAD_OPTION for a count that is none, or a rounder that has not measured; NOT_AN_INTEGER for floats
 */
export function roundBits<X extends Operand>(
  x: X,
  count: number | BitRounder,
  options: RoundBitsOptions = {},
): Result<X> {
  return dropBits('roundBits', x, count, options, (value, bits, exactness) => {
    const half = 2 ** (bits - 1);
    if (exactness === 'exact') return truncateExactly(add(value, half) as Operand, bits);
    return roundApproximately(value, bits);
  });
}

/**
 * The largest multiple of 2^count not above x: floor(x / 2^count) * 2^count. An `AutoTruncator` in the place of the
 * count measures it. Errors as `roundBits`.
 */
export function truncateBits<X extends Operand>(
  x: X,
  count: number | BitRounder,
  options: RoundBitsOptions = {},
): Result<X> {
  return dropBits('truncateBits', x, count, options, (value, bits, exactness) => {
    const half = 2 ** (bits - 1);
    if (exactness === 'exact') return truncateExactly(value, bits);
    return roundApproximately(subtract(value, half) as Operand, bits);
  });
}

/** @throws BAD_OPTION for what is no exactness */
export function checkExactness(what: string, exactness: Exactness): void {
  if (exactness === 'exact' || exactness === 'approximate') return;
  const allowed = "'exact' or 'approximate'";
  throw error('BAD_OPTION', { what: `${what}: exactness`, given: exactness, allowed });
}

function dropBits<X extends Operand>(
  operation: BitRounder['operation'],
  x: X,
  count: number | BitRounder,
  options: RoundBitsOptions,
  drop: (value: Operand, bits: number, exactness: Exactness) => unknown,
): Result<X> {
  return locate(() => {
    checkOptions(operation, options, ['exactness']);
    integersOf(operation, [x]);
    const rounder = typeof count === 'number' ? null : checkRounder(operation, count);
    const exactness = options.exactness ?? rounder?.exactness ?? 'exact';
    checkExactness(operation, exactness);
    const bits = rounder ? measuredCount(rounder, x) : (count as number);
    if (!Number.isInteger(bits) || bits < 0 || bits > 52) {
      const allowed = 'a count of bits from 0 to 52, or a rounder';
      throw error('BAD_OPTION', { what: operation, given: bits, allowed });
    }
    return (bits === 0 ? x : drop(x, bits, exactness)) as Result<X>;
  });
}

/** The bits that a rounder drops; none in a recording that is made for the sake of a rounder. */
function measuredCount(rounder: BitRounder, x: Operand): number {
  const measured = x instanceof Handle ? x.recorder.measured : null;
  if (measured?.rounder === rounder) {
    measured.operands.push((x as Handle).id);
    return 0;
  }
  if (rounder.count !== null) return rounder.count;
  if (measured) return 0;
  throw error('BAD_OPTION', {
    what: rounder.operation,
    given: 'a rounder that has not measured how many bits there are',
    allowed: 'an adjusted rounder',
    remedy: 'call rounder.adjust(f, inputs) before f is compiled',
  });
}

function checkRounder(operation: BitRounder['operation'], given: BitRounder): BitRounder {
  if (given?.operation === operation) return given;
  const rounder = operation === 'roundBits' ? 'an AutoRounder' : 'an AutoTruncator';
  throw error('BAD_OPTION', { what: operation, given, allowed: `a count of bits, or ${rounder}` });
}

function truncateExactly(x: Operand, bits: number): unknown {
  return leftShift(rightShift<Operand, number>(x, bits) as Operand, bits);
}

function roundApproximately(x: Operand, bits: number): unknown {
  const step = 2 ** bits;
  const f = (a: number): number => Math.floor((a + step / 2) / step) * step;
  const details = {
    parameters: `bits=${bits}, approximate`,
    known: { function: 'approximateRound', bits },
  } as const;
  return applyMap('roundBits', [x], f, 'integer', details);
}
