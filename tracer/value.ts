/**
 * Traced values: what a traced function computes with.
 */
import { type BlindfitError, error } from '../lib/errors.ts';
import type { Kind } from './graph.ts';
import { captureLocation } from './location.ts';
import { MoveMethods } from './methods/move.ts';
import { sizeOf } from './tensor.ts';

/**
 * An array whose elements are not known yet. Its methods are numpy's, in camelCase, and are the functions of the same
 * names; each gives a new traced value. Arguments broadcast, and may be traced or clear.
 *
 * JavaScript cannot overload operators: `x + 1`, `x > 3` and `table[x]` throw BRANCH_ON_ENCRYPTED. It cannot see
 * `if (x)` either; a condition that nothing uses is refused at the end of the trace.
 *
 * The methods are in `methods/`, one class for each family, each extending the one before.
 */
export class Traced extends MoveMethods {
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
    return this.transpose();
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
