/**
 * What an imported model computes on the server: of each kind of core, its tests, its scores and its integers.
 */
import type { ClassifierOutput } from '../../estimators/decider.ts';
import type { IntegerModel } from '../../estimators/model.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { isTreesCore, type TreesCore, treeScores, treesModel } from './trees.ts';

/** From prepared features to scores. */
export type Core = TreesCore;

/** The number of scores of one row. */
export function coreOutputs(core: Core): number {
  return core.start.length;
}

/** Scores in floats, as the source library computes them: rows x outputs. */
export function coreScores(core: Core, X: Tensor): Tensor {
  return treeScores(core, X);
}

/** Scores in integers. */
export function coreModel(core: Core, output: ClassifierOutput): IntegerModel {
  return treesModel(core, output);
}

/** Whether missing values have a meaning to it. */
export function coreTakesMissing({ kind }: Core): boolean {
  return kind === 'trees';
}

/** Whether a value is a core on so many prepared features. */
export function isCore(value: unknown, features: number): value is Core {
  return isTreesCore(value, features);
}
