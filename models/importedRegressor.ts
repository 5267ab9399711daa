/**
 * Regressors that other libraries trained.
 */
import type { NdArray } from 'ndarray';
import type { IntegerModel } from '../estimators/model.ts';
import type { TableLike } from '../estimators/preprocessing/table.ts';
import { register } from '../estimators/registry.ts';
import {
  outputsOf,
  type RegressorFitted,
  regressorState,
  TargetPredictor,
} from '../estimators/regressor.ts';
import type { AnyStateTable, StateTable } from '../estimators/state.ts';
import type { Tensor } from '../tracer/tensor.ts';
import { type Core, coreModel, coreOutputs, coreScores } from './imported/core.ts';
import { areFinishSteps, finished, finishedWidth } from './imported/finish.ts';
import { type ImportedParts, partsState, readPrepared, wayToRead } from './imported/parts.ts';

/** State of `ImportedRegressor`. */
export interface ImportedRegressorFitted extends RegressorFitted, ImportedParts {}

const state: StateTable<ImportedRegressorFitted> = {
  ...regressorState,
  ...partsState,
  finish: (value, state) =>
    areFinishSteps(value) && finishedWidth(value, coreOutputs(state.core)) === outputsOf(state),
};

/** A regressor that a reader such as `fromXGBoost` has read. It has no `fit`, and no parameters. */
export class ImportedRegressor extends TargetPredictor<
  Record<string, never>,
  ImportedRegressorFitted,
  TableLike
> {
  constructor(parameters: Record<string, never> = {}) {
    super('ImportedRegressor', {}, parameters);
  }

  /** The estimator of what a reader has read. Called by readers alone. @throws NOT_FINITE */
  static of(read: ImportedRegressorFitted): ImportedRegressor {
    const made = new ImportedRegressor();
    made.learned(read);
    return made;
  }

  /** A copy: what was read stays with it, since nothing could learn it again. */
  override clone(): this {
    const copy = super.clone();
    if (this.isFitted) copy.learned(this.fitted);
    return copy;
  }

  /** The same model with another core. Called by `quantize` alone. */
  withCore(core: Core): this {
    const copy = this.clone();
    copy.learned({ ...this.fitted, core });
    return copy;
  }

  /**
   * What the source library predicts, in floats and in clear: [rows] or [rows, outputs]. Predictions use integers instead,
   * and differ by their rounding.
   *
   * @throws as `predict`.
   */
  evaluate(X: TableLike): NdArray<Float64Array> {
    return this.targets(coreScores(this.fitted.core, this.readRows(X)), this.fitted);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override get wayToFit(): string {
    return wayToRead;
  }

  protected override readRows(X: TableLike, what = 'X'): Tensor {
    return readPrepared(X, what, this.fitted);
  }

  protected override model({ core }: ImportedRegressorFitted): IntegerModel {
    return coreModel(core, 'scores');
  }

  protected override finished(values: Tensor, { finish }: ImportedRegressorFitted): Tensor {
    return finished(finish, values);
  }
}

register('ImportedRegressor', ImportedRegressor);
