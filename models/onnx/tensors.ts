/**
 * TensorProto: constants of a model as arrays of doubles, or of texts.
 */
import { error } from '../../lib/errors.ts';
import {
  type Allowance,
  badModel,
  bytesOf,
  fieldsOf,
  integerOf,
  pushFloats,
  pushIntegers,
  textOf,
} from './protobuf.ts';

/** The element types that are read; `bool` is 0 or 1. */
export type ElementType =
  | 'float'
  | 'double'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool'
  | 'string';

/** A constant, in C order. Integers beyond 2^53 are the nearest double. */
export interface OnnxTensor {
  readonly type: Exclude<ElementType, 'string'>;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A constant of texts. */
export interface TextTensor {
  readonly type: 'string';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** The types of integers; `bool` is none. */
export const integerTypes: readonly ElementType[] = [
  ...(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const),
];

/** TensorProto.DataType by its number. */
const elementTypes: readonly (ElementType | undefined)[] = [
  undefined,
  'float',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'double',
  'uint32',
  'uint64',
  undefined,
  undefined,
  'bfloat16',
];

/** How one element of `raw_data` is read. */
const rawReaders: {
  readonly [Type in OnnxTensor['type']]: readonly [
    width: number,
    read: (view: DataView, at: number) => number,
  ];
} = {
  float: [4, (view, at) => view.getFloat32(at, true)],
  double: [8, (view, at) => view.getFloat64(at, true)],
  float16: [2, (view, at) => float16(view.getUint16(at, true))],
  bfloat16: [2, (view, at) => bfloat16(view.getUint16(at, true))],
  int8: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  uint64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  bool: [1, (view, at) => Number(view.getUint8(at) !== 0)],
};

/** The element type with this number in TensorProto.DataType. @throws UNSUPPORTED for one that is not read */
export function elementType(number: number, what: string): ElementType {
  const type = elementTypes[number];
  if (type !== undefined) return type;
  const allowed = elementTypes.filter((name) => name !== undefined).join(', ');
  throw error('UNSUPPORTED', { what, given: `element type ${number}`, allowed });
}

/**
 * Reads a TensorProto and its name.
 *
 * @param what names it in errors until its own name is known
 * @throws BAD_MODEL where data and shape do not fit; UNSUPPORTED for data in other files and for types that are not read
 */
export function readTensor(
  bytes: Uint8Array,
  what: string,
  allowance: Allowance,
): { readonly name: string; readonly tensor: OnnxTensor | TextTensor } {
  const shape: number[] = [];
  const floats: number[] = [];
  const integers: number[] = [];
  const texts: string[] = [];
  let raw: Uint8Array | undefined;
  let name = '';
  let typeNumber = 0;
  let external = false;
  for (const field of fieldsOf(bytes, what, allowance)) {
    if (field.number === 1) pushIntegers(shape, field, what);
    else if (field.number === 2) typeNumber = integerOf(field, what);
    else if (field.number === 4) pushFloats(floats, field, 4, what);
    else if (field.number === 5 || field.number === 7 || field.number === 11) {
      pushIntegers(integers, field, what);
    } else if (field.number === 6) texts.push(textOf(field, what));
    else if (field.number === 8) name = textOf(field, what);
    else if (field.number === 9) raw = bytesOf(field, what);
    else if (field.number === 10) pushFloats(floats, field, 8, what);
    else if (field.number === 13) external = true;
    else if (field.number === 14) external ||= integerOf(field, what) !== 0;
  }
  const where = name === '' ? what : `tensor ${name}`;
  if (external) {
    const remedy = 'save the model with its weights in the same file';
    throw error('UNSUPPORTED', { what: where, given: 'data in another file', remedy });
  }
  const type = elementType(typeNumber, where);
  const size = checkedSize(shape, where);
  if (type === 'string') {
    if (texts.length !== size) throw misfit(where, texts.length, shape);
    return { name, tensor: { type, shape, data: texts } };
  }
  const data =
    raw === undefined ? listed(type, floats, integers) : unpacked(type, raw, size, where);
  if (data.length !== size) throw misfit(where, data.length, shape);
  return { name, tensor: { type, shape, data } };
}

/** The number of elements of a shape. @throws BAD_MODEL for negative extents, and where it is beyond 2^53 */
export function checkedSize(shape: readonly number[], what: string): number {
  let size = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      throw badModel(what, `shape [${shape.slice(0, 12).join(', ')}]`, 'extents >= 0');
    }
    size *= extent;
  }
  if (!Number.isSafeInteger(size)) throw badModel(what, `${size} elements`, 'at most 2^53');
  return size;
}

/** The elements of the fields that are lists of numbers. */
function listed(type: OnnxTensor['type'], floats: number[], integers: number[]): Float64Array {
  if (type === 'float' || type === 'double') return Float64Array.from(floats);
  if (type === 'float16') return Float64Array.from(integers, float16);
  if (type === 'bfloat16') return Float64Array.from(integers, bfloat16);
  if (type === 'uint64') {
    // The wire format has no sign of its own: what is above 2^63 arrives as a negative number.
    return Float64Array.from(integers, (value) => (value < 0 ? value + 2 ** 64 : value));
  }
  return Float64Array.from(integers);
}

/** The elements of `raw_data`. Their number is checked before there is room for them. */
function unpacked(
  type: OnnxTensor['type'],
  raw: Uint8Array,
  size: number,
  what: string,
): Float64Array {
  const [width, read] = rawReaders[type];
  if (raw.length !== size * width) {
    const given = `${raw.length} bytes for ${size} elements`;
    throw badModel(what, given, `${size * width} bytes of type ${type}`);
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Float64Array.from({ length: size }, (_, i) => read(view, i * width));
}

function misfit(what: string, elements: number, shape: readonly number[]): Error {
  return badModel(what, `${elements} elements`, `those of shape [${shape.join(', ')}]`);
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a single. */
function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65536);
  return view.getFloat32(0);
}
