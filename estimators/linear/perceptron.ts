/**
 * The perceptron.
 */
import type { TrainingData } from '../classifier.ts';
import { type ClassWeight, isClassWeight, trainingWeights } from '../input.ts';
import { custom, type ParameterTable } from '../parameters.ts';
import { register } from '../registry.ts';
import {
  LinearClassifier,
  type LinearClassifierParameters,
  linearClassifierParameters,
} from './classifier.ts';
import type { Solution } from './fitted.ts';
import { descendSigns } from './sgdClassifier.ts';
import { type DescentParameters, descentParameters, positiveStep } from './sgdParameters.ts';

/** Parameters of `Perceptron`, with scikit-learn's defaults: no penalty, and steps of 1. */
export interface PerceptronParameters extends DescentParameters, LinearClassifierParameters {
  /** Weights of classes. Default null: 1 each. */
  readonly classWeight: ClassWeight;
}

const table: ParameterTable<PerceptronParameters> = {
  ...descentParameters(null, positiveStep),
  classWeight: custom<ClassWeight>(null, "'balanced', weights by label, or null", isClassWeight),
  ...linearClassifierParameters,
};

/**
 * Adds y_i x_i to the coefficients for each row on the wrong side, pass after pass (Rosenblatt, 1958): SGDClassifier with
 * the loss 'perceptron', a constant step and no penalty.
 *
 * An encrypted prediction is one product of integers: it returns decision values, and the client makes labels of them.
 */
export class Perceptron extends LinearClassifier<PerceptronParameters> {
  constructor(parameters: Partial<PerceptronParameters> = {}) {
    super('Perceptron', table, parameters);
  }

  protected override solve(data: TrainingData, parameters: PerceptronParameters): Solution {
    const { classes, indices } = data;
    const weights = trainingWeights(data.sampleWeight, parameters.classWeight, classes, indices);
    return descendSigns(this.name, data, weights, 'perceptron', {
      ...parameters,
      learningRate: 'constant',
      powerT: 0,
      average: false,
    });
  }
}

register('Perceptron', Perceptron);
