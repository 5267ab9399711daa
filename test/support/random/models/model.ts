/** Random models, fitted, with all that the checks call. */
import type { ClearOptions, EncryptedOptions } from '../../../../estimators/predictor.ts';
import { BlindfitError, type Circuit, type ErrorCode } from '../../../../lib/index.ts';
import { type ModelClass, modelClasses } from './classes.ts';
import { type Data, dataOf } from './data.ts';
import type { ModelSource } from './source.ts';

export type Array1 = { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] };

/** All that is called of a model. */
export interface AnyModel {
  readonly name: string;
  readonly fitted: object;
  readonly circuit: Circuit;
  fit(X: unknown, y?: unknown, options?: { readonly sampleWeight?: unknown }): this;
  predict(X: unknown, options?: ClearOptions): Array1;
  predict(X: unknown, options: EncryptedOptions): Promise<Array1>;
  predictProba?(X: unknown): Array1;
  decisionFunction?(X: unknown): Array1;
  compile(): Promise<Circuit>;
  getParams(): Record<string, unknown>;
  setParams(parameters: object): this;
  save(): Uint8Array;
}

interface AnyClass {
  new (parameters?: object): AnyModel;
  fromJSON(json: unknown): AnyModel;
  load(bytes: Uint8Array): AnyModel;
}

/** A fitted model and what it was fitted to. */
export interface FittedModel {
  readonly source: ModelSource;
  readonly kind: ModelClass;
  readonly Class: AnyClass;
  readonly model: AnyModel;
  readonly data: Data;
  /** Codes of the warnings of the fit. */
  readonly warnings: readonly string[];
}

/** Codes that say that Blindfit is at fault. */
const defects: readonly ErrorCode[] = ['INTERNAL', 'BAD_GRAPH'];

/** The class of a name. */
export function classOf(name: string): { readonly kind: ModelClass; readonly Class: AnyClass } {
  const kind = modelClasses.find(({ Estimator }) => Estimator.name === name)!;
  return { kind, Class: kind.Estimator as unknown as AnyClass };
}

/** The fitted model of a source, or the code with which it is refused. @throws any other error */
export function fitted(source: ModelSource, changed: object = {}): FittedModel | ErrorCode {
  const { kind, Class } = classOf(source.estimator);
  const data = dataOf(source.data, kind.missing === true);
  const model = new Class({ ...kind.quick, ...source.parameters, ...changed });
  return refusal(() => {
    const warnings = warned(() => fitTo(model, kind, data));
    return { source, kind, Class, model, data, warnings };
  });
}

/** Fits to rows and columns in the order of `data`. */
export function fitTo(model: AnyModel, { learns }: ModelClass, data: Data): void {
  const { X, labels, targets, sampleWeight } = data;
  if (learns === 'nothing') model.fit(X);
  else model.fit(X, learns === 'classes' ? labels : targets, sampleWeight ? { sampleWeight } : {});
}

/** What `work` returns, or the code with which it refuses. @throws any other error, and those of defects */
export function refusal<T>(work: () => T): T | ErrorCode {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof BlindfitError && !defects.includes(cause.code)) return cause.code;
    throw cause;
  }
}

/** Does the work, and keeps its warnings from being shown; their codes. */
export function warned(work: () => void): string[] {
  const codes: string[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((_: string, { code }: { code: string }) => {
    codes.push(code);
  }) as typeof process.emitWarning;
  try {
    work();
  } finally {
    process.emitWarning = emitWarning;
  }
  return codes;
}

/** The values of an array of any rank, one after the other. */
export function values(array: Array1): unknown[] {
  return Array.from(array.data);
}

/** The same of numbers. */
export function numbers(array: Array1): number[] {
  return values(array) as number[];
}
