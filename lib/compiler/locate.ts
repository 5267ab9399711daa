/** Prints a graph with one node underlined, as the tail of a compile error. */
import type { Graph } from '../../tracer/graph.ts';
import { print } from '../../tracer/print.ts';

export function locate(graph: Graph, node: number, message: string): string {
  return print(graph, { underline: { node, message } });
}
