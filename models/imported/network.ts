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
  /** As the source has it: in floats, or on grids that it was trained with. */
  readonly network: Network;
  /** The same on grids, where `quantize` has found some. */
  readonly integers?: Network | undefined;
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
export function networkCoreModel(
  { network, integers }: NetworkCore,
  output: ClassifierOutput,
): IntegerModel {
  if (output === 'scores') return networkModel(integers ?? network);
  throw error('UNSUPPORTED', {
    what: "output: 'label'",
    given: 'a network',
    allowed: "'scores'",
    remedy: "set output: 'scores': the client then finds the label",
  });
}

/** Whether a value is a network on so many features. */
export function isNetworkCore(value: unknown, features: number): value is NetworkCore {
  const isPlain = hasKeys(value, ['kind', 'network']);
  if (!isPlain && !hasKeys(value, ['kind', 'network', 'integers'])) return false;
  const { kind, network, integers } = value as { readonly [Key in keyof NetworkCore]: unknown };
  if (kind !== 'network' || !isNetworkOn(network, features)) return false;
  if (isPlain) return true;
  const outputs = (own: Network): number => networkOutputs({ kind, network: own });
  return isNetworkOn(integers, features) && outputs(integers) === outputs(network);
}

function isNetworkOn(value: unknown, features: number): value is Network {
  return isNetwork(value) && value.layers.length > 0 && sizeOf(value.inputShape) === features;
}
