/**
 * A graph as text: one line per node. Tests compare it, and errors show it with the guilty nodes underlined.
 */
import type { Graph, Node } from './graph.ts';
import { formatLocation } from './location.ts';
import { stridesOf, type Tensor } from './tensor.ts';

/** A node to mark, and what is wrong with it. */
export interface Underline {
  readonly node: number;
  readonly message: string;
}

/** What `print` adds to the plain text. */
export interface PrintOptions {
  /** Nodes to underline with ^^^^, each with its message and the user's file and line. */
  readonly underline?: Underline | readonly Underline[];
  /** The range of a node's elements, where known: prints as `int[min, max]`. Inputs have theirs anyway. */
  readonly ranges?: (node: Node) => readonly [min: number, max: number] | null;
  /** Whether lines end with the user's file and line. Default: false. */
  readonly locations?: boolean;
  /** What is added to the comment of a node, as where a value became wide. */
  readonly notes?: (node: Node) => string | null;
}

/** Longest graph that is printed whole when something in it is underlined. */
const WHOLE = 40;

/** Of longer graphs only underlined and noted nodes are printed, and so many operands of each. */
const OPERANDS = 4;

/** Longest call that is printed whole where something is underlined, and most outputs. */
const LONGEST = 80;

/**
 * Lines as `%3 = matmul(%0, %2)  # int[-30, 30] (3)` and at the end `return %3`. The comment is the kind, the range
 * where known, the shape, and the tag; values that are not encrypted are marked clear.
 */
export function print(graph: Graph, options: PrintOptions = {}): string {
  const marks = new Map<number, string[]>();
  const given = options.underline ?? [];
  for (const { node, message } of 'node' in given ? [given] : given) {
    marks.set(node, [...(marks.get(node) ?? []), message]);
  }
  const notes = graph.nodes.map((node) => options.notes?.(node) ?? null);
  const shown = linesShown(graph, (id) => marks.has(id) || notes[id] !== null);
  const cut = marks.size > 0 ? shorten : (text: string) => text;
  const heads = shown.map((line) =>
    isGap(line) ? line : cut(`%${line} = ${call(graph.nodes[line]!)}`),
  );
  const width = Math.min(
    60,
    heads.reduce((most, head, k) => Math.max(most, isGap(shown[k]!) ? 0 : head.length), 0),
  );
  const lines: string[] = [];
  shown.forEach((id, k) => {
    const head = heads[k]!;
    if (isGap(id)) {
      lines.push(head);
      return;
    }
    const node = graph.nodes[id]!;
    const place = formatLocation(node.location);
    let line = `${head.padEnd(width)}  # ${describe(node, options)}`;
    if (notes[id] !== null) line += `, ${notes[id]}`;
    if (options.locations && place) line += `  @ ${place}`;
    lines.push(line);
    const messages = marks.get(id);
    if (!messages) return;
    const indent = ' '.repeat(head.length + 1);
    messages.forEach((message, at) => {
      lines.push((at === 0 ? `${'^'.repeat(head.length)} ` : indent) + message);
    });
    if (place) lines.push(`${indent}@ ${place}`);
  });
  const outputs = graph.outputs.map((id) => `%${id}`).join(', ');
  if (graph.outputs.length === 1) lines.push(`return ${outputs}`);
  if (graph.outputs.length > 1) lines.push(cut(`return (${outputs})`));
  return lines.join('\n');
}

/** A node as a call: `matmul(%0, %2)`, `x` for an input, the elements for a constant. */
export function call(node: Node): string {
  const of = node.inputs.map((id) => `%${id}`);
  switch (node.op) {
    case 'input':
      return node.name;
    case 'constant':
      return printTensor(node.value);
    case 'map':
    case 'rearrange':
      return `${node.name}(${[...of, ...(node.parameters ? [node.parameters] : [])].join(', ')})`;
    case 'sum': {
      const keep = node.keepDims ? [', keepDims'] : [];
      return `sum(${of}, axes=[${node.axes.join(', ')}]${keep})`;
    }
    case 'table': {
      const { shape, entries } = node.tables;
      const first = printTensor({ shape: [entries[0]?.length ?? 0], data: entries[0]! });
      return `table(${of}, ${shape.length === 0 ? first : `tables [${shape.join(', ')}]`})`;
    }
    case 'assume':
      return `assume(${of}, ${node.min} to ${node.max})`;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'negative':
    case 'matmul':
    case 'refresh':
    case 'sort':
    case 'where':
      return `${node.op}(${of.join(', ')})`;
    default:
      return node satisfies never;
  }
}

/** Nested brackets, shortened to about 40 characters. */
export function printTensor({ shape, data }: Tensor): string {
  const strides = stridesOf(shape);
  let text = '';
  const write = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      text += Number.isInteger(data[offset]) ? data[offset] : Number(data[offset]!.toPrecision(6));
      return;
    }
    text += '[';
    for (let i = 0; i < shape[axis]! && text.length < 50; i++) {
      if (i > 0) text += ', ';
      write(axis + 1, offset + i * strides[axis]!);
    }
    text += ']';
  };
  write(0, 0);
  if (text.length <= 40) return text;
  return `${text
    .slice(0, 36)
    .replace(/[^,[]*$/, '')
    .replace(/,$/, '')}, ...${']'.repeat(shape.length)}`;
}

function describe(node: Node, options: PrintOptions): string {
  const known = node.op === 'input' ? ([node.min, node.max] as const) : null;
  const range = options.ranges?.(node) ?? known;
  const kind = node.kind === 'integer' ? 'int' : 'float';
  const text = `${kind}${range ? `[${range.join(', ')}]` : ''} (${node.shape.join(', ')})`;
  const whole = node.encrypted ? text : `clear ${text}`;
  return node.tag === undefined ? whole : `${whole} in ${node.tag}`;
}

/** The ids to print; a long graph only around what matters in it, with a text where nodes are left out. */
function linesShown(graph: Graph, matters: (id: number) => boolean): (number | string)[] {
  const ids = graph.nodes.map((_, id) => id);
  const central = ids.filter(matters);
  if (central.length === 0 || ids.length <= WHOLE) return ids;
  const near = new Set(central.flatMap((id) => graph.nodes[id]!.inputs.slice(0, OPERANDS)));
  const shown: (number | string)[] = [];
  let next = 0;
  const leaveOut = (until: number): void => {
    if (until > next)
      shown.push(`... ${until - next} node${until - next === 1 ? '' : 's'} left out`);
  };
  for (const id of [...new Set([...central, ...near])].sort((a, b) => a - b)) {
    leaveOut(id);
    shown.push(id);
    next = id + 1;
  }
  leaveOut(ids.length);
  return shown;
}

function isGap(line: number | string): line is string {
  return typeof line === 'string';
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
