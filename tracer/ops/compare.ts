/**
 * Comparisons and logic: integers 0 and 1. In logic whatever is not 0 is true.
 */
import { applyMap, Handle, type MapDetails, type Operand, type Result } from '../record.ts';

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

/** An element-wise function whose result is 0 or 1, and is noted as such. */
function decide<X extends Operand>(
  name: string,
  operands: readonly X[],
  f: (...scalars: number[]) => boolean,
  details: MapDetails = {},
): Result<X> {
  const toNumber = (...scalars: number[]): number => (f(...scalars) ? 1 : 0);
  const result = applyMap(name, operands, toNumber, 'integer', details);
  if (result instanceof Handle) result.recorder.booleans.add(result.id);
  return result as Result<X>;
}
