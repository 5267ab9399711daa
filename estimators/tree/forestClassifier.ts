/**
 * What forests that classify have in common.
 */
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
import { type ClassWeight, isClassWeight, trainingWeights } from '../input.ts';
import { type IntegerModel, labelModel, type ScoreModel } from '../model.ts';
import { choice, custom, type ParameterTable } from '../parameters.ts';
import { ProbabilityClassifier } from '../probabilities.ts';
import { comparedShareLevels } from '../quantize/leaves.ts';
import { type AnyStateTable, isMatrix, isNumber, type StateTable } from '../state.ts';
import { type ClassImpurity, classCriterion } from './classCriterion.ts';
import { classScores } from './classScores.ts';
import { forestBefore } from './fold.ts';
import {
  type Forest,
  type ForestParameters,
  forestParameters,
  growForest,
  type OutOfBag,
} from './forest.ts';
import { isImportances, isQuantizerOf, isShares, isTrees } from './state.ts';
import type { TreeSplitter } from './train.ts';

/** Parameters of forests that classify. */
export interface ForestClassifierParameters extends ClassifierParameters, ForestParameters {
  /** 'gini' (default), 'entropy', or 'logLoss', which is the same as 'entropy'. */
  readonly criterion: ClassImpurity;
  /** Weights of classes; 'balancedSubsample': as 'balanced', by the rows drawn for each tree. Default null: 1 each. */
  readonly classWeight: ClassWeight | 'balancedSubsample';
}

/** Learned state of forests that classify. */
export interface ForestClassifierFitted extends ClassifierFitted, Forest {
  /** With `oobScore`: the accuracy on rows by the trees that did not learn from them. */
  readonly oobScore?: number;
  /** With `oobScore`: the shares of classes behind it, rows x classes; all 0 for a row that every tree learned from. */
  readonly oobDecisionFunction?: readonly (readonly number[])[];
}

const state: StateTable<ForestClassifierFitted> = {
  ...classifierState,
  trees: (value, { nFeaturesIn, classes }) =>
    isTrees(value, nFeaturesIn, (shares) => isShares(shares, classes.length)),
  featureImportances: isImportances,
  quantizer: isQuantizerOf(({ trees }) => trees),
  oobScore: (value) => value === undefined || isNumber(value),
  oobDecisionFunction: (value, { classes }) =>
    value === undefined || isMatrix(value, null, classes.length),
};

/** The table of `ForestClassifierParameters`. */
export function forestClassifierParameters(
  bootstrap: boolean,
): ParameterTable<ForestClassifierParameters> {
  return {
    criterion: choice('gini', ['gini', 'entropy', 'logLoss']),
    ...forestParameters({ bootstrap, maxFeatures: 'sqrt', nBits: 6 }),
    classWeight: custom<ClassWeight | 'balancedSubsample'>(
      null,
      "'balanced', 'balancedSubsample', weights by label, or null",
      (value) => value === 'balancedSubsample' || isClassWeight(value),
    ),
    ...classifierParameters,
  };
}

/** A mean of class shares over trees; subclasses say how these are grown. */
export abstract class ForestClassifier extends ProbabilityClassifier<
  ForestClassifierParameters,
  ForestClassifierFitted
> {
  /** How thresholds are chosen. */
  protected abstract readonly splitter: TreeSplitter;

  override get folds(): MapKind {
    return 'monotone';
  }

  override folded(map: FeatureMap): ForestClassifierFitted | null {
    return forestBefore(this.fitted, map);
  }

  /** Scores are the mean over trees of the shares of the classes in the leaf that a row falls in. */
  protected override probabilities(scores: Tensor): Tensor {
    return scores;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    data: TrainingData,
    parameters: ForestClassifierParameters,
  ): Learned<ForestClassifierFitted> {
    const { X, classes, indices } = data;
    const { criterion, classWeight, bootstrap } = parameters;
    const bySubsample = classWeight === 'balancedSubsample' && bootstrap;
    const byClass = classWeight === 'balancedSubsample' ? 'balanced' : classWeight;
    const sampleWeight = trainingWeights(
      data.sampleWeight,
      bySubsample ? null : byClass,
      classes,
      indices,
    );
    const { outOfBag, ...forest } = growForest(
      {
        X,
        splitter: this.splitter,
        outputs: classes.length === 2 ? 1 : classes.length,
        sampleWeight,
        criterionOf: (weights) =>
          classCriterion(criterion, { indices, classes: classes.length, sampleWeight: weights }),
        ...(bySubsample && { treeWeights: (times) => balanced(times, indices, classes.length) }),
      },
      parameters,
      this.name,
    );
    return outOfBag === undefined ? forest : { ...forest, ...judged(outOfBag, indices) };
  }

  protected override scores({ trees, quantizer, classes }: ForestClassifierFitted): ScoreModel {
    return classScores(trees, quantizer, classes.length);
  }

  /** Labels are decided by coarser scores, which are cheaper to compare. */
  protected override model(fitted: ForestClassifierFitted): IntegerModel {
    const { output, trees, quantizer, classes } = fitted;
    if (output === 'scores') return this.scores(fitted);
    const levels = comparedShareLevels(trees.length);
    return labelModel(classScores(trees, quantizer, classes.length, levels));
  }
}

/** How often rows were drawn, times rows drawn / (classes drawn x rows drawn of the class). */
function balanced(times: Float64Array, indices: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  times.forEach((count, row) => {
    counts[indices[row]!]! += count;
  });
  const total = counts.reduce((a, b) => a + b);
  const present = counts.filter((count) => count > 0).length;
  return times.map((count, row) =>
    count === 0 ? 0 : (count * total) / (present * counts[indices[row]!]!),
  );
}

function judged(
  { values, seen }: OutOfBag,
  indices: Int32Array,
): { readonly oobScore: number; readonly oobDecisionFunction: OutOfBag['values'] } {
  const right = seen.filter((row) => {
    const shares = values[row]!;
    return shares.indexOf(Math.max(...shares)) === indices[row];
  });
  return { oobScore: right.length / seen.length, oobDecisionFunction: values };
}
