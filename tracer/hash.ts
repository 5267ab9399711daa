/**
 * A short name for what a graph computes, equal for equal graphs; it is no cryptographic hash.
 */
import type { Graph, Node } from './graph.ts';

/** Two lanes of 32-bit FNV-1a with different starts, so that no BigInt and no platform library is needed. */
interface Lanes {
  a: number;
  b: number;
}

/**
 * 16 hexadecimal digits over operations, shapes, ranges, constants and tables; locations and tags do not count. A `map` counts
 * by its name, its parameters and, where the tracer does not know what it computes, its source text: values that a user's
 * function captures are not seen.
 */
export function hash(graph: Graph): string {
  const lanes: Lanes = { a: 0x811c9dc5, b: 0x27d4eb2f };
  for (const node of graph.nodes) addNode(lanes, node);
  addText(lanes, `inputs ${graph.inputs} outputs ${graph.outputs}`);
  return [lanes.a, lanes.b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function addNode(lanes: Lanes, node: Node): void {
  const { op, inputs, shape, kind, encrypted } = node;
  addText(lanes, `${op} ${inputs} [${shape}] ${kind} ${encrypted}`);
  switch (op) {
    case 'input':
      addText(lanes, `${node.min} ${node.max} ${node.name}`);
      break;
    case 'constant':
      addBytes(lanes, node.value.data);
      break;
    case 'assume':
      addText(lanes, `${node.min} ${node.max}`);
      break;
    case 'sum':
      addText(lanes, `${node.axes} ${node.keepDims}`);
      break;
    case 'map':
      addText(lanes, `${node.name} ${node.parameters}`);
      // The source text of the tracer's own functions differs between builds, and says nothing more.
      addText(lanes, node.known ? `${node.known.function} ${node.known.bits}` : String(node.f));
      break;
    case 'table':
      addText(lanes, `[${node.tables.shape}] ${node.tables.entries.map(({ length }) => length)}`);
      for (const entries of node.tables.entries) addBytes(lanes, entries);
      break;
    case 'rearrange':
      addText(lanes, `${node.name} ${node.parameters}`);
      addBytes(lanes, node.source);
      addBytes(lanes, node.index);
      break;
    default:
      op satisfies
        | 'add'
        | 'subtract'
        | 'multiply'
        | 'negative'
        | 'matmul'
        | 'refresh'
        | 'sort'
        | 'where';
  }
}

/** Text ends with a 0, so that two texts in a row cannot pass for another two. */
function addText(lanes: Lanes, text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    addByte(lanes, unit & 0xff);
    if (unit > 0xff) addByte(lanes, unit >> 8);
  }
  addByte(lanes, 0);
}

function addBytes(lanes: Lanes, data: Float64Array | Int32Array): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < bytes.length; i++) addByte(lanes, bytes[i]!);
}

function addByte(lanes: Lanes, byte: number): void {
  lanes.a = Math.imul(lanes.a ^ byte, 0x01000193);
  lanes.b = Math.imul(lanes.b ^ (byte + 0x9e), 0x01000193) + (lanes.a >>> 15);
}
