/**
 * Scalars of fused regions: functions of what a region reads, one call for each entry of a table.
 *
 * They are made here and not in the region, which closures of its methods would keep alive.
 */
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { error } from '../errors.ts';
import { locate } from './locate.ts';
import { notAnInteger } from './tabulate.ts';

/** A scalar as a function of the leaves of its region. */
export type Run = (leaves: readonly number[]) => number;

/** What the tracer calls: a function of the leaves one by one. */
export function spreading(run: Run): (...leaves: number[]) => number {
  return (...leaves) => run(leaves);
}

export function leafAt(at: number): Run {
  return (leaves) => leaves[at] as number;
}

export function always(value: number): Run {
  return () => value;
}

/**
 * What an element-wise node computes of its operands, but for tables.
 *
 * Integers are what evaluation node by node makes them: they have one zero, which functions of real numbers tell from -0, and
 * are exact. Those of a region's root (`isRoot`) are checked with the table that they make.
 */
export function computed(graph: Graph, node: Node, operands: readonly Run[], isRoot: boolean): Run {
  const run = operationOf(node, operands);
  if (node.kind !== 'integer' || node.op === 'where') return run;
  return isRoot ? (leaves) => run(leaves) + 0 : exact(graph, node, run);
}

function exact(graph: Graph, node: Node, run: Run): Run {
  return (leaves) => {
    const value = run(leaves);
    if (Number.isSafeInteger(value)) return value + 0;
    throw notAnInteger(graph, node, leaves, value);
  };
}

function operationOf(node: Node, operands: readonly Run[]): Run {
  const [a, b, c] = operands as [Run, Run, Run];
  switch (node.op) {
    case 'add':
      return (leaves) => a(leaves) + b(leaves);
    case 'subtract':
      return (leaves) => a(leaves) - b(leaves);
    case 'multiply':
      return (leaves) => a(leaves) * b(leaves);
    case 'negative':
      return (leaves) => -a(leaves);
    case 'where':
      return (leaves) => (a(leaves) !== 0 ? b(leaves) : c(leaves));
    case 'map':
      return applied(node.f, operands);
    default:
      throw error('INTERNAL', { what: 'fuse', given: node.op });
  }
}

/** `f` of what the operands are; of one or two without arrays, for tables call this for each entry. */
function applied(f: (...values: number[]) => number, operands: readonly Run[]): Run {
  const [a, b] = operands as [Run, Run];
  if (operands.length === 1) return (leaves) => f(a(leaves));
  if (operands.length === 2) return (leaves) => f(a(leaves), b(leaves));
  return (leaves) => f(...operands.map((operand) => operand(leaves)));
}

/** numpy's `table[index]`, of the table that `which` says. */
export function lookedUp(graph: Graph, node: NodeOf<'table'>, index: Run, which: Run): Run {
  const { entries } = node.tables;
  return (leaves) => {
    const table = entries[which(leaves)] as Float64Array;
    const value = index(leaves);
    return table[value < 0 ? value + table.length : value] ?? outside(graph, node, table, value);
  };
}

function outside(graph: Graph, node: Node, { length }: Float64Array, value: number): never {
  throw error('INDEX_OUT_OF_RANGE', {
    what: 'table',
    given: value,
    allowed: `${-length} to ${length - 1}`,
    remedy: 'add entries to the table, clip the index, or narrow the input range',
    location: node.location,
    graph: locate(graph, node.id, `is looked up at ${value}`),
  });
}
