/**
 * The graph that computes one output: the nodes that it needs, each after those that it reads.
 */
import { error } from '../../lib/errors.ts';
import type { OnnxGraph, OnnxNode, ValueInfo } from './model.ts';
import { badModel } from './protobuf.ts';
import type { OnnxTensor, TextTensor } from './tensors.ts';

/** A graph whose names all have one meaning. */
export interface OrderedGraph {
  /** Those that are no constants, whether or not they are read. */
  readonly inputs: readonly ValueInfo[];
  readonly constants: ReadonlyMap<string, OnnxTensor | TextTensor>;
  readonly nodes: readonly OnnxNode[];
  /** How often each value is read, by nodes and as an output. */
  readonly uses: ReadonlyMap<string, number>;
}

/**
 * Orders the nodes that the values `outputs` need, and leaves out all others.
 *
 * @throws BAD_MODEL for a value that nothing makes, that two nodes make or that has no name, and for a cycle, with its nodes
 */
export function orderGraph(graph: OnnxGraph, outputs: readonly string[]): OrderedGraph {
  const { initializers } = graph;
  if (outputs.includes('')) throw badModel('graph', 'an output without a name', 'names');
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name));
  const producers = producersOf(graph, inputs);
  const nodes = neededNodes(outputs, producers);
  const uses = new Map<string, number>();
  for (const name of [...outputs, ...[...nodes].flatMap(({ inputs: read }) => read)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return { inputs, constants: initializers, nodes: sorted(nodes, producers), uses };
}

/**
 * The output with this name, or the only one.
 *
 * @param chosen the option of the user
 * @throws BAD_OPTION for a name that no output has, and where there are several and none is chosen
 */
export function chosenOutput(graph: OnnxGraph, chosen: string | undefined): ValueInfo {
  const found = graph.outputs.find(({ name }) => name === chosen);
  if (found !== undefined) return found;
  const [only] = graph.outputs;
  if (only === undefined) throw badModel('graph', 'no outputs', 'at least one');
  if (chosen === undefined && graph.outputs.length === 1) return only;
  const given = chosen ?? 'nothing, of a model with several outputs';
  const allowed = graph.outputs.map(({ name }) => name);
  throw error('BAD_OPTION', { what: 'output', given, allowed, remedy: 'name one of the outputs' });
}

/** Who makes each value: a node, or null for inputs and constants. */
function producersOf(
  { initializers, nodes }: OnnxGraph,
  inputs: readonly ValueInfo[],
): ReadonlyMap<string, OnnxNode | null> {
  const producers = new Map<string, OnnxNode | null>();
  for (const name of initializers.keys()) producers.set(name, null);
  for (const { name } of inputs) {
    if (producers.has(name)) throw badModel(`input ${name}`, 'a second one of its name', 'one');
    producers.set(name, null);
  }
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (producers.has(name)) {
        throw badModel(`node ${node.name}`, `the output ${name} once more`, 'names of their own');
      }
      producers.set(name, node);
    }
  }
  return producers;
}

function neededNodes(
  outputs: readonly string[],
  producers: ReadonlyMap<string, OnnxNode | null>,
): Set<OnnxNode> {
  const needed = new Set<OnnxNode>();
  const open = outputs.map((name) => ({ name, reader: 'the graph' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.name === '') continue;
    const producer = producers.get(next.name);
    if (producer === undefined) {
      const given = `the value ${next.name}, which nothing makes`;
      throw badModel(next.reader, given, 'inputs, constants and outputs of nodes');
    }
    if (producer === null || needed.has(producer)) continue;
    needed.add(producer);
    for (const name of producer.inputs) open.push({ name, reader: `node ${producer.name}` });
  }
  return needed;
}

/** Nodes after those that they read: Kahn's algorithm. */
function sorted(
  nodes: ReadonlySet<OnnxNode>,
  producers: ReadonlyMap<string, OnnxNode | null>,
): OnnxNode[] {
  const waiting = new Map<OnnxNode, number>();
  const readers = new Map<OnnxNode, OnnxNode[]>();
  const ready: OnnxNode[] = [];
  for (const node of nodes) {
    const sources = new Set(node.inputs.map((name) => producers.get(name) ?? null));
    sources.delete(null);
    waiting.set(node, sources.size);
    if (sources.size === 0) ready.push(node);
    for (const source of sources as Set<OnnxNode>) {
      const list = readers.get(source) ?? [];
      list.push(node);
      readers.set(source, list);
    }
  }
  for (let i = 0; i < ready.length; i++) {
    for (const reader of readers.get(ready[i]!) ?? []) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) ready.push(reader);
    }
  }
  if (ready.length === nodes.size) return ready;
  const done = new Set(ready);
  const names = [...nodes].filter((node) => !done.has(node)).map(({ name }) => name);
  throw badModel(
    'graph',
    `a cycle through ${names.slice(0, 8).join(', ')}`,
    'a graph without cycles',
  );
}
