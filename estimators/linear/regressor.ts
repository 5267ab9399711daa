/**
 * What linear regressors share: coefficients, and their integers.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import type { IntegerModel } from '../model.ts';
import { clearly } from '../predictor.ts';
import {
  type LearnedTargets,
  outputsOf,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import {
  checkMagnitudes,
  checkSolution,
  type LinearState,
  linearState,
  type QuantizationParameters,
  realValues,
  returnedForm,
  type Solution,
  warn,
  widenedForm,
} from './fitted.ts';
import { beforeAffine } from './fold.ts';
import { linearModel } from './program.ts';

/** Learned state of a linear regressor. */
export interface LinearRegressorFitted extends RegressorFitted, LinearState {}

/** The tests of `LinearRegressorFitted`. */
export const linearRegressorState: StateTable<LinearRegressorFitted> = {
  ...regressorState,
  ...linearState<LinearRegressorFitted>(outputsOf, ({ nFeaturesIn }) => nFeaturesIn),
};

/** How much of R^2 on the training rows quantization may change before `fit` warns. */
const tolerableLoss = 0.005;

/** A regressor whose predictions are weighted sums of features, or a function of such sums that the client applies. */
export abstract class LinearRegressor<
  P extends QuantizationParameters,
  F extends LinearRegressorFitted = LinearRegressorFitted,
> extends Regressor<P, F> {
  protected override get state(): AnyStateTable {
    return linearRegressorState;
  }

  /** Finds the coefficients (one row of them for each column of `y`), and what else a class keeps of its own. */
  protected abstract solve(
    data: RegressionData,
    parameters: P,
  ): Solution & Omit<F, keyof LinearRegressorFitted>;

  /**
   * Learns. It warns and does not fail where a model may be worse than it could be: NOT_CONVERGED where the solver stopped
   * early; QUANTIZATION_LOSS where the integers change R^2 on the training rows by more than 0.005.
   *
   * @throws OUT_OF_RANGE for values above 1e140; NOT_FINITE where the solver overflowed.
   */
  protected override train(data: RegressionData, parameters: P): LearnedTargets<F> {
    checkMagnitudes('X', data.X);
    checkMagnitudes('y', data.y);
    const solution = this.solve(data, parameters);
    checkSolution(this.name, solution);
    const { converged: _, ...learned } = solution;
    const terms = this.terms(data.X, learned as unknown as F);
    const fitted = {
      ...learned,
      ...returnedForm(this.reach(terms), solution, parameters, false),
    } as unknown as F;
    const sums = clearly(linearModel(fitted.quantizer, fitted.integerWeights, 'clip'), terms);
    const values = this.inverse(sums, fitted);
    const reals = this.inverse(realValues(terms, solution), fitted);
    const lost = differenceOfR2(data, reals, values);
    if (lost > tolerableLoss) {
      const given = `R^2 that is other by ${lost.toFixed(4)} on the training rows`;
      warn('QUANTIZATION_LOSS', { what: this.name, given, allowed: `${tolerableLoss}` });
    }
    return fitted;
  }

  /** What coefficients multiply: the features, or functions of them that the client computes. */
  protected terms(X: Tensor, _fitted: F): Tensor {
    return X;
  }

  /** Rows of terms whose ranges the grids take. */
  protected reach(terms: Tensor): Tensor {
    return terms;
  }

  /** Predictions from weighted sums: the inverse of a link function, which the client applies. */
  protected inverse(sums: Tensor, _fitted: F): Tensor {
    return sums;
  }

  protected override finished(values: Tensor): Tensor {
    return this.inverse(values, this.fitted);
  }

  protected override model(fitted: F): IntegerModel {
    const { quantizer, integerWeights } = fitted;
    const model = linearModel(quantizer, integerWeights, this.getParams().outOfRange);
    return { ...model, quantize: (X) => model.quantize(this.terms(X, fitted)) };
  }

  override get folds(): MapKind | null {
    return 'affine';
  }

  override folded(map: FeatureMap, X: Tensor): F | null {
    if (map.kind !== 'affine') return null;
    const { fitted } = this;
    const form = beforeAffine(fitted, map);
    const integers = returnedForm(X, form, this.checkedParameters(), false);
    return { ...fitted, ...form, ...integers, nFeaturesIn: map.inputs };
  }

  protected override widened(fitted: F, X: Tensor): F {
    return { ...fitted, ...widenedForm(fitted, fitted, this.terms(X, fitted), false) };
  }
}

/** By how much R^2 differs between two predictions, the mean over outputs; constant targets do not count. */
function differenceOfR2({ y, sampleWeight }: RegressionData, a: Tensor, b: Tensor): number {
  const [rows, outputs] = y.shape as [number, number];
  const total = sampleWeight.reduce((sum, weight) => sum + weight, 0);
  let difference = 0;
  for (let k = 0; k < outputs; k++) {
    const sum = (term: (at: number) => number): number => {
      let all = 0;
      for (let row = 0; row < rows; row++) all += sampleWeight[row]! * term(row * outputs + k);
      return all;
    };
    const mean = sum((at) => y.data[at]!) / total;
    const spread = sum((at) => (y.data[at]! - mean) ** 2);
    const change = sum((at) => (y.data[at]! - a.data[at]!) ** 2 - (y.data[at]! - b.data[at]!) ** 2);
    if (spread > 0) difference += Math.abs(change) / spread / outputs;
  }
  return difference;
}
