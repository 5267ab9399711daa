/**
 * Weighted sums of inputs as integer programs, sums of tables among them: one matrix product, and no table lookup.
 *
 * The straightforward program of a sum of tables, `np.take` of each at an encrypted bin, takes a CMUX for each bit of each
 * bin, and an evaluation key. For 30 features of 16 bins that is 12 ms instead of 0.4, and 66 KB of query instead of 4.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { weightedSums } from '../linear/program.ts';
import type { IntegerModel } from '../model.ts';
import { quantizeSteps, type StepQuantizer, stepRange } from '../quantize/steps.ts';
import { type InputRange, type IntegerSums, joinParts } from '../quantize/sums.ts';

/** Scores of inputs in a range, in the four steps of every model. */
export function sumsModel(
  sums: IntegerSums,
  inputs: InputRange,
  quantize: (X: Tensor) => Tensor,
): IntegerModel {
  return {
    ...weightedSums(sums, inputs),
    quantize,
    dequantize: (outputs) => joinParts(sums, outputs),
  };
}

/** The same of tables, by their steps. */
export function tablesModel(quantizer: StepQuantizer, sums: IntegerSums): IntegerModel {
  return sumsModel(sums, stepRange, (X) => quantizeSteps(quantizer, X));
}
