/**
 * What is legal in a graph. Every pass checks its result with it in tests, and the compiler where a graph comes in.
 */
import { BlindfitError, error } from '../lib/errors.ts';
import { broadcastShapes, matmulShape, reducedShape } from './broadcast.ts';
import type { Graph, Kind, KnownFunction, Node } from './graph.ts';
import { print } from './print.ts';
import { isIntegral, sameShape, sizeOf } from './tensor.ts';

/**
 * Checks ids and their order, numbers of inputs, shapes, kinds, encryption and each operation's own fields.
 *
 * @throws BAD_GRAPH with the guilty node underlined
 */
export function verify(graph: Graph): void {
  graph.nodes.forEach((node, id) => {
    const problem = problemOf(graph, node, id);
    if (problem !== null) throw guilty(graph, id, problem);
  });
  const declared = graph.nodes.filter(({ op }) => op === 'input').map(({ id }) => id);
  const inputs = [...graph.inputs].sort((a, b) => a - b);
  if (!sameShape(declared, inputs)) {
    const allowed = `each of the input nodes ${declared} once`;
    throw error('BAD_GRAPH', { what: 'inputs', given: graph.inputs, allowed, graph: print(graph) });
  }
  if (graph.outputs.length === 0 || graph.outputs.some((id) => !graph.nodes[id])) {
    const allowed = 'one node or more';
    throw error('BAD_GRAPH', { what: 'outputs', given: graph.outputs, allowed });
  }
}

/** How many inputs an operation has; null where that varies. */
const ARITY: Readonly<Record<Node['op'], number | null>> = {
  input: 0,
  constant: 0,
  add: 2,
  subtract: 2,
  multiply: 2,
  negative: 1,
  matmul: 2,
  sum: 1,
  map: null,
  assume: 1,
  refresh: 1,
  sort: 1,
  where: 3,
  table: 1,
  rearrange: null,
};

function problemOf(graph: Graph, node: Node, id: number): string | null {
  if (node.id !== id) return `its id is ${node.id}, its place is ${id}`;
  if (!node.shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    return `its shape is [${node.shape}]`;
  }
  const late = node.inputs.find((input) => !Number.isInteger(input) || input < 0 || input >= id);
  if (late !== undefined) return `its input %${late} does not come before it`;
  const arity = ARITY[node.op];
  if (arity === undefined) return `there is no operation ${node.op}`;
  if (arity !== null && node.inputs.length !== arity) {
    return `it has ${node.inputs.length} inputs instead of ${arity}`;
  }
  const inputs = node.inputs.map((input) => graph.nodes[input]!);
  const encrypted = inputs.some((input) => input.encrypted);
  if (node.op !== 'input' && node.encrypted !== encrypted) {
    return `it is marked ${node.encrypted ? 'encrypted' : 'clear'}, its inputs say otherwise`;
  }
  return ownProblem(node) ?? shapeProblem(node, inputs) ?? kindProblem(node, inputs);
}

/** What an operation demands of its own fields. */
function ownProblem(node: Node): string | null {
  const size = sizeOf(node.shape);
  switch (node.op) {
    case 'input':
    case 'assume': {
      const whole = Number.isSafeInteger(node.min) && Number.isSafeInteger(node.max);
      return whole && node.min <= node.max ? null : `its range is ${node.min} to ${node.max}`;
    }
    case 'constant':
      if (node.value.data.length !== size) return `it has ${node.value.data.length} elements`;
      if (node.kind === 'float' || isIntegral(node.value.data)) return null;
      return 'it is marked integer, its elements are not';
    case 'table': {
      const { shape, entries } = node.tables;
      if (entries.length !== sizeOf(shape)) return `it has ${entries.length} tables for [${shape}]`;
      if (entries.some((each) => each.length === 0)) return 'one of its tables is empty';
      return entries.every(isIntegral) ? null : 'the entries of its tables are not all integers';
    }
    case 'rearrange': {
      if (node.source.length === size && node.index.length === size) return null;
      return `it names ${node.index.length} elements of ${node.source.length} inputs`;
    }
    case 'map':
      if (node.inputs.length === 0) return 'it has no inputs';
      return typeof node.f === 'function' ? null : 'it has no function';
    default:
      return null;
  }
}

function shapeProblem(node: Node, inputs: readonly Node[]): string | null {
  try {
    const shape = shapeOf(node, inputs);
    if (typeof shape === 'string') return shape;
    return sameShape(shape, node.shape) ? null : `its shape should be [${shape.join(', ')}]`;
  } catch (cause) {
    if (cause instanceof BlindfitError) return cause.message;
    throw cause;
  }
}

/** The shape that the inputs give, or what is wrong with them. */
function shapeOf(node: Node, inputs: readonly Node[]): readonly number[] | string {
  const shapes = inputs.map(({ shape }) => shape);
  switch (node.op) {
    case 'input':
      return node.shape;
    case 'constant':
      return node.value.shape;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'negative':
    case 'map':
    case 'assume':
    case 'refresh':
    case 'where':
      return broadcastShapes(node.op, ...shapes);
    case 'sort':
      return shapes[0]!.length === 0 ? 'it sorts rank 0' : shapes[0]!;
    case 'table':
      return broadcastShapes(node.op, node.tables.shape, ...shapes);
    case 'matmul':
      return matmulShape(shapes[0]!, shapes[1]!).shape;
    case 'sum': {
      const rank = shapes[0]!.length;
      const ascending = node.axes.every(
        (axis, k) => axis >= 0 && axis < rank && (k === 0 || axis > node.axes[k - 1]!),
      );
      if (!ascending) return `its axes [${node.axes}] are not ascending axes of its input`;
      return reducedShape(shapes[0]!, node.axes, node.keepDims);
    }
    case 'rearrange': {
      const sizes = shapes.map(sizeOf);
      for (let i = 0; i < node.index.length; i++) {
        const size = sizes[node.source[i]!];
        const index = node.index[i]!;
        if (size === undefined) return `its element ${i} names input ${node.source[i]}`;
        if (index < 0 || index >= size) return `its element ${i} names element ${index} of ${size}`;
      }
      return node.shape;
    }
    default:
      return node satisfies never;
  }
}

function kindProblem(node: Node, inputs: readonly Node[]): string | null {
  const values = node.op === 'where' ? inputs.slice(1) : inputs;
  const common = values.every(({ kind }) => kind === 'integer') ? 'integer' : 'float';
  switch (node.op) {
    case 'constant':
      return null;
    case 'map':
      return node.known ? knownProblem(node, node.known, common) : null;
    case 'assume':
    case 'refresh':
    case 'sort':
      if (common === 'float') return `${node.op} of a float`;
      return node.kind === 'integer' ? null : `${node.op} gives integers`;
    case 'input':
      return node.kind === 'integer' ? null : 'an input must be an integer';
    case 'table':
      if (common === 'float') return 'a table is indexed by a float';
      return node.kind === 'integer' ? null : 'a table gives integers';
    default:
      return node.kind === common ? null : `its kind should be ${common}`;
  }
}

function knownProblem(node: Node, known: KnownFunction, common: Kind): string | null {
  const approximate = known.function === 'approximateRound';
  const count = approximate ? 1 : 2;
  if (node.inputs.length !== count) return `${known.function} has ${count} operands`;
  if (common === 'float' || node.kind === 'float') return `${known.function} is known of integers`;
  const { bits } = known;
  const given = bits !== undefined && Number.isInteger(bits) && bits > 0;
  return given === approximate ? null : `${known.function} of ${bits} bits`;
}

function guilty(graph: Graph, id: number, message: string): BlindfitError {
  const { location } = graph.nodes[id]!;
  const upTo: Graph = { ...graph, nodes: graph.nodes.slice(0, id + 1), outputs: [] };
  const details = { what: `%${id}`, given: message, location };
  try {
    const text = print(upTo, { underline: { node: id, message } });
    return error('BAD_GRAPH', { ...details, graph: text });
  } catch {
    return error('BAD_GRAPH', details);
  }
}
