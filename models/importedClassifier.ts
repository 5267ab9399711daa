/**
 * Classifiers that other libraries trained.
 */
import type { NdArray } from 'ndarray';
import {
  arrayOf,
  type ClassifierFitted,
  type ClassifierParameters,
  ClassPredictor,
  classifierParameters,
  classifierState,
} from '../estimators/classifier.ts';
import type { ClassifierOutput } from '../estimators/decider.ts';
import type { ScoreModel } from '../estimators/model.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../estimators/predictor.ts';
import type { TableLike } from '../estimators/preprocessing/table.ts';
import { decisionValues } from '../estimators/probabilities.ts';
import { register } from '../estimators/registry.ts';
import { type AnyStateTable, isList, isNumber, type StateTable } from '../estimators/state.ts';
import { error } from '../lib/errors.ts';
import type { Tensor } from '../tracer/tensor.ts';
import { type Core, coreModel, coreOutputs, coreScores } from './imported/core.ts';
import { finished, finishedWidth } from './imported/finish.ts';
import { type ImportedParts, partsState, readPrepared, wayToRead } from './imported/parts.ts';

/** State of `ImportedClassifier`. Classes come in the order of the file, with which scores and probabilities go. */
export interface ImportedClassifierFitted extends ClassifierFitted, ImportedParts {
  /** Whether finished scores are probabilities of the classes. */
  readonly probabilities: boolean;
}

const state: StateTable<ImportedClassifierFitted> = {
  ...classifierState,
  classes: (value) =>
    (isList(value, null, (label) => typeof label === 'string') || isList(value, null, isNumber)) &&
    value.length >= 2 &&
    new Set(value).size === value.length,
  ...partsState,
  core: (value, state) => {
    if (!partsState.core(value, state)) return false;
    const outputs = coreOutputs(value as Core);
    return outputs === state.classes.length || (outputs === 1 && state.classes.length === 2);
  },
  probabilities: (value, { core, finish, classes }) =>
    value === false ||
    (value === true && finishedWidth(finish, coreOutputs(core)) === classes.length),
};

/**
 * A classifier that a reader such as `fromXGBoost` has read. It has no `fit`.
 *
 * An encrypted prediction runs the core on the server: scores come back, of two classes one or two, which the client finishes
 * to labels and probabilities; with `output: 'label'` the index of the winning class and nothing else.
 */
export class ImportedClassifier extends ClassPredictor<
  ClassifierParameters,
  ImportedClassifierFitted,
  TableLike
> {
  constructor(parameters: Partial<ClassifierParameters> = {}) {
    super('ImportedClassifier', classifierParameters, parameters);
  }

  /** The estimator of what a reader has read. Called by readers alone. @throws BAD_OPTION, NOT_FINITE */
  static of(
    read: Omit<ImportedClassifierFitted, 'output'>,
    output: ClassifierOutput = 'scores',
  ): ImportedClassifier {
    const made = new ImportedClassifier({ output });
    made.learned({ ...read, output: made.checkedParameters().output });
    return made;
  }

  /** Changes the named parameters, at once: there is no `fit` to wait for. @throws BAD_OPTION */
  override setParams(parameters: Partial<ClassifierParameters>): this {
    super.setParams(parameters);
    if (this.isFitted) {
      this.learned({ ...this.fitted, output: this.checkedParameters().output });
    }
    return this;
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
   * What the source library returns, in floats and in clear, [rows, classes]: probabilities where it has them, else scores,
   * of two classes [rows, 1] or [rows, 2]. Predictions use integers instead, and may differ by a rounding.
   *
   * @throws as `predict`.
   */
  evaluate(X: TableLike): NdArray<Float64Array> {
    const { core, finish } = this.fitted;
    return arrayOf(this.valued(finished(finish, coreScores(core, this.readRows(X)))));
  }

  /**
   * Probabilities as the source library has them, [rows, classes].
   *
   * @throws as `predict`; UNSUPPORTED for a model that has none.
   */
  predictProba(X: TableLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: TableLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: TableLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, (scores, { finish, probabilities }) => {
      if (probabilities) return arrayOf(finished(finish, scores));
      throw error('UNSUPPORTED', {
        what: 'predictProba',
        given: 'a model that has scores alone',
        remedy: 'call decisionFunction',
      });
    });
  }

  /**
   * Signed scores before their link: [rows] where one tells two classes apart (above 0 is `classes[1]`), else
   * [rows, classes].
   *
   * @throws as `predict`.
   */
  decisionFunction(X: TableLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: TableLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: TableLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, decisionValues);
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

  protected override scores({ core }: ImportedClassifierFitted): ScoreModel {
    return { ...coreModel(core, 'scores'), boundary: 0 };
  }

  protected override comparedScores({ core }: ImportedClassifierFitted): ScoreModel {
    return { ...coreModel(core, 'label'), boundary: 0 };
  }
}

register('ImportedClassifier', ImportedClassifier);
