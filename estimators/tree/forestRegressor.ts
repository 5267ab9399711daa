/**
 * What forests of numbers have in common.
 */
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { r2Score } from '../metrics/regression.ts';
import type { IntegerModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { valueLevels } from '../quantize/leaves.ts';
import {
  type LearnedTargets,
  outputsOf,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import { type AnyStateTable, isMatrix, isNumber, isNumbers, type StateTable } from '../state.ts';
import { forestBefore } from './fold.ts';
import {
  type Forest,
  type ForestParameters,
  forestParameters,
  growForest,
  type OutOfBag,
} from './forest.ts';
import {
  type RegressionImpurity,
  regressionCriterion,
  regressionImpurity,
} from './regressionCriterion.ts';
import { isImportances, isQuantizerOf, isTrees } from './state.ts';
import type { TreeSplitter } from './train.ts';
import { valueSums } from './valueSums.ts';

/** Parameters of forests of numbers. */
export interface ForestRegressorParameters extends ForestParameters {
  /** 'squaredError' (default), 'friedmanMse', 'absoluteError' or 'poisson'. */
  readonly criterion: RegressionImpurity;
}

/** Learned state of forests of numbers. */
export interface ForestRegressorFitted extends RegressorFitted, Forest {
  /** With `oobScore`: R^2 on rows by the trees that did not learn from them. */
  readonly oobScore?: number;
  /** With `oobScore`: the predictions behind it, rows x outputs; 0 for a row that every tree learned from. */
  readonly oobPrediction?: readonly (readonly number[])[];
}

const state: StateTable<ForestRegressorFitted> = {
  ...regressorState,
  trees: (value, fitted) =>
    isTrees(value, fitted.nFeaturesIn, (own) => isNumbers(own, outputsOf(fitted))),
  featureImportances: isImportances,
  quantizer: isQuantizerOf(({ trees }) => trees),
  oobScore: (value) => value === undefined || isNumber(value),
  oobPrediction: (value, fitted) => value === undefined || isMatrix(value, null, outputsOf(fitted)),
};

/** The table of `ForestRegressorParameters`. */
export function forestRegressorParameters(
  bootstrap: boolean,
): ParameterTable<ForestRegressorParameters> {
  return {
    criterion: regressionImpurity,
    ...forestParameters({ bootstrap, maxFeatures: null, nBits: 6 }),
  };
}

/** A mean of the values of trees; subclasses say how these are grown. */
export abstract class ForestRegressor extends Regressor<
  ForestRegressorParameters,
  ForestRegressorFitted
> {
  /** How thresholds are chosen. */
  protected abstract readonly splitter: TreeSplitter;

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): ForestRegressorFitted | null {
    return forestBefore(this.fitted, map);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: ForestRegressorParameters,
  ): LearnedTargets<ForestRegressorFitted> {
    const outputs = y.shape[1]!;
    const criterionOf = (weights: Float64Array) =>
      regressionCriterion(parameters.criterion, { values: y.data, outputs, sampleWeight: weights });
    const training = { X, splitter: this.splitter, outputs, sampleWeight, criterionOf };
    const { outOfBag, ...forest } = growForest(training, parameters, this.name);
    return outOfBag === undefined ? forest : { ...forest, ...judged(outOfBag, y.data, outputs) };
  }

  protected override model({ trees, quantizer }: ForestRegressorFitted): IntegerModel {
    return valueSums(trees, quantizer, valueLevels);
  }
}

function judged(
  { values, seen }: OutOfBag,
  targets: Float64Array,
  outputs: number,
): { readonly oobScore: number; readonly oobPrediction: OutOfBag['values'] } {
  const truth = seen.map((row) => Array.from(targets.subarray(row * outputs, (row + 1) * outputs)));
  const predicted = seen.map((row) => [...values[row]!]);
  return { oobScore: r2Score(truth, predicted), oobPrediction: values };
}
