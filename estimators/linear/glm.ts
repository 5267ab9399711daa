/**
 * Generalized linear models: Poisson, gamma and Tweedie regression.
 */
import { error } from '../../lib/errors.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import type { FeaturesLike } from '../input.ts';
import { d2TweedieScore } from '../metrics/deviance.ts';
import {
  boolean,
  choice,
  custom,
  integer,
  nonNegative,
  number,
  type ParameterTable,
} from '../parameters.ts';
import { register } from '../registry.ts';
import type { RegressionData } from '../regressor.ts';
import { type AnyStateTable, isNumber, isOneOf, type StateTable } from '../state.ts';
import {
  linearForm,
  type QuantizationParameters,
  quantizationParameters,
  type Solution,
} from './fitted.ts';
import { minimize } from './lbfgs.ts';
import { curvaturePreconditioner, linearProblem } from './objectives.ts';
import { LinearRegressor, type LinearRegressorFitted, linearRegressorState } from './regressor.ts';
import {
  checkTargets,
  type Family,
  type Link,
  meanOf,
  sumOf,
  tweedieObjective,
} from './tweedie.ts';

/** Parameters of every generalized linear model, with scikit-learn's defaults. */
export interface GlmParameters extends QuantizationParameters {
  /** Strength of the penalty, >= 0. Default 1. */
  readonly alpha: number;
  /** Whether to learn an intercept; it is not penalized. Default true. */
  readonly fitIntercept: boolean;
  /** Iterations at most. Default 100. */
  readonly maxIter: number;
  /** Stop where no element of the objective's gradient is larger. Default 1e-4. */
  readonly tol: number;
}

/** Parameters of `TweedieRegressor`, with scikit-learn's defaults. */
export interface TweedieRegressorParameters extends GlmParameters {
  /** The power p of the variance: any number but those between 0 and 1. Default 0. */
  readonly power: number;
  /** 'identity', 'log', or 'auto' (default): 'log' for powers above 0. */
  readonly link: Link | 'auto';
}

/** Learned state of a generalized linear model. */
export interface GlmFitted extends LinearRegressorFitted, Family {}

const state: StateTable<GlmFitted> = {
  ...linearRegressorState,
  power: isPower,
  link: isOneOf('identity', 'log'),
};

const table: ParameterTable<GlmParameters> = {
  alpha: nonNegative(1),
  fitIntercept: boolean(true),
  maxIter: integer(100, 1, Number.MAX_SAFE_INTEGER),
  tol: number(1e-4, { above: 0 }),
  ...quantizationParameters,
};

const tweedieTable: ParameterTable<TweedieRegressorParameters> = {
  ...table,
  power: custom(0, 'a number that is not between 0 and 1', isPower),
  link: choice<Link | 'auto'>('auto', ['auto', 'identity', 'log']),
};

/**
 * Minimizes sum_i s_i deviance(y_i, mean_i) / (2 sum_i s_i) + alpha / 2 |w|^2, where the mean belongs to x w + b by the link,
 * with L-BFGS.
 */
abstract class GeneralizedLinearModel<P extends GlmParameters> extends LinearRegressor<
  P,
  GlmFitted
> {
  protected override get state(): AnyStateTable {
    return state;
  }

  /** The family that the parameters name. */
  protected abstract family(parameters: P): Family;

  /**
   * D^2, the share of the deviance that `predict` explains (weighted by `sampleWeight`): 1 - deviance of the predictions /
   * deviance of the mean; at most 1, the larger the better.
   *
   * @throws OUT_OF_RANGE where a target or a prediction is none that the family can have, and as `predict`.
   */
  override score(
    X: FeaturesLike,
    y: ArrayLike,
    options: { readonly sampleWeight?: ArrayLike } = {},
  ): number {
    return d2TweedieScore(y, this.predict(X), { ...options, power: this.fitted.power });
  }

  protected override solve(
    { X, y, sampleWeight }: RegressionData,
    parameters: P,
  ): Solution & Family {
    const { alpha, fitIntercept, maxIter, tol } = parameters;
    const family = this.family(parameters);
    const { power, link } = family;
    checkTargets(y.data, power);
    const total = sampleWeight.reduce((sum, weight) => sum + weight, 0);
    const problem = linearProblem(
      X,
      sampleWeight.map((weight) => weight / total),
      alpha,
      fitIntercept ? { value: 1, penalty: 0 } : null,
    );
    const mean = fitIntercept ? average(y.data, sampleWeight) : meanOf(0, link);
    const needsMean = link === 'log' || power !== 0;
    if (needsMean && !(mean > 0)) {
      const what = fitIntercept ? 'the mean of y' : `the first mean, with fitIntercept: false`;
      const allowed = `a number > 0 with power ${power} and link '${link}'`;
      throw error('OUT_OF_RANGE', { what, given: mean, allowed, remedy: 'use another link' });
    }
    const features = X.shape[1]!;
    const start = new Float64Array(problem.columns);
    if (fitIntercept) start[features] = sumOf(mean, link);
    // The curvature at the start, with all means equal.
    const curvature = link === 'log' ? mean ** (2 - power) : mean ** -power;
    const { x, iterations, converged } = minimize(
      tweedieObjective(problem, y.data, family),
      start,
      { tol, maxIter, precondition: curvaturePreconditioner(problem, curvature) },
    );
    const form = linearForm([x], features, fitIntercept ? 1 : null);
    return { ...form, nIter: iterations, converged, power, link };
  }

  protected override inverse({ shape, data }: Tensor, { link }: GlmFitted): Tensor {
    return { shape, data: data.map((sum) => meanOf(sum, link)) };
  }
}

/**
 * Regression of counts or rates y >= 0: minimizes sum_i s_i deviance(y_i, exp(x_i w + b)) / (2 sum_i s_i) + alpha / 2 |w|^2,
 * with Poisson's deviance 2 (y log(y / mean) - y + mean).
 *
 * An encrypted prediction is one product of integers: it returns x w + b, and the client takes exp of it.
 */
export class PoissonRegressor extends GeneralizedLinearModel<GlmParameters> {
  constructor(parameters: Partial<GlmParameters> = {}) {
    super('PoissonRegressor', table, parameters);
  }

  protected override family(): Family {
    return { power: 1, link: 'log' };
  }
}

/**
 * Regression of sizes y > 0: minimizes sum_i s_i deviance(y_i, exp(x_i w + b)) / (2 sum_i s_i) + alpha / 2 |w|^2, with the
 * gamma deviance 2 (log(mean / y) + y / mean - 1).
 *
 * An encrypted prediction is one product of integers: it returns x w + b, and the client takes exp of it.
 */
export class GammaRegressor extends GeneralizedLinearModel<GlmParameters> {
  constructor(parameters: Partial<GlmParameters> = {}) {
    super('GammaRegressor', table, parameters);
  }

  protected override family(): Family {
    return { power: 2, link: 'log' };
  }
}

/**
 * Regression with a variance that goes by a power of the mean: minimizes
 * sum_i s_i deviance(y_i, mean_i) / (2 sum_i s_i) + alpha / 2 |w|^2, with the Tweedie deviance of `power`, and
 * mean = x w + b or exp(x w + b) by `link`.
 *
 * An encrypted prediction is one product of integers: it returns x w + b, and the client makes the mean of it.
 */
export class TweedieRegressor extends GeneralizedLinearModel<TweedieRegressorParameters> {
  constructor(parameters: Partial<TweedieRegressorParameters> = {}) {
    super('TweedieRegressor', tweedieTable, parameters);
  }

  protected override family({ power, link }: TweedieRegressorParameters): Family {
    return { power, link: link === 'auto' ? (power > 0 ? 'log' : 'identity') : link };
  }
}

function isPower(value: unknown): boolean {
  return isNumber(value) && (value <= 0 || value >= 1);
}

function average(values: Float64Array, weights: Float64Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, row) => sum + weights[row]! * value, 0) / total;
}

register('PoissonRegressor', PoissonRegressor);
register('GammaRegressor', GammaRegressor);
register('TweedieRegressor', TweedieRegressor);
