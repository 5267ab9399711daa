/**
 * Networks that are trained to predict numbers: one of dense layers in scikit-learn's form, and one of any layers.
 */
import { checkOptions } from '../../lib/options.ts';
import type { OnProgress } from '../../lib/progress.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import type { FeaturesLike } from '../input.ts';
import { checkMagnitudes } from '../linear/fitted.ts';
import type { IntegerModel } from '../model.ts';
import type { ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  type LearnedTargets,
  outputsOf,
  type RegressionData,
  Regressor,
  type RegressorFitted,
  regressorState,
} from '../regressor.ts';
import type { AnyStateTable, StateTable } from '../state.ts';
import { trainedState } from './learned.ts';
import { cheapestModel } from './model.ts';
import {
  type DenseNetworkParameters,
  denseNetworkParameters,
  hiddenLayers,
  type LayerParameters,
  layerParameters,
  type NetworkParameters,
  networkParameters,
} from './parameters.ts';
import { squaredLoss } from './tape/losses.ts';
import { type NetworkFitOptions, type TrainedNetwork, trainNetwork } from './train.ts';

/** Learned state of networks that predict numbers. */
export type NetworkRegressorFitted = RegressorFitted & TrainedNetwork;

const state: StateTable<NetworkRegressorFitted> = {
  ...regressorState,
  ...trainedState<NetworkRegressorFitted>(outputsOf, cheapestModel),
};

/** The common part of networks that predict numbers. */
abstract class NetworkRegressorBase<P extends NetworkParameters> extends Regressor<
  P,
  NetworkRegressorFitted
> {
  #onProgress: OnProgress | undefined;

  /**
   * Learns from rows of features (rows x features, finite) and one target a row, [rows], or several, [rows, outputs]. Returns
   * this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE; DIVERGED where the first epoch diverges: later
   * ones warn, and the epoch before is kept
   */
  override fit(X: FeaturesLike, y: ArrayLike, options: NetworkFitOptions = {}): this {
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

  protected override get takesOutputs(): boolean {
    return true;
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  protected override train(
    { X, y, sampleWeight }: RegressionData,
    parameters: P,
  ): LearnedTargets<NetworkRegressorFitted> {
    checkMagnitudes('X', X);
    checkMagnitudes('y', y);
    const outputs = y.shape[1]!;
    const { scale, shift } = standardOf(y, sampleWeight);
    const targets = y.data.map((value, i) => (value - shift[i % outputs]!) / scale[i % outputs]!);
    /** 1 - the mean square of what is left, in units of the variance of the targets. */
    const score = (values: Float64Array, rows: Int32Array): number => {
      let [sum, total] = [0, 0];
      rows.forEach((row, i) => {
        const weight = sampleWeight[row]!;
        for (let k = 0; k < outputs; k++) {
          sum += weight * (values[i * outputs + k]! - targets[row * outputs + k]!) ** 2;
        }
        total += weight * outputs;
      });
      return 1 - sum / total;
    };
    const data = { X, y: targets, weights: sampleWeight, outputs, classes: false, scale, shift };
    const architecture = { ...parameters, ...this.layersOf(parameters) };
    const task = { ...data, loss: squaredLoss, score };
    return trainNetwork(this.name, task, architecture, parameters, this.#onProgress);
  }

  protected override model({ network }: NetworkRegressorFitted): IntegerModel {
    return cheapestModel(network);
  }
}

/** Mean and deviation of each target, the latter 1 where there is none but that of rounding. */
function standardOf(
  { shape, data }: Tensor,
  weights: Float64Array,
): { readonly scale: readonly number[]; readonly shift: readonly number[] } {
  const outputs = shape[1]!;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const moment = (k: number, of: (value: number) => number): number =>
    weights.reduce((sum, weight, row) => sum + (weight / total) * of(data[row * outputs + k]!), 0);
  const shift = Array.from({ length: outputs }, (_, k) => moment(k, (value) => value));
  const scale = shift.map((mean, k) => {
    const deviation = Math.sqrt(moment(k, (value) => (value - mean) ** 2));
    return deviation > 1e-12 * Math.abs(mean) ? deviation : 1;
  });
  return { scale, shift };
}

/** Parameters of `MLPRegressor`. */
export interface MLPRegressorParameters extends DenseNetworkParameters, NetworkParameters {}

const perceptronTable: ParameterTable<MLPRegressorParameters> = {
  ...denseNetworkParameters,
  ...networkParameters,
};

/**
 * A network of dense layers that is trained on the integers of its encrypted runs: weights and values of few bits, in sums
 * whose ranges can be bounded. It minimizes squared errors, of targets that are brought to mean 0 and variance 1 meanwhile.
 *
 * An encrypted prediction computes sums of integers, and one table for each hidden neuron.
 */
export class MLPRegressor extends NetworkRegressorBase<MLPRegressorParameters> {
  constructor(parameters: Partial<MLPRegressorParameters> = {}) {
    super('MLPRegressor', perceptronTable, parameters);
  }

  protected override layersOf(parameters: MLPRegressorParameters): LayerParameters {
    return { layers: hiddenLayers(parameters), inputShape: null };
  }
}

register('MLPRegressor', MLPRegressor);

/** Parameters of `NeuralNetworkRegressor`. */
export interface NeuralNetworkRegressorParameters extends LayerParameters, NetworkParameters {}

const layerTable: ParameterTable<NeuralNetworkRegressorParameters> = {
  ...layerParameters,
  ...networkParameters,
};

/**
 * A network of any layers, trained as `MLPRegressor`: convolutions, pools and branches that are added. The output, a dense
 * layer of one number for each target, follows by itself.
 */
export class NeuralNetworkRegressor extends NetworkRegressorBase<NeuralNetworkRegressorParameters> {
  constructor(parameters: Partial<NeuralNetworkRegressorParameters> = {}) {
    super('NeuralNetworkRegressor', layerTable, parameters);
  }

  protected override layersOf(parameters: NeuralNetworkRegressorParameters): LayerParameters {
    return parameters;
  }
}

register('NeuralNetworkRegressor', NeuralNetworkRegressor);
