/**
 * Methods of traced values, each the function of the same name. Indexing and shapes.
 */
import * as assign from '../ops/assign.ts';
import * as indexing from '../ops/indexing.ts';
import type { Index } from '../ops/indices.ts';
import * as shapes from '../ops/shape.ts';
import type { Operand } from '../record.ts';
import type { Traced } from '../value.ts';
import { ReduceMethods } from './reduce.ts';

/** Indexing and shapes. */
export class ShapeMethods extends ReduceMethods {
  /** Elements as numpy's `x[...]`: integers, `slice(1, 3)`, `newAxis`, `ellipsis`, arrays of integers, masks. */
  at(this: Traced, ...indices: readonly Index[]): Traced {
    return indexing.at<Traced, readonly Index[]>(this, ...indices);
  }

  /** The elements at integers, clear or traced, along an axis. */
  take(this: Traced, indices: Operand, options: indexing.TakeOptions = {}): Traced {
    return indexing.take<Traced, Operand>(this, indices, options);
  }

  /** With `value` at the elements that a list of indices names: `x.set([0, slice(1)], 5)`. It changes a copy. */
  set(this: Traced, indices: readonly Index[], value: Operand): Traced {
    return assign.set<Traced, readonly Index[], Operand>(this, indices, value);
  }

  /** The same elements in another shape, a list or its extents; one extent may be -1. */
  reshape(this: Traced, shape: number | readonly number[], ...more: readonly number[]): Traced {
    return shapes.reshape<Traced>(this, together(shape, more));
  }

  /** The axes in another order, a list or its axes; by default reversed. */
  transpose(
    this: Traced,
    axes: number | readonly number[] | null = null,
    ...more: readonly number[]
  ): Traced {
    return shapes.transpose<Traced>(this, axes === null ? null : together(axes, more));
  }

  /** All elements in row-major order, rank 1. */
  flatten(this: Traced): Traced {
    return shapes.flatten<Traced>(this);
  }

  /** `flatten` under numpy's other name. */
  ravel(this: Traced): Traced {
    return shapes.ravel<Traced>(this);
  }

  /** Without axes of extent 1. */
  squeeze(this: Traced, axis: number | readonly number[] | null = null): Traced {
    return shapes.squeeze<Traced>(this, axis);
  }

  /** With new axes of extent 1. */
  expandDims(this: Traced, axis: number | readonly number[]): Traced {
    return shapes.expandDims<Traced>(this, axis);
  }

  /** Repeated to a shape. */
  broadcastTo(this: Traced, shape: readonly number[]): Traced {
    return shapes.broadcastTo<Traced>(this, shape);
  }
}

/** numpy's methods take a list or its elements. */
function together(first: number | readonly number[], more: readonly number[]): readonly number[] {
  return typeof first === 'number' ? [first, ...more] : first;
}
