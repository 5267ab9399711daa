/** Models of other libraries with what these answer; see test/fixtures/make_models.py. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Label } from '../../estimators/input.ts';
import type { Cell, TableLike } from '../../estimators/preprocessing/table.ts';
import {
  fromCatBoost,
  fromLightGBM,
  fromOnnx,
  fromXGBoost,
  type ImportedClassifier,
  type ImportedRegressor,
  quantize,
} from '../../models/index.ts';

/** An imported model of either kind. */
export type Imported = ImportedClassifier | ImportedRegressor;

/** One file. */
export interface ModelFixture {
  readonly name: string;
  readonly source: 'xgboost' | 'lightgbm' | 'catboost' | 'onnx';
  readonly model: object | string;
  readonly X: readonly (readonly (Cell | null)[])[];
  /** The truth, which the model has learned from other rows. */
  readonly y: readonly Label[];
  /** What the library returns for the rows, one after the other, and in which shape. */
  readonly outputs: readonly number[];
  readonly shape: readonly number[];
  /** Of classifiers. */
  readonly labels?: readonly Label[];
}

const folder = new URL('../fixtures/models/', import.meta.url);

/** All files, or those whose names start so. */
export function modelFixtures(start = ''): ModelFixture[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(start) && file.endsWith('.json'))
    .sort()
    .map((file) => ({
      ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as ModelFixture),
      name: file.replace('.json', ''),
    }));
}

/** The file of a name. */
export function modelFixture(name: string): ModelFixture {
  return modelFixtures(name).find((each) => each.name === name)!;
}

/** The model of a file. */
export function read({ source, model }: ModelFixture, options: object = {}): Imported {
  switch (source) {
    case 'xgboost':
      return fromXGBoost(model, options);
    case 'lightgbm':
      return fromLightGBM(model as string, options);
    case 'catboost':
      return fromCatBoost(model as object, options);
    case 'onnx':
      return fromOnnx(Uint8Array.from(Buffer.from(model as string, 'base64')), options);
  }
}

/** Some rows of a file, all without `count`. */
export function rowsOf({ X }: ModelFixture, count?: number): TableLike {
  return X.slice(0, count).map((row) => row.map((value) => value ?? Number.NaN)) as TableLike;
}

/** A model ready to predict: in integers, fitted to the rows of the file where it has none of its own. */
export function readyToPredict(fixture: ModelFixture, options: object = {}): Imported {
  const model = read(fixture, options);
  if (model.fitted.core.kind === 'trees') return model;
  return quantize(model, rowsOf(fixture)).model;
}

/** The largest difference, relative to values above 1. */
export function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return theirs.reduce(
    (most, value, i) => Math.max(most, Math.abs(ours[i]! - value) / Math.max(1, Math.abs(value))),
    ours.length === theirs.length ? 0 : Number.POSITIVE_INFINITY,
  );
}

/** The values of an array, one after the other. */
export function valuesOf(array: { readonly data: ArrayLike<Label> }): Label[] {
  return Array.from(array.data);
}
