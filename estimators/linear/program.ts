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
import type { IntegerWeights } from '../quantize/weights.ts';

/** value_k = scale_k * (codes . weights_k + bias_k), in the four steps of every model. */
export function linearModel(
  inputs: AffineQuantizer,
  sums: IntegerWeights,
  outOfRange: OutOfRange,
): IntegerModel {
  const { weights, bias, scale } = sums;
  return {
    input: { length: weights.length, ...codeRange(inputs) },
    program: (codes) => np.add(np.matmul(codes, weights), bias),
    quantize: (X) => quantizeAffine(inputs, X, outOfRange),
    evaluate: (codes) => integerScores(sums, codes),
    dequantize: ({ shape, data }) => ({
      shape,
      data: data.map((sum, i) => sum * scale[i % scale.length]!),
    }),
  };
}

/** rows x inputs integers to rows x outputs integers, exact below 2^53. */
function integerScores({ weights, bias }: IntegerWeights, codes: Tensor): Tensor {
  const [rows, inputs] = codes.shape as [number, number];
  const outputs = bias.length;
  const data = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    data.set(bias, row * outputs);
    for (let j = 0; j < inputs; j++) {
      const code = codes.data[row * inputs + j]!;
      const own = weights[j]!;
      for (let k = 0; k < outputs; k++) data[row * outputs + k]! += code * own[k]!;
    }
  }
  return { shape: [rows, outputs], data };
}
