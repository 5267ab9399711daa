/**
 * What every estimator has: parameters, learned state, and JSON or bytes of both.
 */
import { BlindfitError, error } from '../lib/errors.ts';
import { checkParameters, completed, type ParameterTable } from './parameters.ts';
import {
  type AnyStateTable,
  checkState,
  isCount,
  isList,
  plainState,
  type StateTable,
} from './state.ts';

/** What all learned state has; the rest carries scikit-learn's names without their underscore. */
export interface Fitted {
  readonly nFeaturesIn: number;
  /** Names of the features, in the order of the columns, where `fit` was given named ones. */
  readonly featureNamesIn?: readonly string[] | undefined;
}

/** The tests of `Fitted`. */
export const fittedState: StateTable<Fitted> = {
  nFeaturesIn: (value) => isCount(value, 1),
  featureNamesIn: (value, { nFeaturesIn }) =>
    value === undefined ||
    (isList(value, nFeaturesIn, (name) => typeof name === 'string') &&
      new Set(value).size === nFeaturesIn),
};

/** What `toJSON` returns and `fromJSON` takes. Numbers come back exactly. */
export interface EstimatorJson {
  readonly format: 'blindfit-estimator';
  readonly version: 1;
  readonly estimator: string;
  readonly parameters: object;
  readonly fitted: object | null;
  /** The compiled circuit, of estimators that have one and compiled it. */
  readonly circuit: unknown;
}

/**
 * The common part of all estimators. The constructor stores parameters, and refuses unknown names; their values are
 * checked by `fit`. Changing parameters leaves learned state as it is until the next `fit`.
 */
export abstract class Estimator<P extends object, F extends Fitted> {
  /** The name of the class. */
  readonly name: string;
  readonly #table: ParameterTable<P>;
  #parameters: P;
  #fitted: F | undefined;

  constructor(name: string, table: ParameterTable<P>, parameters: Partial<P>) {
    this.name = name;
    this.#table = table;
    this.#parameters = completed(name, table, parameters);
  }

  /** Learned state, read-only plain data. @throws NOT_FITTED */
  get fitted(): F {
    if (this.#fitted === undefined) {
      throw error('NOT_FITTED', { what: this.name, remedy: this.wayToFit });
    }
    return this.#fitted;
  }

  /** All parameters, defaults included, as a new object. */
  getParams(): P {
    return { ...this.#parameters };
  }

  /** Changes the named parameters, for the next `fit`. @throws BAD_OPTION for an unknown name. */
  setParams(parameters: Partial<P>): this {
    this.#parameters = completed(this.name, this.#table, { ...this.#parameters, ...parameters });
    return this;
  }

  /** A new estimator of the same class and parameters, not fitted. */
  clone(): this {
    return new (this.constructor as new (parameters: P) => this)(this.getParams());
  }

  /** Parameters, learned state and the compiled circuit, for `fromJSON` of the same class. */
  toJSON(): EstimatorJson {
    return {
      format: 'blindfit-estimator',
      version: 1,
      estimator: this.name,
      parameters: this.getParams(),
      fitted: this.#fitted ?? null,
      circuit: null,
    };
  }

  /** The same as bytes, for `load` of the same class. */
  save(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this));
  }

  /**
   * The estimator that `toJSON` described: the same predictions, and no compiling again. JSON may come from others: what `fit`
   * could not have learned is refused.
   *
   * @throws BAD_JSON for JSON of another class, format or version, or for bad state; BAD_OPTION; BAD_PROGRAM.
   */
  static fromJSON<E extends Estimator<object, Fitted>>(
    this: new (
      parameters?: never,
    ) => E,
    json: unknown,
  ): E {
    return restored((parameters) => new this(parameters as never), json);
  }

  /**
   * The estimator that `save` wrote.
   *
   * @throws BAD_JSON for other bytes, and as `fromJSON`.
   */
  static load<E extends Estimator<object, Fitted>>(
    this: new (
      parameters?: never,
    ) => E,
    bytes: Uint8Array,
  ): E {
    return restored((parameters) => new this(parameters as never), parsed(bytes));
  }

  /** Takes over learned state, and whatever else `toJSON` of the class wrote. Called by `fromJSON` alone. */
  restore({ fitted }: EstimatorJson): void {
    this.#fitted = undefined;
    if (fitted === null) return;
    this.checkedParameters();
    checkState(`${this.name}.fitted`, this.state, fitted);
    this.#fitted = Object.freeze({ ...fitted }) as F;
  }

  /** What each entry of learned state has to be. */
  protected abstract get state(): AnyStateTable;

  /** What to do where there is no learned state; undefined: to call `fit`. */
  protected get wayToFit(): string | undefined {
    return undefined;
  }

  /** Whether there is learned state. */
  protected get isFitted(): boolean {
    return this.#fitted !== undefined;
  }

  /** Keeps what `fit` learned. @throws NOT_FINITE where it overflowed */
  protected learned(fitted: F): void {
    this.#fitted = Object.freeze(plainState(this.name, fitted));
  }

  /** Parameters that have passed their tests. @throws BAD_OPTION */
  protected checkedParameters(): P {
    checkParameters(this.name, this.#table, this.#parameters);
    return this.#parameters;
  }
}

function restored<E extends Estimator<object, Fitted>>(
  make: (parameters?: object) => E,
  json: unknown,
): E {
  const { format, version, estimator, parameters } = (json ?? {}) as Partial<EstimatorJson>;
  const given = `${format} ${version} of ${estimator}`;
  const allowed = `blindfit-estimator 1 of ${make().name}`;
  if (given !== allowed || typeof parameters !== 'object') {
    throw error('BAD_JSON', { given, allowed });
  }
  try {
    const made = make(parameters);
    made.restore(json as EstimatorJson);
    return made;
  } catch (cause) {
    if (cause instanceof BlindfitError) throw cause;
    // Whatever else trips over it is no JSON of ours: values of other types, or nested too deep.
    throw error('BAD_JSON', { what: allowed, given: String(cause), allowed }, cause);
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const allowed = 'what save() of the same class returned';
    throw error('BAD_JSON', { what: 'load', given: 'other bytes', allowed }, cause);
  }
}
