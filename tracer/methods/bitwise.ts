/**
 * Methods of traced values, each the function of the same name. Bits of integers.
 */
import * as bitwise from '../ops/bitwise.ts';
import type { RoundBitsOptions } from '../ops/round-bits.ts';
import * as rounding from '../ops/round-bits.ts';
import type { Slice } from '../ops/slice.ts';
import type { BitRounder, Operand } from '../record.ts';
import type { Traced } from '../value.ts';
import { CompareMethods } from './compare.ts';

/** Bits of integers. */
export class BitMethods extends CompareMethods {
  /** Bits that are 1 in x and y. */
  bitwiseAnd(this: Traced, y: Operand): Traced {
    return bitwise.bitwiseAnd<Traced, Operand>(this, y);
  }

  /** Bits that are 1 in x or y. */
  bitwiseOr(this: Traced, y: Operand): Traced {
    return bitwise.bitwiseOr<Traced, Operand>(this, y);
  }

  /** Bits that are 1 in exactly one of x and y. */
  bitwiseXor(this: Traced, y: Operand): Traced {
    return bitwise.bitwiseXor<Traced, Operand>(this, y);
  }

  /** All bits turned over: -1 - x. */
  invert(this: Traced): Traced {
    return bitwise.invert<Traced>(this);
  }

  /** x * 2^y */
  leftShift(this: Traced, y: Operand): Traced {
    return bitwise.leftShift<Traced, Operand>(this, y);
  }

  /** The largest integer not above x / 2^y. */
  rightShift(this: Traced, y: Operand): Traced {
    return bitwise.rightShift<Traced, Operand>(this, y);
  }

  /** One bit, or the number that the bits of a slice make. See `bits`. */
  bits(this: Traced, which: number | Slice): Traced {
    return bitwise.bits<Traced>(this, which);
  }

  /** Rounded to a multiple of 2^count. See `roundBits`. */
  roundBits(this: Traced, count: number | BitRounder, options: RoundBitsOptions = {}): Traced {
    return rounding.roundBits<Traced>(this, count, options);
  }

  /** The largest multiple of 2^count not above x. See `truncateBits`. */
  truncateBits(this: Traced, count: number | BitRounder, options: RoundBitsOptions = {}): Traced {
    return rounding.truncateBits<Traced>(this, count, options);
  }
}
