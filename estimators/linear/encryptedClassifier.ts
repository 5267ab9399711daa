/**
 * Linear classifiers that also learn from encrypted rows and labels.
 */
import { error } from '../../lib/errors.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import type { TrainingData } from '../classifier.ts';
import type { FeaturesLike, LabelsLike } from '../input.ts';
import {
  LinearClassifier,
  type LinearClassifierParameters,
  type LinearFitted,
} from './classifier.ts';
import {
  type EncryptedFitOptions,
  type EncryptedProblem,
  trainingOptions,
} from './encryptedOptions.ts';
import { trainEncrypted } from './encryptedSgd.ts';
import { checkMagnitudes, type Solution } from './fitted.ts';

/** Options of a fit in clear. */
export interface ClearFitOptions {
  readonly sampleWeight?: ArrayLike;
  readonly encrypted?: false;
}

/** A linear classifier whose `fit` takes `encrypted`. */
export abstract class EncryptedLinearClassifier<
  P extends LinearClassifierParameters,
  F extends LinearFitted = LinearFitted,
> extends LinearClassifier<P, F> {
  /**
   * Learns from rows of features (rows x features, finite) and one label a row. In clear it returns this at once.
   *
   * With `encrypted: true` it is a promise: rows, labels and weights are encrypted in every step of a gradient descent on the
   * logistic loss, and only the weights of the last steps are decrypted, whose mean is learned. What `fitted` holds is that of
   * a fit in clear.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, BAD_LABELS, OUT_OF_RANGE; UNSUPPORTED for parameters that
   * encrypted training has no way to follow. An encrypted fit rejects with these and the runtime's.
   */
  override fit(X: FeaturesLike, y: LabelsLike, options?: ClearFitOptions): this;
  override fit(X: FeaturesLike, y: LabelsLike, options: EncryptedFitOptions): Promise<this>;
  override fit(
    X: FeaturesLike,
    y: LabelsLike,
    options: ClearFitOptions | EncryptedFitOptions = {},
  ): this | Promise<this> {
    if (isEncrypted(options)) return this.#fitEncrypted(X, y, options);
    const { encrypted: _, ...clear } = options;
    return super.fit(X, y, clear);
  }

  async #fitEncrypted(X: FeaturesLike, y: LabelsLike, options: EncryptedFitOptions): Promise<this> {
    const training = trainingOptions(this.name, options);
    const parameters = this.checkedParameters();
    const data = this.trainingData(X, y, undefined);
    checkMagnitudes('X', data.X);
    const { own, ...problem } = this.encryptedProblem(data, parameters);
    options.signal?.throwIfAborted();
    const solution = await trainEncrypted({ ...problem, X: data.X }, training);
    const learned = this.learnedOf(data, { ...solution, ...own } as Solution, parameters);
    return this.keep(X, data, learned, parameters);
  }

  /**
   * What encrypted training minimizes, and what a class keeps of its own beside coefficients.
   *
   * @throws UNSUPPORTED for parameters that it cannot follow
   */
  protected abstract encryptedProblem(
    data: TrainingData,
    parameters: P,
  ): Omit<EncryptedProblem, 'X'> & { readonly own: Omit<F, keyof LinearFitted> };

  /** The refusal of a parameter. */
  protected unsupported(parameter: string, given: unknown, allowed: string): Error {
    const remedy = 'set that, or fit in clear';
    return error('UNSUPPORTED', {
      what: `${this.name}.fit({ encrypted }): ${parameter}`,
      given,
      allowed,
      remedy,
    });
  }
}

function isEncrypted(
  options: ClearFitOptions | EncryptedFitOptions,
): options is EncryptedFitOptions {
  return options.encrypted !== undefined && options.encrypted !== false;
}
