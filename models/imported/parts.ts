/**
 * What imported classifiers and regressors have in common.
 */
import { readTable, type TableLike } from '../../estimators/preprocessing/table.ts';
import type { StateTable } from '../../estimators/state.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { type Core, coreOutputs, coreTakesMissing, isCore } from './core.ts';
import { areFinishSteps, type FinishStep, finishedWidth } from './finish.ts';
import { type PrepareStep, prepared, preparedWidth } from './prepare.ts';

/** What every imported model is made of, as plain data. */
export interface ImportedParts {
  /** What the client makes of rows before it quantizes them. */
  readonly prepare: readonly PrepareStep[];
  /** What runs encrypted. */
  readonly core: Core;
  /** What the client makes of decrypted scores. */
  readonly finish: readonly FinishStep[];
}

interface WithFeatures extends ImportedParts {
  readonly nFeaturesIn: number;
}

/** The tests of `ImportedParts`: each reads what the one before it makes. */
export const partsState: {
  readonly [Name in keyof ImportedParts]: StateTable<WithFeatures>[Name];
} = {
  prepare: (value, { nFeaturesIn }) => preparedWidth(value, nFeaturesIn) !== null,
  core: (value, { nFeaturesIn, prepare }) => isCore(value, preparedWidth(prepare, nFeaturesIn)!),
  finish: (value, { core }) =>
    areFinishSteps(value) && finishedWidth(value, coreOutputs(core)) !== null,
};

/** What to do where there is no model in an imported estimator. */
export const wayToRead = 'read a model with fromXGBoost or another reader, or load a saved one';

/** Rows as the core reads them. @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY */
export function readPrepared(X: TableLike, what: string, fitted: WithFeatures): Tensor {
  const { prepare, core } = fitted;
  return prepared(prepare, readTable(X, what, fitted), what, coreTakesMissing(core));
}
