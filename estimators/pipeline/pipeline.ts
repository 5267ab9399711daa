/**
 * Transformers and a model as one estimator, compiled to one circuit.
 */
import type { NdArray } from 'ndarray';
import { error } from '../../lib/errors.ts';
import type { Circuit, CompileOptions } from '../../lib/index.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import { isClasses, type Labels } from '../classifier.ts';
import { Estimator, type EstimatorJson, type Fitted, fittedState } from '../estimator.ts';
import type { MapKind } from '../featureMap.ts';
import type { Label, LabelsLike } from '../input.ts';
import { custom, type ParameterTable } from '../parameters.ts';
import type { ClearOptions, EncryptedOptions, PredictOptions } from '../predictor.ts';
import {
  arrayOfTable,
  readTable,
  type TableArray,
  type TableLike,
} from '../preprocessing/table.ts';
import { type FitOptions, inputNames } from '../preprocessing/transformer.ts';
import { register } from '../registry.ts';
import { type AnyStateTable, hasKeys, isList, isOneOf, type StateTable } from '../state.ts';
import {
  type Assembled,
  assembled,
  forModel,
  type Placed,
  placed,
  type Steps,
  transformers,
} from './assemble.ts';
import {
  type Factored,
  factorChain,
  isPredicting,
  isTransforming,
  type Placement,
  type PredictingStep,
  type TransformingStep,
} from './factor.ts';
import {
  areNames,
  changedParts,
  clonedParts,
  isEstimator,
  nestedParams,
  partsToJson,
  revivedParts,
} from './parts.ts';

/** Parameters of `Pipeline`. */
export interface PipelineParameters {
  readonly steps: Steps;
}

/** Learned state of a `Pipeline`. */
export interface PipelineFitted extends Fitted, Placed {
  /** The fitted steps as JSON; the last one as it is on transformed features. */
  readonly steps: readonly (readonly [name: string, step: EstimatorJson | 'passthrough'])[];
  /** Sorted labels, where the last step is a classifier. */
  readonly classes?: readonly Label[];
}

const isPlacement = (value: unknown): boolean =>
  hasKeys(value, ['step', 'runs', 'why']) &&
  typeof value.step === 'string' &&
  isOneOf('folded', 'client', 'server')(value.runs) &&
  typeof value.why === 'string';

const state: StateTable<PipelineFitted> = {
  ...fittedState,
  // Each step is read by its own class.
  steps: (value) => isList(value, null, (step) => isList(step, 2, () => true)) && value.length > 0,
  placement: (value) => isList(value, null, isPlacement),
  model: (value) => typeof value === 'object',
  classes: (value) => value === undefined || isClasses(value),
};

const table: ParameterTable<PipelineParameters> = {
  steps: custom<Steps>(
    [],
    "a list of [name, estimator | 'passthrough'], with different names, all but the last transformers",
    areSteps,
  ),
};

type Method = 'predict' | 'predictProba' | 'decisionFunction' | 'score' | 'transform';

/**
 * Steps in order: each transformer's output is the next one's input, and the last step learns from what comes out. `fit`
 * fits copies, `namedSteps`; the steps that were given stay as they are.
 *
 * Where it can, a model takes over the transformers before it: affine ones go into weights, increasing ones of single
 * features into thresholds. The others run on the client in clear, before it quantizes; `placement` says which. Clear,
 * simulated and encrypted predictions use the same integers.
 */
export class Pipeline<const S extends Steps = Steps> extends Estimator<
  PipelineParameters,
  PipelineFitted
> {
  #assembled: Assembled | undefined;

  /** @param parameters the steps, or an object with `steps` and parameters of theirs as `name__parameter` */
  constructor(parameters: S | ({ readonly steps?: S } & Nested) = {}) {
    const { steps, ...nested } = areListed(parameters) ? { steps: parameters } : parameters;
    super('Pipeline', table, steps === undefined ? {} : { steps: revivedParts(steps) });
    if (Object.keys(nested).length > 0) this.setParams(nested);
  }

  /** The steps by name: the fitted ones after `fit`, before it those that were given. */
  get namedSteps(): { readonly [Entry in S[number] as Entry[0]]: Entry[1] } {
    const steps = this.#assembled?.steps ?? super.getParams().steps;
    return Object.fromEntries(steps) as { [Entry in S[number] as Entry[0]]: Entry[1] };
  }

  /** Where each step runs in an encrypted prediction, and why. @throws NOT_FITTED */
  get placement(): readonly Placement[] {
    return this.fitted.placement;
  }

  /** Whether the last step is a model; otherwise the pipeline is a transformer. */
  get predicts(): boolean {
    const last: unknown = super.getParams().steps.at(-1)?.[1];
    return isPredicting(last);
  }

  /**
   * The model on what the client sends: a copy of the last step that has taken over what could be folded, of raw features
   * where all of it could.
   *
   * @throws NOT_FITTED; UNSUPPORTED where the pipeline ends in a transformer
   */
  get predictor(): PredictingStep {
    const { predictor } = this.#ready();
    if (predictor !== null) return predictor;
    throw this.#unsupported('a prediction', 'a model as the last step');
  }

  /** The compiled circuit. @throws NOT_COMPILED before `compile`, and again after another `fit`. */
  get circuit(): Circuit {
    const predictor = this.#assembled?.predictor;
    if (predictor) return predictor.circuit;
    throw error('NOT_COMPILED', { what: this.name });
  }

  /** Own parameters; with `deep` (default) also the steps by name, and their parameters as `name__parameter`. */
  override getParams(options: { readonly deep?: boolean } = {}): PipelineParameters & Nested {
    const parameters = super.getParams();
    if (options.deep === false) return { ...parameters };
    return { ...parameters, ...nestedParams(parameters.steps) };
  }

  /**
   * Changes parameters for the next `fit`: `steps`, a step by its name, or `name__parameter` of a copy of a step.
   *
   * @throws BAD_OPTION for an unknown name.
   */
  override setParams({ steps, ...others }: Partial<PipelineParameters> & Nested): this {
    if (steps !== undefined) super.setParams({ steps });
    const changed = changedParts(this.name, ['steps'], super.getParams().steps, others);
    return Object.keys(others).length === 0 ? this : super.setParams({ steps: changed });
  }

  override clone(): this {
    const steps = clonedParts(super.getParams().steps);
    return new (this.constructor as new (parameters: PipelineParameters) => this)({ steps });
  }

  override toJSON(): EstimatorJson {
    const steps = partsToJson(super.getParams().steps);
    const circuit = this.#assembled?.predictor?.toJSON().circuit ?? null;
    return { ...super.toJSON(), parameters: { steps }, circuit };
  }

  override restore(json: EstimatorJson): void {
    super.restore(json);
    const { fitted } = json as { readonly fitted: PipelineFitted | null };
    this.#assembled = fitted === null ? undefined : this.#revived(fitted, json.circuit);
  }

  /**
   * Fits each transformer to what the one before it returns, and the last step to what comes out; weights of rows are for
   * the last step alone. Returns this.
   *
   * @throws BAD_OPTION, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, and what the steps throw
   */
  fit(X: TableLike, y?: LabelsLike, options: FitOptions = {}): this {
    const { steps: given } = this.checkedParameters();
    const raw = readTable(X, 'X');
    const steps = clonedParts(given);
    const last = steps.at(-1)![1] as PredictingStep | TransformingStep | 'passthrough';
    let rows: TableLike = raw;
    for (const [, step] of steps.slice(0, -1)) {
      if (step !== 'passthrough') rows = (step as TransformingStep).fit(rows, y).transform(rows);
    }
    // Estimators without targets, such as outlier detectors, take rows and nothing else.
    if (options.sampleWeight !== undefined && last !== 'passthrough' && last.fit.length < 2) {
      const allowed = `no weights: ${last.name} does not weigh rows`;
      throw error('BAD_OPTION', { what: `${this.name}.fit`, given: 'sampleWeight', allowed });
    }
    if (last !== 'passthrough') last.fit(isPredicting(last) ? forModel(rows) : rows, y, options);
    const common = { ...(raw.names && { featureNamesIn: raw.names }), nFeaturesIn: raw.columns };
    const json = { ...common, steps: partsToJson(steps) as unknown as PipelineFitted['steps'] };
    const learned: PipelineFitted = isPredicting(last)
      ? { ...json, ...placed(steps, last, raw), ...classesOf(last) }
      : {
          ...json,
          placement: factorChain(transformers(steps), null, 'there is no model').placement,
          model: null,
        };
    this.learned(learned);
    this.#assembled = assembled(steps, learned, null);
    return this;
  }

  /**
   * What the last step predicts for each row. In clear at once, computed with the very integers of an encrypted run; as a
   * promise with `encrypted: true` (keys are made at the first run and kept) or `'simulate'`.
   *
   * @throws NOT_FITTED, UNSUPPORTED, SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY, OUT_OF_RANGE; an encrypted run rejects with
   * the same errors and the runtime's.
   */
  predict(X: TableLike, options?: ClearOptions): Labels;
  predict(X: TableLike, options: EncryptedOptions): Promise<Labels>;
  predict(X: TableLike, options?: PredictOptions): Labels | Promise<Labels> {
    return this.#asked('predict', X, options);
  }

  /** Probabilities, [rows, classes], where the last step has them. @throws as `predict`. */
  predictProba(X: TableLike, options?: ClearOptions): NdArray<Float64Array>;
  predictProba(X: TableLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  predictProba(
    X: TableLike,
    options?: PredictOptions,
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.#asked('predictProba', X, options);
  }

  /** Signed scores, where the last step has them. @throws as `predict`. */
  decisionFunction(X: TableLike, options?: ClearOptions): NdArray<Float64Array>;
  decisionFunction(X: TableLike, options: EncryptedOptions): Promise<NdArray<Float64Array>>;
  decisionFunction(
    X: TableLike,
    options?: PredictOptions,
  ): NdArray<Float64Array> | Promise<NdArray<Float64Array>> {
    return this.#asked('decisionFunction', X, options);
  }

  /** The last step's `score` of rows, in clear. @throws as `predict`. */
  score(X: TableLike, y?: LabelsLike, options: { readonly sampleWeight?: ArrayLike } = {}): number {
    const { predictor } = this;
    return this.#method(predictor, 'score')(this.#sent(X, 'X'), y, options) as number;
  }

  /**
   * Compiles the model with what was folded into it; an encrypted prediction does it by itself where it has not been
   * done. `X`: as in `compile` of a model, here rows as the pipeline takes them.
   *
   * @throws NOT_FITTED, UNSUPPORTED, SHAPE_MISMATCH, NOT_FINITE, and what the compiler throws.
   */
  async compile(X?: TableLike | null, options: CompileOptions = {}): Promise<Circuit> {
    const { predictor } = this;
    const given = X === undefined || X === null;
    const rows = given ? null : this.#sent(X, `${this.name}.compile: X`);
    const compiling = predictor.compile(rows, options);
    // Its ranges are wider now, so that is what to save.
    this.learned({ ...this.fitted, model: predictor.fitted });
    return compiling;
  }

  /**
   * The rows after all steps, where the last one transforms as well; in clear.
   *
   * @throws as `predict`; UNSUPPORTED where the last step does not transform.
   */
  transform(X: TableLike): TableArray {
    const { steps, predictor } = this.#ready();
    if (predictor !== null) {
      return this.#method(predictor, 'transform')(this.#sent(X, 'X')) as TableArray;
    }
    const raw = readTable(X, 'X', this.fitted);
    const rows = transformers(steps).reduce((all: TableLike, [, step]) => step.transform(all), raw);
    return arrayOfTable(readTable(rows, 'X'));
  }

  /** `fit`, and then `transform` of the same rows. */
  fitTransform(X: TableLike, y?: LabelsLike, options?: FitOptions): TableArray {
    return this.fit(X, y, options).transform(X);
  }

  /** The rows that `transform` makes these of. @throws UNSUPPORTED where a step has no inverse, and as `transform`. */
  inverseTransform(X: TableLike): TableArray {
    const inverses = transformers(this.#ready().steps).map(([name, step]) => {
      if (step.inverseTransform !== undefined) return step as Required<TransformingStep>;
      throw this.#unsupported('inverseTransform', `steps that have it, which '${name}' does not`);
    });
    const rows = inverses.reduceRight((all: TableLike, step) => step.inverseTransform(all), X);
    return arrayOfTable(readTable(rows, 'X'));
  }

  /** Names of the columns of `transform`. @throws as `getFeatureNamesOut` of the steps. */
  getFeatureNamesOut(inputFeatures?: readonly string[]): string[] {
    const { steps } = this.#ready();
    let names = [...inputNames(this.name, this.fitted, inputFeatures)];
    for (const [name, step] of transformers(steps)) {
      if (step.getFeatureNamesOut === undefined) {
        throw this.#unsupported(
          'getFeatureNamesOut',
          `steps that have it, which '${name}' does not`,
        );
      }
      names = step.getFeatureNamesOut(names);
    }
    return names;
  }

  /** A pipeline of transformers in two parts. Called by pipelines and column transformers alone. */
  factored(kind: MapKind | null, whyNot: string): Factored {
    return factorChain(transformers(this.#ready().steps), kind, whyNot);
  }

  protected override get state(): AnyStateTable {
    return state;
  }

  /** @throws BAD_JSON for steps that are no estimators, or not in their places */
  #revived(fitted: PipelineFitted, circuit: unknown): Assembled {
    const steps = revivedParts(fitted.steps as Steps);
    const predicts = isPredicting(steps.at(-1)?.[1]);
    if (!areSteps(steps) || predicts !== (fitted.model !== null)) {
      const allowed = 'fitted steps, and the state of a model where the last one predicts';
      throw error('BAD_JSON', { what: `${this.name}.fitted.steps`, given: fitted.steps, allowed });
    }
    return assembled(steps, fitted, circuit);
  }

  #ready(): Assembled {
    if (this.#assembled === undefined) throw error('NOT_FITTED', { what: this.name });
    return this.#assembled;
  }

  /** Rows as the model takes them. */
  #sent(X: TableLike, what: string): Tensor {
    const { client } = this.#ready();
    const rows = readTable(X, what, this.fitted);
    return forModel(client === null ? rows : client(rows), what);
  }

  #asked<T>(method: Method, X: TableLike, options: PredictOptions | undefined): T {
    const ask = (): T => {
      const { predictor } = this;
      return this.#method(predictor, method)(this.#sent(X, 'X'), options) as T;
    };
    const promised = options?.encrypted === true || options?.encrypted === 'simulate';
    return promised ? (Promise.resolve().then(ask) as T) : ask();
  }

  #method(predictor: PredictingStep, method: Method): (...given: readonly unknown[]) => unknown {
    const found = (predictor as unknown as Record<string, unknown>)[method];
    if (typeof found === 'function') return found.bind(predictor) as () => unknown;
    throw this.#unsupported(method, `a last step that has it, which ${predictor.name} does not`);
  }

  #unsupported(what: string, allowed: string): Error {
    const remedy = 'call what the last step has, or give the pipeline another one';
    return error('UNSUPPORTED', { what: `${what} of a ${this.name}`, allowed, remedy });
  }
}

register('Pipeline', Pipeline);

/** Parameters of steps by `name__parameter`, and steps by name. */
type Nested = Readonly<Record<string, unknown>>;

function areListed(parameters: Steps | Partial<PipelineParameters>): parameters is Steps {
  return Array.isArray(parameters);
}

function areSteps(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || !value.every(Array.isArray)) return false;
  const steps = value.map(([, step]: readonly unknown[]) => step);
  const transforms = (step: unknown): boolean =>
    step === 'passthrough' || (isEstimator(step) && isTransforming(step));
  const last = steps.at(-1);
  return (
    areNames(
      value.map(([name]) => name),
      ['steps'],
    ) &&
    steps.slice(0, -1).every(transforms) &&
    (transforms(last) || (isEstimator(last) && isPredicting(last)))
  );
}

function classesOf({ fitted }: PredictingStep): Pick<PipelineFitted, 'classes'> {
  return fitted.classes === undefined ? {} : { classes: fitted.classes };
}
