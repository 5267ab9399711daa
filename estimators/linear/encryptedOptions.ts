/**
 * What a fit that runs encrypted is asked for.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions, type LongWorkOptions } from '../../lib/options.ts';
import type { Tensor } from '../../tracer/tensor.ts';

/** Options of a fit that runs encrypted. */
export interface EncryptedFitOptions extends LongWorkOptions {
  /** `true`, or `'simulate'`: on clear integers with the encrypted run's noise. */
  readonly encrypted: true | 'simulate';
  /** Steps of descent, each on one batch. Default 100. */
  readonly steps?: number;
  /** Rows of a batch. Default 8. */
  readonly batchSize?: number;
  /** Coefficients of standardized features are cut off beyond +-this. Default 5 / sqrt(features). */
  readonly weightRange?: number;
  /** Largest probability that a step goes wrong anywhere. Default 2^-40. */
  readonly pError?: number;
}

const names: readonly string[] = Object.keys({
  encrypted: 1,
  steps: 1,
  batchSize: 1,
  weightRange: 1,
  pError: 1,
  signal: 1,
  onProgress: 1,
} satisfies Record<keyof EncryptedFitOptions, 1>);

/** One problem of two classes: minimize the mean of log(1 + exp(-y z)) + alpha / 2 |w|^2 over standardized features. */
export interface EncryptedProblem {
  readonly X: Tensor;
  /** Of each row +1 or -1, for each problem. */
  readonly targets: readonly Float64Array[];
  readonly alpha: number;
  /** Step size; null for one that suits the number of features. */
  readonly eta: number | null;
  readonly fitIntercept: boolean;
  /** Seed of the order of rows and of roundings. */
  readonly randomState: number;
}

/** The options with their defaults. */
export interface TrainingOptions extends LongWorkOptions {
  readonly simulated: boolean;
  readonly steps: number;
  readonly batchSize: number;
  readonly weightRange: number | null;
  readonly pError: number | undefined;
}

/** Rows of a batch whose bits a server can hold. */
const mostRows = 64;

/** Options of the estimator called `name`, checked. @throws BAD_OPTION */
export function trainingOptions(name: string, options: EncryptedFitOptions): TrainingOptions {
  checkOptions(`${name}.fit`, options, names);
  const refuse = (option: string, given: unknown, allowed: string) =>
    error('BAD_OPTION', { what: `${name}.fit: ${option}`, given, allowed });
  const { encrypted, steps = 100, batchSize = 8, weightRange = null } = options;
  if (encrypted !== true && encrypted !== 'simulate')
    throw refuse('encrypted', encrypted, "true, false or 'simulate'");
  if (!(Number.isSafeInteger(steps) && steps >= 1)) throw refuse('steps', steps, 'an integer >= 1');
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1 && batchSize <= mostRows))
    throw refuse('batchSize', batchSize, `an integer from 1 to ${mostRows}`);
  if (weightRange !== null && !(Number.isFinite(weightRange) && weightRange > 0))
    throw refuse('weightRange', weightRange, 'a number > 0');
  const { pError, signal, onProgress } = options;
  const simulated = encrypted === 'simulate';
  return { simulated, steps, batchSize, weightRange, pError, signal, onProgress };
}
