/**
 * Sums of tables as integer programs: one matrix product of steps, and no table lookup.
 *
 * The straightforward program, `np.take` of each table at an encrypted bin, takes a CMUX for each bit of each bin and an
 * evaluation key. For 30 features of 16 bins that is 12 ms instead of 0.4, and 66 KB of query instead of 4.
 */
import { sumsModel } from '../linear/program.ts';
import type { IntegerModel } from '../model.ts';
import { quantizeSteps, type StepQuantizer } from '../quantize/steps.ts';
import type { IntegerWeights } from '../quantize/weights.ts';

/** score_k = scale * (sum of the entries of all tables + bias_k), in the four steps of every model. */
export function tablesModel(quantizer: StepQuantizer, sums: IntegerWeights): IntegerModel {
  return {
    ...sumsModel(sums),
    input: { length: sums.weights.length, min: 0, max: 1 },
    quantize: (X) => quantizeSteps(quantizer, X),
  };
}
