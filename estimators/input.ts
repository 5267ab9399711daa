/**
 * The way in for users' data: any accepted array becomes a checked Tensor, any labels become class indices.
 */
import { error } from '../lib/errors.ts';
import { isPlain } from '../lib/options.ts';
import { type ArrayLike, indexAt, type Tensor, toTensor } from '../tracer/tensor.ts';

/** A class label. One `y` holds labels of one type; booleans count as the numbers 0 and 1. */
export type Label = number | string;

/** Labels of rows: a list, a typed array, or a one-dimensional `ndarray`. */
export type LabelsLike =
  | readonly (number | string | boolean)[]
  | ArrayLike
  | { readonly shape: readonly number[]; get(...indices: number[]): unknown };

/** Weights of classes: 'balanced' = rows / (classes * rows of the class), or a weight by label (1 where absent). */
export type ClassWeight = 'balanced' | { readonly [label: string]: number } | null;

/** Tells whether a value is a `ClassWeight`. */
export function isClassWeight(value: unknown): value is ClassWeight {
  if (value === null || value === 'balanced') return true;
  if (typeof value !== 'object') return false;
  return Object.values(value).every(
    (weight) => typeof weight === 'number' && Number.isFinite(weight) && weight >= 0,
  );
}

/**
 * Rows of features: an array of shape [rows, features], or a list of objects that all have the same names, each a number.
 * Named features may come in any order; `fit` remembers that of the first row.
 */
export type FeaturesLike = ArrayLike | readonly Readonly<Record<string, number>>[];

/** What `readMatrix` is to hold rows against. */
export interface MatrixOptions {
  /** What `fit` was given. */
  readonly expected?: {
    readonly nFeaturesIn: number;
    readonly featureNamesIn?: readonly string[] | undefined;
  };
  /** Whether NaN is allowed, and stands for a missing value. Default false. */
  readonly missing?: boolean;
}

/**
 * A matrix of finite numbers, rows x features, with one row or more.
 *
 * @throws SHAPE_MISMATCH unless it has rank 2, rows, and the expected columns; NOT_FINITE; BAD_ARRAY.
 */
export function readMatrix(
  X: FeaturesLike,
  what: string,
  { expected, missing = false }: MatrixOptions = {},
): Tensor {
  const { shape, data } = isNamed(X) ? fromNamed(X, what, expected) : toTensor(X, what);
  checkRows(shape, what, expected);
  checkFinite({ shape, data }, what, missing);
  // Adding 0 makes -0 the 0 that it equals, and that JSON would make of it.
  return { shape, data: data.map((value) => value + 0) };
}

/** @throws SHAPE_MISMATCH unless it is the shape of rows, one or more, with the expected columns. */
export function checkRows(
  shape: readonly number[],
  what: string,
  expected?: MatrixOptions['expected'],
): void {
  const [rows = 0, columns = 0] = shape;
  const fits = shape.length === 2 && rows > 0 && columns > 0;
  if (fits && (expected === undefined || columns === expected.nFeaturesIn)) return;
  const width = expected === undefined ? 'features >= 1' : `${expected.nFeaturesIn} features`;
  throw error('SHAPE_MISMATCH', {
    what,
    given: `shape [${shape.join(', ')}]`,
    allowed: `[rows >= 1, ${width}]`,
    remedy: shape.length === 1 ? 'wrap a single row in an array: [row]' : undefined,
  });
}

/** The names of features where rows have some, as an entry of learned state. */
export function featureNames(X: FeaturesLike): { readonly featureNamesIn?: readonly string[] } {
  return isNamed(X) ? { featureNamesIn: Object.keys(X[0]!) } : {};
}

/**
 * One label per row, and the sorted classes: `indices[row]` is the row's place in `classes`.
 *
 * @throws SHAPE_MISMATCH for a wrong length or rank; BAD_LABELS for mixed types, non-finite labels or a single class.
 */
export function readClasses(
  y: LabelsLike,
  what: string,
  rows: number,
): { readonly classes: readonly Label[]; readonly indices: Int32Array } {
  const labels = readLabels(y, what, rows);
  const classes = [...new Set(labels)].sort(compareLabels);
  if (classes.length < 2) {
    throw error('BAD_LABELS', { what, given: `the single class ${classes[0]}` });
  }
  const order = new Map(classes.map((label, index) => [label, index]));
  return { classes, indices: Int32Array.from(labels, (label) => order.get(label)!) };
}

/** One label per row. @throws SHAPE_MISMATCH, BAD_LABELS */
export function readLabels(y: LabelsLike, what: string, rows?: number): Label[] {
  const labels = Array.from(listOf(y, what), (label) =>
    typeof label === 'boolean' ? Number(label) : label,
  );
  if (rows !== undefined && labels.length !== rows) {
    throw error('SHAPE_MISMATCH', {
      what,
      given: `${labels.length} labels`,
      allowed: `${rows}, one a row`,
    });
  }
  for (const label of labels) {
    const bad = typeof label === 'number' ? !Number.isFinite(label) : typeof label !== 'string';
    if (bad || typeof label !== typeof labels[0]) throw error('BAD_LABELS', { what, given: label });
  }
  // Adding 0 makes -0 the 0 that it equals.
  return labels.map((label) => (typeof label === 'number' ? label + 0 : (label as string)));
}

/**
 * Targets of regression, rows x outputs, and the shape of those of one row: [] for one number, else [outputs].
 *
 * @throws SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY
 */
export function readTargets(
  y: ArrayLike,
  what: string,
  rows: number,
  several: boolean,
): { readonly targets: Tensor; readonly targetShape: readonly number[] } {
  const { shape, data } = toTensor(y, what);
  const [own = 0, ...targetShape] = shape;
  const [outputs = 1] = targetShape;
  const fits = targetShape.length === 0 || (targetShape.length === 1 && several && outputs > 0);
  if (!fits || own !== rows) {
    const given = `shape [${shape.join(', ')}]`;
    const allowed = several ? `[${rows}] or [${rows}, outputs >= 1]` : `[${rows}], one a row`;
    throw error('SHAPE_MISMATCH', { what, given, allowed });
  }
  checkFinite({ shape, data }, what, false);
  const targets = { shape: [rows, outputs], data: data.map((value) => value + 0) };
  return { targets, targetShape };
}

/**
 * One weight of at least 0 per row; 1 each where none are given.
 *
 * @throws SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE for negative weights, and for those without a finite sum.
 */
export function readSampleWeight(weights: ArrayLike | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  const what = 'sampleWeight';
  const tensor = toTensor(weights, what);
  if (tensor.shape.length !== 1 || tensor.data.length !== rows) {
    const given = `shape [${tensor.shape.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what, given, allowed: `[${rows}], one a row` });
  }
  checkFinite(tensor, what, false);
  const least = tensor.data.reduce((a, b) => Math.min(a, b));
  if (least < 0) throw error('OUT_OF_RANGE', { what, given: least, allowed: 'weights >= 0' });
  const total = tensor.data.reduce((a, b) => a + b);
  if (!Number.isFinite(total)) {
    throw error('OUT_OF_RANGE', { what, given: `a sum of ${total}`, allowed: 'a finite sum' });
  }
  return tensor.data.slice();
}

/**
 * The weight of each row in training: its own times that of its class (1 each without `classWeight`).
 *
 * @throws BAD_OPTION for a label that is no class; OUT_OF_RANGE where nothing is left of any row.
 */
export function trainingWeights(
  sampleWeight: Float64Array,
  classWeight: ClassWeight,
  classes: readonly Label[],
  indices: Int32Array,
): Float64Array {
  const byClass = classWeights(classWeight, classes, indices);
  const weights = sampleWeight.map((weight, row) => weight * byClass[indices[row]!]!);
  checkSomeWeight(weights, 'sampleWeight * classWeight');
  return weights;
}

/** @throws OUT_OF_RANGE where nothing is left of any row. */
export function checkSomeWeight(weights: Float64Array, what: string): void {
  if (weights.some((weight) => weight > 0)) return;
  const given = 'weights that are 0 for every row';
  throw error('OUT_OF_RANGE', { what, given, allowed: 'one > 0' });
}

function classWeights(
  classWeight: ClassWeight,
  classes: readonly Label[],
  indices: Int32Array,
): Float64Array {
  if (classWeight === 'balanced') {
    const counts = new Float64Array(classes.length);
    for (const index of indices) counts[index]! += 1;
    return counts.map((count) => indices.length / (classes.length * count));
  }
  const given = classWeight ?? {};
  const names = classes.map(String);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw error('BAD_OPTION', { what: 'classWeight', given: name, allowed: names.join(', ') });
  }
  // A text such as 'constructor' is a name that every object has.
  return Float64Array.from(names, (name) => (Object.hasOwn(given, name) ? given[name]! : 1));
}

/** Numbers by size, texts by code unit, as numpy's `unique` has them. */
function compareLabels(a: Label, b: Label): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function listOf(y: LabelsLike, what: string): readonly unknown[] {
  if (Array.isArray(y) && !y.some((label) => Array.isArray(label))) return y;
  if (typeof y === 'object' && y !== null && 'get' in y && 'shape' in y && y.shape.length === 1) {
    return Array.from({ length: y.shape[0]! }, (_, i) => y.get(i));
  }
  const { shape, data } = toTensor(y as ArrayLike, what);
  const [, columns = 1] = shape;
  if (shape.length === 1 || (shape.length === 2 && columns === 1)) return Array.from(data);
  const given = `shape [${shape.join(', ')}]`;
  throw error('SHAPE_MISMATCH', { what, given, allowed: '[rows]: one label a row' });
}

/** A list of rows that have names. */
export type NamedRows = readonly Readonly<Record<string, unknown>>[];

/** Tells rows with names from all other arrays. */
export function isNamed(X: unknown): X is NamedRows {
  if (!Array.isArray(X) || X.length === 0) return false;
  const [first] = X as readonly unknown[];
  return typeof first === 'object' && first !== null && isPlain(first);
}

/**
 * The names of the columns, and all values of rows x names, row by row: in the order of `fit`, or of the first row.
 *
 * @throws SHAPE_MISMATCH for a row with other names, or where `fit` was given rows without names.
 */
export function namedValues(
  X: NamedRows,
  what: string,
  expected?: MatrixOptions['expected'],
): { readonly names: readonly string[]; readonly values: readonly unknown[] } {
  if (expected !== undefined && expected.featureNamesIn === undefined) {
    const details = { given: 'rows with names', allowed: 'rows without names, as fit was given' };
    throw error('SHAPE_MISMATCH', { what, ...details, remedy: 'give arrays, or fit with names' });
  }
  const names = expected?.featureNamesIn ?? Object.keys(X[0]!);
  const values = X.flatMap((row: unknown, index) => {
    const given = typeof row === 'object' && row !== null ? Object.keys(row) : [];
    const unknown = given.find((name) => !names.includes(name));
    if (unknown === undefined && given.length === names.length) {
      return names.map((name) => (row as NamedRows[number])[name]);
    }
    throw error('SHAPE_MISMATCH', {
      what: `${what}[${index}]`,
      given: unknown === undefined ? `the names ${given.join(', ')}` : `the name ${unknown}`,
      allowed: `an object with the names ${names.join(', ')}`,
    });
  });
  return { names, values };
}

/** Rows of named numbers as rows x names. */
function fromNamed(X: NamedRows, what: string, expected: MatrixOptions['expected']): Tensor {
  const { names, values } = namedValues(X, what, expected);
  const data = Float64Array.from(values, (value, i) => {
    if (typeof value === 'number') return value;
    throw notANumber(`${what}[${Math.floor(i / names.length)}].${names[i % names.length]}`, value);
  });
  return { shape: [X.length, names.length], data };
}

/** The error for a value at a place of a table that is no number. */
export function notANumber(where: string, given: unknown): Error {
  const remedy = 'encode texts as numbers first, with OneHotEncoder or OrdinalEncoder';
  return error('BAD_ARRAY', { what: where, given, allowed: 'a number', remedy });
}

function checkFinite(tensor: Tensor, what: string, missing: boolean): void {
  const index = tensor.data.findIndex(
    (value) => !Number.isFinite(value) && !(missing && Number.isNaN(value)),
  );
  if (index < 0) return;
  const where = `${what}[${indexAt(tensor.shape, index)}]`;
  throw error('NOT_FINITE', { what: where, given: tensor.data[index] });
}
