/**
 * Extremely randomized trees.
 */
import type { ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  ForestClassifier,
  type ForestClassifierParameters,
  forestClassifierParameters,
} from './forestClassifier.ts';
import {
  ForestRegressor,
  type ForestRegressorParameters,
  forestRegressorParameters,
} from './forestRegressor.ts';

/**
 * Parameters of `ExtraTreesClassifier`, with scikit-learn's defaults: `bootstrap` false, `maxFeatures` 'sqrt'; `nBits` 6.
 */
export type ExtraTreesClassifierParameters = ForestClassifierParameters;

/** Parameters of `ExtraTreesRegressor`, with scikit-learn's defaults: `bootstrap` false, `maxFeatures` null; `nBits` 6. */
export type ExtraTreesRegressorParameters = ForestRegressorParameters;

const classifierTable: ParameterTable<ExtraTreesClassifierParameters> =
  forestClassifierParameters(false);
const regressorTable: ParameterTable<ExtraTreesRegressorParameters> =
  forestRegressorParameters(false);

/**
 * The mean of the class shares of trees whose splits are the best of one random threshold for each of a random choice of
 * features: Geurts, Ernst and Wehenkel, "Extremely randomized trees" (2006).
 *
 * Thresholds are drawn evenly between the least and the greatest value in a node and moved to the nearest of 2^nBits - 1, so
 * that trees share them and codes stay short. An encrypted prediction runs as that of a random forest.
 */
export class ExtraTreesClassifier extends ForestClassifier {
  protected override readonly splitter = 'random';

  constructor(parameters: Partial<ExtraTreesClassifierParameters> = {}) {
    super('ExtraTreesClassifier', classifierTable, parameters);
  }
}

/**
 * The mean of the values of trees whose splits are the best of one random threshold for each feature: Geurts, Ernst and
 * Wehenkel, "Extremely randomized trees" (2006). Thresholds and encrypted predictions are as those of
 * `ExtraTreesClassifier`.
 */
export class ExtraTreesRegressor extends ForestRegressor {
  protected override readonly splitter = 'random';

  constructor(parameters: Partial<ExtraTreesRegressorParameters> = {}) {
    super('ExtraTreesRegressor', regressorTable, parameters);
  }
}

register('ExtraTreesClassifier', ExtraTreesClassifier);
register('ExtraTreesRegressor', ExtraTreesRegressor);
