/** What a compile error says of a node: its name, and the graph around it. */
import type { Graph, Node } from '../../tracer/graph.ts';
import { print } from '../../tracer/print.ts';

/** Longest name in a message. */
const LONGEST = 60;

/** The graph with one node underlined. */
export function locate(graph: Graph, node: number, message: string): string {
  return print(graph, { underline: { node, message } });
}

/** A node in the words of the user: `gcd`, and for what was fused the composed function, `floor(log(x))`. */
export function operationOf(node: Node): string {
  const name = longNameOf(node);
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

function longNameOf(node: Node): string {
  switch (node.op) {
    case 'map':
      // Of one operation alone, such as gcd(x, x1) or greater(x, 100), the name is enough.
      return node.name.replace(/^([^(]*)\([^()]*\)$/, '$1');
    case 'rearrange':
    case 'input':
      return node.name;
    case 'assume':
      return 'hint';
    default:
      return node.op;
  }
}
