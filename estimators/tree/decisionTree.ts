/**
 * Decision tree classification.
 */
import type { NdArray } from 'ndarray';
import { createRandom } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  arrayOf,
  Classifier,
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import { classShares } from '../classShares.ts';
import { type ClassWeight, type FeaturesLike, isClassWeight, trainingWeights } from '../input.ts';
import type { ScoreModel } from '../model.ts';
import {
  choice,
  countOrFraction,
  custom,
  integer,
  isCountOrFraction,
  nonNegative,
  optional,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import { leafLevels, quantizeProbabilities } from '../quantize/leaves.ts';
import { type ThresholdQuantizer, thresholdQuantizer } from '../quantize/thresholds.ts';
import { register } from '../registry.ts';
import { growTree, type Tree } from './grow.ts';
import { binFeatures } from './histogram.ts';
import { integerTree, treesModel } from './program.ts';

/** How many features a split may choose from: a number, a fraction, the root or the logarithm of all; null: all. */
export type MaxFeatures = number | 'sqrt' | 'log2' | null;

/** Parameters of `DecisionTreeClassifier`, with scikit-learn's defaults. */
export interface DecisionTreeClassifierParameters extends ClassifierParameters {
  /** 'gini' (default) or 'entropy'. */
  readonly criterion: 'gini' | 'entropy';
  /** Levels of splits at most; null (default): no limit. */
  readonly maxDepth: number | null;
  /** Rows that a node needs to be split: a number >= 2, or a fraction of all. Default 2. */
  readonly minSamplesSplit: number;
  /** Rows that each side of a split needs: a number >= 1, or a fraction of all. Default 1. */
  readonly minSamplesLeaf: number;
  /** Features that a split may choose from. Default null. */
  readonly maxFeatures: MaxFeatures;
  /** Split only where the impurity, weighted by the node's share of all, falls by as much. Default 0. */
  readonly minImpurityDecrease: number;
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
  /** Seed of the order in which features are tried. Default null: 0. */
  readonly randomState: number | null;
  /**
   * Thresholds are chosen among 2^nBits - 1 per feature, 1..12; all midpoints of features with fewer values. Default 10.
   * It bears on training alone: predictions use only as many bits as the thresholds of the finished tree need.
   */
  readonly nBits: number;
}

const table: ParameterTable<DecisionTreeClassifierParameters> = {
  criterion: choice('gini', ['gini', 'entropy']),
  maxDepth: optional(integer(1, 1, Number.MAX_SAFE_INTEGER)),
  minSamplesSplit: countOrFraction(2, 2),
  minSamplesLeaf: countOrFraction(1, 1),
  maxFeatures: custom<MaxFeatures>(
    null,
    "an integer >= 1, a fraction in (0, 1), 'sqrt', 'log2', or null",
    (value) =>
      value === null || value === 'sqrt' || value === 'log2' || isCountOrFraction(value, 1),
  ),
  minImpurityDecrease: nonNegative(0),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  randomState,
  nBits: integer(10, 1, 12),
  ...classifierParameters,
};

/** Learned state of a tree. */
export interface DecisionTreeFitted extends ClassifierFitted {
  readonly tree: Tree;
  /** Share of each feature in all that splits took from the impurity; they sum to 1, or are all 0. */
  readonly featureImportances: readonly number[];
  /** `maxFeatures` as a number. */
  readonly maxFeatures: number;
  /** Features to integers. */
  readonly quantizer: ThresholdQuantizer;
}

/**
 * A binary tree of splits `feature <= threshold`, each the one that leaves the least impurity. Training sees values as
 * quantile bins; thresholds lie midway between training values, as scikit-learn's.
 *
 * An encrypted prediction is a choice by encrypted bits at each split: exact, for values of any size. Its leaves hold
 * probabilities in steps of 1/254; labels are those of the unrounded ones.
 */
export class DecisionTreeClassifier extends Classifier<
  DecisionTreeClassifierParameters,
  DecisionTreeFitted
> {
  constructor(parameters: Partial<DecisionTreeClassifierParameters> = {}) {
    super('DecisionTreeClassifier', table, parameters);
  }

  /**
   * Shares of the classes in the leaf that each row falls in, [rows, classes].
   *
   * @throws as `predict`.
   */
  predictProba(X: FeaturesLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: FeaturesLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: FeaturesLike,
    options: PredictOptions = {},
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.scored(X, options, arrayOf);
  }

  /** The number of splits on the longest way from the root to a leaf. @throws NOT_FITTED */
  getDepth(): number {
    const { childrenLeft, childrenRight } = this.fitted.tree;
    const depth = new Array<number>(childrenLeft.length).fill(0);
    childrenLeft.forEach((left, id) => {
      if (left < 0) return;
      depth[left] = depth[id]! + 1;
      depth[childrenRight[id]!] = depth[id]! + 1;
    });
    return depth.reduce((a, b) => Math.max(a, b));
  }

  /** The number of leaves. @throws NOT_FITTED */
  getNLeaves(): number {
    return this.fitted.tree.feature.filter((feature) => feature < 0).length;
  }

  protected override train(
    data: TrainingData,
    parameters: DecisionTreeClassifierParameters,
  ): Learned<DecisionTreeFitted> {
    const { X, classes, indices } = data;
    const [rows, features] = X.shape as [number, number];
    const { criterion, maxDepth, minSamplesSplit, minSamplesLeaf, nBits } = parameters;
    const { classWeight, minImpurityDecrease } = parameters;
    const weights = trainingWeights(data.sampleWeight, classWeight, classes, indices);
    const maxFeatures = featureCount(parameters.maxFeatures, features);
    const settings = {
      criterion,
      maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
      minSamplesSplit: Math.max(2, rowCount(minSamplesSplit, rows)),
      minSamplesLeaf: rowCount(minSamplesLeaf, rows),
      maxFeatures,
      minImpurityDecrease,
    };
    const targets = { indices, classes: classes.length, sampleWeight: weights };
    const seed = parameters.randomState ?? 0;
    const tree = growTree(binFeatures(X, nBits), targets, settings, createRandom(seed));
    return {
      tree,
      featureImportances: importances(tree, features),
      maxFeatures,
      quantizer: thresholdQuantizer(tree.feature, tree.threshold),
    };
  }

  protected override scores({ tree, quantizer, classes }: DecisionTreeFitted): ScoreModel {
    const root = integerTree(tree, quantizer, (leaf) => {
      const levels = quantizeProbabilities(tree.value[leaf]!);
      return levels.length === 2 ? levels.slice(1) : levels;
    });
    const outputs = classes.length === 2 ? 1 : classes.length;
    return {
      ...treesModel([root], quantizer, new Array<number>(outputs).fill(0)),
      dequantize: probabilities,
      boundary: leafLevels / 2,
    };
  }
}

register('DecisionTreeClassifier', DecisionTreeClassifier);

function rowCount(countOrFraction: number, rows: number): number {
  return countOrFraction < 1 ? Math.ceil(countOrFraction * rows) : countOrFraction;
}

function featureCount(maxFeatures: MaxFeatures, features: number): number {
  if (maxFeatures === null) return features;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(features)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(features)));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * features)) : maxFeatures;
}

/** Class scores to probabilities, rows x classes; rows sum to 1. Of two classes, only the second one's are returned. */
function probabilities(scores: Tensor): Tensor {
  return classShares(scores, (own) =>
    own.length === 1 ? [leafLevels - own[0]!, own[0]!] : [...own],
  );
}

/** The total decrease of impurity by feature, as shares. */
function importances(tree: Tree, features: number): number[] {
  const gains = new Array<number>(features).fill(0);
  const mass = (id: number): number => tree.weightedNNodeSamples[id]! * tree.impurity[id]!;
  tree.feature.forEach((feature, id) => {
    if (feature < 0) return;
    gains[feature]! += mass(id) - mass(tree.childrenLeft[id]!) - mass(tree.childrenRight[id]!);
  });
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return gains.map((gain) => (total > 0 ? gain / total + 0 : 0));
}
