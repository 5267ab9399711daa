/**
 * Traced values: what a traced function computes with.
 */
import { type BlindfitError, error } from '../lib/errors.ts';
import type { Kind } from './graph.ts';
import { captureLocation } from './location.ts';
import { MoveMethods } from './methods/move.ts';
import { locate } from './record.ts';
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

  /** Extent of the first axis, as Python's `len`. @throws SHAPE_MISMATCH for rank 0 */
  get length(): number {
    return firstExtent(this, 'length');
  }

  /** The axes reversed. */
  get T(): Traced {
    return this.transpose();
  }

  /** The elements along the first axis. */
  *[Symbol.iterator](): IterableIterator<Traced> {
    const extent = firstExtent(this, 'iteration');
    for (let i = 0; i < extent; i++) yield this.at(i);
  }

  /** A description for debugging; it never holds a value. */
  override toString(): string {
    const { op, encrypted } = this.node;
    const what = op === 'map' || op === 'rearrange' || op === 'input' ? this.node.name : op;
    return `%${this.id} ${what}: ${encrypted ? 'encrypted' : 'clear'} ${this.kind} [${this.shape}]`;
  }

  /** @throws BRANCH_ON_ENCRYPTED: JavaScript's operators need a value. */
  override valueOf(): never {
    throw readError(this, 'number');
  }

  /** @throws BRANCH_ON_ENCRYPTED: JavaScript's operators, template texts and `table[x]` need a value. */
  [Symbol.toPrimitive](wanted: 'default' | 'number' | 'string'): never {
    throw readError(this, wanted);
  }

  /** @throws BRANCH_ON_ENCRYPTED: a traced value cannot be stored. */
  toJSON(): never {
    throw readError(this, 'json');
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

/** What JavaScript asks a value for, where it comes from, and what to write instead. */
const reads = {
  default: ['x + y or x == y', 'write x.add(y) or x.equal(y)'],
  number: ['x < y, x * y, -x or Math.max(x, y)', 'write x.less(y), x.multiply(y) or x.maximum(y)'],
  string: [
    'a text or a key, as String(x) or table[x]',
    'write np.take(table, x), or x.toString() to describe x',
  ],
  json: ['JSON.stringify(x)', 'return x from the function, and store what decrypt gives'],
} as const;

function readError(value: Traced, wanted: keyof typeof reads): BlindfitError {
  const [given, instead] = reads[wanted];
  return error('BRANCH_ON_ENCRYPTED', {
    what: value.toString(),
    given,
    remedy: `${instead}; np.where chooses by a condition, np.map applies any function`,
    location: captureLocation(),
  });
}

function firstExtent(value: Traced, what: string): number {
  return locate(() => {
    const [extent] = value.shape;
    if (extent !== undefined) return extent;
    const remedy = 'a value of rank 0 is a single number: use it as it is';
    throw error('SHAPE_MISMATCH', { what, given: 'rank 0', allowed: 'rank 1 or more', remedy });
  });
}
