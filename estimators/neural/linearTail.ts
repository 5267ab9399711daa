/**
 * The weighted sums with which a network ends: what they read is added with weights, whatever layers that takes.
 */
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';
import { evaluateNetwork } from './evaluate.ts';
import type { Layer, Network } from './network.ts';
import { inputsOf } from './shapes.ts';

/** Layers whose values are weighted sums of what they read, and constants. */
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

/** Whether all outputs of a layer are weighted sums of its inputs. */
export function isLinear(layer: Layer): boolean {
  return (
    linearKinds.includes(layer.kind) ||
    (layer.kind === 'activation' && layer.function === 'identity')
  );
}

/** The value that the last sums read, and the last of them; behind it are functions of single elements only. */
export interface LinearTail {
  readonly from: number;
  readonly to: number;
}

/** The sums with which a network ends; null where it ends otherwise, or where they read more than one value. */
export function linearTail({ layers }: Network): LinearTail | null {
  const to = lastSum(layers);
  const needed = new Set([to]);
  let from = -1;
  for (let at = to; at > from; at--) {
    if (!needed.has(at)) continue;
    if (isLinear(layers[at]!)) for (const input of inputsOf(layers[at]!)) needed.add(input);
    else from = at;
  }
  if (from < 0 || from === to) return null;
  const readsBefore = [...needed].some((at) => at < from);
  return readsBefore ? null : { from, to };
}

/** The layer behind which there are functions of single elements only, which are the client's. */
export function lastSum(layers: readonly Layer[], first = 0): number {
  let last = layers.length - 1;
  while (last > first) {
    const layer = layers[last]!;
    const isOwn = layer.kind === 'scale' || layer.kind === 'activation';
    if (!isOwn || layer.input !== last - 1) break;
    last--;
  }
  return last;
}

/** The layers of a tail as a network of what they read. */
export function tailNetwork(
  { layers }: Network,
  { from, to }: LinearTail,
  inputShape: readonly number[],
): Network {
  const places = new Map([[from, -1]]);
  const own: Layer[] = [];
  for (let at = from + 1; at <= to; at++) {
    const layer = layers[at]!;
    if (!inputsOf(layer).every((input) => places.has(input))) continue;
    const inputs = inputsOf(layer).map((input) => places.get(input)!);
    const moved = 'inputs' in layer ? { ...layer, inputs } : { ...layer, input: inputs[0]! };
    places.set(at, own.push(moved as Layer) - 1);
  }
  return { inputShape, layers: own };
}

/** output_k = intercept_k + sum over j of coef_kj * input_j. */
export interface Coefficients {
  readonly coef: number[][];
  readonly intercept: number[];
}

/** Outputs for no input are the intercept; for one input that is 1, a coefficient more. */
export function coefficientsOf(network: Network, outputs: number): Coefficients {
  const inputs = sizeOf(network.inputShape);
  const X = new Float64Array((inputs + 1) * inputs);
  for (let j = 0; j < inputs; j++) X[(j + 1) * inputs + j] = 1;
  const { data }: Tensor = evaluateNetwork(network, { shape: [inputs + 1, inputs], data: X });
  const intercept = Array.from(data.subarray(0, outputs));
  const coef = intercept.map((value, k) =>
    Array.from({ length: inputs }, (_, j) => data[(j + 1) * outputs + k]! - value),
  );
  return { coef, intercept };
}
