/**
 * Entry point `blindfit/tracer`: arrays as in numpy, for functions that become encrypted circuits.
 *
 * Every function takes traced values and clear arrays alike. With a traced argument it records a node and returns a
 * traced value; with clear arguments only it computes at once and returns a number or an `ndarray`.
 */
export { toDot } from './dot.ts';
export { evaluate, evaluateAll, evaluateBatch, evaluateNode, prepare } from './evaluate.ts';
export {
  consumersOf,
  type Graph,
  type Kind,
  type KnownFunction,
  type KnownFunctionName,
  type Location,
  type Node,
  type NodeOf,
  prune,
} from './graph.ts';
export { hash } from './hash.ts';
export { scalarFunction } from './kernels/elementwise.ts';
export * from './ops/arg.ts';
export * from './ops/arithmetic.ts';
export { set } from './ops/assign.ts';
export {
  bits,
  bitwiseAnd,
  bitwiseOr,
  bitwiseXor,
  invert,
  leftShift,
  rightShift,
} from './ops/bitwise.ts';
export * from './ops/compare.ts';
export { type ConvOptions, conv } from './ops/conv.ts';
export * from './ops/create.ts';
export * from './ops/cumulate.ts';
export * from './ops/diagonal.ts';
export { einsum } from './ops/einsum.ts';
export {
  abs,
  absolute,
  clip,
  copysign,
  type ElementFunction,
  fabs,
  fmax,
  fmin,
  heaviside,
  type MapOptions,
  map,
  maximum,
  minimum,
  relu,
  sign,
} from './ops/elementwise.ts';
export * from './ops/float.ts';
export {
  arctan2,
  type Binary,
  hypot,
  ldexp,
  logaddexp,
  logaddexp2,
  nextafter,
} from './ops/float-pairs.ts';
export { hint, type RangeHint, refresh, tag } from './ops/hint.ts';
export { at, type TakeOptions, take } from './ops/indexing.ts';
export { ellipsis, type Index, newAxis } from './ops/indices.ts';
export { array, concatenate, hstack, type NestedOperand, stack, vstack } from './ops/join.ts';
export { nonzero } from './ops/masks.ts';
export * from './ops/matmul.ts';
export * from './ops/moments.ts';
export * from './ops/pad.ts';
export * from './ops/pool.ts';
export * from './ops/reduce.ts';
export { flip, fliplr, flipud, moveaxis, roll, swapaxes } from './ops/reorder.ts';
export * from './ops/repeat.ts';
export {
  around,
  astype,
  ceil,
  floor,
  rint,
  round,
  toInteger,
  trunc,
} from './ops/round.ts';
export {
  type Exactness,
  type RoundBitsOptions,
  roundBits,
  truncateBits,
} from './ops/round-bits.ts';
export type { Rounding } from './ops/rounding.ts';
export {
  atleast1d,
  atleast2d,
  atleast3d,
  broadcastTo,
  expandDims,
  flatten,
  ndim,
  ravel,
  reshape,
  shapeOf,
  squeeze,
  transpose,
} from './ops/shape.ts';
export { type Slice, slice } from './ops/slice.ts';
export * from './ops/sort.ts';
export * from './ops/split.ts';
export { LookupTable, type TableEntries } from './ops/table.ts';
export { ifThenElse, where } from './ops/where.ts';
export type { Padding, WindowOptions } from './ops/windows.ts';
export { type PrintOptions, print, type Underline } from './print.ts';
export type { ArrayResult, BitRounder, Operand, Result } from './record.ts';
export {
  AutoRounder,
  AutoTruncator,
  type Examples,
  type RangesByName,
  type RounderJson,
  type RounderOptions,
} from './rounder.ts';
export {
  type ArrayLike,
  type ClearArray,
  fromTensor,
  type Tensor,
  toIntegerTensor,
  toTensor,
} from './tensor.ts';
export { type InputDeclaration, type Output, type TracedFunction, trace } from './trace.ts';
export { Traced } from './value.ts';
export { verify } from './verify.ts';
