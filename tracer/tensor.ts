/**
 * Clear arrays: the one internal form, and the ways in and out of it.
 */
import ndarray from 'ndarray';
import { error } from '../lib/errors.ts';

/**
 * A clear array, row-major and contiguous: `data.length` is the product of `shape`, and rank 0 is one number.
 * Integers are exact to 2^53.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Typed arrays of numbers; bigint ones are accepted where every element is a safe integer. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Equally long nested arrays of numbers. */
export type NestedArray = readonly (number | boolean | bigint | TypedArray | NestedArray)[];

/** A view of the `ndarray` package, of any element type. */
export interface NdArrayLike {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly data: unknown;
  get(...indices: number[]): unknown;
}

/** A `Matrix` of the `ml-matrix` package. */
export interface MatrixLike {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): number;
}

/** What the library accepts as a clear array. */
export type ArrayLike =
  | number
  | boolean
  | bigint
  | NestedArray
  | TypedArray
  | NdArrayLike
  | MatrixLike
  | Tensor;

/** What the library returns as a clear array: a number for rank 0, else an `ndarray` of doubles. */
export type ClearArray = number | ndarray.NdArray<Float64Array>;

/** Number of elements of a shape; 1 for rank 0. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Tells whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Tells whether every element is an integer that a double holds exactly. */
export function isIntegral(data: Float64Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isSafeInteger(data[i])) return false;
  return true;
}

/**
 * Any accepted array as a Tensor. A Tensor is returned as it is; everything else is copied.
 *
 * @throws BAD_ARRAY for ragged arrays and for what is no number; NaN and infinities are numbers here.
 */
export function toTensor(value: ArrayLike, what = 'array'): Tensor {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return { shape: [], data: Float64Array.of(toNumber(value, what)) };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return fromTyped(value, what);
  if (Array.isArray(value)) return fromNested(value, what);
  if (typeof value === 'object' && value !== null) {
    if (isNdArray(value)) return fromNdArray(value, what);
    if (isTensor(value)) return checked(value, what);
    if (isMatrix(value)) return fromMatrix(value, what);
  }
  throw error('BAD_ARRAY', {
    what,
    given: naming(value),
    allowed: 'numbers, arrays, ndarray, Matrix',
  });
}

/**
 * Any accepted array as a Tensor of integers.
 *
 * @throws BAD_ARRAY as `toTensor`; NOT_FINITE, NOT_AN_INTEGER or OVERFLOW_2_53 with the value and its index.
 */
export function toIntegerTensor(value: ArrayLike, what = 'array'): Tensor {
  const tensor = toTensor(value, what);
  for (let i = 0; i < tensor.data.length; i++) {
    const element = tensor.data[i]!;
    if (Number.isSafeInteger(element)) continue;
    const where = tensor.shape.length === 0 ? what : `${what}[${indexAt(tensor.shape, i)}]`;
    const details = { what: where, given: element };
    if (!Number.isFinite(element)) throw error('NOT_FINITE', details);
    if (!Number.isInteger(element)) throw error('NOT_AN_INTEGER', details);
    throw error('OVERFLOW_2_53', details);
  }
  return tensor;
}

/** A Tensor as users get it: a number for rank 0, else an `ndarray` on the same data (no copy). */
export function fromTensor(tensor: Tensor): ClearArray {
  if (tensor.shape.length === 0) return tensor.data[0]!;
  return ndarray(tensor.data, [...tensor.shape]);
}

/** The index of each axis for a flat row-major index. */
export function indexAt(shape: readonly number[], flat: number): number[] {
  let rest = flat;
  return stridesOf(shape).map((stride, axis) => {
    const index = Math.floor(rest / stride) % shape[axis]!;
    rest -= index * stride;
    return index;
  });
}

function isNdArray(value: object): value is NdArrayLike {
  return 'stride' in value && 'shape' in value && 'get' in value && 'offset' in value;
}

function isTensor(value: object): value is Tensor {
  return 'shape' in value && 'data' in value && value.data instanceof Float64Array;
}

function isMatrix(value: object): value is MatrixLike {
  return 'rows' in value && 'columns' in value && 'get' in value;
}

/** @throws BAD_ARRAY for another number of elements than the shape has. */
function checked(tensor: Tensor, what: string): Tensor {
  const { shape, data } = tensor;
  const isShape = shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (isShape && sizeOf(shape) === data.length) return tensor;
  const given = `shape [${shape.join(', ')}] and ${data.length} elements`;
  throw error('BAD_ARRAY', { what, given, allowed: 'as many elements as the shape has' });
}

function toNumber(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw error('OVERFLOW_2_53', { what, given: value });
  }
  throw error('BAD_ARRAY', { what, given: naming(value), allowed: 'a number' });
}

/** What is no number, so that an error shows what it is: a text looks different from a number. */
function naming(value: unknown): unknown {
  return typeof value === 'string' ? `the text '${value}'` : value;
}

function fromTyped(value: ArrayBufferView, what: string): Tensor {
  const source = value as TypedArray;
  const data = new Float64Array(source.length);
  if (source instanceof BigInt64Array || source instanceof BigUint64Array) {
    for (let i = 0; i < data.length; i++) data[i] = toNumber(source[i], what);
  } else {
    data.set(source);
  }
  return { shape: [data.length], data };
}

function fromNested(value: readonly unknown[], what: string): Tensor {
  const shape: number[] = [];
  for (let level: unknown = value; isList(level); level = level[0]) shape.push(level.length);
  const data = new Float64Array(sizeOf(shape));
  let next = 0;
  const fill = (level: unknown, axis: number): void => {
    if (axis === shape.length) {
      data[next++] = toNumber(level, what);
      return;
    }
    if (!isList(level) || level.length !== shape[axis]) {
      const given = isList(level) ? `${level.length} elements` : naming(level);
      throw error('BAD_ARRAY', {
        what,
        given,
        allowed: `${shape[axis]} elements at depth ${axis}`,
      });
    }
    for (let i = 0; i < level.length; i++) fill(level[i], axis + 1);
  };
  fill(value, 0);
  return { shape, data };
}

function isList(value: unknown): value is { readonly length: number; [index: number]: unknown } {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function fromNdArray(value: NdArrayLike, what: string): Tensor {
  const shape = [...value.shape];
  const data = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    data[i] = toNumber(value.get(...index), what);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

function fromMatrix(value: MatrixLike, what: string): Tensor {
  const { rows, columns } = value;
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = toNumber(value.get(row, column), what);
    }
  }
  return { shape: [rows, columns], data };
}
