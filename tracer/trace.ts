/**
 * Tracing: a function is called once with traced values, and what it does to them is its Graph.
 */
import { BlindfitError, error } from '../lib/errors.ts';
import { isPlain } from '../lib/options.ts';
import { consumersOf, type Graph, type Node, prune } from './graph.ts';
import { captureLocation } from './location.ts';
import { checkShape } from './ops/shape.ts';
import { print } from './print.ts';
import {
  type BitRounder,
  containsTraced,
  Handle,
  locate,
  type Recorder,
  recordConstant,
  recorderOf,
} from './record.ts';
import { type ArrayLike, toIntegerTensor } from './tensor.ts';
import { Traced } from './value.ts';

/** A parameter of a traced function: every element is an integer in `min` to `max`, both inclusive. */
export interface InputDeclaration {
  readonly name: string;
  /** Empty for rank 0. */
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly encrypted: boolean;
}

/** An output of a traced function: a traced integer, or integers that are the same in every run. */
export type Output = Traced | ArrayLike;

/** A function of traced values with one output, or a list of them. */
export type TracedFunction = (...inputs: Traced[]) => Output | readonly Output[];

/**
 * The graph of `f`, called with one traced value per declaration, in order. Nodes that no output needs are left out.
 *
 * @throws BAD_OPTION for a declaration; BAD_OUTPUT, NOT_AN_INTEGER, NOT_FINITE or OVERFLOW_2_53 where f returns no integers; BRANCH_ON_ENCRYPTED where a
 * condition was computed that nothing uses; FOREIGN_VALUE for values of another trace; and what f throws
 */
export function trace(f: TracedFunction, inputs: readonly InputDeclaration[]): Graph {
  if (typeof f !== 'function') {
    const remedy = 'use np.matrixTrace, or x.trace(), for the sum of a diagonal';
    const details = { given: f, allowed: 'a function, and its inputs', remedy };
    throw error('BAD_OPTION', { what: 'trace', ...details, location: captureLocation() });
  }
  const recorder = recorderFor(inputs, null);
  try {
    const result: unknown = f(...inputs.map((_, id) => new Traced(recorder, id)));
    const outputs = locate(() => outputsOf(recorder, result));
    const graph = { nodes: recorder.nodes, inputs: inputs.map((_, id) => id), outputs };
    checkConditions(recorder, graph);
    return prune(graph);
  } finally {
    recorder.open = false;
  }
}

/** The graph whose outputs are the values that meet `rounder` in `f`; none where `f` does not use it. */
export function traceRounder(
  f: TracedFunction,
  inputs: readonly InputDeclaration[],
  rounder: BitRounder,
): Graph {
  const outputs: number[] = [];
  const recorder = recorderFor(inputs, { rounder, operands: outputs });
  try {
    f(...inputs.map((_, id) => new Traced(recorder, id)));
    return prune({ nodes: recorder.nodes, inputs: inputs.map((_, id) => id), outputs });
  } finally {
    recorder.open = false;
  }
}

function recorderFor(
  inputs: readonly InputDeclaration[],
  measured: Recorder['measured'],
): Recorder {
  const nodes = inputs.map(({ name, shape, min, max, encrypted }, id): Node => {
    checkDeclaration(inputs[id]!, inputs.slice(0, id));
    return { id, op: 'input', name, min, max, inputs: [], shape, kind: 'integer', encrypted };
  });
  return {
    nodes,
    scalars: new Map(),
    booleans: new Set(),
    conditions: new Set(),
    measured,
    wrap: (owner, id) => new Traced(owner, id),
    open: true,
  };
}

function checkDeclaration(input: InputDeclaration, earlier: readonly InputDeclaration[]): void {
  const { name, shape, min, max } = input;
  const what = `input ${name}`;
  checkShape(what, shape);
  if (earlier.some((other) => other.name === name)) {
    throw error('BAD_OPTION', { what, given: 'a name used twice', allowed: 'one input per name' });
  }
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
    const allowed = 'integers min <= max below 2^53';
    throw error('BAD_OPTION', { what, given: `${min} to ${max}`, allowed });
  }
}

function outputsOf(recorder: Recorder, result: unknown): number[] {
  const results: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (results.length === 0) throw error('BAD_OUTPUT', { given: 'an empty array' });
  recorderOf('output', results);
  return results.map((each, k) => {
    const what = results.length === 1 ? 'output' : `output ${k}`;
    if (!(each instanceof Handle)) return constantOutput(recorder, what, each);
    if (each.recorder !== recorder) {
      throw error('FOREIGN_VALUE', { what, given: 'a value of another trace' });
    }
    const { node } = each;
    if (node.kind === 'float') {
      const graph = show(recorder, node, 'this output is a float; only integers are supported');
      const remedy = 'round it with round(), floor() or toInteger() before returning it';
      const { location } = node;
      throw error('BAD_OUTPUT', { what, given: 'a float', remedy, location, graph });
    }
    return each.id;
  });
}

/** Numbers that a function returns whatever its inputs are. */
function constantOutput(recorder: Recorder, what: string, value: unknown): number {
  try {
    const tensor = toIntegerTensor(value as ArrayLike, what);
    const argument = { shape: tensor.shape, kind: 'integer', traced: null, tensor } as const;
    return recordConstant(recorder, argument, captureLocation());
  } catch (cause) {
    if (!(cause instanceof BlindfitError) || cause.code !== 'BAD_ARRAY') throw cause;
    throw error('BAD_OUTPUT', { what, ...explain(value) }, cause);
  }
}

function explain(given: unknown): { given: unknown; remedy?: string } {
  if (given === undefined) return { given: 'undefined', remedy: 'add a return statement' };
  if (given instanceof Promise) {
    given.catch(() => undefined); // Its failure is this one.
    return { given: 'a promise', remedy: 'trace a synchronous function' };
  }
  if (containsTraced(given)) {
    return { given: 'nested arrays of traced values', remedy: 'join them with np.array' };
  }
  if (typeof given === 'object' && given !== null && isPlain(given)) {
    const keys = Object.keys(given).join(', ');
    return { given: `an object { ${keys} }`, remedy: `return a list, as in [${keys}]` };
  }
  return { given: typeof given === 'string' ? `the text '${given}'` : given };
}

/**
 * JavaScript takes `if (x.less(y))` for true without asking: such a condition is then a comparison that nothing uses.
 */
function checkConditions(recorder: Recorder, graph: Graph): void {
  if (recorder.conditions.size === 0) return;
  const consumers = consumersOf(graph);
  for (const id of recorder.conditions) {
    if (consumers[id]!.length > 0 || graph.outputs.includes(id)) continue;
    const node = recorder.nodes[id]!;
    throw error('BRANCH_ON_ENCRYPTED', {
      what: `%${id}`,
      given: 'a condition whose result nothing uses, as in if (x.less(y))',
      remedy: 'use np.where to choose by it, or remove it',
      location: node.location,
      graph: show(recorder, node, 'nothing uses this condition'),
    });
  }
}

function show(recorder: Recorder, node: Node, message: string): string {
  const graph: Graph = { nodes: recorder.nodes.slice(0, node.id + 1), inputs: [], outputs: [] };
  return print(graph, { underline: { node: node.id, message } });
}
