/**
 * Methods of traced values, each the function of the same name. Arithmetic and rounding.
 */
import type { Kind } from '../graph.ts';
import * as arithmetic from '../ops/arithmetic.ts';
import * as create from '../ops/create.ts';
import * as elementwise from '../ops/elementwise.ts';
import * as rounding from '../ops/round.ts';
import { Handle, type Operand } from '../record.ts';
import type { Traced } from '../value.ts';

/** Arithmetic and rounding. */
export class ArithmeticMethods extends Handle {
  /** x + y */
  add(this: Traced, y: Operand): Traced {
    return arithmetic.add<Traced, Operand>(this, y);
  }

  /** x - y */
  subtract(this: Traced, y: Operand): Traced {
    return arithmetic.subtract<Traced, Operand>(this, y);
  }

  /** x * y */
  multiply(this: Traced, y: Operand): Traced {
    return arithmetic.multiply<Traced, Operand>(this, y);
  }

  /** x / y, a float. */
  divide(this: Traced, y: Operand): Traced {
    return arithmetic.divide<Traced, Operand>(this, y);
  }

  /** The largest integer not above x / y. */
  floorDivide(this: Traced, y: Operand): Traced {
    return arithmetic.floorDivide<Traced, Operand>(this, y);
  }

  /** The rest of `floorDivide`, with the sign of y. */
  remainder(this: Traced, y: Operand): Traced {
    return arithmetic.remainder<Traced, Operand>(this, y);
  }

  /** x to the power y. */
  power(this: Traced, y: Operand): Traced {
    return arithmetic.power<Traced, Operand>(this, y);
  }

  /** -x */
  negative(this: Traced): Traced {
    return arithmetic.negative<Traced>(this);
  }

  /** x itself: +x. */
  positive(this: Traced): Traced {
    return create.positive<Traced>(this);
  }

  /** x itself, as nothing changes it. */
  copy(this: Traced): Traced {
    return create.copy<Traced>(this);
  }

  /** x * x, as one function of x. */
  square(this: Traced): Traced {
    return arithmetic.square<Traced>(this);
  }

  /** |x| */
  abs(this: Traced): Traced {
    return elementwise.abs<Traced>(this);
  }

  /** -1, 0 or 1 by the sign. */
  sign(this: Traced): Traced {
    return elementwise.sign<Traced>(this);
  }

  /** Rounded, halves to the even neighbour; an integer without decimals. */
  round(this: Traced, decimals = 0): Traced {
    return rounding.round<Traced>(this, decimals);
  }

  /** The largest integer not above x. */
  floor(this: Traced): Traced {
    return rounding.floor<Traced>(this);
  }

  /** The smallest integer not below x. */
  ceil(this: Traced): Traced {
    return rounding.ceil<Traced>(this);
  }

  /** x without its fraction, an integer. */
  trunc(this: Traced): Traced {
    return rounding.trunc<Traced>(this);
  }

  /** x as an integer, without its fraction. */
  toInteger(this: Traced): Traced {
    return rounding.toInteger<Traced>(this);
  }

  /** x as 'integer' (without its fraction) or as 'float'. */
  astype(this: Traced, kind: Kind): Traced {
    return rounding.astype<Traced>(this, kind);
  }
}
