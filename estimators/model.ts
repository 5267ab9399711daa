/**
 * What an estimator is to the engine once it is fitted: integers in, integers out.
 */
import * as np from '../tracer/index.ts';
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
  /** 3. Outputs to values: scores, targets or distances, rows x values. */
  dequantize(outputs: Tensor): Tensor;
  /** Number of inputs of one row, and the inclusive range of each. */
  readonly input: { readonly length: number; readonly min: number; readonly max: number };
  /** Step 2 as a traced function of one row, shape [length] -> [outputs]: the only form that the compiler sees. */
  readonly program: (codes: Traced) => Traced;
}

/**
 * A model whose largest output names the class: the first of several that are equal. With a single output, `classes[1]`
 * where it is above `boundary`, else `classes[0]`. Values are scores, rows x classes, or rows x 1 where the sign alone
 * tells two classes apart; the largest output has the largest score.
 */
export interface ScoreModel extends IntegerModel {
  /** An integer. Of models with several outputs it is not used. */
  readonly boundary: number;
}

/** The model that says the class alone: its one output is the index of the winning class, and its value is the same. */
export function labelModel(scores: ScoreModel): IntegerModel {
  const { quantize, input, boundary } = scores;
  return {
    quantize,
    input,
    program: (codes) => {
      const outputs = scores.program(codes);
      if (outputs.shape[0] === 1) return np.greater(outputs, boundary);
      return np.expandDims(np.argmax(outputs), 0);
    },
    evaluate: (codes) => {
      const indices = winners(scores.evaluate(codes), boundary);
      return { shape: [indices.length, 1], data: Float64Array.from(indices) };
    },
    dequantize: (indices) => indices,
  };
}

/**
 * Of each row of scores, the index of the winning class: of one column, 1 where the score is above `boundary`; else the
 * first column with the largest score.
 */
export function winners(scores: Tensor, boundary = 0): Int32Array {
  const [rows, columns] = scores.shape as [number, number];
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = scores.data.subarray(row * columns, (row + 1) * columns);
    return columns === 1 ? Number(own[0]! > boundary) : own.indexOf(Math.max(...own));
  });
}
