/**
 * What every estimator has: parameters, learned state, its JSON, and a compiled circuit.
 */
import { error } from '../lib/errors.ts';
import { Circuit, type CompileOptions, compile, encrypted } from '../lib/index.ts';
import { checkOptions, type LongWorkOptions } from '../lib/options.ts';
import { type ArrayLike, type ClearArray, type Tensor, toTensor } from '../tracer/tensor.ts';
import { readMatrix } from './input.ts';
import type { IntegerModel } from './model.ts';
import { checkParameters, completed, type ParameterTable } from './parameters.ts';

/** Options of every prediction. `encrypted: 'simulate'` runs on clear integers with the encrypted run's noise. */
export interface PredictOptions extends LongWorkOptions {
  readonly encrypted?: boolean | 'simulate' | undefined;
}

/** Options of a prediction that answers at once. */
export type ClearOptions = PredictOptions & { readonly encrypted?: false | undefined };

/** Options of a prediction that answers with a promise. */
export type EncryptedOptions = PredictOptions & { readonly encrypted: true | 'simulate' };

/** What all learned state has; the rest carries scikit-learn's names without their underscore. */
export interface Fitted {
  readonly nFeaturesIn: number;
}

/** What `toJSON` returns and `fromJSON` takes. Numbers come back exactly. */
export interface EstimatorJson {
  readonly format: 'blindfit-estimator';
  readonly version: 1;
  readonly estimator: string;
  readonly parameters: object;
  readonly fitted: object | null;
  readonly circuit: unknown;
}

/**
 * The common part of all estimators. The constructor stores parameters, and refuses unknown names; their values are
 * checked by `fit`. Changing parameters leaves learned state as it is until the next `fit`.
 */
export abstract class Estimator<P extends object, F extends Fitted> {
  readonly #name: string;
  readonly #table: ParameterTable<P>;
  #parameters: P;
  #fitted: F | undefined;
  #circuit: Circuit | undefined;
  #compiling: Promise<Circuit> | undefined;

  constructor(name: string, table: ParameterTable<P>, parameters: Partial<P>) {
    this.#name = name;
    this.#table = table;
    this.#parameters = completed(name, table, parameters);
  }

  /** Learned state, read-only plain data. @throws NOT_FITTED */
  get fitted(): F {
    if (this.#fitted === undefined) throw error('NOT_FITTED', { what: this.#name });
    return this.#fitted;
  }

  /** The compiled circuit. @throws NOT_COMPILED before `compile`, and again after another `fit`. */
  get circuit(): Circuit {
    if (this.#circuit === undefined) throw error('NOT_COMPILED', { what: this.#name });
    return this.#circuit;
  }

  /** All parameters, defaults included, as a new object. */
  getParams(): P {
    return { ...this.#parameters };
  }

  /** Changes the named parameters, for the next `fit`. @throws BAD_OPTION for an unknown name. */
  setParams(parameters: Partial<P>): this {
    this.#parameters = completed(this.#name, this.#table, { ...this.#parameters, ...parameters });
    return this;
  }

  /** A new estimator of the same class and parameters, not fitted. */
  clone(): this {
    return new (this.constructor as new (parameters: P) => this)(this.getParams());
  }

  /**
   * Compiles the fitted model; an encrypted prediction does it by itself where it has not been done. Ranges are those
   * of the training data with their headroom; `X`, further clear rows, widens them where its values lie outside.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, and what the compiler throws.
   */
  async compile(X?: ArrayLike | null, options: CompileOptions = {}): Promise<Circuit> {
    if (X !== undefined && X !== null) {
      const rows = readMatrix(X, `${this.#name}.compile: X`, this.fitted.nFeaturesIn);
      this.learned(this.widened(this.fitted, rows));
    }
    const fitted = this.fitted;
    const { input, program } = this.model(fitted);
    const x = encrypted.range(input.min, input.max, [input.length]);
    const compiling = compile(program, { x }, options).catch((cause: unknown) => {
      if (this.#compiling === compiling) this.#compiling = undefined;
      throw cause;
    });
    this.#compiling = compiling;
    const circuit = await compiling;
    if (fitted === this.#fitted) this.#circuit = circuit;
    return circuit;
  }

  /** Parameters, learned state and the compiled circuit, for `fromJSON` of the same class. */
  toJSON(): EstimatorJson {
    return {
      format: 'blindfit-estimator',
      version: 1,
      estimator: this.#name,
      parameters: this.getParams(),
      fitted: this.#fitted ?? null,
      circuit: this.#circuit?.toJSON() ?? null,
    };
  }

  /**
   * The estimator that `toJSON` described: the same predictions, and no compiling again.
   *
   * @throws BAD_JSON for JSON of another class, format or version; BAD_OPTION; BAD_PROGRAM.
   */
  static fromJSON<E extends Estimator<object, Fitted>>(
    this: new (
      parameters?: never,
    ) => E,
    json: unknown,
  ): E {
    const { format, version, estimator, parameters, fitted, circuit } = json as EstimatorJson;
    const made = new this(parameters as never);
    const given = `${format} ${version} of ${estimator}`;
    const allowed = `blindfit-estimator 1 of ${made.#name}`;
    if (given !== allowed) throw error('BAD_JSON', { given, allowed });
    made.#fitted = (fitted as Fitted | null) ?? undefined;
    made.#circuit = circuit === null ? undefined : Circuit.fromJSON(circuit);
    return made;
  }

  /** The fitted model as integers in, integers out. */
  protected abstract model(fitted: F): IntegerModel;

  /** The learned state with input ranges that take in all rows of X as well. */
  protected widened(fitted: F, _X: Tensor): F {
    return fitted;
  }

  /** Keeps what `fit` learned, and forgets the circuit of what was learned before. */
  protected learned(fitted: F): void {
    this.#fitted = Object.freeze(fitted);
    this.#circuit = undefined;
    this.#compiling = undefined;
  }

  /** Parameters that have passed their tests. @throws BAD_OPTION */
  protected checkedParameters(): P {
    checkParameters(this.#name, this.#table, this.#parameters);
    return this.#parameters;
  }

  /**
   * From rows of features to whatever `finish` makes of their scores: at once in clear, else as a promise.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE, and for an encrypted run what the runtime throws.
   */
  protected scored<T>(
    X: ArrayLike,
    options: PredictOptions,
    finish: (scores: Tensor, fitted: F) => T,
  ): T | Promise<T> {
    checkOptions(this.#name, options, ['encrypted', 'signal', 'onProgress']);
    const { encrypted: mode = false } = options;
    if (mode !== false && mode !== true && mode !== 'simulate') {
      const what = `${this.#name}: encrypted`;
      throw error('BAD_OPTION', { what, given: mode, allowed: "true, false or 'simulate'" });
    }
    if (mode === false) {
      const { fitted, model, codes } = this.#quantized(X);
      return finish(model.dequantize(model.evaluate(codes)), fitted);
    }
    return this.#run(X, mode, options, finish);
  }

  async #run<T>(
    X: ArrayLike,
    mode: true | 'simulate',
    { signal, onProgress }: PredictOptions,
    finish: (scores: Tensor, fitted: F) => T,
  ): Promise<T> {
    signal?.throwIfAborted();
    const { fitted, model, codes } = this.#quantized(X);
    const circuit = await (this.#circuit ?? this.#compiling ?? this.compile());
    const outputs =
      mode === 'simulate'
        ? await circuit.simulateBatch([codes])
        : await circuit.encryptRunDecryptBatch([codes], { signal, onProgress });
    return finish(model.dequantize(toTensor(outputs as ClearArray)), fitted);
  }

  #quantized(X: ArrayLike): { fitted: F; model: IntegerModel; codes: Tensor } {
    const { fitted } = this;
    const model = this.model(fitted);
    return { fitted, model, codes: model.quantize(readMatrix(X, 'X', fitted.nFeaturesIn)) };
  }
}
