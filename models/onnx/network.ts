/**
 * From a graph of `ai.onnx` operators to a network.
 */
import type { Network } from '../../estimators/neural/network.ts';
import { networkShapes } from '../../estimators/neural/shapes.ts';
import { BlindfitError, error } from '../../lib/errors.ts';
import { pruned } from '../networks/layers.ts';
import { addLayer, type Context, type Known, largestWork, spend } from './context.ts';
import { type OrderedGraph, orderGraph } from './graph.ts';
import { type Dimensions, inputShape, inputValue, joinedShape, placesOf, rowOf } from './inputs.ts';
import { integerOperand, integerResults } from './integers.ts';
import type { OnnxModel, OnnxNode, ValueInfo } from './model.ts';
import { operatorOf } from './operators/operators.ts';
import { withoutIntegers } from './operators/quantizers.ts';
import { badModel } from './protobuf.ts';
import {
  type ComputedValue,
  type Finish,
  largestRank,
  rowShape,
  shapeOf,
  type Value,
} from './values.ts';

/** A network, and what the client does to its output. */
export interface ConvertedNetwork {
  readonly network: Network;
  readonly finish: Finish['kind'] | undefined;
  /** The names and shapes of the inputs, which lie one after the other in the input of the network. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** The versions of `ai.onnx` whose operators are those that are written here. */
const opsets = { least: 9, most: 28 } as const;

/**
 * The network that computes an output of a graph.
 *
 * @throws UNSUPPORTED_OPERATOR with all operators, attributes and versions that have no layers; BAD_MODEL, SHAPE_MISMATCH,
 * NOT_FINITE; each names the node
 */
export function convertNetwork(
  { graph, opsets: versions }: OnnxModel,
  output: ValueInfo,
  dimensions: Dimensions,
): ConvertedNetwork {
  const ordered = orderGraph(graph, [output.name]);
  const problems = unknownOperators(ordered.nodes);
  const opset = versions.get('') ?? 0;
  if (opset < opsets.least || opset > opsets.most) {
    problems.unshift(`opset ${opset}, where ${opsets.least} to ${opsets.most} are known`);
  }
  const inputs = ordered.inputs
    .filter(({ name }) => ordered.uses.has(name))
    .map((input) => inputShape(input, dimensions));
  const context: Context = {
    opset,
    layers: [],
    shapes: [],
    inputShape: joinedShape(inputs),
    reshaped: new Map(),
    elementsLeft: largestWork,
  };
  const values = new Map<string, Value>();
  inputs.forEach((input, position) => {
    const row = rowOf(input);
    const from = placesOf(inputs, position);
    const move = {
      kind: 'move',
      name: input.name,
      inputs: [-1],
      shape: row,
      from,
      fill: 0,
    } as const;
    const layer = inputs.length === 1 ? -1 : addLayer(context, move, row);
    values.set(input.name, inputValue(input, layer));
  });
  for (const [name, tensor] of ordered.constants) {
    values.set(name, tensor.type === 'string' ? { kind: 'unknown' } : { kind: 'constant', tensor });
  }
  for (const node of ordered.nodes) convertNode(context, ordered, values, problems, node);
  if (problems.length > 0) throw allUnsupported(problems);
  const result = values.get(output.name);
  if (result?.kind !== 'computed') {
    throw badModel(`output ${output.name}`, 'a constant', 'a value that depends on an input');
  }
  const network = networkOf(context, output.name, result);
  return {
    network,
    finish: result.finish?.kind,
    inputs: inputs.map((input) => ({ name: input.name, shape: rowOf(input) })),
  };
}

/** How many problems a message shows; `details.problems` has all. */
const mostShown = 50;

function allUnsupported(problems: readonly string[]): Error {
  const more = problems.length > mostShown ? [`… ${problems.length} in all`] : [];
  const given = [...problems.slice(0, mostShown), ...more].join('; ');
  return error('UNSUPPORTED_OPERATOR', { what: 'fromOnnx', given, problems });
}

/** What no node of a file can be, before any is converted. */
function unknownOperators(nodes: readonly OnnxNode[]): string[] {
  return nodes.flatMap((node) => {
    const { name, domain, operator, attributes } = node;
    const found = operatorOf(domain, operator);
    const full = domain === '' ? operator : `${domain}.${operator}`;
    if (found === undefined) return [`node ${name}: the operator ${full}`];
    const unknown = [...attributes.keys()].filter((key) => !found.attributes.includes(key));
    return unknown.map((key) => `node ${name}: the attribute ${key} of ${full}`);
  });
}

function convertNode(
  context: Context,
  { uses }: OrderedGraph,
  values: Map<string, Value>,
  problems: string[],
  node: OnnxNode,
): void {
  const results = convertedValues(context, values, problems, node);
  node.outputs.forEach((name, index) => {
    if (name === '') return;
    const value = results?.[index];
    if (value !== undefined) checkSize(context, node, value);
    values.set(name, value ?? { kind: 'unknown' });
    if (results === undefined || value !== undefined || !uses.has(name)) return;
    problems.push(`node ${node.name}: output ${index} of ${node.operator}`);
  });
}

/** @throws BAD_MODEL for a value of too many axes, and for constants that are too large together */
function checkSize(context: Context, node: OnnxNode, value: Value): void {
  if (value.kind === 'unknown') return;
  const rank = shapeOf(value).length;
  if (rank > largestRank)
    throw badModel(`node ${node.name}`, `${rank} axes`, `at most ${largestRank}`);
  if (value.kind === 'constant') spend(context, node, value.tensor.data.length);
}

/** The values of a node; undefined where it is not supported, or reads what is not. */
function convertedValues(
  context: Context,
  values: ReadonlyMap<string, Value>,
  problems: string[],
  node: OnnxNode,
): readonly Value[] | undefined {
  const operator = operatorOf(node.domain, node.operator);
  if (operator === undefined) return undefined;
  const inputs: (Known | undefined)[] = [];
  for (const name of node.inputs) {
    const value = name === '' ? undefined : values.get(name);
    if (value?.kind === 'unknown') return undefined;
    inputs.push(value);
  }
  try {
    const operands = inputs.map((value) => plain(context, node, value));
    return integerResults(node, inputs, operator.convert(node, operands, context));
  } catch (cause) {
    if (!(cause instanceof BlindfitError) || cause.code !== 'UNSUPPORTED_OPERATOR') throw cause;
    problems.push(`${cause.details.what}: ${cause.details.given}`);
    return undefined;
  }
}

/** What may follow a step of the client: nothing that computes. */
const keepsFinish = [
  ...['Identity', 'Cast', 'ArgMax', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Shape', 'Size'],
];

/** An input as an operator takes it. @throws UNSUPPORTED_OPERATOR for what the client would have to compute before it */
function plain(context: Context, node: OnnxNode, value: Known | undefined): Known | undefined {
  if (value?.kind !== 'computed') return value;
  const { finish } = value;
  if (finish !== undefined && !keepsFinish.includes(node.operator)) {
    throw error('UNSUPPORTED_OPERATOR', {
      what: `node ${finish.node}`,
      given: `${finish.kind} before other operators (node ${node.name}); at the end it is there`,
    });
  }
  return integerOperand(context, node, value);
}

/** The layers that the result needs, in their order; it is the last of them. */
function networkOf(context: Context, name: string, result: ComputedValue): Network {
  const node = { name, operator: 'Identity', domain: '', inputs: [], outputs: [] };
  const own = withoutIntegers(context, { ...node, attributes: new Map() }, result);
  let last = own.layer;
  if (last < 0) {
    const shape = rowShape(own);
    const from = context.inputShape.length === 0 ? [0] : placesOf([own], 0);
    last = addLayer(context, { kind: 'move', name, inputs: [-1], shape, from, fill: 0 }, shape);
  }
  const network = { inputShape: context.inputShape, layers: pruned(context.layers, last) };
  networkShapes(network);
  return network;
}
