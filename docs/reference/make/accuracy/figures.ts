/** The figure by which a model is judged: that of its own `score`, or one like it where that tells nothing of predictions. */
import {
  accuracyScore,
  d2TweedieScore,
  r2Score,
  rocAucScore,
} from '../../../../estimators/index.ts';
import type { AnyFitted, Prediction } from './floatModels.ts';

/**
 * At most 1, the larger the better: the accuracy of classifiers, D^2 of generalized linear models, R^2 of other regressors;
 * of outlier detectors the area under the ROC curve for class 0 against the others, and of clusters the share of squared
 * distances from the mean that the centres named explain. X: rows as the model takes them.
 */
export function scoreOf(
  fitted: AnyFitted,
  X: readonly (readonly number[])[],
  y: readonly number[],
  predictions: readonly Prediction[],
): number {
  const single = predictions as number[];
  if ('clusterCenters' in fitted) {
    const centers = fitted.clusterCenters as number[][];
    return 1 - squares(X, (row) => centers[single[row]!]!) / squares(X, () => meanOf(X));
  }
  if ('classes' in fitted) return accuracyScore([...y], single);
  if ('offset' in fitted)
    return rocAucScore(
      y.map((label) => Number(label !== 0)),
      single,
    );
  if ('power' in fitted) return d2TweedieScore(y, single, { power: fitted.power as number });
  return r2Score([...y], predictions as number[]);
}

function squares(
  X: readonly (readonly number[])[],
  from: (row: number) => readonly number[],
): number {
  return X.reduce((sum, own, row) => {
    const center = from(row);
    return sum + own.reduce((all, value, j) => all + (value - center[j]!) ** 2, 0);
  }, 0);
}

function meanOf(X: readonly (readonly number[])[]): number[] {
  return X[0]!.map((_, j) => X.reduce((sum, row) => sum + row[j]!, 0) / X.length);
}
