/**
 * Methods of traced values, each the function of the same name. Order, repetition, borders and diagonals.
 */
import * as diagonals from '../ops/diagonal.ts';
import { type PadOptions, pad } from '../ops/pad.ts';
import * as reorder from '../ops/reorder.ts';
import * as repeats from '../ops/repeat.ts';
import type { Operand } from '../record.ts';
import type { ArrayLike } from '../tensor.ts';
import type { Traced } from '../value.ts';
import { ShapeMethods } from './shape.ts';

/** Order, repetition, borders and diagonals. */
export class MoveMethods extends ShapeMethods {
  /** The elements in reverse along axes, by default all. */
  flip(this: Traced, axis: number | readonly number[] | null = null): Traced {
    return reorder.flip<Traced>(this, axis);
  }

  /** The elements moved on along axes; what leaves at the end comes in at the start. */
  roll(
    this: Traced,
    shift: number | readonly number[],
    axis: number | readonly number[] | null = null,
  ): Traced {
    return reorder.roll<Traced>(this, shift, axis);
  }

  /** With two axes exchanged. */
  swapaxes(this: Traced, axis1: number, axis2: number): Traced {
    return reorder.swapaxes<Traced>(this, axis1, axis2);
  }

  /** With axes at other places. */
  moveaxis(
    this: Traced,
    source: number | readonly number[],
    destination: number | readonly number[],
  ): Traced {
    return reorder.moveaxis<Traced>(this, source, destination);
  }

  /** x laid side by side with itself. */
  tile(this: Traced, repetitions: number | readonly number[]): Traced {
    return repeats.tile<Traced>(this, repetitions);
  }

  /** Each element several times in a row. */
  repeat(
    this: Traced,
    repetitions: number | readonly number[],
    axis: number | null = null,
  ): Traced {
    return repeats.repeat<Traced>(this, repetitions, axis);
  }

  /** With more elements at the borders. */
  pad(this: Traced, width: ArrayLike, options: PadOptions = {}): Traced {
    return pad<Traced, Operand>(this, width, options);
  }

  /** The diagonal of a matrix, or the matrix of a diagonal. */
  diag(this: Traced, k = 0): Traced {
    return diagonals.diag<Traced>(this, k);
  }

  /** The diagonals of matrices along two axes. */
  diagonal(this: Traced, options: diagonals.DiagonalOptions = {}): Traced {
    return diagonals.diagonal<Traced>(this, options);
  }

  /** The sums of diagonals; as a function, `matrixTrace`. */
  trace(this: Traced, options: diagonals.DiagonalOptions = {}): Traced {
    return diagonals.matrixTrace<Traced>(this, options);
  }

  /** The lower triangles of matrices. */
  tril(this: Traced, k = 0): Traced {
    return diagonals.tril<Traced>(this, k);
  }

  /** The upper triangles of matrices. */
  triu(this: Traced, k = 0): Traced {
    return diagonals.triu<Traced>(this, k);
  }
}
