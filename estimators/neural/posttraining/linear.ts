/**
 * Networks that are one weighted sum of their inputs: they become what linear models are, and lose next to nothing.
 */
import { sizeOf, type Tensor } from '../../../tracer/tensor.ts';
import { comparedForm } from '../../linear/compared.ts';
import { affineQuantizer, codeRange } from '../../quantize/affine.ts';
import { type IntegerForm, quantizeWeights, returnedScales } from '../../quantize/weights.ts';
import { type Coefficients, coefficientsOf, isLinear, lastSum } from '../linearTail.ts';
import type { Layer, Network } from '../network.ts';
import { networkShapes } from '../shapes.ts';

/** Bits of the integers of inputs over the rows that are given, as of linear models. */
const inputBits = 12;

/** Position of the layer whose elements are the sums. */
const outputPlace = 4;

/** Most coefficients that are worth writing out. */
const mostCoefficients = 2 ** 20;

/**
 * The network in integers as fine as one leveled product has room for, in the form of its input, a grid and one dense layer,
 * and functions of single outputs, if any; null where it is no weighted sum of its inputs.
 *
 * @param compared whether sums are compared on the server, and have to be narrow
 */
export function linearNetwork(network: Network, X: Tensor, compared: boolean): Network | null {
  const { inputShape, layers } = network;
  const end = layers.every(isLinear) ? layers.length - 1 : lastSum(layers);
  const sums = { inputShape, layers: layers.slice(0, end + 1) };
  const outputShape = networkShapes(network)[end]!;
  const [inputs, outputs] = [sizeOf(inputShape), sizeOf(outputShape)];
  if (!sums.layers.every(isLinear) || inputs * outputs > mostCoefficients) return null;
  const rows = { shape: [X.shape[0]!, inputs], data: X.data };
  const form = coefficientsOf(sums, outputs);
  const { quantizer, integerWeights } = compared
    ? comparedForm(rows, form, { nBits: inputBits })
    : returnedForm(rows, form);
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
        name: layers[end]!.name,
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
      ...layers.slice(end + 1).map((layer, k) => ({ ...layer, input: outputPlace + k }) as Layer),
    ],
  };
}

/** Sums as wide as one product has room for. */
function returnedForm(rows: Tensor, form: Coefficients): IntegerForm {
  const affine = affineQuantizer(rows, inputBits);
  return quantizeWeights(affine, form, returnedScales(affine, form, true));
}
