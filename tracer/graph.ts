/**
 * The Graph: what a traced function computes, as a list of nodes in topological order.
 *
 * The operations are few on purpose. Whatever is element-wise is a `map`, whatever only moves elements is a
 * `rearrange`; a new function of numpy is then a new name, and no later pass changes.
 */
import type { Tensor } from './tensor.ts';

/** Whether elements are integers (exact to 2^53) or doubles; only integers leave a circuit. */
export type Kind = 'integer' | 'float';

/** A place in the user's own program; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Tables by element: `entries` holds one list of integers per element of `shape` (rank 0: one table for all), which
 * broadcasts against the looked-up value. Index 0 is value 0; a negative index counts from the end.
 */
export interface LookupTable {
  readonly shape: readonly number[];
  readonly entries: readonly Float64Array[];
}

/** Functions of a `map` for which a compiler may know better ways than a table. */
export type KnownFunctionName =
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'notEqual'
  | 'greater'
  | 'greaterEqual'
  | 'minimum'
  | 'maximum'
  | 'bitwiseAnd'
  | 'bitwiseOr'
  | 'bitwiseXor'
  | 'leftShift'
  | 'rightShift'
  | 'approximateRound';

/**
 * What a `map` computes, where the tracer itself made it. All have two integer operands but `approximateRound`: it has
 * one, and gives the multiple of 2^`bits` that `f` says, or a neighbouring one where the operand is next to a boundary.
 */
export interface KnownFunction {
  readonly function: KnownFunctionName;
  /** Only of `approximateRound`: how many of the lowest bits go. */
  readonly bits?: number;
}

/** What every node has. */
export interface NodeBase {
  /** Index in `graph.nodes`; inputs have smaller ones. */
  readonly id: number;
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  readonly kind: Kind;
  /** False only where the value depends on clear inputs and constants alone. */
  readonly encrypted: boolean;
  readonly location?: Location | undefined;
  /** Names that the user gave to this part of the function, the outermost first, joined by dots. */
  readonly tag?: string | undefined;
}

/** What a node does; the fields each operation needs besides its inputs. */
export type Operation =
  /** An input of the circuit; every element is an integer in `min` to `max`, both inclusive. */
  | { readonly op: 'input'; readonly name: string; readonly min: number; readonly max: number }
  | { readonly op: 'constant'; readonly value: Tensor }
  /** Two inputs; numpy broadcasting. */
  | { readonly op: 'add' | 'subtract' | 'multiply' }
  | { readonly op: 'negative' }
  /** Two inputs of rank 1 or more; numpy's matmul: the last two axes, all others broadcast. */
  | { readonly op: 'matmul' }
  /** `axes` ascending and not negative. */
  | { readonly op: 'sum'; readonly axes: readonly number[]; readonly keepDims: boolean }
  /** `f` of one element of each input, which broadcast. `parameters` is for printing and hashing. */
  | {
      readonly op: 'map';
      readonly name: string;
      readonly parameters: string;
      readonly f: (...scalars: number[]) => number;
      readonly known?: KnownFunction | undefined;
    }
  /** One integer input, unchanged: the user's promise that every element is in `min` to `max`, both inclusive. */
  | { readonly op: 'assume'; readonly min: number; readonly max: number }
  /** One integer input, unchanged: the user's wish that it is computed by a lookup, which removes its noise. */
  | { readonly op: 'refresh' }
  /** One integer input of rank 1 or more: ascending along its last axis. */
  | { readonly op: 'sort' }
  /** Inputs condition (0 or 1), a, b, which broadcast: a where the condition is not 0, else b. */
  | { readonly op: 'where' }
  /** One integer input: its element is the index into the table at its (broadcast) place. */
  | { readonly op: 'table'; readonly tables: LookupTable }
  /** Output element i is element `index[i]` (flat, row-major) of input `source[i]`. */
  | {
      readonly op: 'rearrange';
      readonly name: string;
      readonly parameters: string;
      readonly source: Int32Array;
      readonly index: Int32Array;
    };

/** One operation on earlier nodes. */
export type Node = NodeBase & Operation;

/** The node of one operation: `NodeOf<'map'>`. */
export type NodeOf<Op extends Operation['op']> = Extract<Node, { op: Op }>;

/** A traced function: `inputs` are the ids of its parameters in order, `outputs` the ids of its results. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** For each node, the ids of the nodes that read it, ascending; a node that reads it twice is named twice. */
export function consumersOf(graph: Graph): number[][] {
  const consumers: number[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const input of node.inputs) consumers[input]!.push(node.id);
  return consumers;
}

/** The graph without the nodes that no output needs, renumbered; its inputs all stay. */
export function prune(graph: Graph): Graph {
  const needed = new Uint8Array(graph.nodes.length);
  for (const id of graph.inputs) needed[id] = 1;
  for (const id of graph.outputs) needed[id] = 1;
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (needed[id]) for (const input of graph.nodes[id]!.inputs) needed[input] = 1;
  }
  if (needed.every((need) => need === 1)) return graph;
  const renumbered = new Int32Array(graph.nodes.length);
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    if (!needed[node.id]) continue;
    renumbered[node.id] = nodes.length;
    nodes.push({ ...node, id: nodes.length, inputs: node.inputs.map((id) => renumbered[id]!) });
  }
  const rename = (ids: readonly number[]): number[] => ids.map((id) => renumbered[id]!);
  return { nodes, inputs: rename(graph.inputs), outputs: rename(graph.outputs) };
}
