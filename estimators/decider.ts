/**
 * What every estimator has that decides by scores, be it on classes, clusters or outliers: whether an encrypted run returns
 * the scores, or the decision alone.
 */
import { error } from '../lib/errors.ts';
import type { Tensor } from '../tracer/tensor.ts';
import { type Fitted, fittedState } from './estimator.ts';
import type { FeaturesLike } from './input.ts';
import { type IntegerModel, labelModel, type ScoreModel } from './model.ts';
import { clearly, type PredictOptions, Predictor } from './predictor.ts';
import { isOneOf, type StateTable } from './state.ts';

/** Where the last step of an encrypted prediction runs. */
export type ClassifierOutput = 'scores' | 'label';

/** Learned state of everything that decides. */
export interface DeciderFitted extends Fitted {
  /** The parameter `output` at the time of the fit. */
  readonly output: ClassifierOutput;
}

/** The tests of `DeciderFitted`. */
export const deciderState: StateTable<DeciderFitted> = {
  ...fittedState,
  output: isOneOf('scores', 'label'),
};

/** The common part of classifiers, clusterers and outlier detectors. */
export abstract class Decider<
  P extends object,
  F extends DeciderFitted,
  Rows = FeaturesLike,
> extends Predictor<P, F, Rows> {
  /** The fitted model that returns scores. */
  protected abstract scores(fitted: F): ScoreModel;

  /** The same where its outputs are compared on the server; coarser where that is cheaper. */
  protected comparedScores(fitted: F): ScoreModel {
    return this.scores(fitted);
  }

  protected override model(fitted: F): IntegerModel {
    return fitted.output === 'label'
      ? labelModel(this.comparedScores(fitted))
      : this.scores(fitted);
  }

  /**
   * From rows of features to whatever `finish` makes of their scores: at once in clear, else as a promise.
   *
   * @throws as `predict`; an encrypted run that returns labels alone rejects with UNSUPPORTED.
   */
  protected scored<T>(
    X: Rows,
    options: PredictOptions,
    finish: (scores: Tensor, fitted: F) => T,
  ): T | Promise<T> {
    if (this.modeOf(options) !== false) return this.#scoredEncrypted(X, options, finish);
    const { fitted } = this;
    return finish(this.valued(clearly(this.scores(fitted), this.readRows(X))), fitted);
  }

  async #scoredEncrypted<T>(
    X: Rows,
    options: PredictOptions,
    finish: (scores: Tensor, fitted: F) => T,
  ): Promise<T> {
    if (this.fitted.output === 'scores') return this.answered(X, options, finish);
    throw error('UNSUPPORTED', {
      what: `scores of an encrypted ${this.name}`,
      given: "output: 'label', which returns labels alone",
      remedy: "fit with output: 'scores', or ask for predict",
    });
  }
}
