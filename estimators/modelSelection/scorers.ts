/**
 * Scores of fitted estimators by name: the higher, the better.
 */
import { error } from '../../lib/errors.ts';
import { type ArrayLike, toTensor } from '../../tracer/tensor.ts';
import type { FeaturesLike, Label, LabelsLike } from '../input.ts';
import { accuracyScore, balancedAccuracyScore } from '../metrics/accuracy.ts';
import { meanGammaDeviance, meanPoissonDeviance } from '../metrics/deviance.ts';
import { logLoss } from '../metrics/logLoss.ts';
import {
  f1Score,
  type PrecisionRecallMetric,
  precisionScore,
  recallScore,
} from '../metrics/precisionRecall.ts';
import {
  meanAbsoluteError,
  meanSquaredError,
  r2Score,
  rootMeanSquaredError,
} from '../metrics/regression.ts';
import { type RocAucOptions, rocAucScore } from '../metrics/rocAuc.ts';
import type { EstimatorLike } from './estimatorLike.ts';

/** The score of a fitted estimator on rows that it has not seen. */
export type Scorer = (estimator: EstimatorLike, X: FeaturesLike, y: LabelsLike) => number;

/** Names that `scoring` takes. */
export type ScorerName =
  | 'accuracy'
  | 'balancedAccuracy'
  | `${'precision' | 'recall' | 'f1'}${'' | 'Macro' | 'Micro' | 'Weighted'}`
  | 'rocAuc'
  | `rocAuc${'Ovr' | 'Ovo'}${'' | 'Weighted'}`
  | 'negLogLoss'
  | 'r2'
  | `neg${'MeanSquared' | 'RootMeanSquared' | 'MeanAbsolute'}Error`
  | `negMean${'Poisson' | 'Gamma'}Deviance`;

/** How candidates are judged: by name, by a function, or null for the estimator's own `score`. */
export type Scoring = ScorerName | Scorer | null;

/** scikit-learn's scorers; losses are negative, so that the best is the highest. */
export const scorers: { readonly [Name in ScorerName]: Scorer } = {
  accuracy: ofLabels(accuracyScore),
  balancedAccuracy: ofLabels(balancedAccuracyScore),
  precision: ofClass(precisionScore, 'binary'),
  precisionMacro: ofClass(precisionScore, 'macro'),
  precisionMicro: ofClass(precisionScore, 'micro'),
  precisionWeighted: ofClass(precisionScore, 'weighted'),
  recall: ofClass(recallScore, 'binary'),
  recallMacro: ofClass(recallScore, 'macro'),
  recallMicro: ofClass(recallScore, 'micro'),
  recallWeighted: ofClass(recallScore, 'weighted'),
  f1: ofClass(f1Score, 'binary'),
  f1Macro: ofClass(f1Score, 'macro'),
  f1Micro: ofClass(f1Score, 'micro'),
  f1Weighted: ofClass(f1Score, 'weighted'),
  rocAuc: (estimator, X, y) => rocAucScore(y, thresholdScores(estimator, X)),
  rocAucOvr: ofProbabilities({ multiClass: 'ovr' }),
  rocAucOvrWeighted: ofProbabilities({ multiClass: 'ovr', average: 'weighted' }),
  rocAucOvo: ofProbabilities({ multiClass: 'ovo' }),
  rocAucOvoWeighted: ofProbabilities({ multiClass: 'ovo', average: 'weighted' }),
  negLogLoss: (estimator, X, y) => {
    const { classes = null } = estimator.fitted as { readonly classes?: readonly Label[] };
    return -logLoss(y, probabilities(estimator, X), { labels: classes });
  },
  r2: ofNumbers(r2Score),
  negMeanSquaredError: negative(ofNumbers(meanSquaredError)),
  negRootMeanSquaredError: negative(ofNumbers(rootMeanSquaredError)),
  negMeanAbsoluteError: negative(ofNumbers(meanAbsoluteError)),
  negMeanPoissonDeviance: negative(ofNumbers(meanPoissonDeviance)),
  negMeanGammaDeviance: negative(ofNumbers(meanGammaDeviance)),
};

/** The scorer that `scoring` means. @throws BAD_OPTION */
export function scorerOf(scoring: Scoring): Scorer {
  if (scoring === null) return (estimator, X, y) => estimator.score(X, y);
  if (typeof scoring === 'function') return scoring;
  if (Object.hasOwn(scorers, scoring)) return scorers[scoring];
  const allowed = `${Object.keys(scorers).join(', ')}, a function, or null`;
  throw error('BAD_OPTION', { what: 'scoring', given: scoring, allowed });
}

function ofLabels(metric: (yTrue: LabelsLike, yPred: LabelsLike) => number): Scorer {
  return (estimator, X, y) => metric(y, estimator.predict(X) as LabelsLike);
}

function ofClass(
  metric: PrecisionRecallMetric,
  average: 'binary' | 'macro' | 'micro' | 'weighted',
): Scorer {
  return ofLabels((yTrue, yPred) => metric(yTrue, yPred, { average }));
}

function ofNumbers(metric: (yTrue: ArrayLike, yPred: ArrayLike) => number): Scorer {
  return (estimator, X, y) => metric(y as ArrayLike, estimator.predict(X) as ArrayLike);
}

function negative(scorer: Scorer): Scorer {
  return (estimator, X, y) => -scorer(estimator, X, y);
}

function ofProbabilities(options: RocAucOptions): Scorer {
  return (estimator, X, y) => rocAucScore(y, ofLargerClass(probabilities(estimator, X)), options);
}

/** The decision function, or probabilities where there is none. */
function thresholdScores(estimator: EstimatorLike, X: FeaturesLike): ArrayLike {
  if (estimator.decisionFunction) return estimator.decisionFunction(X) as ArrayLike;
  return ofLargerClass(probabilities(estimator, X));
}

/** @throws UNSUPPORTED */
function probabilities(estimator: EstimatorLike, X: FeaturesLike): ArrayLike {
  if (estimator.predictProba) return estimator.predictProba(X) as ArrayLike;
  throw error('UNSUPPORTED', {
    what: 'scoring',
    given: `${estimator.constructor.name}, which has no predictProba`,
    remedy: 'take another scoring or estimator',
  });
}

/** Of two columns the second, else all. */
function ofLargerClass(proba: ArrayLike): ArrayLike {
  const { shape, data } = toTensor(proba);
  return shape[1] === 2 ? data.filter((_, place) => place % 2 === 1) : proba;
}
