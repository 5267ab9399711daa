/**
 * Functions that join several arrays into one. Each is a `rearrange` of several inputs.
 */
import { error } from '../../lib/errors.ts';
import { normalizeAxis } from '../broadcast.ts';
import {
  type ArrayResult,
  apply,
  argumentOf,
  commonKind,
  type Handle,
  locate,
  type Operand,
} from '../record.ts';
import { sameShape, sizeOf } from '../tensor.ts';
import { atleast1d, atleast2d, reshape } from './shape.ts';

/**
 * The arrays one after the other along `axis` (default 0).
 *
 * @throws SHAPE_MISMATCH unless the other extents are equal and the rank is at least 1
 */
export function concatenate<X extends Operand>(arrays: readonly X[], axis = 0): ArrayResult<X> {
  checkList('concatenate', arrays);
  if (arrays.length === 0) {
    const given = 'no arrays';
    throw error('SHAPE_MISMATCH', { what: 'concatenate', given, allowed: 'one array or more' });
  }
  return apply('concatenate', arrays, (...args) => {
    const shapes = args.map(({ shape }) => shape);
    const [first] = shapes as [readonly number[]];
    const at = normalizeAxis('concatenate', axis, first.length);
    const fits = (shape: readonly number[]): boolean =>
      shape.length === first.length && shape.every((extent, k) => k === at || extent === first[k]);
    if (!shapes.every(fits)) {
      const given = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ');
      const allowed = `shapes that differ in axis ${at} only`;
      throw error('SHAPE_MISMATCH', { what: 'concatenate', given, allowed });
    }
    const total = shapes.reduce((sum, shape) => sum + shape[at]!, 0);
    const shape = first.map((extent, k) => (k === at ? total : extent));
    const inner = sizeOf(first.slice(at + 1));
    const outer = sizeOf(first.slice(0, at));
    const source = new Int32Array(sizeOf(shape));
    const index = new Int32Array(sizeOf(shape));
    let next = 0;
    for (let block = 0; block < outer; block++) {
      shapes.forEach((each, k) => {
        const run = each[at]! * inner;
        for (let i = 0; i < run; i++, next++) {
          source[next] = k;
          index[next] = block * run + i;
        }
      });
    }
    const kind = commonKind(...args);
    return {
      op: 'rearrange',
      name: 'concatenate',
      parameters: `axis=${at}`,
      source,
      index,
      shape,
      kind,
    };
  }) as ArrayResult<X>;
}

/**
 * Arrays of one shape along a new axis at `axis` (default 0) of the result.
 *
 * @throws SHAPE_MISMATCH where the shapes differ
 */
export function stack<X extends Operand>(arrays: readonly X[], axis = 0): ArrayResult<X> {
  checkList('stack', arrays);
  return apply('stack', arrays, (...args) => {
    const shapes = args.map(({ shape }) => shape);
    const [first = []] = shapes;
    if (shapes.length === 0 || !shapes.every((shape) => sameShape(shape, first))) {
      const given = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ') || 'no arrays';
      throw error('SHAPE_MISMATCH', { what: 'stack', given, allowed: 'arrays of one shape' });
    }
    const at = normalizeAxis('stack', axis, first.length + 1);
    const count = shapes.length;
    const shape = [...first.slice(0, at), count, ...first.slice(at)];
    const inner = sizeOf(first.slice(at));
    const length = sizeOf(shape);
    const source = Int32Array.from({ length }, (_, i) => Math.floor(i / inner) % count);
    const index = Int32Array.from({ length }, (_, i) => {
      return Math.floor(i / (inner * count)) * inner + (i % inner);
    });
    const kind = commonKind(...args);
    return { op: 'rearrange', name: 'stack', parameters: `axis=${at}`, source, index, shape, kind };
  }) as ArrayResult<X>;
}

/** The arrays one below the other: rank 0 and 1 count as rows. */
export function vstack<X extends Operand>(arrays: readonly X[]): ArrayResult<X> {
  return locate(() => {
    checkList('vstack', arrays);
    return concatenate(arrays.map((each) => atleast2d(each) as Operand));
  }) as ArrayResult<X>;
}

/** The arrays side by side: along axis 1, or axis 0 where they have rank 0 or 1. */
export function hstack<X extends Operand>(arrays: readonly X[]): ArrayResult<X> {
  return locate(() => {
    checkList('hstack', arrays);
    const parts = arrays.map((each) => atleast1d(each) as Operand);
    const rows = parts.some((part) => argumentOf(part, 'hstack').shape.length === 1);
    return concatenate(parts, rows ? 0 : 1);
  }) as ArrayResult<X>;
}

/** @throws BAD_OPTION for arrays that are given one after the other, not as a list */
function checkList(what: string, arrays: unknown): void {
  locate(() => {
    if (Array.isArray(arrays)) return;
    const details = { given: arrays, allowed: 'a list of arrays', remedy: `write ${what}([x, y])` };
    throw error('BAD_OPTION', { what, ...details });
  });
}

/** Traced values and numbers in nested arrays. */
export type NestedOperand = Operand | readonly NestedOperand[];

/**
 * Nested arrays, with traced values at any depth, as one array: `array([[x, 0], [y.add(1), z]])`.
 *
 * @throws SHAPE_MISMATCH for ragged arrays; BAD_OPTION for values that are given one after the other
 */
export function array<X extends NestedOperand>(
  values: X,
  ...more: readonly unknown[]
): ArrayResult<Leaves<X>> {
  return locate(() => {
    // A list of values maps with an index, a number, and itself.
    if (more.length > 0 && typeof more[0] !== 'number') {
      const details = { given: `${1 + more.length} values`, allowed: 'one list' };
      throw error('BAD_OPTION', { what: 'array', ...details, remedy: 'write array([x, y])' });
    }
    return join(values);
  }) as ArrayResult<Leaves<X>>;
}

/** The innermost types of nested arrays. */
export type Leaves<X> = X extends Handle ? X : X extends readonly (infer Y)[] ? Leaves<Y> : X;

function join(values: NestedOperand): Operand {
  if (!Array.isArray(values)) return values as Operand;
  if (values.length === 0) return reshape([], [0]) as Operand;
  return stack(values.map(join)) as Operand;
}
