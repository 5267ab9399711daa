/**
 * Random forests.
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
 * Parameters of `RandomForestClassifier`, with scikit-learn's defaults: `bootstrap` true, `maxFeatures` 'sqrt'; `nBits` 6.
 */
export type RandomForestClassifierParameters = ForestClassifierParameters;

/** Parameters of `RandomForestRegressor`, with scikit-learn's defaults: `bootstrap` true, `maxFeatures` null; `nBits` 6. */
export type RandomForestRegressorParameters = ForestRegressorParameters;

const classifierTable: ParameterTable<RandomForestClassifierParameters> =
  forestClassifierParameters(true);
const regressorTable: ParameterTable<RandomForestRegressorParameters> =
  forestRegressorParameters(true);

/**
 * The mean of the class shares of trees, each grown on rows drawn with replacement, each split the best of a random choice
 * of features: Breiman, "Random forests" (2001).
 *
 * An encrypted prediction adds up the trees' leaves, integers, on the server, and returns one score for each class, or one
 * for two classes.
 */
export class RandomForestClassifier extends ForestClassifier {
  protected override readonly splitter = 'best';

  constructor(parameters: Partial<RandomForestClassifierParameters> = {}) {
    super('RandomForestClassifier', classifierTable, parameters);
  }
}

/**
 * The mean of the values of trees, each grown on rows drawn with replacement: Breiman, "Random forests" (2001).
 *
 * An encrypted prediction adds up the trees' leaves, integers, on the server, and returns one sum for each output.
 */
export class RandomForestRegressor extends ForestRegressor {
  protected override readonly splitter = 'best';

  constructor(parameters: Partial<RandomForestRegressorParameters> = {}) {
    super('RandomForestRegressor', regressorTable, parameters);
  }
}

register('RandomForestClassifier', RandomForestClassifier);
register('RandomForestRegressor', RandomForestRegressor);
