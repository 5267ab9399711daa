/**
 * Recording: how a call of an array function becomes a node, or a clear result where nothing traced takes part.
 */
import { BlindfitError, error, placed } from '../lib/errors.ts';
import { broadcastShapes } from './broadcast.ts';
import { evaluateNode } from './evaluate.ts';
import type { Kind, KnownFunction, Location, Node, Operation } from './graph.ts';
import { captureLocation } from './location.ts';
import { subscriptGuard } from './subscript.ts';
import {
  type ArrayLike,
  type ClearArray,
  fromTensor,
  isIntegral,
  type Tensor,
  toTensor,
} from './tensor.ts';
import type { Traced } from './value.ts';

/** Drops as many of the lowest bits as leave `targetBits`, once it has measured how many there are. */
export interface BitRounder {
  readonly operation: 'roundBits' | 'truncateBits';
  readonly exactness: 'exact' | 'approximate';
  /** Bits to drop; null before it has measured. */
  readonly count: number | null;
}

/** One recording in progress; `trace` makes it. */
export interface Recorder {
  readonly nodes: Node[];
  /** Ids of the constants of rank 0 by their value. */
  readonly scalars: Map<number, number>;
  /** Ids of the nodes whose elements are known to be 0 or 1. */
  readonly booleans: Set<number>;
  /** Ids of comparisons and logic. */
  readonly conditions: Set<number>;
  /** The rounder for which this recording is made, and ids of the values that meet it; null for any other recording. */
  readonly measured: { readonly rounder: BitRounder; readonly operands: number[] } | null;
  /** Makes the user's face of a node. */
  readonly wrap: (recorder: Recorder, id: number) => Traced;
  /** False once the traced function has returned. */
  open: boolean;
}

/**
 * A node of a recording as the tracer knows it; `Traced` adds what users see. Behind its prototype stands a guard that
 * refuses `x[0]`, at no cost for properties that exist.
 */
export class Handle {
  readonly recorder: Recorder;
  readonly id: number;

  constructor(recorder: Recorder, id: number) {
    this.recorder = recorder;
    this.id = id;
  }

  /** The node behind this value. */
  get node(): Node {
    return this.recorder.nodes[this.id]!;
  }

  static {
    Object.setPrototypeOf(Handle.prototype, subscriptGuard);
  }
}

/** What an array function accepts: a traced value or any clear array. */
export type Operand = Traced | ArrayLike;

/** What an array function returns: traced where any argument is, else a clear array. */
export type ArrayResult<X> = [Extract<X, Handle>] extends [never] ? ClearArray : Traced;

/** As `ArrayResult`, for element-wise functions: numbers give a number. */
export type Result<X> = [X] extends [number | boolean | bigint] ? number : ArrayResult<X>;

/** An argument whose shape and kind are known; exactly one of `traced` and `tensor` is not null. */
export interface Argument {
  readonly shape: readonly number[];
  readonly kind: Kind;
  readonly traced: Traced | null;
  readonly tensor: Tensor | null;
}

/** What a rule says of the node to be made: its operation, shape and kind, and whether it is 0 or 1. */
export type Draft = Exclude<Operation, { op: 'input' | 'constant' }> & {
  readonly shape: readonly number[];
  readonly kind: Kind;
};

/**
 * Calls an array function: reads the operands, lets `rule` say what node they give, and records it; with clear
 * operands only, computes it at once and records nothing.
 *
 * @throws what `rule` throws, with the user's file and line; FOREIGN_VALUE; BAD_ARRAY
 */
export function apply(
  what: string,
  operands: readonly Operand[],
  rule: (...args: Argument[]) => Draft,
): Traced | ClearArray {
  return locate(() => {
    const args = operands.map((operand) => argumentOf(operand, what));
    const recorder = recorderOf(what, operands);
    const draft = rule(...args);
    if (recorder) return record(recorder, draft, args);
    const inputs = args.map((_, k) => k);
    const node: Node = { ...draft, id: inputs.length, inputs, encrypted: false };
    const tensors = args.map((arg) => arg.tensor!);
    return fromTensor(evaluateNode(node, tensors));
  });
}

/** What an element-wise function is, besides its name. */
export interface MapDetails {
  /** For printing and hashing. Default: none. */
  readonly parameters?: string;
  /** What the function of integers is; it is left out where an operand is a float. */
  readonly known?: KnownFunction;
}

/** Calls an element-wise function `f` of as many scalars as there are operands; they broadcast. */
export function applyMap(
  name: string,
  operands: readonly Operand[],
  f: (...scalars: number[]) => number,
  kind: Kind | ((...args: Argument[]) => Kind),
  { parameters = '', known }: MapDetails = {},
): Traced | ClearArray {
  return apply(name, operands, (...args) => ({
    op: 'map',
    name,
    parameters,
    f,
    known: commonKind(...args) === 'integer' ? known : undefined,
    shape: broadcastShapes(name, ...args.map(({ shape }) => shape)),
    kind: typeof kind === 'string' ? kind : kind(...args),
  }));
}

/** Integer where every argument is, else float: the rule of arithmetic. */
export function commonKind(...args: readonly Argument[]): Kind {
  return args.every(({ kind }) => kind === 'integer') ? 'integer' : 'float';
}

/** Reads one operand; a Traced of rank 0 inside a nested array is refused with the remedy. */
export function argumentOf(operand: Operand, what: string): Argument {
  if (operand instanceof Handle) {
    const { shape, kind } = operand.node;
    return { shape, kind, traced: operand, tensor: null };
  }
  if (containsTraced(operand)) {
    const remedy = 'join traced values with np.array, np.stack or np.concatenate first';
    throw error('BAD_ARRAY', { what, given: 'an array of traced values', remedy });
  }
  const tensor = toTensor(operand, what);
  const kind = isIntegral(tensor.data) ? 'integer' : 'float';
  return { shape: tensor.shape, kind, traced: null, tensor };
}

/**
 * Reads operands that must be integers.
 *
 * @throws NOT_AN_INTEGER for floats
 */
export function integersOf(what: string, operands: readonly Operand[]): Argument[] {
  return operands.map((operand) => {
    const argument = argumentOf(operand, what);
    if (argument.kind === 'integer') return argument;
    const given = argument.tensor?.data.find((value) => !Number.isSafeInteger(value)) ?? 'a float';
    const remedy = 'round it, or call toInteger(), first';
    throw error('NOT_AN_INTEGER', { what, given, remedy });
  });
}

/** Tells whether a nested array holds a traced value anywhere. */
export function containsTraced(value: unknown): boolean {
  return value instanceof Handle || (Array.isArray(value) && value.some(containsTraced));
}

/**
 * Calls `f`; the nodes recorded meanwhile are tagged with `name`, after the names of tags around it.
 *
 * Which recording `f` belongs to is not known before it has run, so the tag is the one thing here that is no argument.
 * It lasts for one synchronous call.
 */
export function withTag<T>(name: string, f: () => T): T {
  const outer = tags.current;
  tags.current = outer === undefined ? name : `${outer}.${name}`;
  try {
    return f();
  } finally {
    tags.current = outer;
  }
}

const tags: { current: string | undefined } = { current: undefined };

/** Calls `compute`; a coded error that has no place yet gets the user's file and line. */
export function locate<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (!(cause instanceof BlindfitError) || cause.details.location) throw cause;
    const location = captureLocation();
    throw placed(cause, location.line === 0 ? {} : { location });
  }
}

/** The recording that the traced operands belong to; null where there are none. */
export function recorderOf(what: string, operands: readonly unknown[]): Recorder | null {
  let recorder: Recorder | null = null;
  for (const operand of operands) {
    if (!(operand instanceof Handle)) continue;
    if (!operand.recorder.open) {
      throw error('FOREIGN_VALUE', { what, given: `%${operand.id} of a trace that has ended` });
    }
    if (recorder && recorder !== operand.recorder) {
      throw error('FOREIGN_VALUE', { what, given: 'values of two different traces' });
    }
    recorder = operand.recorder;
  }
  return recorder;
}

/** Called by `apply` alone. */
function record(recorder: Recorder, draft: Draft, args: readonly Argument[]): Traced {
  const location = captureLocation(apply);
  // No `map`: its arrays are of two kinds, and all that reads nodes would be compiled twice.
  const inputs: number[] = [];
  let encrypted = false;
  for (const arg of args) {
    const input = arg.traced?.id ?? recordConstant(recorder, arg, location);
    encrypted ||= recorder.nodes[input]!.encrypted;
    inputs.push(input);
  }
  const id = recorder.nodes.length;
  // The draft is nobody else's; a copy with five fields more takes several times as long.
  recorder.nodes.push(Object.assign(draft, { id, inputs, encrypted, location, tag: tags.current }));
  return recorder.wrap(recorder, id);
}

/** The id of a clear argument as a node; a number that is there already is not recorded again. */
export function recordConstant(
  recorder: Recorder,
  { tensor, kind }: Argument,
  location: Location,
): number {
  const { shape, data } = tensor!;
  const scalar = shape.length === 0 ? data[0]! : Number.NaN;
  const known = recorder.scalars.get(scalar);
  if (known !== undefined) return known;
  const id = recorder.nodes.length;
  recorder.nodes.push({
    id,
    op: 'constant',
    value: { shape, data: data.map((v) => v + 0) },
    inputs: [],
    shape,
    kind,
    encrypted: false,
    location,
    tag: tags.current,
  });
  if (!Number.isNaN(scalar)) recorder.scalars.set(scalar, id);
  return id;
}
