/**
 * What every estimator has whose predictions can run encrypted: a compiled circuit, and the way of rows through it.
 */
import { error } from '../lib/errors.ts';
import { Circuit, type CompileOptions, compile, encrypted } from '../lib/index.ts';
import { checkOptions, type LongWorkOptions } from '../lib/options.ts';
import { hash } from '../tracer/hash.ts';
import { type ClearArray, type Tensor, toTensor } from '../tracer/tensor.ts';
import { trace } from '../tracer/trace.ts';
import { Estimator, type EstimatorJson, type Fitted } from './estimator.ts';
import type { FeatureMap, MapKind } from './featureMap.ts';
import { type FeaturesLike, readMatrix } from './input.ts';
import type { IntegerModel } from './model.ts';

/** Options of every prediction. `encrypted: 'simulate'` runs on clear integers with the encrypted run's noise. */
export interface PredictOptions extends LongWorkOptions {
  readonly encrypted?: boolean | 'simulate' | undefined;
}

/** Options of a prediction that answers at once. */
export type ClearOptions = PredictOptions & { readonly encrypted?: false | undefined };

/** Options of a prediction that answers with a promise. */
export type EncryptedOptions = PredictOptions & { readonly encrypted: true | 'simulate' };

/** An estimator that is, once fitted, a function of integers; `Rows` are what it takes as rows of features. */
export abstract class Predictor<
  P extends object,
  F extends Fitted,
  Rows = FeaturesLike,
> extends Estimator<P, F> {
  #circuit: Circuit | undefined;
  #compiling: Promise<Circuit> | undefined;

  /** The compiled circuit. @throws NOT_COMPILED before `compile`, and again after another `fit`. */
  get circuit(): Circuit {
    if (this.#circuit === undefined) throw error('NOT_COMPILED', { what: this.name });
    return this.#circuit;
  }

  /**
   * Compiles the fitted model; an encrypted prediction does it by itself where it has not been done. Ranges are those
   * of the training data with their headroom; `X`, further clear rows, widens them where its values lie outside.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, and what the compiler throws.
   */
  async compile(X?: Rows | null, options: CompileOptions = {}): Promise<Circuit> {
    if (X !== undefined && X !== null) {
      const rows = this.readRows(X, `${this.name}.compile: X`);
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
    if (this.#compiling === compiling) this.#circuit = circuit;
    return circuit;
  }

  override toJSON(): EstimatorJson {
    return { ...super.toJSON(), circuit: this.#circuit?.toJSON() ?? null };
  }

  override restore(json: EstimatorJson): void {
    super.restore(json);
    if (json.circuit === null) return;
    const circuit = Circuit.fromJSON(json.circuit);
    // Another model's circuit would answer too, and say something else.
    const { input, program } = this.model(this.fitted);
    const { length, min, max } = input;
    const x = { name: 'x', shape: [length], min, max, encrypted: true };
    if (circuit.hash !== hash(trace(program, [x]))) {
      const details = { given: 'the circuit of another model', allowed: 'that of this model' };
      throw error('BAD_PROGRAM', { what: `${this.name}.circuit`, ...details });
    }
    this.#circuit = circuit;
  }

  /** Keeps what `fit` learned, and forgets the circuit of what was learned before. */
  protected override learned(fitted: F): void {
    super.learned(fitted);
    this.#circuit = undefined;
    this.#compiling = undefined;
  }

  /** Which functions of features the fitted model can take over from transformers before it; null: none. */
  get folds(): MapKind | null {
    return null;
  }

  /**
   * The learned state of the same model on the features before `map`, of which X are the training rows; null where it
   * cannot take the map over. Called by pipelines alone.
   *
   * @throws NOT_FITTED
   */
  folded(_map: FeatureMap, _X: Tensor): F | null {
    return null;
  }

  /** The fitted model as integers in, integers out: what is compiled. */
  protected abstract model(fitted: F): IntegerModel;

  /** The learned state with input ranges that take in all rows of X as well. */
  protected widened(fitted: F, _X: Tensor): F {
    return fitted;
  }

  /** Whether NaN stands for a missing value; otherwise it is refused. */
  protected get takesMissing(): boolean {
    return false;
  }

  /** Rows of as many features, or of the same names, as `fit` was given. @throws as `readMatrix` */
  protected readRows(X: Rows, what = 'X'): Tensor {
    return readMatrix(X as FeaturesLike, what, {
      expected: this.fitted,
      missing: this.takesMissing,
    });
  }

  /**
   * From rows of features to whatever `finish` makes of the values of `model`: at once in clear, else as a promise.
   *
   * @throws NOT_FITTED, SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE, and for an encrypted run what the runtime throws.
   */
  protected answered<T>(
    X: Rows,
    options: PredictOptions,
    finish: (values: Tensor, fitted: F) => T,
  ): T | Promise<T> {
    const mode = this.modeOf(options);
    if (mode !== false) return this.#run(X, mode, options, finish);
    const { fitted } = this;
    return finish(this.valued(clearly(this.model(fitted), this.readRows(X))), fitted);
  }

  /**
   * The same values, none of which is infinite or NaN: what no double holds is refused, not returned.
   *
   * @throws NOT_FINITE with the row.
   */
  protected valued(values: Tensor): Tensor {
    const index = values.data.findIndex((value) => !Number.isFinite(value));
    if (index < 0) return values;
    const row = Math.floor(index / (values.data.length / values.shape[0]!));
    const what = `${this.name}: what is predicted for row ${row}`;
    const remedy = 'scale features and targets to moderate sizes, and fit again';
    throw error('NOT_FINITE', { what, given: values.data[index], remedy });
  }

  /** How a prediction is to run. @throws BAD_OPTION */
  protected modeOf(options: PredictOptions): boolean | 'simulate' {
    checkOptions(this.name, options, ['encrypted', 'signal', 'onProgress']);
    const { encrypted: mode = false } = options;
    if (mode === false || mode === true || mode === 'simulate') return mode;
    const what = `${this.name}: encrypted`;
    throw error('BAD_OPTION', { what, given: mode, allowed: "true, false or 'simulate'" });
  }

  async #run<T>(
    X: Rows,
    mode: true | 'simulate',
    { signal, onProgress }: PredictOptions,
    finish: (values: Tensor, fitted: F) => T,
  ): Promise<T> {
    signal?.throwIfAborted();
    const { fitted } = this;
    const model = this.model(fitted);
    const codes = model.quantize(this.readRows(X));
    const circuit = await (this.#circuit ?? this.#compiling ?? this.compile());
    const outputs =
      mode === 'simulate'
        ? await circuit.simulateBatch([codes])
        : await circuit.encryptRunDecryptBatch([codes], { signal, onProgress });
    return finish(this.valued(model.dequantize(toTensor(outputs as ClearArray))), fitted);
  }
}

/** The values of a model for rows of features, all in clear. */
export function clearly(model: IntegerModel, X: Tensor): Tensor {
  return model.dequantize(model.evaluate(model.quantize(X)));
}
