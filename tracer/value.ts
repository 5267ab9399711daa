/**
 * Traced values: what a traced function computes with.
 */
import { type BlindfitError, error } from '../lib/errors.ts';
import type { Kind } from './graph.ts';
import { captureLocation } from './location.ts';
import * as arithmetic from './ops/arithmetic.ts';
import * as compare from './ops/compare.ts';
import * as elementwise from './ops/elementwise.ts';
import * as indexing from './ops/indexing.ts';
import * as matrix from './ops/matmul.ts';
import * as reduce from './ops/reduce.ts';
import * as shapes from './ops/shape.ts';
import type { LookupTable } from './ops/table.ts';
import { where } from './ops/where.ts';
import { Handle, type Operand } from './record.ts';
import { sizeOf } from './tensor.ts';

/**
 * An array whose elements are not known yet. Its methods are numpy's, in camelCase, and are the functions of the same
 * names; each gives a new traced value. Arguments broadcast, and may be traced or clear.
 *
 * JavaScript cannot overload operators: `x + 1`, `x > 3` and `table[x]` throw BRANCH_ON_ENCRYPTED. It cannot see
 * `if (x)` either; a condition that nothing uses is refused at the end of the trace.
 */
export class Traced extends Handle {
  /** Extent of each axis; empty for rank 0. */
  get shape(): readonly number[] {
    return this.node.shape;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.node.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.node.shape);
  }

  /** Whether elements are integers or floats. */
  get kind(): Kind {
    return this.node.kind;
  }

  /** The axes reversed. */
  get T(): Traced {
    return shapes.transpose<Traced>(this);
  }

  /** x + y */
  add(y: Operand): Traced {
    return arithmetic.add<Traced, Operand>(this, y);
  }

  /** x - y */
  subtract(y: Operand): Traced {
    return arithmetic.subtract<Traced, Operand>(this, y);
  }

  /** x * y */
  multiply(y: Operand): Traced {
    return arithmetic.multiply<Traced, Operand>(this, y);
  }

  /** x / y, a float. */
  divide(y: Operand): Traced {
    return arithmetic.divide<Traced, Operand>(this, y);
  }

  /** The largest integer not above x / y. */
  floorDivide(y: Operand): Traced {
    return arithmetic.floorDivide<Traced, Operand>(this, y);
  }

  /** The rest of `floorDivide`, with the sign of y. */
  remainder(y: Operand): Traced {
    return arithmetic.remainder<Traced, Operand>(this, y);
  }

  /** x to the power y. */
  power(y: Operand): Traced {
    return arithmetic.power<Traced, Operand>(this, y);
  }

  /** -x */
  negative(): Traced {
    return arithmetic.negative<Traced>(this);
  }

  /** x * x, as one function of x. */
  square(): Traced {
    return arithmetic.square<Traced>(this);
  }

  /** 1 where x = y, else 0. */
  equal(y: Operand): Traced {
    return compare.equal<Traced, Operand>(this, y);
  }

  /** 1 where x differs from y, else 0. */
  notEqual(y: Operand): Traced {
    return compare.notEqual<Traced, Operand>(this, y);
  }

  /** 1 where x < y, else 0. */
  less(y: Operand): Traced {
    return compare.less<Traced, Operand>(this, y);
  }

  /** 1 where x <= y, else 0. */
  lessEqual(y: Operand): Traced {
    return compare.lessEqual<Traced, Operand>(this, y);
  }

  /** 1 where x > y, else 0. */
  greater(y: Operand): Traced {
    return compare.greater<Traced, Operand>(this, y);
  }

  /** 1 where x >= y, else 0. */
  greaterEqual(y: Operand): Traced {
    return compare.greaterEqual<Traced, Operand>(this, y);
  }

  /** 1 where x and y are not 0, else 0. */
  logicalAnd(y: Operand): Traced {
    return compare.logicalAnd<Traced, Operand>(this, y);
  }

  /** 1 where x or y is not 0, else 0. */
  logicalOr(y: Operand): Traced {
    return compare.logicalOr<Traced, Operand>(this, y);
  }

  /** 1 where exactly one of x and y is not 0, else 0. */
  logicalXor(y: Operand): Traced {
    return compare.logicalXor<Traced, Operand>(this, y);
  }

  /** 1 where x is 0, else 0. */
  logicalNot(): Traced {
    return compare.logicalNot<Traced>(this);
  }

  /** a where this condition is not 0, else b. */
  where(a: Operand, b: Operand): Traced {
    return where<Traced, Operand, Operand>(this, a, b);
  }

  /** Any function of one element, or a table: `x.map((v) => v ** 2 % 7)`. See `map`. */
  map(f: elementwise.ElementFunction | LookupTable, options: elementwise.MapOptions = {}): Traced {
    return elementwise.map<Traced>(f, this, options);
  }

  /** |x| */
  abs(): Traced {
    return elementwise.abs<Traced>(this);
  }

  /** -1, 0 or 1 by the sign. */
  sign(): Traced {
    return elementwise.sign<Traced>(this);
  }

  /** The smaller of x and y. */
  minimum(y: Operand): Traced {
    return elementwise.minimum<Traced, Operand>(this, y);
  }

  /** The larger of x and y. */
  maximum(y: Operand): Traced {
    return elementwise.maximum<Traced, Operand>(this, y);
  }

  /** x, but at least `low` and at most `high`; null leaves a side open. */
  clip(low: Operand | null, high: Operand | null): Traced {
    return elementwise.clip<Traced>(this, low, high);
  }

  /** Rounded, halves to the even neighbour; an integer without decimals. */
  round(decimals = 0): Traced {
    return elementwise.round<Traced>(this, decimals);
  }

  /** The largest integer not above x. */
  floor(): Traced {
    return elementwise.floor<Traced>(this);
  }

  /** The smallest integer not below x. */
  ceil(): Traced {
    return elementwise.ceil<Traced>(this);
  }

  /** x without its fraction, an integer. */
  trunc(): Traced {
    return elementwise.trunc<Traced>(this);
  }

  /** x as an integer, without its fraction. */
  toInteger(): Traced {
    return elementwise.toInteger<Traced>(this);
  }

  /** x as 'integer' (without its fraction) or as 'float'. */
  astype(kind: Kind): Traced {
    return elementwise.astype<Traced>(this, kind);
  }

  /** numpy's matmul. */
  matmul(y: Operand): Traced {
    return matrix.matmul<Traced, Operand>(this, y);
  }

  /** numpy's dot. */
  dot(y: Operand): Traced {
    return matrix.dot<Traced, Operand>(this, y);
  }

  /** The sum over axes. */
  sum(options: reduce.ReduceOptions = {}): Traced {
    return reduce.sum<Traced>(this, options);
  }

  /** The mean over axes, a float. */
  mean(options: reduce.ReduceOptions = {}): Traced {
    return reduce.mean<Traced>(this, options);
  }

  /** The largest element over axes. */
  max(options: reduce.ReduceOptions = {}): Traced {
    return reduce.max<Traced>(this, options);
  }

  /** The smallest element over axes. */
  min(options: reduce.ReduceOptions = {}): Traced {
    return reduce.min<Traced>(this, options);
  }

  /** Elements as numpy's `x[...]`: integers, `slice(1, 3)`, `newAxis`, `ellipsis`, arrays of integers. */
  at(...indices: readonly indexing.Index[]): Traced {
    return indexing.at<Traced>(this, ...indices);
  }

  /** The same elements in another shape; one extent may be -1. */
  reshape(shape: number | readonly number[]): Traced {
    return shapes.reshape<Traced>(this, shape);
  }

  /** The axes in another order, by default reversed. */
  transpose(axes: readonly number[] | null = null): Traced {
    return shapes.transpose<Traced>(this, axes);
  }

  /** All elements in row-major order, rank 1. */
  flatten(): Traced {
    return shapes.flatten<Traced>(this);
  }

  /** Without axes of extent 1. */
  squeeze(axis: number | readonly number[] | null = null): Traced {
    return shapes.squeeze<Traced>(this, axis);
  }

  /** With new axes of extent 1. */
  expandDims(axis: number | readonly number[]): Traced {
    return shapes.expandDims<Traced>(this, axis);
  }

  /** Repeated to a shape. */
  broadcastTo(shape: readonly number[]): Traced {
    return shapes.broadcastTo<Traced>(this, shape);
  }

  /** The elements along the first axis. */
  *[Symbol.iterator](): IterableIterator<Traced> {
    const [extent] = this.shape;
    if (extent === undefined) {
      throw error('SHAPE_MISMATCH', {
        what: 'iteration',
        given: 'rank 0',
        allowed: 'rank 1 or more',
      });
    }
    for (let i = 0; i < extent; i++) yield this.at(i);
  }

  /** A description for debugging; it never holds a value. */
  override toString(): string {
    const { op, encrypted } = this.node;
    const what = op === 'map' || op === 'rearrange' ? this.node.name : op;
    return `%${this.id} ${what}: ${encrypted ? 'encrypted' : 'clear'} ${this.kind} [${this.shape}]`;
  }

  /** @throws BRANCH_ON_ENCRYPTED: JavaScript's operators need a value. */
  override valueOf(): never {
    throw readError(this);
  }

  /** @throws BRANCH_ON_ENCRYPTED: JavaScript's operators, template texts and `table[x]` need a value. */
  [Symbol.toPrimitive](): never {
    throw readError(this);
  }

  /** @throws BRANCH_ON_ENCRYPTED: a traced value cannot be stored. */
  toJSON(): never {
    throw readError(this);
  }

  static {
    const show = function (this: Traced): string {
      return this.toString();
    };
    Object.defineProperty(Traced.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value: show,
    });
  }
}

function readError(value: Traced): BlindfitError {
  return error('BRANCH_ON_ENCRYPTED', { what: value.toString(), location: captureLocation() });
}
