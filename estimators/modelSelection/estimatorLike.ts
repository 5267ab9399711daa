/**
 * What model selection needs of an estimator. All estimators have it, and so have pipelines and searches.
 */
import type { ArrayLike } from '../../tracer/tensor.ts';
import { Classifier } from '../classifier.ts';
import type { FeaturesLike, LabelsLike } from '../input.ts';

/** An estimator as model selection sees it. */
export interface EstimatorLike {
  readonly fitted: object;
  fit(X: FeaturesLike, y: LabelsLike, options?: { readonly sampleWeight?: ArrayLike }): unknown;
  predict(X: FeaturesLike): unknown;
  readonly predictProba?: ((X: FeaturesLike) => unknown) | undefined;
  readonly decisionFunction?: ((X: FeaturesLike) => unknown) | undefined;
  score(X: FeaturesLike, y: LabelsLike): number;
  getParams(): object;
  setParams(parameters: object): unknown;
  clone(): EstimatorLike;
}

/** The parameters of an estimator. */
export type ParametersOf<E extends EstimatorLike> = ReturnType<E['getParams']>;

/** Whether an estimator learns classes: a classifier, a pipeline that ends in one, or a search over either. */
export function isClassifier(estimator: unknown): boolean {
  if (estimator instanceof Classifier) return true;
  if (typeof estimator !== 'object' || estimator === null || !('getParams' in estimator)) {
    return false;
  }
  const inner = (estimator as EstimatorLike).getParams() as {
    readonly estimator?: unknown;
    readonly steps?: readonly (readonly [name: string, step: unknown])[];
  };
  if (inner.estimator !== undefined) return isClassifier(inner.estimator);
  return Array.isArray(inner.steps) && isClassifier(inner.steps.at(-1)?.[1]);
}
