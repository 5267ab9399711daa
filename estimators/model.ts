/**
 * What an estimator is to the engine once it is fitted: integers in, integers out.
 */
import type { Tensor } from '../tracer/tensor.ts';
import type { Traced } from '../tracer/value.ts';

/**
 * The steps from rows of features to decisions, each a pure function. Clear, simulated and encrypted predictions share
 * all of them but the second, whose results are equal by construction.
 */
export interface IntegerModel {
  /** 1. Features, rows x features, to integer inputs, rows x `input.length`. */
  quantize(X: Tensor): Tensor;
  /** 2. Inputs to integer outputs, rows x outputs: what `program` computes for each row, in plain arithmetic. */
  evaluate(codes: Tensor): Tensor;
  /** 3. Outputs to scores: rows x classes, or rows x 1 where the sign alone tells two classes apart. */
  dequantize(outputs: Tensor): Tensor;
  /** Number of inputs of one row, and the inclusive range of each. */
  readonly input: { readonly length: number; readonly min: number; readonly max: number };
  /** Step 2 as a traced function of one row, shape [length] -> [outputs]: the only form that the compiler sees. */
  readonly program: (codes: Traced) => Traced;
}
