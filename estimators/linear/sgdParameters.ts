/**
 * What estimators that learn by stochastic gradient descent share: their parameters, and rows held out to stop early.
 */
import { error } from '../../lib/errors.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import {
  boolean,
  choice,
  custom,
  integer,
  nonNegative,
  number,
  type Parameter,
  type ParameterTable,
  randomState,
} from '../parameters.ts';
import { type QuantizationParameters, quantizationParameters, type Solution } from './fitted.ts';
import { l1Share } from './penalties.ts';
import { type LearningRate, type SgdOptions, sgd } from './sgd.ts';
import type { SgdLoss } from './sgdLosses.ts';

/** Parameters of descent that `Perceptron` has too. */
export interface DescentParameters extends QuantizationParameters {
  /** 'l2', 'l1', 'elasticnet', or null for none. */
  readonly penalty: 'l2' | 'l1' | 'elasticnet' | null;
  /** Strength of the penalty, >= 0. Default 1e-4. */
  readonly alpha: number;
  /** Share of the l1 part in the penalty 'elasticnet', 0 to 1. Default 0.15. */
  readonly l1Ratio: number;
  /** Whether to learn an intercept. Default true. */
  readonly fitIntercept: boolean;
  /** Passes over the rows at most. Default 1000. */
  readonly maxIter: number;
  /** Stop where the loss of a row falls by less, or the score rises by less. Default 1e-3; null: after `maxIter`. */
  readonly tol: number | null;
  /** Whether each pass takes the rows in another order. Default true. */
  readonly shuffle: boolean;
  /** Step size, or what it starts from. */
  readonly eta0: number;
  /** Whether to stop by the score on rows that are held out, instead of by the loss. Default false. */
  readonly earlyStopping: boolean;
  /** Share of rows held out with `earlyStopping`, in (0, 1). Default 0.1. */
  readonly validationFraction: number;
  /** Passes without improvement before it stops. Default 5. */
  readonly nIterNoChange: number;
  /** Seed of the order of rows, and of those held out. Default null: 0. */
  readonly randomState: number | null;
}

/** Parameters of `SGDClassifier` and `SGDRegressor`. */
export interface SgdParameters extends DescentParameters {
  /**
   * Step size by the number t of rows seen: 'constant', eta0; 'invscaling', eta0 / t^powerT; 'optimal', 1 / (alpha (t0 + t));
   * 'adaptive', eta0, divided by 5 where nothing improves.
   */
  readonly learningRate: LearningRate;
  /** The exponent of 'invscaling'. */
  readonly powerT: number;
  /** Whether coefficients are the mean over all steps, or over those from this row on. Default false. */
  readonly average: boolean | number;
}

/** The table of `DescentParameters`, with a penalty and a step size of the class's own. */
export function descentParameters(
  penalty: DescentParameters['penalty'],
  eta0: Parameter<number>,
): ParameterTable<DescentParameters> {
  return {
    penalty: choice(penalty, ['l2', 'l1', 'elasticnet', null]),
    alpha: nonNegative(1e-4),
    l1Ratio: l1Share(0.15),
    fitIntercept: boolean(true),
    maxIter: integer(1000, 1, Number.MAX_SAFE_INTEGER),
    tol: custom<number | null>(1e-3, 'a number >= 0, or null', (value) => {
      return value === null || nonNegative(0).accepts(value);
    }),
    shuffle: boolean(true),
    eta0,
    earlyStopping: boolean(false),
    validationFraction: custom(0.1, 'a fraction in (0, 1)', (value) => {
      return typeof value === 'number' && value > 0 && value < 1;
    }),
    nIterNoChange: integer(5, 1, Number.MAX_SAFE_INTEGER),
    randomState,
    ...quantizationParameters,
  };
}

/** The table of `SgdParameters`, with defaults of the class's own. */
export function sgdParameters(
  defaults: Pick<SgdParameters, 'learningRate' | 'eta0' | 'powerT'>,
): ParameterTable<SgdParameters> {
  return {
    ...descentParameters('l2', nonNegative(defaults.eta0)),
    learningRate: choice<LearningRate>(defaults.learningRate, [
      'constant',
      'optimal',
      'invscaling',
      'adaptive',
    ]),
    powerT: custom(defaults.powerT, 'a finite number', Number.isFinite),
    average: custom<boolean | number>(
      false,
      'true, false, or an integer >= 1',
      (value) => typeof value === 'boolean' || (Number.isSafeInteger(value) && Number(value) >= 1),
    ),
  };
}

/** The table's entry of a step size that has to be above 0. */
export const positiveStep: Parameter<number> = number(1, { above: 0 });

/** What is minimized: one problem for each list of targets. */
export interface DescentData {
  readonly X: Tensor;
  readonly targets: readonly Float64Array[];
  readonly sampleWeight: Float64Array;
  readonly loss: SgdLoss;
  /** Whether targets are +1 and -1, so that rows held out have the same shares of both. */
  readonly signs: boolean;
  /** How good scores z are for targets y, the larger the better. */
  score(z: Float64Array, y: Float64Array, weights: Float64Array): number;
}

/** Solves all problems. @throws BAD_OPTION */
export function descend(name: string, data: DescentData, parameters: SgdParameters): Solution {
  const { learningRate, eta0, alpha, penalty, average } = parameters;
  if (learningRate === 'optimal' && alpha === 0) {
    const details = { given: 0, allowed: "a number > 0 with learningRate 'optimal'" };
    throw error('BAD_OPTION', { what: `${name}.alpha`, ...details });
  }
  if (learningRate !== 'optimal' && eta0 === 0) {
    const details = { given: 0, allowed: `a number > 0 with learningRate '${learningRate}'` };
    throw error('BAD_OPTION', { what: `${name}.eta0`, ...details });
  }
  const random = createRandom(parameters.randomState ?? 0);
  const { X, sampleWeight, loss } = data;
  const { fitIntercept } = parameters;
  const l1Ratio =
    penalty === null
      ? null
      : penalty === 'elasticnet'
        ? parameters.l1Ratio
        : Number(penalty === 'l1');
  const solved = data.targets.map((y) =>
    sgd(
      { X, y, sampleWeight, loss, alpha, l1Ratio, fitIntercept },
      {
        ...parameters,
        averageFrom: Number(average),
        random,
        validation: parameters.earlyStopping ? heldOut(name, data, y, parameters, random) : null,
      },
    ),
  );
  return {
    coef: solved.map(({ w }) => Array.from(w, (value) => value + 0)),
    intercept: solved.map(({ intercept }) => intercept + 0),
    nIter: Math.max(...solved.map(({ iterations }) => iterations)),
    converged: solved.every(({ converged }) => converged),
  };
}

/** Rows held out at random, and how good coefficients are on them. @throws BAD_OPTION where a part has no rows. */
function heldOut(
  name: string,
  { X, sampleWeight, signs, score }: DescentData,
  y: Float64Array,
  { validationFraction }: SgdParameters,
  random: Random,
): SgdOptions['validation'] {
  const counted = Int32Array.from(y.keys()).filter((row) => sampleWeight[row]! > 0);
  const groups = signs
    ? [counted.filter((row) => y[row]! > 0), counted.filter((row) => y[row]! < 0)]
    : [counted];
  const rows = groups.flatMap((group) =>
    Array.from(random.shuffle(group).subarray(0, Math.round(validationFraction * group.length))),
  );
  if (rows.length === 0 || rows.length === counted.length) {
    const allowed = `a fraction of ${counted.length} rows that holds some out and leaves some`;
    const what = `${name}.validationFraction`;
    throw error('BAD_OPTION', { what, given: validationFraction, allowed });
  }
  const features = X.shape[1]!;
  const truth = Float64Array.from(rows, (row) => y[row]!);
  const weights = Float64Array.from(rows, (row) => sampleWeight[row]!);
  return {
    rows: new Set(rows),
    score: (w, intercept) => {
      const z = Float64Array.from(rows, (row) => {
        let sum = intercept;
        for (let j = 0; j < features; j++) sum += w[j]! * X.data[row * features + j]!;
        return sum;
      });
      return score(z, truth, weights);
    },
  };
}
