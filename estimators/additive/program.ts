/**
 * Weighted sums of inputs as integer programs, sums of tables among them: one matrix product, and no table lookup.
 *
 * The straightforward program of a sum of tables, `np.take` of each at an encrypted bin, takes a CMUX for each bit of each
 * bin, and an evaluation key. For 30 features of 16 bins that is 12 ms instead of 0.4, and 66 KB of query instead of 4.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import { quantizeSteps, type StepQuantizer, stepRange } from '../quantize/steps.ts';
import { type InputRange, type IntegerSums, joinParts } from '../quantize/sums.ts';

/** Scores of inputs in a range, in the four steps of every model. */
export function sumsModel(
  sums: IntegerSums,
  inputs: InputRange,
  quantize: (X: Tensor) => Tensor,
): IntegerModel {
  const { weights, bias } = sums;
  return {
    input: { length: weights.length, min: inputs.min, max: inputs.max },
    program: (codes) => np.add(np.matmul(codes, weights), bias),
    quantize,
    evaluate: (codes) => weightedSums(sums, codes),
    dequantize: (outputs) => joinParts(sums, outputs),
  };
}

/** The same of tables, by their steps. */
export function tablesModel(quantizer: StepQuantizer, sums: IntegerSums): IntegerModel {
  return sumsModel(sums, stepRange, (X) => quantizeSteps(quantizer, X));
}

/** rows x inputs integers to rows x outputs integers, exact below 2^53. */
function weightedSums({ weights, bias }: IntegerSums, codes: Tensor): Tensor {
  const [rows, inputs] = codes.shape as [number, number];
  const outputs = bias.length;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(bias, row * outputs);
    for (let j = 0; j < inputs; j++) {
      const code = codes.data[row * inputs + j]!;
      const own = weights[j]!;
      if (code !== 0) for (let k = 0; k < outputs; k++) data[row * outputs + k]! += code * own[k]!;
    }
  }
  return { shape: [rows, outputs], data };
}
