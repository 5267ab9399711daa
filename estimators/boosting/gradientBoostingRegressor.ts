/**
 * Gradient boosted trees for regression.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { arrayOf } from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import type { FeaturesLike } from '../input.ts';
import type { IntegerModel } from '../model.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  type LearnedTargets,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import { type AnyStateTable, isNumbers, isOneOf, type StateTable } from '../state.ts';
import { boostedBefore } from './fold.ts';
import { type RegressionLoss, regressionLoss } from './losses.ts';
import { type BoostingParameters, boostingParameters } from './parameters.ts';
import { boostedModel, stagedScores } from './program.ts';
import { boostedState } from './state.ts';
import { type BoostedState, trainBooster } from './train.ts';

/** Parameters of `GradientBoostingRegressor`. */
export interface GradientBoostingRegressorParameters extends BoostingParameters {
  /**
   * 'squaredError' (default), 'absoluteError' for medians, 'quantile' for the quantile of level `alpha`, or 'poisson' for
   * counts and other targets >= 0, whose logarithm is then what trees add up to.
   */
  readonly loss: RegressionLoss;
  /** The level of the loss 'quantile', in (0, 1). Default 0.9; other losses do not use it. */
  readonly alpha: number;
}

const losses = ['squaredError', 'absoluteError', 'poisson', 'quantile'] as const;

const table: ParameterTable<GradientBoostingRegressorParameters> = {
  loss: choice<RegressionLoss>('squaredError', losses),
  alpha: custom(
    0.9,
    'a number in (0, 1)',
    (value) => typeof value === 'number' && value > 0 && value < 1,
  ),
  ...boostingParameters,
};

/** Learned state of `GradientBoostingRegressor`. */
export interface GradientBoostingRegressorFitted extends RegressorFitted, BoostedState {
  /** The parameter `loss` at the time of the fit. */
  readonly loss: RegressionLoss;
}

const state: StateTable<GradientBoostingRegressorFitted> = {
  ...regressorState,
  ...boostedState,
  start: (value) => isNumbers(value, 1),
  loss: isOneOf(...losses),
};

/**
 * A sum of trees, each a Newton step on the loss of those before it: XGBoost's second-order boosting on histograms; the
 * leaves of 'absoluteError' and 'quantile' are medians and quantiles of what is left of the targets. Missing values (NaN) go
 * to the side of each split that lowers the loss most.
 *
 * An encrypted prediction sums up all trees on the server, in integers; see `leafSums` for how fine these are.
 */
export class GradientBoostingRegressor extends Regressor<
  GradientBoostingRegressorParameters,
  GradientBoostingRegressorFitted
> {
  constructor(parameters: Partial<GradientBoostingRegressorParameters> = {}) {
    super('GradientBoostingRegressor', table, parameters);
  }

  /** Predictions after one round, after two, and so on, in clear: [rows] each. @throws as `predict`. */
  *stagedPredict(X: FeaturesLike): Generator<NdArray<Float64Array>> {
    const { fitted } = this;
    for (const scores of stagedScores(fitted, this.readRows(X))) {
      const { shape, data } = this.finished(scores, fitted);
      yield arrayOf({ shape: shape.slice(0, 1), data });
    }
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): GradientBoostingRegressorFitted | null {
    return boostedBefore(this.fitted, map);
  }

  protected override get takesMissing(): boolean {
    return true;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: GradientBoostingRegressorParameters,
  ): LearnedTargets<GradientBoostingRegressorFitted> {
    const { loss: name, alpha, monotonicCst } = parameters;
    const { data: targets } = y;
    if (name === 'poisson') checkCounts(targets, sampleWeight);
    const loss = regressionLoss(name, targets, sampleWeight, alpha);
    if (loss.leafQuantile !== undefined && monotonicCst?.some((each) => each !== 0) === true) {
      throw error('UNSUPPORTED', {
        what: 'GradientBoostingRegressor.monotonicCst',
        given: `loss: '${name}', whose leaves are quantiles`,
        allowed: "'squaredError' or 'poisson'",
        remedy: 'take another loss, or monotonicCst: null',
      });
    }
    const data = { X, y: targets, weights: sampleWeight, stratify: false };
    const state = trainBooster('GradientBoostingRegressor', data, loss, parameters, 'scores');
    return { ...state, loss: name };
  }

  protected override model(fitted: GradientBoostingRegressorFitted): IntegerModel {
    return boostedModel(fitted);
  }

  protected override finished(values: Tensor, { loss }: GradientBoostingRegressorFitted): Tensor {
    if (loss !== 'poisson') return values;
    return { shape: values.shape, data: values.data.map(Math.exp) };
  }
}

register('GradientBoostingRegressor', GradientBoostingRegressor);

/** @throws OUT_OF_RANGE unless all targets are at least 0, and one that counts is above. */
function checkCounts(targets: Float64Array, weights: Float64Array): void {
  const least = targets.reduce((a, b) => Math.min(a, b));
  const some = targets.some((target, row) => target > 0 && weights[row]! > 0);
  if (least >= 0 && some) return;
  const given = least < 0 ? least : 'zeros alone';
  throw error('OUT_OF_RANGE', {
    what: "y under loss: 'poisson'",
    given,
    allowed: '>= 0, not all 0',
  });
}
