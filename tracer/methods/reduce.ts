/**
 * Methods of traced values, each the function of the same name. Sums, products of matrices, and other reductions.
 */
import * as arg from '../ops/arg.ts';
import * as cumulate from '../ops/cumulate.ts';
import * as matrix from '../ops/matmul.ts';
import * as moments from '../ops/moments.ts';
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

  /** The mean over axes: a float, or an integer as `rounding` says. */
  mean(this: Traced, options: reduce.MeanOptions = {}): Traced {
    return reduce.mean<Traced>(this, options);
  }

  /** The product over axes. */
  prod(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.prod<Traced>(this, options);
  }

  /** The mean of the squared distances from the mean; as a function, `variance`. */
  var(this: Traced, options: moments.MomentOptions = {}): Traced {
    return moments.variance<Traced>(this, options);
  }

  /** The square root of the variance. */
  std(this: Traced, options: moments.MomentOptions = {}): Traced {
    return moments.std<Traced>(this, options);
  }

  /** 1 where any element over axes is not 0, else 0. */
  any(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.any<Traced>(this, options);
  }

  /** 1 where all elements over axes are not 0, else 0. */
  all(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.all<Traced>(this, options);
  }

  /** The largest element over axes. */
  max(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.max<Traced>(this, options);
  }

  /** The smallest element over axes. */
  min(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.min<Traced>(this, options);
  }

  /** The largest element minus the smallest. */
  ptp(this: Traced, options: reduce.ReduceOptions = {}): Traced {
    return reduce.ptp<Traced>(this, options);
  }

  /** The index of the largest element, of equal ones the first. */
  argmax(this: Traced, options: arg.ArgOptions = {}): Traced {
    return arg.argmax<Traced>(this, options);
  }

  /** The index of the smallest element, of equal ones the first. */
  argmin(this: Traced, options: arg.ArgOptions = {}): Traced {
    return arg.argmin<Traced>(this, options);
  }

  /** The sums of the elements up to each place. */
  cumsum(this: Traced, options: cumulate.CumulateOptions = {}): Traced {
    return cumulate.cumsum<Traced>(this, options);
  }

  /** The products of the elements up to each place. */
  cumprod(this: Traced, options: cumulate.CumulateOptions = {}): Traced {
    return cumulate.cumprod<Traced>(this, options);
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
