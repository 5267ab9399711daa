/**
 * Fuse: every element-wise region of one integer variable becomes one `map` node.
 *
 * Before: `%1 = multiply(%0, 0.5)`, `%2 = tanh(%1)`, `%3 = round(%2)`; after: `%1 = round(tanh(multiply(x, 0.5)))`.
 * A region grows from its root towards the inputs: while everything depends on one array, whose elements may be
 * moved or broadcast on the way, through all of it; else through floats only, which exist nowhere else. So a
 * table reads its value as early as possible, and a chain of functions is one lookup.
 */
import { broadcastIndex } from '../../tracer/broadcast.ts';
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { sameShape, sizeOf, type Tensor } from '../../tracer/tensor.ts';
import { error } from '../errors.ts';
import { always, computed, leafAt, lookedUp, type Run, spreading } from './fuse-scalars.ts';
import { locate } from './locate.ts';
import { mapped } from './mapped.ts';

/** Elements of an array, moved: element `e` of the view is element `index[e]` of node `node`. */
interface View {
  readonly node: number;
  readonly index: Int32Array;
}

/** A scalar of the region as a function of the region's leaves, and as text with `#i` for leaf i. */
interface Scalar {
  readonly run: Run;
  readonly text: string;
}

/** What a region reads: moved elements of an earlier node, or clear numbers, one per element of the root. */
type Leaf = { readonly view: View } | { readonly data: Float64Array };

/** @throws UNSUPPORTED where floats enter what is neither element-wise nor moves the elements of one array */
export function fuse(graph: Graph): Graph {
  for (const node of graph.nodes) if (node.kind === 'float') checkFloat(graph, node);
  const regions = regionsOf(graph);
  const nodes: Node[] = [];
  const renamed: number[] = [];
  for (const node of graph.nodes) {
    const region = regions[node.id];
    if (region === undefined) renamed.push(-1);
    else if (region !== null) renamed.push(region.emit(nodes, renamed));
    else {
      const inputs = mapped(node.inputs, (id) => renamed[id] as number);
      renamed.push(nodes.push({ ...node, id: nodes.length, inputs }) - 1);
    }
  }
  const rename = (ids: readonly number[]) => ids.map((id) => renamed[id] as number);
  return { nodes, inputs: rename(graph.inputs), outputs: rename(graph.outputs) };
}

/**
 * What becomes of each node: a region that ends there, itself (null), or nothing where no output needs it any more. From the
 * last on, since a region that another one holds whole need not be made.
 */
function regionsOf(graph: Graph): (Region | null | undefined)[] {
  const bases = basesOf(graph);
  const regions: (Region | null | undefined)[] = graph.nodes.map(() => undefined);
  const needed = new Uint8Array(graph.nodes.length);
  for (const id of [...graph.inputs, ...graph.outputs]) needed[id] = 1;
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (needed[id] === 0) continue;
    const node = graph.nodes[id] as Node;
    const region =
      isRoot(graph, node) && !staysWhole(graph, node, bases)
        ? new Region(graph, node, bases[id] as View)
        : null;
    regions[id] = region;
    for (const input of region === null ? node.inputs : region.inputs) needed[input] = 1;
  }
  return regions;
}

const elementwiseOps = new Set([
  'add',
  'subtract',
  'multiply',
  'negative',
  'map',
  'where',
  'table',
]);

/** Whether a region may hold this node: element-wise, and nothing that the lowering must see as it is. */
function isElementwise(node: Node): boolean {
  return (
    elementwiseOps.has(node.op) &&
    !(node.op === 'map' && node.known?.function === 'approximateRound')
  );
}

function checkFloat(graph: Graph, node: Node): void {
  const moves = node.op === 'rearrange' && node.inputs.length === 1;
  if (moves || node.op === 'constant' || isElementwise(node)) return;
  throw error('UNSUPPORTED', {
    what: node.op === 'rearrange' ? node.name : node.op,
    given: 'floats',
    allowed: 'floats in element-wise functions only',
    remedy: 'scale and round to integers before it',
    location: node.location,
    graph: locate(graph, node.id, 'floats may not enter here'),
  });
}

/**
 * For each node the one array that it is an element-wise function of: itself where there is no earlier one,
 * 'constant' where it has no variable, null for floats of several arrays.
 */
function basesOf(graph: Graph): (View | 'constant' | null)[] {
  const bases: (View | 'constant' | null)[] = [];
  for (const node of graph.nodes) bases.push(baseOf(node));
  return bases;

  function baseOf(node: Node): View | 'constant' | null {
    if (node.op === 'constant') return 'constant';
    const moves = node.op === 'rearrange' && node.inputs.length === 1;
    if (!moves && !isElementwise(node)) return identity(node);
    let only: View | null = null;
    const whole = identity(node);
    for (let position = 0; position < node.inputs.length; position++) {
      const base = bases[node.inputs[position] as number];
      if (base === null) return several(node);
      if (base === 'constant' || base === undefined) continue;
      const child = childView(graph, node, whole, position);
      const view = { node: base.node, index: compose(base.index, child.index) };
      if (only !== null && !isSame(only, view)) return several(node);
      only = view;
    }
    return only ?? 'constant';
  }

  function several(node: Node): View | null {
    return node.kind === 'float' ? null : identity(node);
  }
}

/** Whether a region ends here: an integer that is no linear combination of integers. */
function isRoot(graph: Graph, node: Node): boolean {
  if (node.kind !== 'integer' || !isElementwise(node)) return false;
  let variable = 0;
  for (const id of node.inputs) {
    const { op, kind } = graph.nodes[id] as Node;
    if (op === 'constant') continue;
    if (kind === 'float') return true;
    variable++;
  }
  if (node.op === 'multiply') return variable > 1;
  return node.op === 'map' || node.op === 'where' || node.op === 'table';
}

/** Choices, products and known functions of several integer arrays are left to the lowering, which knows better ways. */
function staysWhole(
  graph: Graph,
  node: Node,
  bases: readonly (View | 'constant' | null)[],
): boolean {
  const base = bases[node.id] as View;
  const several = base.node === node.id;
  const floats = node.inputs.some((id) => graph.nodes[id]?.kind === 'float');
  const known = node.op === 'map' && node.known !== undefined;
  return several && !floats && (node.op === 'where' || node.op === 'multiply' || known);
}

class Region {
  readonly #graph: Graph;
  readonly #root: Node;
  readonly #base: string;
  /** Whether the region depends on one earlier array: it then grows through integers too. */
  readonly #single: boolean;
  readonly #leaves: Leaf[] = [];
  readonly #leafOf = new Map<string, Scalar>();
  readonly #scalars = new Map<string, Scalar>();
  readonly #scalar: Scalar;

  constructor(graph: Graph, root: Node, base: View) {
    this.#graph = graph;
    this.#root = root;
    this.#base = keyOf(base);
    const whole = identity(root);
    this.#single = this.#base !== keyOf(whole);
    this.#scalar = this.#enter(root, whole);
  }

  /** The nodes that the region reads. */
  get inputs(): readonly number[] {
    return this.#leaves.flatMap((leaf) => ('view' in leaf ? [leaf.view.node] : []));
  }

  /** Appends the region's node, and what its leaves need, to `nodes`; its new id. */
  emit(nodes: Node[], renamed: readonly number[]): number {
    const root = this.#root;
    const scalar = this.#scalar;
    const inputs = mapped(this.#leaves, (leaf) =>
      emitLeaf(this.#graph, root, leaf, nodes, renamed),
    );
    const letters = this.#leaves.map((leaf, i) =>
      'view' in leaf ? `x${i === 0 ? '' : i}` : `k${i}`,
    );
    const name = scalar.text.replace(/#(\d+)/g, (_, at: string) => letters[Number(at)] as string);
    const node: Node = {
      id: nodes.length,
      inputs,
      shape: root.shape,
      kind: 'integer',
      encrypted: root.encrypted,
      location: root.location,
      tag: root.tag,
      op: 'map',
      name: name.length > 60 ? `${name.slice(0, 59)}…` : name,
      parameters: '',
      f: spreading(scalar.run),
    };
    return nodes.push(node) - 1;
  }

  #visit(view: View): Scalar {
    const node = this.#graph.nodes[view.node] as Node;
    if (node.op === 'constant') return this.#constant(node.value, view.index);
    const key = keyOf(view);
    if (this.#single ? key === this.#base : node.kind === 'integer')
      return this.#leaf(key, { view });
    let scalar = this.#scalars.get(key);
    if (scalar === undefined) {
      scalar = this.#enter(node, view);
      this.#scalars.set(key, scalar);
    }
    return scalar;
  }

  #leaf(key: string, leaf: Leaf): Scalar {
    let scalar = this.#leafOf.get(key);
    if (scalar === undefined) {
      const at = this.#leaves.push(leaf) - 1;
      scalar = { run: leafAt(at), text: `#${at}` };
      this.#leafOf.set(key, scalar);
    }
    return scalar;
  }

  #constant(value: Tensor, index: Int32Array): Scalar {
    const first = value.data[0] as number;
    if (value.data.every((each) => Object.is(each, first)))
      return { run: always(first), text: String(first) };
    const data = Float64Array.from(index, (i) => value.data[i] as number);
    return this.#leaf(`constant ${data.join()}`, { data });
  }

  #enter(node: Node, view: View): Scalar {
    const children: Scalar[] = [];
    for (let position = 0; position < node.inputs.length; position++)
      children.push(this.#visit(childView(this.#graph, node, view, position)));
    if (node.op === 'rearrange') return children[0] as Scalar;
    const runs = mapped(children, (child) => child.run);
    const name = node.op === 'map' ? node.name : node.op;
    const text = `${name}(${mapped(children, (child) => child.text).join(', ')})`;
    const run =
      node.op === 'table'
        ? lookedUp(this.#graph, node, runs[0] as Run, this.#tableOf(node, view).run)
        : computed(this.#graph, node, runs, node === this.#root);
    return { run, text };
  }

  /** Which table each element of the region uses: a clear leaf. */
  #tableOf(node: NodeOf<'table'>, view: View): Scalar {
    const { shape } = node.tables;
    const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i);
    const index = broadcastIndex(shape, node.shape);
    return this.#constant(
      { shape, data },
      index === null ? view.index : compose(index, view.index),
    );
  }
}

function emitLeaf(
  graph: Graph,
  root: Node,
  leaf: Leaf,
  nodes: Node[],
  renamed: readonly number[],
): number {
  const { shape, location, tag } = root;
  const common = { id: nodes.length, shape, location, tag } as const;
  if ('data' in leaf) {
    const value = { shape: root.shape, data: leaf.data };
    const kind = leaf.data.every(Number.isSafeInteger) ? 'integer' : 'float';
    return nodes.push({ inputs: [], kind, encrypted: false, op: 'constant', value, ...common }) - 1;
  }
  const { index, node: id } = leaf.view;
  const node = graph.nodes[id] as Node;
  const whole = sameShape(node.shape, root.shape) && index.every((i, e) => i === e);
  if (whole) return renamed[id] as number;
  return (
    nodes.push({
      inputs: [renamed[id] as number],
      kind: node.kind,
      encrypted: node.encrypted,
      op: 'rearrange',
      name: 'gather',
      parameters: '',
      source: new Int32Array(index.length),
      index,
      ...common,
    }) - 1
  );
}

/** Which elements an operand of `node` contributes to the elements of `view`. */
function childView(graph: Graph, node: Node, { index }: View, position: number): View {
  const id = node.inputs[position] as number;
  if (node.op === 'rearrange') return { node: id, index: compose(node.index, index) };
  const own = broadcastIndex((graph.nodes[id] as Node).shape, node.shape);
  return { node: id, index: own === null ? index : compose(own, index) };
}

function compose(inner: Int32Array, outer: Int32Array): Int32Array {
  if (outer.length === 1 && inner.length === 1) return inner;
  return outer.map((element) => inner[element] as number);
}

/** Of a scalar. */
const onlyElement = Int32Array.of(0);

function identity(node: Node): View {
  const size = sizeOf(node.shape);
  if (size === 1) return { node: node.id, index: onlyElement };
  const index = new Int32Array(size);
  for (let element = 0; element < size; element++) index[element] = element;
  return { node: node.id, index };
}

function isSame(a: View, b: View): boolean {
  return a.node === b.node && (a.index === b.index || a.index.every((e, i) => e === b.index[i]));
}

function keyOf({ node, index }: View): string {
  return `${node}:${index.length === 1 ? index[0] : index.join()}`;
}
