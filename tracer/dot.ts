/**
 * A graph in the DOT language of Graphviz, to be drawn.
 */
import type { Graph } from './graph.ts';
import { call } from './print.ts';

/** DOT text: inputs are ellipses, constants plain, outputs doubly framed; clear nodes are grey. */
export function toDot(graph: Graph): string {
  const lines = ['digraph {', '  node [shape=box, fontname=monospace];'];
  for (const node of graph.nodes) {
    const tag = node.tag === undefined ? '' : `\n${node.tag}`;
    const label = `%${node.id} = ${call(node)}\n${node.kind} (${node.shape.join(', ')})${tag}`;
    const attributes = [`label=${quote(label)}`];
    if (node.op === 'input') attributes.push('shape=ellipse');
    if (node.op === 'constant') attributes.push('shape=plain');
    if (!node.encrypted) attributes.push('color=grey', 'fontcolor=grey40');
    if (graph.outputs.includes(node.id)) attributes.push('peripheries=2');
    lines.push(`  n${node.id} [${attributes.join(', ')}];`);
  }
  for (const node of graph.nodes) {
    node.inputs.forEach((input, k) => {
      const label = node.inputs.length > 1 ? ` [label=${k}]` : '';
      lines.push(`  n${input} -> n${node.id}${label};`);
    });
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
