/**
 * Decision tree classification.
 */
import { createRandom } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import type { FeatureMap, MapKind } from '../featureMap.ts';
import { type ClassWeight, trainingWeights } from '../input.ts';
import type { IntegerModel, ScoreModel } from '../model.ts';
import { choice, type ParameterTable } from '../parameters.ts';
import { ProbabilityClassifier } from '../probabilities.ts';
import { type ComparisonQuantizer, comparisonQuantizer } from '../quantize/comparisons.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isCount, type StateTable } from '../state.ts';
import { type ClassImpurity, classCriterion } from './classCriterion.ts';
import { classScores } from './classScores.ts';
import { treeBefore } from './fold.ts';
import type { Tree } from './grow.ts';
import {
  checkMonotonic,
  classWeight,
  featureCount,
  type TreeParameters,
  treeParameters,
} from './parameters.ts';
import { integerTree, treesModel } from './program.ts';
import { isImportances, isQuantizerOf, isShares, isTree } from './state.ts';
import { depthOf, featureImportances, leafCount } from './structure.ts';
import { binsFor, type TreeSplitter, trainTree } from './train.ts';

/** Parameters of `DecisionTreeClassifier`, with scikit-learn's defaults. `maxFeatures` is null, `nBits` 10. */
export interface DecisionTreeClassifierParameters extends ClassifierParameters, TreeParameters {
  /** 'gini' (default), 'entropy', or 'logLoss', which is the same as 'entropy'. */
  readonly criterion: ClassImpurity;
  /** 'best' (default), or 'random': one threshold drawn for each feature, the best of these taken. */
  readonly splitter: TreeSplitter;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<DecisionTreeClassifierParameters> = {
  criterion: choice('gini', ['gini', 'entropy', 'logLoss']),
  splitter: choice('best', ['best', 'random']),
  ...treeParameters({ maxFeatures: null, nBits: 10 }),
  classWeight,
  ...classifierParameters,
};

/** Learned state of a tree. */
export interface DecisionTreeFitted extends ClassifierFitted {
  readonly tree: Tree;
  /** Share of each feature in all that splits took from the impurity; they sum to 1, or are all 0. */
  readonly featureImportances: readonly number[];
  /** `maxFeatures` as a number. */
  readonly maxFeatures: number;
  /** Features to the answers of all splits. */
  readonly quantizer: ComparisonQuantizer;
}

const state: StateTable<DecisionTreeFitted> = {
  ...classifierState,
  tree: (value, { nFeaturesIn, classes }) =>
    isTree(value, nFeaturesIn, (shares) => isShares(shares, classes.length)),
  featureImportances: isImportances,
  maxFeatures: (value) => isCount(value, 1),
  quantizer: isQuantizerOf(({ tree }) => [tree]),
};

/**
 * A binary tree of splits `feature <= threshold`, each the one that leaves the least impurity. Training sees values as
 * quantile bins; thresholds lie midway between training values, as scikit-learn's.
 *
 * An encrypted prediction is a choice by encrypted bits at each split: exact, for values of any size. Its leaves hold
 * probabilities in steps of 1/2520; labels are those of the unrounded ones.
 */
export class DecisionTreeClassifier extends ProbabilityClassifier<
  DecisionTreeClassifierParameters,
  DecisionTreeFitted
> {
  constructor(parameters: Partial<DecisionTreeClassifierParameters> = {}) {
    super('DecisionTreeClassifier', table, parameters);
  }

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): DecisionTreeFitted | null {
    return treeBefore(this.fitted, map);
  }

  /** The number of splits on the longest way from the root to a leaf. @throws NOT_FITTED */
  getDepth(): number {
    return depthOf(this.fitted.tree);
  }

  /** The number of leaves. @throws NOT_FITTED */
  getNLeaves(): number {
    return leafCount(this.fitted.tree);
  }

  /** Scores are the shares of the classes in a leaf. */
  protected override probabilities(scores: Tensor): Tensor {
    return scores;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    data: TrainingData,
    parameters: DecisionTreeClassifierParameters,
  ): Learned<DecisionTreeFitted> {
    const { X, classes, indices } = data;
    const features = X.shape[1]!;
    const { criterion, splitter, maxFeatures, nBits } = parameters;
    const outputs = classes.length === 2 ? 1 : classes.length;
    checkMonotonic(this.name, parameters.monotonicCst, features, outputs);
    const sampleWeight = trainingWeights(
      data.sampleWeight,
      parameters.classWeight,
      classes,
      indices,
    );
    const impurity = classCriterion(criterion, { indices, classes: classes.length, sampleWeight });
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

  protected override scores({ tree, quantizer, classes }: DecisionTreeFitted): ScoreModel {
    return classScores([tree], quantizer, classes.length);
  }

  /** The label of each leaf needs no comparison of scores. */
  protected override model(fitted: DecisionTreeFitted): IntegerModel {
    if (fitted.output === 'scores') return this.scores(fitted);
    const { tree, quantizer } = fitted;
    const root = integerTree(tree, quantizer, (leaf) => {
      const shares = tree.value[leaf]!;
      return [shares.indexOf(Math.max(...shares))];
    });
    return { ...treesModel([root], quantizer, [0]), dequantize: (indices) => indices };
  }
}

register('DecisionTreeClassifier', DecisionTreeClassifier);
