/**
 * Bounds: the graph as cells, each with its exact range.
 *
 * Before: arrays and element-wise functions; after: one linear form per element over inputs, tables and choices
 * (`cells.ts`). Functions are tabulated over the range that their operands can take, so ranges are sound by
 * construction: an inputset only fixes the ranges of the inputs, never those of what is computed from them.
 */
import { broadcastIndex, broadcastShapes } from '../../tracer/broadcast.ts';
import type { Graph, KnownFunction, Node, NodeOf } from '../../tracer/graph.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';
import { error } from '../errors.ts';
import {
  CellBuilder,
  type Cells,
  combine,
  constantForm,
  type Form,
  formKey,
  type Range,
} from './cells.ts';
import { entriesOf } from './entries.ts';
import { growthOf } from './growth.ts';
import { knownForm } from './known.ts';
import { locate, operationOf } from './locate.ts';
import { largestRefreshed } from './lower/prices.ts';
import { mapped } from './mapped.ts';
import { promisesOf, type RangePromise } from './promises.ts';
import { sorted } from './sort.ts';
import { tabulator } from './tabulate.ts';

/** The cells of a fused graph, and per node the range of its elements. */
export interface Bounds extends Cells {
  readonly ranges: readonly Range[];
  readonly promises: readonly RangePromise[];
  /** Inputs that are outputs of the run before, with what they are in the next one. */
  readonly carried: readonly { readonly cell: number; readonly next: Form }[];
}

/** @param carried by input of the graph the output that it is of the run before */
export function bounds(
  graph: Graph,
  builder: CellBuilder = new CellBuilder(),
  carried: ReadonlyMap<number, number> = new Map(),
): Bounds {
  const arrays: Form[][] = [];
  const carriedOf: Form[][] = [];
  let nextInput = 0;
  for (const node of graph.nodes) {
    if (node.op === 'input') {
      const { min, max } = node;
      const first = nextInput;
      nextInput += sizeOf(node.shape);
      const output = carried.get(graph.inputs.indexOf(node.id));
      const forms = Array.from({ length: sizeOf(node.shape) }, (_, i) =>
        output === undefined
          ? builder.input(first + i, { min, max }, node.id, !node.encrypted)
          : builder.carried(first + i, { min, max }, node.id),
      );
      if (output !== undefined) carriedOf[output] = forms;
      arrays.push(forms);
    } else arrays.push(formsOf(graph, node, arrays, builder));
    builder.ranges.push(rangeOf(arrays[node.id] as Form[], builder));
    checkSize(graph, node, builder.ranges);
  }
  const outputs = graph.outputs.map((id) => {
    const node = graph.nodes[id] as Node;
    if (node.kind === 'float')
      throw error('NOT_AN_INTEGER', {
        what: 'output',
        given: 'floats',
        allowed: 'integers',
        remedy: 'round what you return',
        location: node.location,
        graph: locate(graph, id, 'is an output'),
      });
    return { shape: node.shape, forms: arrays[id] as Form[] };
  });
  const { cells, ranges } = builder;
  const carriedCells = carriedOf.flatMap((forms, output) =>
    forms.map((form, i) => ({
      cell: form.terms[0]?.[0] as number,
      next: outputs[output]?.forms[i] as Form,
    })),
  );
  const promises = promisesOf(graph, arrays, builder);
  return { cells, outputs, ranges, promises, carried: carriedCells };
}

function checkSize(graph: Graph, node: Node, ranges: readonly Range[]): void {
  const { min, max } = ranges[node.id] as Range;
  if (max <= Number.MAX_SAFE_INTEGER && min >= Number.MIN_SAFE_INTEGER) return;
  throw error('OVERFLOW_2_53', {
    what: operationOf(node),
    given: `values from ${min} to ${max}`,
    allowed: 'integers of at most 2^53 in size',
    remedy: 'use smaller inputs or weights',
    ...growthOf(graph, node.id, ranges, 'result', `reaches ${Math.max(-min, max)}`),
  });
}

function rangeOf(forms: readonly Form[], builder: CellBuilder): Range {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const form of forms) {
    const range = builder.range(form);
    if (range.min < min) min = range.min;
    if (range.max > max) max = range.max;
  }
  return forms.length === 0 ? { min: 0, max: 0 } : { min, max };
}

function formsOf(
  graph: Graph,
  node: Node,
  arrays: readonly (readonly Form[])[],
  builder: CellBuilder,
): Form[] {
  const operands = mapped(node.inputs, (id) => arrays[id] as readonly Form[]);
  const spread = (position: number): readonly Form[] =>
    broadcast(graph, node, position, operands[position] as readonly Form[]);
  switch (node.op) {
    case 'constant':
      return Array.from(node.value.data, constantForm);
    case 'add':
    case 'subtract': {
      const [a, b] = [spread(0), spread(1)];
      const sign = node.op === 'add' ? 1 : -1;
      return mapped(a, (form, e) =>
        combine([
          [form, 1],
          [b[e] as Form, sign],
        ]),
      );
    }
    case 'assume':
      return (operands[0] as readonly Form[]).map((form) => assumed(graph, form, node, builder));
    case 'refresh':
      return (operands[0] as readonly Form[]).map((form) =>
        builder.refresh(form, largestRefreshed, node.id),
      );
    case 'negative':
      return mapped(operands[0] as readonly Form[], (form) => combine([[form, -1]]));
    case 'multiply': {
      const [a, b] = [spread(0), spread(1)];
      return mapped(a, (form, e) => product(graph, node, form, b[e] as Form, builder));
    }
    case 'matmul':
    case 'sum':
      return reduction(graph, node, operands, builder);
    case 'sort':
      return sorted(operands[0] as readonly Form[], { graph, node, builder });
    case 'rearrange': {
      const { source, index } = node;
      return Array.from(index, (at, e) => operands[source[e] as number]?.[at] as Form);
    }
    case 'map': {
      const parts = mapped(operands, (_, position) => spread(position));
      const tabulate = tabulator(graph, node, builder);
      return mapped(parts[0] as readonly Form[], (_, e) => {
        const own = mapped(parts, (part) => part[e] as Form);
        return isKnown(node) ? known(graph, node, own, builder, tabulate) : tabulate(own);
      });
    }
    case 'where': {
      const [condition, a, b] = [spread(0), spread(1), spread(2)];
      return mapped(condition, (form, e) =>
        builder.where(truth(form, node, builder), a[e] as Form, b[e] as Form, node.id),
      );
    }
    case 'input':
    case 'table':
      throw error('INTERNAL', { what: 'bounds', given: node.op });
    default:
      return node satisfies never;
  }
}

/** The forms of an operand, one for each element of a node. */
function broadcast(
  graph: Graph,
  node: Node,
  position: number,
  forms: readonly Form[],
): readonly Form[] {
  const { shape } = graph.nodes[node.inputs[position] as number] as Node;
  const index = broadcastIndex(shape, node.shape);
  return index === null ? forms : Array.from(index, (at) => forms[at] as Form);
}

function isKnown(node: NodeOf<'map'>): node is NodeOf<'map'> & { known: KnownFunction } {
  return node.known !== undefined;
}

/** `form !== 0` as 0 or 1. */
function truth(form: Form, node: Node, builder: CellBuilder): Form {
  const { min, max } = builder.range(form);
  if (min >= 0 && max <= 1) return form;
  const values = entriesOf(max - min + 1, (i) => (min + i !== 0 ? 1 : 0));
  return builder.table(form, values, node.id);
}

/** A product: linear when a factor is clear. */
function product(graph: Graph, node: Node, a: Form, b: Form, builder: CellBuilder): Form {
  if (a.terms.length === 0) return combine([[b, a.constant]]);
  if (b.terms.length === 0) return combine([[a, b.constant]]);
  return knownForm('multiply', ([x, y]) => (x as number) * (y as number), a, b, {
    graph,
    node,
    builder,
  });
}

/** A known function: of two encrypted operands in the ways that suit it, else a table. */
function known(
  graph: Graph,
  node: NodeOf<'map'> & { known: KnownFunction },
  operands: readonly Form[],
  builder: CellBuilder,
  tabulate: (operands: readonly Form[]) => Form,
): Form {
  const { f } = node;
  const { function: name, bits } = node.known;
  const [a, b] = operands as [Form, Form];
  if (name === 'approximateRound')
    return approximately(tabulate(operands), bits as number, builder);
  if (a.terms.length === 0 || b.terms.length === 0) return tabulate(operands);
  return knownForm(name, (scalars) => f(...scalars), a, b, { graph, node, builder });
}

/** A rounding whose lookup may ignore the bits that it drops; what became linear stays so. */
function approximately(form: Form, bits: number, builder: CellBuilder): Form {
  const [term] = form.terms;
  const cell = term === undefined ? undefined : builder.cells[term[0]];
  if (cell?.kind !== 'table') return form;
  return builder.approximateTable(cell.index, cell.values, bits, cell.node);
}

/** The same values, whose range the user promises to be narrower than what follows from the inputs. */
function assumed(graph: Graph, form: Form, node: NodeOf<'assume'>, builder: CellBuilder): Form {
  const known = builder.range(form);
  const min = Math.max(known.min, node.min);
  const max = Math.min(known.max, node.max);
  if (min === known.min && max === known.max) return form;
  if (min > max)
    throw error('OUT_OF_RANGE', {
      what: operationOf(node),
      given: `the promise ${node.min} to ${node.max} for values of ${known.min} to ${known.max}`,
      allowed: 'a range that some of the values are in',
      remedy: 'correct the range, or leave the hint out',
      location: node.location,
      graph: locate(graph, node.id, 'has no value left'),
    });
  if (min === max) return constantForm(min);
  return builder.alternatives(
    `assume ${min} ${max} ${formKey(form)}`,
    [() => form],
    { min, max },
    node.id,
  );
}

/** Sums of products or of elements. */
function reduction(
  graph: Graph,
  node: NodeOf<'matmul'> | NodeOf<'sum'>,
  operands: readonly (readonly Form[])[],
  builder: CellBuilder,
): Form[] {
  const shapes = node.inputs.map((id) => (graph.nodes[id] as Node).shape);
  if (node.op === 'sum') {
    const owner = sumTargets(node, shapes[0] as readonly number[]);
    const parts: [Form, number][][] = Array.from({ length: sizeOf(node.shape) }, () => []);
    (operands[0] as readonly Form[]).forEach((form, i) => {
      parts[owner[i] as number]?.push([form, 1]);
    });
    return parts.map((list) => combine(list));
  }
  const [a, b] = operands as [readonly Form[], readonly Form[]];
  return matmulPairs(shapes[0] as readonly number[], shapes[1] as readonly number[]).map(
    (pairs) => {
      const parts: [Form, number][] = [];
      for (const [i, j] of pairs) {
        const [x, y] = [a[i] as Form, b[j] as Form];
        if (y.terms.length === 0) parts.push([x, y.constant]);
        else if (x.terms.length === 0) parts.push([y, x.constant]);
        else parts.push([product(graph, node, x, y, builder), 1]);
      }
      return combine(parts);
    },
  );
}

/** The output element that each input element is added to. */
function sumTargets(node: NodeOf<'sum'>, shape: readonly number[]): Int32Array {
  const kept = shape.map((extent, axis) => (node.axes.includes(axis) ? 1 : extent));
  const result = new Int32Array(sizeOf(shape));
  const numbers: Tensor = {
    shape: kept,
    data: Float64Array.from({ length: sizeOf(kept) }, (_, i) => i),
  };
  const index = broadcastIndex(kept, shape);
  for (let i = 0; i < result.length; i++)
    result[i] = numbers.data[index === null ? i : (index[i] as number)] as number;
  return result;
}

/** For each output element of a matmul the pairs of elements whose products it sums. */
function matmulPairs(left: readonly number[], right: readonly number[]): [number, number][][] {
  const a = left.length === 1 ? [1, ...left] : left;
  const b = right.length === 1 ? [...right, 1] : right;
  const [rows, inner] = a.slice(-2) as [number, number];
  const columns = b.at(-1) as number;
  const batches = broadcastShapes('matmul', a.slice(0, -2), b.slice(0, -2));
  const batch = sizeOf(batches);
  const batchIndex = (shape: readonly number[]) => broadcastIndex(shape.slice(0, -2), batches);
  const [indexA, indexB] = [batchIndex(a), batchIndex(b)];
  const pairs: [number, number][][] = [];
  for (let t = 0; t < batch; t++) {
    const startA = (indexA === null ? t : (indexA[t] as number)) * rows * inner;
    const startB = (indexB === null ? t : (indexB[t] as number)) * inner * columns;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        pairs.push(
          Array.from({ length: inner }, (_, k) => [
            startA + r * inner + k,
            startB + k * columns + c,
          ]),
        );
  }
  return pairs;
}
