/**
 * Comparisons, logic and tests of single values: integers 0 and 1. In logic whatever is not 0 is true.
 */
import { markBoolean } from '../booleans.ts';
import { applyMap, type MapDetails, type Operand, type Result } from '../record.ts';

/** 1 where x = y, else 0; broadcasting, as all comparisons. */
export function equal<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('equal', [x, y], (a, b) => a === b, { known: { function: 'equal' } });
}

/** 1 where x differs from y, else 0. */
export function notEqual<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('notEqual', [x, y], (a, b) => a !== b, { known: { function: 'notEqual' } });
}

/** 1 where x < y, else 0. */
export function less<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('less', [x, y], (a, b) => a < b, { known: { function: 'less' } });
}

/** 1 where x <= y, else 0. */
export function lessEqual<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('lessEqual', [x, y], (a, b) => a <= b, { known: { function: 'lessEqual' } });
}

/** 1 where x > y, else 0. */
export function greater<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('greater', [x, y], (a, b) => a > b, { known: { function: 'greater' } });
}

/** 1 where x >= y, else 0. */
export function greaterEqual<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('greaterEqual', [x, y], (a, b) => a >= b, { known: { function: 'greaterEqual' } });
}

/** 1 where both are true, else 0. */
export function logicalAnd<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('logicalAnd', [x, y], (a, b) => a !== 0 && b !== 0);
}

/** 1 where at least one is true, else 0. */
export function logicalOr<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('logicalOr', [x, y], (a, b) => a !== 0 || b !== 0);
}

/** 1 where exactly one is true, else 0. */
export function logicalXor<X extends Operand, Y extends Operand>(x: X, y: Y): Result<X | Y> {
  return decide('logicalXor', [x, y], (a, b) => (a !== 0) !== (b !== 0));
}

/** 1 where x is 0, else 0. */
export function logicalNot<X extends Operand>(x: X): Result<X> {
  return decide('logicalNot', [x], (a) => a === 0);
}

/** 1 where the sign of x is negative, else 0; for floats that includes -0. */
export function signbit<X extends Operand>(x: X): Result<X> {
  return decide('signbit', [x], (a) => a < 0 || Object.is(a, -0));
}

/** 1 where x is neither infinite nor NaN, else 0. */
export function isfinite<X extends Operand>(x: X): Result<X> {
  return decide('isfinite', [x], Number.isFinite);
}

/** 1 where x is infinite, of either sign, else 0. */
export function isinf<X extends Operand>(x: X): Result<X> {
  return decide('isinf', [x], (a) => Math.abs(a) === Number.POSITIVE_INFINITY);
}

/** 1 where x is not a number, else 0. */
export function isnan<X extends Operand>(x: X): Result<X> {
  return decide('isnan', [x], Number.isNaN);
}

/** An element-wise function whose result is 0 or 1, and is noted as such. */
function decide<X extends Operand>(
  name: string,
  operands: readonly X[],
  f: (a: number, b: number) => boolean,
  details: MapDetails = {},
): Result<X> {
  const toNumber = (a: number, b: number): number => (f(a, b) ? 1 : 0);
  return markBoolean(
    applyMap(name, operands, toNumber, 'integer', details),
    'condition',
  ) as Result<X>;
}
