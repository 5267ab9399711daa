/**
 * Choosing between values by a condition.
 */
import { isBoolean } from '../booleans.ts';
import { broadcastIndex, broadcastShapes } from '../broadcast.ts';
import {
  type Argument,
  type ArrayResult,
  apply,
  argumentOf,
  commonKind,
  Handle,
  type Operand,
} from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { notEqual } from './compare.ts';

/**
 * a where the condition is not 0, else b; all three broadcast. With a clear condition it only picks elements.
 */
export function where<C extends Operand, X extends Operand, Y extends Operand>(
  condition: C,
  a: X,
  b: Y,
): ArrayResult<C | X | Y> {
  if (condition instanceof Handle) {
    return apply('where', [truthOf(condition), a, b], (c, x, y) => ({
      op: 'where',
      shape: broadcastShapes('where', c!.shape, x!.shape, y!.shape),
      kind: commonKind(x!, y!),
    })) as ArrayResult<C | X | Y>;
  }
  return apply('where', [a, b], (x, y) => {
    const clear = argumentOf(condition, 'where');
    return pick(clear, x!, y!);
  }) as ArrayResult<C | X | Y>;
}

/** 1 where x is not 0, else 0; x itself where it is known to be 0 or 1. */
export function truthOf(x: Operand): Operand {
  if (x instanceof Handle && isBoolean(argumentOf(x, 'where'))) return x;
  return notEqual(x, 0) as Operand;
}

function pick(
  condition: Argument,
  a: Argument,
  b: Argument,
): ReturnType<Parameters<typeof apply>[2]> {
  const shape = broadcastShapes('where', condition.shape, a.shape, b.shape);
  const size = sizeOf(shape);
  const [ofCondition, ...ofBranches] = [condition, a, b].map((each) =>
    broadcastIndex(each.shape, shape),
  );
  const source = new Int32Array(size);
  const index = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const truth = condition.tensor!.data[ofCondition ? ofCondition[i]! : i] !== 0;
    source[i] = truth ? 0 : 1;
    const of = ofBranches[source[i]!];
    index[i] = of ? of[i]! : i;
  }
  const kind = commonKind(a, b);
  return {
    op: 'rearrange',
    name: 'where',
    parameters: 'clear condition',
    source,
    index,
    shape,
    kind,
  };
}

/** `where` under the name that says what it is for. */
export const ifThenElse: typeof where = where;
