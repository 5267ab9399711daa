/**
 * Rounding floats to integers, or to decimals.
 */
import { error } from '../../lib/errors.ts';
import type { Kind } from '../graph.ts';
import { applyMap, commonKind, Handle, locate, type Operand, type Result } from '../record.ts';

/**
 * x rounded to `decimals` (default 0) decimal places, halves to the even neighbour as numpy's `round`.
 * With no decimals, or fewer, the result is an integer.
 *
 * @throws BAD_OPTION for decimals that are no whole number
 */
export function round<X extends Operand>(x: X, decimals = 0): Result<X> {
  return locate(() => {
    if (!Number.isInteger(decimals)) {
      const what = 'round: decimals';
      throw error('BAD_OPTION', { what, given: decimals, allowed: 'a whole number' });
    }
    if (decimals === 0) return toWhole('round', x, roundToEven);
    const scale = 10 ** Math.abs(decimals);
    const details = { parameters: `decimals=${decimals}` };
    if (decimals < 0) {
      const f = (a: number): number => roundToEven(a / scale) * scale;
      return applyMap('round', [x], f, 'integer', details);
    }
    const f = (a: number): number => roundToEven(a * scale) / scale;
    return applyMap('round', [x], f, commonKind, details);
  }) as Result<X>;
}

/** `round` under numpy's other name. */
export const around: typeof round = round;

/** x rounded to the nearest integer, halves to the even neighbour; an integer. */
export function rint<X extends Operand>(x: X): Result<X> {
  return toWhole('rint', x, roundToEven);
}

/** The largest integer not above x; an integer. */
export function floor<X extends Operand>(x: X): Result<X> {
  return toWhole('floor', x, Math.floor);
}

/** The smallest integer not below x; an integer. */
export function ceil<X extends Operand>(x: X): Result<X> {
  return toWhole('ceil', x, Math.ceil);
}

/** x without its fraction; an integer. */
export function trunc<X extends Operand>(x: X): Result<X> {
  return toWhole('trunc', x, Math.trunc);
}

/** x as an integer, without its fraction; integers stay as they are. */
export function toInteger<X extends Operand>(x: X): Result<X> {
  return toWhole('toInteger', x, Math.trunc);
}

/** `toInteger` for 'integer'; for 'float' the same values as floats. */
export function astype<X extends Operand>(x: X, kind: Kind): Result<X> {
  return locate(() => {
    if (kind === 'integer') return toInteger(x);
    if (kind !== 'float') {
      throw error('BAD_OPTION', { what: 'astype', given: kind, allowed: "'integer' or 'float'" });
    }
    return applyMap('toFloat', [x], (a) => a, 'float') as Result<X>;
  });
}

/** The nearest integer; of two equally near ones the even. */
export function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Floats to integers; a traced integer is already what is asked for. */
function toWhole<X extends Operand>(name: string, x: X, f: (x: number) => number): Result<X> {
  if (x instanceof Handle && x.node.kind === 'integer') return x as unknown as Result<X>;
  return applyMap(name, [x], f, 'integer') as Result<X>;
}
