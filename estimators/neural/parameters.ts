/**
 * Parameters that all networks in training share, and those of the two forms that they come in.
 */
import { type ClassifierParameters, classifierParameters } from '../classifier.ts';
import { type ClassWeight, isClassWeight } from '../input.ts';
import {
  boolean,
  choice,
  custom,
  integer,
  nonNegative,
  number,
  optional,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { isCount, isList } from '../state.ts';
import { dense, isLayers, type TrainableLayer, weightLimits } from './layers.ts';
import { type HiddenActivation, hiddenActivations } from './modules/activations.ts';
import type { WeightLimits } from './modules/neurons.ts';
import type { OptimizerParameters } from './optimizer.ts';
import type { NetworkLearningRate } from './schedule.ts';

/** What every network in training takes, named as in scikit-learn where that has it. */
export interface NetworkParameters extends OptimizerParameters {
  /** Strength of the penalty on squares of weights, alpha / 2 |w|^2, >= 0. Default 1e-4. */
  readonly alpha: number;
  /** Rows of a step; 'auto' (default): a 16th of all, 16 at least and 64 at most. */
  readonly batchSize: number | 'auto';
  /**
   * How the step size changes: 'cosine' (default), along half a wave to 0 at the last epoch; 'constant'; 'adaptive', divided by
   * 5 where nothing improves.
   */
  readonly learningRate: NetworkLearningRate;
  /** The first step size, > 0. Default 0.01. */
  readonly learningRateInit: number;
  /** Epochs at most; with learningRate 'cosine' and no early stopping, exactly. Default 100. */
  readonly maxIter: number;
  /** Whether each epoch takes the rows in another order. Default true. */
  readonly shuffle: boolean;
  /** Seed of the first weights, the order of rows, and of those held out. Default null: 0. */
  readonly randomState: number | null;
  /** By how much a better loss, or score, has to be better. Default 1e-4. */
  readonly tol: number;
  /** Whether to stop by the score on rows that are held out, and to keep the best epoch. Default false. */
  readonly earlyStopping: boolean;
  /** Share of rows held out with `earlyStopping`, in (0, 1). Default 0.1. */
  readonly validationFraction: number;
  /** Epochs without improvement before it stops. Default 10. */
  readonly nIterNoChange: number;
  /** Bits of each feature, 1 to 8. Default 4. */
  readonly inputBits: number;
  /** Bits of the weights of the output, 1 to 8. Default 4. */
  readonly outputBits: number;
}

const share = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < 1;

/** The table of `NetworkParameters`. */
export const networkParameters: ParameterTable<NetworkParameters> = {
  solver: choice<'adam' | 'sgd'>('adam', ['adam', 'sgd']),
  alpha: nonNegative(1e-4),
  batchSize: custom<number | 'auto'>('auto', "an integer >= 1, or 'auto'", (value) => {
    return value === 'auto' || isCount(value, 1);
  }),
  learningRate: choice<NetworkLearningRate>('cosine', ['cosine', 'constant', 'adaptive']),
  learningRateInit: number(0.01, { above: 0 }),
  maxIter: integer(100, 1, Number.MAX_SAFE_INTEGER),
  shuffle: boolean(true),
  randomState,
  tol: nonNegative(1e-4),
  momentum: custom(0.9, 'a number in [0, 1)', share),
  nesterovsMomentum: boolean(true),
  earlyStopping: boolean(false),
  validationFraction: custom(0.1, 'a fraction in (0, 1)', (value) => share(value) && value !== 0),
  beta1: custom(0.9, 'a number in [0, 1)', share),
  beta2: custom(0.999, 'a number in [0, 1)', share),
  epsilon: number(1e-8, { above: 0 }),
  nIterNoChange: integer(10, 1, Number.MAX_SAFE_INTEGER),
  inputBits: integer(4, 1, 8),
  outputBits: integer(4, 1, 8),
};

/** What networks of dense layers take beside. */
export interface DenseNetworkParameters extends WeightLimits {
  /** Neurons of each hidden layer; one number is one layer. Default [32]. */
  readonly hiddenLayerSizes: number | readonly number[];
  /** 'relu' (default), 'identity', 'logistic', 'tanh', 'hardtanh', 'sign', 'step', or 'table', which is learned. */
  readonly activation: HiddenActivation;
  /** Bits of the values of hidden neurons, 1 to 8. Default 3; those of 'sign' and 'step' are two whatever it says. */
  readonly activationBits: number;
  /** Whether sums of hidden neurons are normalized in training, which costs nothing encrypted. Default true. */
  readonly batchNormalization: boolean;
}

/** The table of `DenseNetworkParameters`. */
export const denseNetworkParameters: ParameterTable<DenseNetworkParameters> = {
  hiddenLayerSizes: custom<number | readonly number[]>(
    [32],
    'an integer >= 1, or a list of such',
    (value) => isSize(value) || isList(value, null, isSize),
  ),
  activation: choice<HiddenActivation>('relu', hiddenActivations),
  activationBits: integer(3, 1, 8),
  batchNormalization: boolean(true),
  ...weightLimits,
};

function isSize(value: unknown): boolean {
  return isCount(value, 1) && value <= 2 ** 16;
}

/** The layers that these parameters mean. */
export function hiddenLayers({
  hiddenLayerSizes,
  activationBits,
  activation,
  batchNormalization,
  weightBits,
  accumulatorBits,
  maxFanIn,
}: DenseNetworkParameters): readonly TrainableLayer[] {
  const sizes = typeof hiddenLayerSizes === 'number' ? [hiddenLayerSizes] : hiddenLayerSizes;
  const limits = { weightBits, accumulatorBits, maxFanIn };
  const options = { activation, bits: activationBits, batchNormalization, ...limits };
  return sizes.map((units) => dense(units, options));
}

/** What networks of any layers take beside. */
export interface LayerParameters {
  /** Hidden layers, in their order: what `dense()`, `conv2d()` and the others return. Default []. */
  readonly layers: readonly TrainableLayer[];
  /** The shape of one row: [channels, length] or [channels, height, width]; null (default): [features]. */
  readonly inputShape: readonly number[] | null;
}

/** The table of `LayerParameters`. */
export const layerParameters: ParameterTable<LayerParameters> = {
  layers: custom<readonly TrainableLayer[]>([], 'a list of layers, as dense(8) returns', isLayers),
  inputShape: optional(
    custom<readonly number[]>([], 'the lengths of one to three axes', (value) => {
      return isList(value, null, isSize) && value.length >= 1 && value.length <= 3;
    }),
  ),
};

/** What networks take that classify. */
export interface NetworkClassifierParameters extends NetworkParameters, ClassifierParameters {
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
  /** Share of each row that counts as of all classes alike, in [0, 1): against scores that grow without need. Default 0. */
  readonly labelSmoothing: number;
}

/** The table of `NetworkClassifierParameters`. */
export const networkClassifierParameters: ParameterTable<NetworkClassifierParameters> = {
  ...networkParameters,
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  labelSmoothing: custom(0, 'a number in [0, 1)', share),
  ...classifierParameters,
};
