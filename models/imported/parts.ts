/**
 * What imported classifiers and regressors have in common.
 */
import { isNamed } from '../../estimators/input.ts';
import { readTable, type TableLike } from '../../estimators/preprocessing/table.ts';
import type { StateTable } from '../../estimators/state.ts';
import { type ArrayLike, type Tensor, toTensor } from '../../tracer/tensor.ts';
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

/**
 * Rows as the core reads them. Those of a network may be nested, such as images: their values come one after the other.
 *
 * @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
 */
export function readPrepared(X: TableLike, what: string, fitted: WithFeatures): Tensor {
  const { prepare, core } = fitted;
  const table = readTable(core.kind === 'network' ? flatRows(X, what) : X, what, fitted);
  return prepared(prepare, table, what, coreTakesMissing(core));
}

function flatRows(X: TableLike, what: string): TableLike {
  if (isNamed(X) || !hasNestedRows(X)) return X;
  const { shape, data } = toTensor(X as ArrayLike, what);
  const [rows] = shape as [number];
  return { shape: [rows, data.length / Math.max(rows, 1)], data };
}

/** Whether there are more than two axes: of lists, the first value tells. */
function hasNestedRows(X: TableLike): boolean {
  if (Array.isArray(X)) {
    const [row] = X as readonly unknown[];
    const first: unknown = Array.isArray(row) ? row[0] : undefined;
    return typeof first === 'object' && first !== null;
  }
  return typeof X === 'object' && 'shape' in X && X.shape.length > 2;
}
