/**
 * Linear models as integer programs: one matrix product and one sum, no table lookup.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import {
  type AffineQuantizer,
  codeRange,
  type OutOfRange,
  quantizeAffine,
} from '../quantize/affine.ts';
import type { InputRange } from '../quantize/sums.ts';
import type { IntegerWeights } from '../quantize/weights.ts';

/** value_k = scale_k * (codes . weights_k + bias_k), in the four steps of every model. */
export function linearModel(
  inputs: AffineQuantizer,
  sums: IntegerWeights,
  outOfRange: OutOfRange,
): IntegerModel {
  const { scale } = sums;
  return {
    ...weightedSums(sums, codeRange(inputs)),
    quantize: (X) => quantizeAffine(inputs, X, outOfRange),
    dequantize: ({ shape, data }) => ({
      shape,
      data: data.map((sum, i) => sum * scale[i % scale.length]!),
    }),
  };
}

/** Weights of inputs, inputs x outputs, and what is added to each output; all integers. */
interface Weights {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** output_k = codes . weights_k + bias_k: the step of a model that is computed encrypted. */
export function weightedSums(
  { weights, bias }: Weights,
  { min, max }: InputRange,
): Pick<IntegerModel, 'input' | 'program' | 'evaluate'> {
  return {
    input: { length: weights.length, min, max },
    program: (codes) => np.add(np.matmul(codes, weights), bias),
    evaluate: (codes) => integerSums({ weights, bias }, codes),
  };
}

/** rows x inputs integers to rows x outputs integers, exact below 2^53. */
function integerSums({ weights, bias }: Weights, codes: Tensor): Tensor {
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
