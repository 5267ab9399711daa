/**
 * Methods of traced values, each the function of the same name. Comparisons, logic and choice.
 */
import * as compare from '../ops/compare.ts';
import * as elementwise from '../ops/elementwise.ts';
import { where } from '../ops/where.ts';
import type { Operand } from '../record.ts';
import type { Traced } from '../value.ts';
import { ArithmeticMethods } from './arithmetic.ts';

/** Comparisons, logic and choice. */
export class CompareMethods extends ArithmeticMethods {
  /** 1 where x = y, else 0. */
  equal(this: Traced, y: Operand): Traced {
    return compare.equal<Traced, Operand>(this, y);
  }

  /** 1 where x differs from y, else 0. */
  notEqual(this: Traced, y: Operand): Traced {
    return compare.notEqual<Traced, Operand>(this, y);
  }

  /** 1 where x < y, else 0. */
  less(this: Traced, y: Operand): Traced {
    return compare.less<Traced, Operand>(this, y);
  }

  /** 1 where x <= y, else 0. */
  lessEqual(this: Traced, y: Operand): Traced {
    return compare.lessEqual<Traced, Operand>(this, y);
  }

  /** 1 where x > y, else 0. */
  greater(this: Traced, y: Operand): Traced {
    return compare.greater<Traced, Operand>(this, y);
  }

  /** 1 where x >= y, else 0. */
  greaterEqual(this: Traced, y: Operand): Traced {
    return compare.greaterEqual<Traced, Operand>(this, y);
  }

  /** 1 where x and y are not 0, else 0. */
  logicalAnd(this: Traced, y: Operand): Traced {
    return compare.logicalAnd<Traced, Operand>(this, y);
  }

  /** 1 where x or y is not 0, else 0. */
  logicalOr(this: Traced, y: Operand): Traced {
    return compare.logicalOr<Traced, Operand>(this, y);
  }

  /** 1 where exactly one of x and y is not 0, else 0. */
  logicalXor(this: Traced, y: Operand): Traced {
    return compare.logicalXor<Traced, Operand>(this, y);
  }

  /** 1 where x is 0, else 0. */
  logicalNot(this: Traced): Traced {
    return compare.logicalNot<Traced>(this);
  }

  /** a where this condition is not 0, else b. */
  where(this: Traced, a: Operand, b: Operand): Traced {
    return where<Traced, Operand, Operand>(this, a, b);
  }

  /** The smaller of x and y. */
  minimum(this: Traced, y: Operand): Traced {
    return elementwise.minimum<Traced, Operand>(this, y);
  }

  /** The larger of x and y. */
  maximum(this: Traced, y: Operand): Traced {
    return elementwise.maximum<Traced, Operand>(this, y);
  }

  /** x, but at least `low` and at most `high`; null leaves a side open. */
  clip(this: Traced, low: Operand | null, high: Operand | null = null): Traced {
    return elementwise.clip<Traced>(this, low, high);
  }
}
