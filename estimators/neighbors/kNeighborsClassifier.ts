/**
 * Classification by the votes of the nearest training rows.
 */
import { error } from '../../lib/errors.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import { classShares } from '../classShares.ts';
import type { FeaturesLike } from '../input.ts';
import type { ScoreModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { ProbabilityClassifier } from '../probabilities.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, isIndices, type StateTable } from '../state.ts';
import {
  type KNeighborsOptions,
  keptRows,
  type Neighbors,
  type NeighborsFitted,
  type NeighborsParameters,
  nearest,
  neighborsModel,
  neighborsOf,
  neighborsParameters,
  neighborsState,
  widenedNeighbors,
} from './neighbors.ts';

/** Parameters of `KNeighborsClassifier`, with scikit-learn's defaults. */
export interface KNeighborsClassifierParameters extends ClassifierParameters, NeighborsParameters {}

/** Learned state of `KNeighborsClassifier`. */
export interface KNeighborsClassifierFitted extends ClassifierFitted, NeighborsFitted {
  /** Of each point, the index of its label in `classes`. */
  readonly labels: readonly number[];
}

const table: ParameterTable<KNeighborsClassifierParameters> = {
  ...neighborsParameters,
  ...classifierParameters,
};

const state: StateTable<KNeighborsClassifierFitted> = {
  ...classifierState,
  ...neighborsState,
  labels: (value, { points, classes }) => isIndices(value, points.length, classes.length),
};

/**
 * A row's class is the one that most of the k nearest training rows have, the first of several. All rows that tie with the k-th
 * nearest vote.
 *
 * An encrypted prediction compares distances in up to 12 bits, finds the k-th bit by bit, and returns votes: `selection.ts`. With
 * `selection: 'client'` it is one product of integers that returns all distances.
 */
export class KNeighborsClassifier extends ProbabilityClassifier<
  KNeighborsClassifierParameters,
  KNeighborsClassifierFitted
> {
  constructor(parameters: Partial<KNeighborsClassifierParameters> = {}) {
    super('KNeighborsClassifier', table, parameters);
  }

  /**
   * The nearest training rows, in clear: distances and numbers, [rows, neighbours], nearest first.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE; BAD_OPTION for more neighbours than there are rows
   */
  kneighbors(X: FeaturesLike, options: KNeighborsOptions = {}): Neighbors {
    return nearest(this.name, this.fitted, this.readRows(X), options);
  }

  /** Scores are votes. */
  protected override probabilities(scores: Tensor): Tensor {
    return classShares(scores, (votes) => Array.from(votes));
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: KNeighborsClassifierParameters,
  ): Learned<KNeighborsClassifierFitted> {
    const { selection, output } = parameters;
    if (selection === 'client' && output === 'label') {
      const what = `${this.name}.output`;
      const allowed = "'scores', or 'label' with selection: 'encrypted'";
      throw error('BAD_OPTION', { what, given: output, allowed });
    }
    const rows = keptRows(sampleWeight);
    const labels = rows.map((row) => indices[row]!);
    const empty = classes.findIndex((_, k) => !labels.includes(k));
    if (empty >= 0) {
      const given = `0 for every row of class ${classes[empty]}`;
      const remedy = 'leave out the rows of that class';
      const allowed = 'a weight > 0 in every class';
      throw error('OUT_OF_RANGE', { what: 'sampleWeight', given, allowed, remedy });
    }
    return { ...neighborsOf(this.name, X, rows, parameters), labels };
  }

  protected override scores(fitted: KNeighborsClassifierFitted): ScoreModel {
    const { classes, labels } = fitted;
    const answer = {
      holds: labels.map((label) => classes.map((_, k) => Number(k === label))),
      dequantize: (votes: Tensor): Tensor => votes,
      ofWeights: (weights: Float64Array): number[] => {
        const votes = new Array<number>(classes.length).fill(0);
        labels.forEach((label, i) => {
          votes[label]! += weights[i]!;
        });
        return votes;
      },
    };
    return { ...neighborsModel(fitted, answer, this.getParams().outOfRange), boundary: 0 };
  }

  protected override widened(
    fitted: KNeighborsClassifierFitted,
    X: Tensor,
  ): KNeighborsClassifierFitted {
    return widenedNeighbors(fitted, X);
  }
}

register('KNeighborsClassifier', KNeighborsClassifier);
