/**
 * Methods of traced values, each the function of the same name. Sums, products of matrices, and other reductions.
 */
import * as matrix from '../ops/matmul.ts';
import * as reduce from '../ops/reduce.ts';
import * as order from '../ops/sort.ts';
import type { Operand } from '../record.ts';
import type { Traced } from '../value.ts';
import { MapMethods } from './map.ts';

/** Sums, products of matrices, and other reductions. */
export class ReduceMethods extends MapMethods {
  /** numpy's matmul. */
  matmul(this: Traced, y: Operand): Traced {
    return matrix.matmul<Traced, Operand>(this, y);
  }

  /** numpy's dot. */
  dot(this: Traced, y: Operand): Traced {
    return matrix.dot<Traced, Operand>(this, y);
  }

  /** The sum over axes. */
  sum(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.sum<Traced>(this, options);
  }

  /** The mean over axes, a float. */
  mean(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.mean<Traced>(this, options);
  }

  /** The largest element over axes. */
  max(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.max<Traced>(this, options);
  }

  /** The smallest element over axes. */
  min(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.min<Traced>(this, options);
  }

  /** The elements in ascending order along an axis, by default the last. */
  sort(this: Traced, options: order.SortOptions = {}): Traced {
    return order.sort<Traced>(this, options);
  }

  /** The middle element over axes. */
  median(this: Traced, options: order.MedianOptions = {}): Traced {
    return order.median<Traced>(this, options);
  }
}
