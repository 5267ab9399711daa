/**
 * The core of an imported model that is a neural network; a linear model is one of a single dense layer.
 */
import type { ClassifierOutput } from '../../estimators/decider.ts';
import type { IntegerModel } from '../../estimators/model.ts';
import { evaluateNetwork } from '../../estimators/neural/evaluate.ts';
import { comparableModel } from '../../estimators/neural/learned.ts';
import { cheapestModel } from '../../estimators/neural/model.ts';
import type { Network } from '../../estimators/neural/network.ts';
import { networkModel } from '../../estimators/neural/program.ts';
import { networkShapes } from '../../estimators/neural/shapes.ts';
import { isNetwork } from '../../estimators/neural/state.ts';
import { hasKeys } from '../../estimators/state.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';

/** The scores are the elements of the network's output. */
export interface NetworkCore {
  readonly kind: 'network';
  /** As it was read: in floats, or on grids that it was trained on. */
  readonly network: Network;
  /** What `quantize` made of it: what predictions use. */
  readonly integers?: Network;
}

/** The number of scores of one row. */
export function networkOutputs({ network }: NetworkCore): number {
  return sizeOf(networkShapes(network).at(-1)!);
}

/** Scores in floats, rows x outputs, for rows of features. */
export function networkScores(core: NetworkCore, X: Tensor): Tensor {
  const { data } = evaluateNetwork(core.network, X);
  return { shape: [X.shape[0]!, networkOutputs(core)], data };
}

/**
 * Scores in integers.
 *
 * @throws NOT_QUANTIZED for a network whose ranges are not known yet; BAD_NETWORK for labels alone where outputs have scales
 * of their own
 */
export function networkCoreModel(
  { network, integers = network }: NetworkCore,
  output: ClassifierOutput,
): IntegerModel {
  return output === 'scores' ? cheapestModel(integers) : comparableModel(integers);
}

/** Whether a value is a network on so many features. */
export function isNetworkCore(value: unknown, features: number): value is NetworkCore {
  const keys = typeof value === 'object' && value !== null && 'integers' in value;
  if (!hasKeys(value, keys ? ['kind', 'network', 'integers'] : ['kind', 'network'])) return false;
  const { kind, network } = value;
  if (kind !== 'network' || !isNetworkOn(network, features)) return false;
  if (!('integers' in value)) return true;
  const { integers } = value;
  if (!isNetworkOn(integers, features)) return false;
  const outputsOf = (own: Network): number => networkOutputs({ kind, network: own });
  // What cannot be computed with integers throws, and has not passed.
  return (
    outputsOf(integers) === outputsOf(network) && networkModel(integers).input.length === features
  );
}

function isNetworkOn(value: unknown, features: number): value is Network {
  return isNetwork(value) && value.layers.length > 0 && sizeOf(value.inputShape) === features;
}
