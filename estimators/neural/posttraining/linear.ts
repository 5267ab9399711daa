/**
 * Networks that are one weighted sum of their inputs: they become what linear models are, and lose next to nothing.
 */
import { sizeOf, type Tensor } from '../../../tracer/tensor.ts';
import { affineQuantizer, codeRange } from '../../quantize/affine.ts';
import { quantizeWeights, returnedScales } from '../../quantize/weights.ts';
import { evaluateNetwork } from '../evaluate.ts';
import type { Layer, Network } from '../network.ts';
import { networkShapes } from '../shapes.ts';

/** Layers whose values are weighted sums of what they read. */
const linearKinds: readonly Layer['kind'][] = [
  'dense',
  'convolution',
  'averagePool',
  'scale',
  'move',
  'add',
  'subtract',
  'sum',
  'mean',
];

/** Bits of the integers of inputs over the rows that are given, as of linear models. */
const inputBits = 12;

/** Most coefficients that are worth writing out. */
const mostCoefficients = 2 ** 20;

/**
 * The network in integers as fine as one leveled product has room for, in the form of its input, a grid and one dense layer;
 * null where it is no weighted sum of its inputs.
 */
export function linearNetwork(network: Network, X: Tensor): Network | null {
  const { inputShape, layers } = network;
  const outputShape = networkShapes(network).at(-1)!;
  const [inputs, outputs] = [sizeOf(inputShape), sizeOf(outputShape)];
  const isLinear = layers.every(({ kind }) => linearKinds.includes(kind));
  if (!isLinear || inputs * outputs > mostCoefficients) return null;
  const rows = { shape: [X.shape[0]!, inputs], data: X.data };
  const form = coefficientsOf(network, inputs, outputs);
  const affine = affineQuantizer(rows, inputBits);
  const scales = returnedScales(affine, form, true);
  const { quantizer, integerWeights } = quantizeWeights(affine, form, scales);
  const used = quantizer.scale.map((step) => (step === 0 ? 0 : 1 / step));
  const { weights, bias, scale } = integerWeights;
  const flat = [inputs];
  const all = Array.from({ length: inputs }, (_, j) => j);
  return {
    inputShape,
    layers: [
      { kind: 'move', name: 'input/flat', inputs: [-1], shape: flat, from: all, fill: 0 },
      {
        kind: 'scale',
        name: 'input/scaled',
        input: 0,
        factor: { shape: flat, data: used },
        offset: { shape: flat, data: used.map((factor, j) => 0 - factor * quantizer.center[j]!) },
      },
      { kind: 'grid', name: 'input/grid', input: 1, step: [1], zero: 0, ...codeRange(quantizer) },
      {
        kind: 'dense',
        name: layers.at(-1)!.name,
        input: 2,
        weights: {
          shape: [outputs, inputs],
          data: scale.flatMap((step, k) => weights.map((own) => own[k]! * step + 0)),
          steps: scale,
        },
        bias: bias.map((integer, k) => integer * scale[k]!),
      },
      {
        kind: 'move',
        name: 'output/shaped',
        inputs: [3],
        shape: outputShape,
        from: Array.from({ length: outputs }, (_, k) => k),
        fill: 0,
      },
    ],
  };
}

/** Outputs for no input are the intercept; for one input that is 1, a coefficient more. */
function coefficientsOf(
  network: Network,
  inputs: number,
  outputs: number,
): { readonly coef: number[][]; readonly intercept: number[] } {
  const X = new Float64Array((inputs + 1) * inputs);
  for (let j = 0; j < inputs; j++) X[(j + 1) * inputs + j] = 1;
  const { data } = evaluateNetwork(network, { shape: [inputs + 1, inputs], data: X });
  const intercept = Array.from(data.subarray(0, outputs));
  const coef = intercept.map((value, k) =>
    Array.from({ length: inputs }, (_, j) => data[(j + 1) * outputs + k]! - value),
  );
  return { coef, intercept };
}
