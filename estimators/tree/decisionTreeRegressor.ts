/**
 * Decision tree regression.
 */
import { createRandom } from '../../lib/random.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import type { IntegerModel } from '../model.ts';
import { choice, type ParameterTable } from '../parameters.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import { valueLevels } from '../quantize/leaves.ts';
import { register } from '../registry.ts';
import {
  type LearnedTargets,
  outputsOf,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import { type AnyStateTable, isCount, isNumbers, type StateTable } from '../state.ts';
import { treeBefore } from './fold.ts';
import type { Tree } from './grow.ts';
import { checkMonotonic, featureCount, type TreeParameters, treeParameters } from './parameters.ts';
import {
  type RegressionImpurity,
  regressionCriterion,
  regressionImpurity,
} from './regressionCriterion.ts';
import { isImportances, isQuantizerOf, isTree } from './state.ts';
import { depthOf, featureImportances, leafCount } from './structure.ts';
import { binsFor, type TreeSplitter, trainTree } from './train.ts';
import { valueSums } from './valueSums.ts';

/** Parameters of `DecisionTreeRegressor`, with scikit-learn's defaults. `maxFeatures` is null, `nBits` 10. */
export interface DecisionTreeRegressorParameters extends TreeParameters {
  /** 'squaredError' (default), 'friedmanMse', 'absoluteError' or 'poisson'. */
  readonly criterion: RegressionImpurity;
  /** 'best' (default), or 'random': one threshold drawn for each feature, the best of these taken. */
  readonly splitter: TreeSplitter;
}

const table: ParameterTable<DecisionTreeRegressorParameters> = {
  criterion: regressionImpurity,
  splitter: choice('best', ['best', 'random']),
  ...treeParameters({ maxFeatures: null, nBits: 10 }),
};

/** Learned state of a tree of numbers. */
export interface DecisionTreeRegressorFitted extends RegressorFitted {
  readonly tree: Tree;
  /** Share of each feature in all that splits took from the impurity; they sum to 1, or are all 0. */
  readonly featureImportances: readonly number[];
  /** `maxFeatures` as a number. */
  readonly maxFeatures: number;
  /** Features to the answers of all splits. */
  readonly quantizer: ComparisonQuantizer;
}

const state: StateTable<DecisionTreeRegressorFitted> = {
  ...regressorState,
  tree: (value, fitted) =>
    isTree(value, fitted.nFeaturesIn, (own) => isNumbers(own, outputsOf(fitted))),
  featureImportances: isImportances,
  maxFeatures: (value) => isCount(value, 1),
  quantizer: isQuantizerOf(({ tree }) => [tree]),
};

/**
 * A binary tree of splits `feature <= threshold`, each the one that leaves the least impurity; its leaves hold the means of
 * their rows' targets, or the medians for `criterion: 'absoluteError'`. Several outputs share one tree.
 *
 * An encrypted prediction is a choice by encrypted bits at each split: exact, for features of any size. Its leaves hold
 * integers: 2^14 steps from the least to the greatest.
 */
export class DecisionTreeRegressor extends Regressor<
  DecisionTreeRegressorParameters,
  DecisionTreeRegressorFitted
> {
  constructor(parameters: Partial<DecisionTreeRegressorParameters> = {}) {
    super('DecisionTreeRegressor', table, parameters);
  }

  /** The number of splits on the longest way from the root to a leaf. @throws NOT_FITTED */
  getDepth(): number {
    return depthOf(this.fitted.tree);
  }

  /** The number of leaves. @throws NOT_FITTED */
  getNLeaves(): number {
    return leafCount(this.fitted.tree);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): DecisionTreeRegressorFitted | null {
    return treeBefore(this.fitted, map);
  }

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: DecisionTreeRegressorParameters,
  ): LearnedTargets<DecisionTreeRegressorFitted> {
    const features = X.shape[1]!;
    const { criterion, splitter, maxFeatures, nBits } = parameters;
    checkMonotonic(this.name, parameters.monotonicCst, features, y.shape[1]!);
    const targets = { values: y.data, outputs: y.shape[1]!, sampleWeight };
    const impurity = regressionCriterion(criterion, targets);
    const bins = binsFor(X, nBits, splitter, sampleWeight);
    const random = createRandom(parameters.randomState ?? 0);
    const tree = trainTree(bins, impurity, sampleWeight, parameters, splitter, random);
    return {
      tree,
      featureImportances: featureImportances([tree], features),
      maxFeatures: featureCount(maxFeatures, features),
      quantizer: comparisonQuantizer([tree]),
    };
  }

  protected override model({ tree, quantizer }: DecisionTreeRegressorFitted): IntegerModel {
    return valueSums([tree], quantizer, valueLevels);
  }
}

register('DecisionTreeRegressor', DecisionTreeRegressor);
