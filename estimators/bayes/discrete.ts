/**
 * What naive Bayes classifiers of counts and of bits share.
 */
import {
  type ClassifierFitted,
  type ClassifierParameters,
  classifierParameters,
  classifierState,
} from '../classifier.ts';
import { boolean, nonNegative, type ParameterTable } from '../parameters.ts';
import { isMatrix, isNumbers, type StateTest } from '../state.ts';
import { checkPriors, priors } from './naiveBayes.ts';

/** Parameters of `BernoulliNB` and `MultinomialNB`, with scikit-learn's defaults. */
export interface DiscreteParameters extends ClassifierParameters {
  /** Added to each count (Laplace, Lidstone). Default 1. Below 1e-10, where logarithms need it, 1e-10 is taken. */
  readonly alpha: number;
  /** Whether to learn priors; otherwise all classes are as likely. Default true. */
  readonly fitPrior: boolean;
  /** Priors that are not learnt, each above 0. Default null. */
  readonly classPrior: readonly number[] | null;
}

/** The table of `DiscreteParameters`. */
export const discreteParameters: ParameterTable<DiscreteParameters> = {
  alpha: nonNegative(1),
  fitPrior: boolean(true),
  classPrior: priors,
  ...classifierParameters,
};

/** Learned state of `BernoulliNB` and `MultinomialNB`. */
export interface DiscreteFitted extends ClassifierFitted {
  /** Weight of the rows of each class. */
  readonly classCount: readonly number[];
  readonly classLogPrior: readonly number[];
  /** Weighted counts, classes x features. */
  readonly featureCount: readonly (readonly number[])[];
  /** Logarithms of the probabilities of features, classes x features. */
  readonly featureLogProb: readonly (readonly number[])[];
}

/** The tests of `DiscreteFitted`, of so many features. */
export function discreteState<F extends DiscreteFitted>(
  featuresOf: (state: F) => number,
): { readonly [Name in keyof DiscreteFitted]-?: StateTest<F> } {
  const isByClass: StateTest<F> = (value, { classes }) => isNumbers(value, classes.length);
  const isByFeature: StateTest<F> = (value, state) =>
    isMatrix(value, state.classes.length, featuresOf(state));
  return {
    ...classifierState,
    classCount: isByClass,
    classLogPrior: isByClass,
    featureCount: isByFeature,
    featureLogProb: isByFeature,
  };
}

/** The least `alpha` that is taken. */
export const leastAlpha = 1e-10;

/** @throws BAD_OPTION for another number of priors than classes */
export function classLogPriors(
  name: string,
  classCount: readonly number[],
  { fitPrior, classPrior }: DiscreteParameters,
): number[] {
  const classes = classCount.length;
  if (classPrior !== null) {
    checkPriors(`${name}.classPrior`, classPrior, classes);
    return classPrior.map(Math.log);
  }
  if (!fitPrior) return classCount.map(() => -Math.log(classes));
  const total = classCount.reduce((sum, count) => sum + count, 0);
  return classCount.map((count) => Math.log(count) - Math.log(total));
}
