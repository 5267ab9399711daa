/**
 * Networks that are trained to classify: one of dense layers in scikit-learn's form, and one of any layers.
 */
import { checkOptions } from '../../lib/options.ts';
import type { OnProgress } from '../../lib/progress.ts';
import {
  type ClassifierFitted,
  classifierState,
  type Learned,
  type TrainingData,
} from '../classifier.ts';
import { type FeaturesLike, type LabelsLike, trainingWeights } from '../input.ts';
import { checkMagnitudes } from '../linear/fitted.ts';
import { accuracyScore } from '../metrics/accuracy.ts';
import { type ScoreModel, winners } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { DecisionClassifier } from '../probabilities.ts';
import { register } from '../registry.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import { comparableModel, scoreModel, trainedState } from './learned.ts';
import {
  type DenseNetworkParameters,
  denseNetworkParameters,
  hiddenLayers,
  type LayerParameters,
  layerParameters,
  type NetworkClassifierParameters,
  networkClassifierParameters,
} from './parameters.ts';
import { smoothedCrossEntropy, smoothedLogisticLoss } from './tape/losses.ts';
import { type NetworkFitOptions, type TrainedNetwork, trainNetwork } from './train.ts';

/** Learned state of networks that classify. */
export type NetworkClassifierFitted = ClassifierFitted & TrainedNetwork;

const state: StateTable<NetworkClassifierFitted> = {
  ...classifierState,
  ...trainedState<NetworkClassifierFitted>(
    ({ classes }) => scoresOf(classes.length),
    comparableModel,
  ),
};

/** One score speaks for two classes. */
function scoresOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** The common part of networks that classify. */
abstract class NetworkClassifierBase<
  P extends NetworkClassifierParameters,
> extends DecisionClassifier<P, NetworkClassifierFitted> {
  #onProgress: OnProgress | undefined;

  /**
   * Learns from rows of features (rows x features, finite) and one label a row. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, BAD_LABELS, OUT_OF_RANGE; DIVERGED where the first epoch
   * diverges: later ones warn, and the epoch before is kept
   */
  override fit(X: FeaturesLike, y: LabelsLike, options: NetworkFitOptions = {}): this {
    checkOptions(`${this.name}.fit`, options, ['sampleWeight', 'onProgress']);
    const { onProgress, ...rest } = options;
    this.#onProgress = onProgress;
    try {
      return super.fit(X, y, rest);
    } finally {
      this.#onProgress = undefined;
    }
  }

  /** The hidden layers. */
  protected abstract layersOf(parameters: P): LayerParameters;

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, classes, indices, sampleWeight }: TrainingData,
    parameters: P,
  ): Learned<NetworkClassifierFitted> {
    checkMagnitudes('X', X);
    const { labelSmoothing } = parameters;
    const outputs = scoresOf(classes.length);
    const weights = trainingWeights(sampleWeight, parameters.classWeight, classes, indices);
    const score = (data: Float64Array, rows: Int32Array): number =>
      accuracyScore(
        Array.from(rows, (row) => indices[row]!),
        Array.from(winners({ shape: [rows.length, outputs], data })),
        { sampleWeight: Array.from(rows, (row) => weights[row]!) },
      );
    const task = {
      X,
      y: Float64Array.from(indices),
      weights,
      outputs,
      loss: (outputs === 1 ? smoothedLogisticLoss : smoothedCrossEntropy)(labelSmoothing),
      classes: true,
      score,
      scale: new Array<number>(outputs).fill(1),
      shift: new Array<number>(outputs).fill(0),
    };
    const architecture = { ...parameters, ...this.layersOf(parameters) };
    return trainNetwork(this.name, task, architecture, parameters, this.#onProgress);
  }

  protected override scores({ network }: NetworkClassifierFitted): ScoreModel {
    return scoreModel(network);
  }

  protected override comparedScores({ network }: NetworkClassifierFitted): ScoreModel {
    return comparableModel(network);
  }
}

/** Parameters of `MLPClassifier`. */
export interface MLPClassifierParameters
  extends DenseNetworkParameters,
    NetworkClassifierParameters {}

const perceptronTable: ParameterTable<MLPClassifierParameters> = {
  ...denseNetworkParameters,
  ...networkClassifierParameters,
};

/**
 * A network of dense layers that is trained on the integers of its encrypted runs: weights and values of few bits, in sums
 * whose ranges can be bounded.
 *
 * An encrypted prediction computes sums of integers, and one table for each hidden neuron.
 */
export class MLPClassifier extends NetworkClassifierBase<MLPClassifierParameters> {
  constructor(parameters: Partial<MLPClassifierParameters> = {}) {
    super('MLPClassifier', perceptronTable, parameters);
  }

  protected override layersOf(parameters: MLPClassifierParameters): LayerParameters {
    return { layers: hiddenLayers(parameters), inputShape: null };
  }
}

register('MLPClassifier', MLPClassifier);

/** Parameters of `NeuralNetworkClassifier`. */
export interface NeuralNetworkClassifierParameters
  extends LayerParameters,
    NetworkClassifierParameters {}

const layerTable: ParameterTable<NeuralNetworkClassifierParameters> = {
  ...layerParameters,
  ...networkClassifierParameters,
};

/**
 * A network of any layers, trained as `MLPClassifier`: convolutions, pools and branches that are added. The output, a dense
 * layer of one score for each class, follows by itself.
 */
export class NeuralNetworkClassifier extends NetworkClassifierBase<NeuralNetworkClassifierParameters> {
  constructor(parameters: Partial<NeuralNetworkClassifierParameters> = {}) {
    super('NeuralNetworkClassifier', layerTable, parameters);
  }

  protected override layersOf(parameters: NeuralNetworkClassifierParameters): LayerParameters {
    return parameters;
  }
}

register('NeuralNetworkClassifier', NeuralNetworkClassifier);
