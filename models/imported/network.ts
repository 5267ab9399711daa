/**
 * The core of an imported model that is a neural network; a linear model is one of a single dense layer.
 */
import type { ClassifierOutput } from '../../estimators/decider.ts';
import type { IntegerModel } from '../../estimators/model.ts';
import { evaluateNetwork } from '../../estimators/neural/evaluate.ts';
import type { Network } from '../../estimators/neural/network.ts';
import { networkModel } from '../../estimators/neural/program.ts';
import { networkShapes } from '../../estimators/neural/shapes.ts';
import { isNetwork } from '../../estimators/neural/state.ts';
import { hasKeys } from '../../estimators/state.ts';
import { error } from '../../lib/errors.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';

/** The scores are the elements of the network's output. Until it is quantized it has floats alone. */
export interface NetworkCore {
  readonly kind: 'network';
  readonly network: Network;
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

/** Scores in integers. @throws NOT_QUANTIZED, and UNSUPPORTED for labels alone: outputs have scales of their own */
export function networkCoreModel({ network }: NetworkCore, output: ClassifierOutput): IntegerModel {
  if (output === 'scores') return networkModel(network);
  throw error('UNSUPPORTED', {
    what: "output: 'label'",
    given: 'a network',
    allowed: "'scores'",
    remedy: "set output: 'scores': the client then finds the label",
  });
}

/** Whether a value is a network on so many features. */
export function isNetworkCore(value: unknown, features: number): value is NetworkCore {
  if (!hasKeys(value, ['kind', 'network']) || value.kind !== 'network') return false;
  const { network } = value;
  return isNetwork(network) && network.layers.length > 0 && sizeOf(network.inputShape) === features;
}
