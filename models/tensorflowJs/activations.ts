/**
 * Keras' activations by name, as functions of networks.
 */
import { appended, type Draft, type Value } from './draft.ts';
import { isRecord, type JsonObject } from './json.ts';

/** A function of each element, by its name in `activations` of networks; or softmax, which is none. */
export interface Step {
  readonly function: string;
  readonly parameters: readonly number[];
}

/** The one that needs all elements of a row: it stays with the client, and so stands at the end or nowhere. */
export const softmax: Step = { function: 'softmax', parameters: [] };

function step(name: string, ...parameters: number[]): readonly Step[] {
  return [{ function: name, parameters }];
}

const hardSigmoid2 = step('hardSigmoid', 0.2, 0.5);
const hardSigmoid3 = step('hardSigmoid', 1 / 6, 0.5);

/** Names that Keras 2, Keras 3 and TensorFlow.js share; see `activationOf` for those that they do not. */
const named: Readonly<Record<string, readonly Step[]>> = {
  linear: [],
  relu: step('relu'),
  relu6: step('relu6'),
  leaky_relu: step('leakyRelu', 0.2),
  elu: step('elu', 1),
  celu: step('celu', 1),
  selu: step('selu', 1.6732632423543772, 1.0507009873554805),
  gelu: step('gelu'),
  sigmoid: step('sigmoid'),
  hard_tanh: step('hardTanh', -1, 1),
  tanh: step('tanh'),
  softplus: step('softplus'),
  softsign: step('softsign'),
  silu: step('silu'),
  swish: step('silu'),
  hard_silu: step('hardSwish'),
  hard_swish: step('hardSwish'),
  mish: step('mish'),
  log_sigmoid: step('logSigmoid'),
  hard_shrink: step('shrink', 0.5, 0),
  soft_shrink: step('shrink', 0.5, 0.5),
  exponential: step('exp'),
  softmax: [softmax],
};

/** What an activation is: steps in order, none for the identity; null where it is not supported. */
export function activationOf(value: unknown, isKeras3: boolean): readonly Step[] | null {
  if (value === null || value === undefined) return [];
  if (isRecord(value)) return layerActivation(value);
  if (value === 'hard_sigmoid') return isKeras3 ? hardSigmoid3 : hardSigmoid2;
  // TensorFlow.js writes names as it has them in code.
  if (value === 'hardSigmoid') return hardSigmoid2;
  if (typeof value !== 'string' || !Object.hasOwn(named, value)) return null;
  return named[value]!;
}

/** The names for an error. */
export const activationNames: string = [...Object.keys(named), 'hard_sigmoid'].sort().join(', ');

/** A layer of activation alone, or the same as the activation of another layer. */
function layerActivation({ class_name: className, config }: JsonObject): readonly Step[] | null {
  if (typeof className !== 'string' || !Object.hasOwn(activationLayers, className)) return null;
  return activationLayers[className]!(isRecord(config) ? config : {});
}

/** Layers of activation, by class: the steps that their options make; null for options that are not supported. */
export const activationLayers: Readonly<
  Record<string, (config: JsonObject) => readonly Step[] | null>
> = {
  ReLU: reluSteps,
  LeakyReLU: ({ alpha, negative_slope: slope = alpha ?? 0.3 }) => parametric('leakyRelu', slope),
  ELU: ({ alpha = 1 }) => parametric('elu', alpha),
  ThresholdedReLU: ({ theta = 1 }) => parametric('thresholdedRelu', theta),
  Softmax: ({ axis = -1 }) => (axis === -1 ? [softmax] : null),
};

/** The names of the options that they read. */
export const activationOptions: readonly string[] = [
  ...['alpha', 'negative_slope', 'theta', 'axis', 'max_value', 'threshold'],
];

function parametric(name: string, parameter: unknown): readonly Step[] | null {
  return Number.isFinite(parameter) ? step(name, parameter as number) : null;
}

/** 0 (or slope * (x - threshold)) below the threshold, at most `max_value` above it. */
function reluSteps(config: JsonObject): readonly Step[] | null {
  const { max_value: most, negative_slope: slope, threshold } = config;
  const numbers = [most, slope, threshold].map((value) => value ?? 0);
  if (!numbers.every((value) => Number.isFinite(value))) return null;
  const [max, alpha, least] = numbers as [number, number, number];
  const hasMax = most !== null && most !== undefined;
  if (alpha !== 0) return least === 0 && !hasMax ? step('leakyRelu', alpha) : null;
  if (least === 0) return hasMax && max > 0 ? step('clip', 0, max) : hasMax ? null : step('relu');
  const own = step('thresholdedRelu', least);
  if (!hasMax) return own;
  return least > 0 && max >= least ? [...own, ...step('clip', 0, max)] : null;
}

/** The value after all steps. */
export function activated(draft: Draft, name: string, value: Value, steps: readonly Step[]): Value {
  return steps.reduce(
    (before, { function: own, parameters }) =>
      appended(
        draft,
        { kind: 'activation', name, input: before.layer, function: own, parameters },
        before.shape,
      ),
    value,
  );
}
