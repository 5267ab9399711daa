/**
 * What an imported model computes on the server: of each kind of core, its tests, its scores and its integers.
 */
import type { ClassifierOutput } from '../../estimators/decider.ts';
import type { IntegerModel } from '../../estimators/model.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  isNetworkCore,
  type NetworkCore,
  networkCoreModel,
  networkOutputs,
  networkScores,
} from './network.ts';
import { isTreesCore, type TreesCore, treeScores, treesModel } from './trees.ts';

/** From prepared features to scores. */
export type Core = TreesCore | NetworkCore;

/** The number of scores of one row. */
export function coreOutputs(core: Core): number {
  return core.kind === 'trees' ? core.start.length : networkOutputs(core);
}

/** Scores in floats, as the source library computes them: rows x outputs. */
export function coreScores(core: Core, X: Tensor): Tensor {
  return core.kind === 'trees' ? treeScores(core, X) : networkScores(core, X);
}

/** Scores in integers. @throws NOT_QUANTIZED for a network whose ranges are not known yet */
export function coreModel(core: Core, output: ClassifierOutput): IntegerModel {
  return core.kind === 'trees' ? treesModel(core, output) : networkCoreModel(core, output);
}

/** Whether missing values have a meaning to it. */
export function coreTakesMissing({ kind }: Core): boolean {
  return kind === 'trees';
}

/** Whether a value is a core on so many prepared features. */
export function isCore(value: unknown, features: number): value is Core {
  return isTreesCore(value, features) || isNetworkCore(value, features);
}
