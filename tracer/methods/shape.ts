/**
 * Methods of traced values, each the function of the same name. Indexing and shapes.
 */
import * as indexing from '../ops/indexing.ts';
import * as shapes from '../ops/shape.ts';
import type { Traced } from '../value.ts';
import { ReduceMethods } from './reduce.ts';

/** Indexing and shapes. */
export class ShapeMethods extends ReduceMethods {
  /** Elements as numpy's `x[...]`: integers, `slice(1, 3)`, `newAxis`, `ellipsis`, arrays of integers. */
  at(this: Traced, ...indices: readonly indexing.Index[]): Traced {
    return indexing.at<Traced>(this, ...indices);
  }

  /** The same elements in another shape; one extent may be -1. */
  reshape(this: Traced, shape: number | readonly number[]): Traced {
    return shapes.reshape<Traced>(this, shape);
  }

  /** The axes in another order, by default reversed. */
  transpose(this: Traced, axes: readonly number[] | null = null): Traced {
    return shapes.transpose<Traced>(this, axes);
  }

  /** All elements in row-major order, rank 1. */
  flatten(this: Traced): Traced {
    return shapes.flatten<Traced>(this);
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
