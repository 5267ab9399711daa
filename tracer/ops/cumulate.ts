/**
 * Sums and products of all elements up to each place.
 */
import { checkOptions } from '../../lib/options.ts';
import { normalizeAxis } from '../broadcast.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { add, multiply } from './arithmetic.ts';
import { tri } from './create.ts';
import { at } from './indexing.ts';
import { ellipsis } from './indices.ts';
import { stack } from './join.ts';
import { matmul } from './matmul.ts';
import { pad } from './pad.ts';
import { moveaxis } from './reorder.ts';
import { expandDims, flatten, reshape, transpose } from './shape.ts';
import { slice } from './slice.ts';

/** Along which axis `cumsum` and `cumprod` go. */
export interface CumulateOptions {
  /** A negative axis counts from the end. Default: null, all elements in one row. */
  readonly axis?: number | null;
}

/** Most elements that one triangular matrix adds up; longer rows are cut into blocks. */
const BLOCK = 128;

/** The sums of the elements up to each place, itself included. Linear: a product with a triangle of ones. */
export function cumsum<X extends Operand>(x: X, options: CumulateOptions = {}): ArrayResult<X> {
  return locate(() => along('cumsum', x, options, sums)) as ArrayResult<X>;
}

/** The products of the elements up to each place, itself included: one product after the other. */
export function cumprod<X extends Operand>(x: X, options: CumulateOptions = {}): ArrayResult<X> {
  return locate(() => along('cumprod', x, options, products)) as ArrayResult<X>;
}

/** Calls `rule` with the axis in question as the last. */
function along(
  what: string,
  x: Operand,
  options: CumulateOptions,
  rule: (row: Operand, count: number) => Operand,
): Operand {
  checkOptions(what, options, ['axis']);
  const { axis = null } = options;
  const row = axis === null ? (flatten(x) as Operand) : x;
  const { shape } = argumentOf(row, what);
  const last = normalizeAxis(what, axis ?? 0, shape.length);
  const result = rule(moveaxis(row, last, -1) as Operand, shape[last]!);
  return moveaxis(result, -1, last) as Operand;
}

function sums(x: Operand, count: number): Operand {
  if (count <= BLOCK) return matmul(x, transpose(tri(count))) as Operand;
  const outer = argumentOf(x, 'cumsum').shape.slice(0, -1);
  const still = outer.map(() => [0, 0]);
  const blocks = Math.ceil(count / BLOCK);
  const padded = pad(x, [...still, [0, blocks * BLOCK - count]]) as Operand;
  const inside = sums(reshape(padded, [...outer, blocks, BLOCK]) as Operand, BLOCK);
  const ends = sums(at(inside, ellipsis, -1) as Operand, blocks);
  const before = at(pad(ends, [...still, [1, 0]]) as Operand, ellipsis, slice(0, -1)) as Operand;
  const all = add(inside, expandDims(before, -1) as Operand) as Operand;
  const row = reshape(all, [...outer, blocks * BLOCK]) as Operand;
  return at(row, ellipsis, slice(0, count)) as Operand;
}

function products(x: Operand, count: number): Operand {
  if (count === 0) return x;
  const parts = [at(x, ellipsis, 0) as Operand];
  for (let k = 1; k < count; k++) {
    parts.push(multiply(parts[k - 1]!, at(x, ellipsis, k) as Operand) as Operand);
  }
  return stack(parts, -1) as Operand;
}
