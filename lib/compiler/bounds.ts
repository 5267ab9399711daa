/**
 * Bounds: the graph as cells, each with its exact range.
 *
 * Before: arrays and element-wise functions; after: one linear form per element over inputs, tables and choices
 * (`cells.ts`). Functions are tabulated over the range that their operands can take, so ranges are sound by
 * construction: an inputset only fixes the ranges of the inputs, never those of what is computed from them.
 */
import { broadcastIndex, broadcastShapes } from '../../tracer/broadcast.ts';
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';
import { BlindfitError, error, placed } from '../errors.ts';
import { CellBuilder, type Cells, combine, constantForm, type Form, type Range } from './cells.ts';
import { locate } from './locate.ts';
import { promisesOf, type RangePromise } from './promises.ts';
import { sortingNetwork } from './sorting-network.ts';

/** Most entries that one table may have. */
export const largestTable: number = 2 ** 20;

/** The cells of a fused graph, and per node the range of its elements. */
export interface Bounds extends Cells {
  readonly ranges: readonly Range[];
  readonly promises: readonly RangePromise[];
}

export function bounds(graph: Graph, builder: CellBuilder = new CellBuilder()): Bounds {
  const arrays: Form[][] = [];
  let nextInput = 0;
  for (const node of graph.nodes) {
    if (node.op === 'input') {
      const { min, max } = node;
      const first = nextInput;
      nextInput += sizeOf(node.shape);
      arrays.push(
        Array.from({ length: sizeOf(node.shape) }, (_, i) =>
          builder.input(first + i, { min, max }, node.id, !node.encrypted),
        ),
      );
    } else arrays.push(formsOf(graph, node, arrays, builder));
  }
  const ranges = arrays.map((forms, id) => {
    const range = rangeOf(forms, builder);
    if (range.max > Number.MAX_SAFE_INTEGER || range.min < Number.MIN_SAFE_INTEGER)
      throw error('OVERFLOW_2_53', {
        what: graph.nodes[id]?.op,
        given: `values from ${range.min} to ${range.max}`,
        allowed: 'integers of at most 2^53 in size',
        remedy: 'use smaller inputs or weights',
        location: graph.nodes[id]?.location,
        graph: locate(graph, id, `reaches ${Math.max(-range.min, range.max)}`),
      });
    return range;
  });
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
  return { cells: builder.cells, outputs, ranges, promises: promisesOf(graph, arrays, builder) };
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
  const operands = node.inputs.map((id) => arrays[id] as readonly Form[]);
  const operand = (position: number): ((element: number) => Form) => {
    const forms = operands[position] as readonly Form[];
    const { shape } = graph.nodes[node.inputs[position] as number] as Node;
    const index = broadcastIndex(shape, node.shape);
    return (element) => forms[index === null ? element : (index[element] as number)] as Form;
  };
  const each = (f: (element: number) => Form): Form[] =>
    Array.from({ length: sizeOf(node.shape) }, (_, element) => f(element));
  switch (node.op) {
    case 'constant':
      return Array.from(node.value.data, constantForm);
    case 'add':
    case 'subtract': {
      const [a, b] = [operand(0), operand(1)];
      const sign = node.op === 'add' ? 1 : -1;
      return each((e) =>
        combine([
          [a(e), 1],
          [b(e), sign],
        ]),
      );
    }
    case 'assume':
    case 'refresh':
      return operands[0] as Form[];
    case 'negative':
      return (operands[0] as readonly Form[]).map((form) => combine([[form, -1]]));
    case 'multiply': {
      const [a, b] = [operand(0), operand(1)];
      return each((e) => product(graph, node, a(e), b(e), builder));
    }
    case 'matmul':
    case 'sum':
      return reduction(graph, node, operands, builder);
    case 'sort':
      return sorted(graph, node, operands[0] as readonly Form[], builder);
    case 'rearrange': {
      const { source, index } = node;
      return each((e) => operands[source[e] as number]?.[index[e] as number] as Form);
    }
    case 'map': {
      const parts = operands.map((_, position) => operand(position));
      const tabulate = tabulator(graph, node, builder);
      return each((e) => tabulate(parts.map((part) => part(e))));
    }
    case 'where': {
      const [condition, a, b] = [operand(0), operand(1), operand(2)];
      return each((e) => builder.where(truth(condition(e), node, builder), a(e), b(e), node.id));
    }
    case 'input':
    case 'table':
      throw error('INTERNAL', { what: 'bounds', given: node.op });
    default:
      return node satisfies never;
  }
}

/** `form !== 0` as 0 or 1. */
function truth(form: Form, node: Node, builder: CellBuilder): Form {
  const { min, max } = builder.range(form);
  if (min >= 0 && max <= 1) return form;
  const values = Float64Array.from({ length: max - min + 1 }, (_, i) => (min + i !== 0 ? 1 : 0));
  return builder.table(form, values, node.id);
}

/** A product: linear when a factor is clear, else a table of both. */
function product(graph: Graph, node: Node, a: Form, b: Form, builder: CellBuilder): Form {
  if (a.terms.length === 0) return combine([[b, a.constant]]);
  if (b.terms.length === 0) return combine([[a, b.constant]]);
  const run = ([x, y]: readonly number[]) => (x as number) * (y as number);
  return tableOf(graph, node, [a, b], run, builder);
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

/** Rows in ascending order, by compare and exchange. */
function sorted(
  graph: Graph,
  node: NodeOf<'sort'>,
  forms: readonly Form[],
  builder: CellBuilder,
): Form[] {
  const result = [...forms];
  const extent = node.shape.at(-1) as number;
  const network = sortingNetwork(extent);
  const pick = (a: Form, b: Form, f: (...both: number[]) => number): Form =>
    tableOf(graph, node, [a, b], (both) => f(...both), builder);
  for (let row = 0; row < result.length; row += extent) {
    for (const [i, j] of network) {
      const [a, b] = [result[row + i] as Form, result[row + j] as Form];
      if (builder.range(a).max <= builder.range(b).min) continue;
      const swaps = builder.range(a).min >= builder.range(b).max;
      result[row + i] = swaps ? b : pick(a, b, Math.min);
      result[row + j] = swaps ? a : pick(a, b, Math.max);
    }
  }
  return result;
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

/** Tabulates a `map` node; elements with equal constants and ranges share one evaluation. */
function tabulator(
  graph: Graph,
  node: NodeOf<'map'>,
  builder: CellBuilder,
): (operands: readonly Form[]) => Form {
  const known = new Map<string, Float64Array>();
  return (operands) => {
    const variable = operands.filter((form) => form.terms.length > 0);
    const ranges = variable.map((form) => builder.range(form));
    const fixed = operands.map((form) => (form.terms.length > 0 ? 'x' : form.constant));
    const run = (values: readonly number[]): number => {
      let next = 0;
      return node.f(...fixed.map((each) => (each === 'x' ? (values[next++] as number) : each)));
    };
    const key = `${fixed} ${ranges.map(({ min, max }) => `${min}:${max}`)}`;
    let values = known.get(key);
    if (values === undefined) {
      values = tabulate(graph, node, ranges, run);
      known.set(key, values);
    }
    return fromTable(variable, ranges, values, node, builder);
  };
}

function tableOf(
  graph: Graph,
  node: Node,
  operands: readonly Form[],
  run: (values: readonly number[]) => number,
  builder: CellBuilder,
): Form {
  const ranges = operands.map((form) => builder.range(form));
  return fromTable(operands, ranges, tabulate(graph, node, ranges, run), node, builder);
}

/** Operands are packed in mixed radix, the first the most significant: the table reads one form. */
function fromTable(
  operands: readonly Form[],
  ranges: readonly Range[],
  values: Float64Array,
  node: Node,
  builder: CellBuilder,
): Form {
  let stride = 1;
  const parts: [Form, number][] = [];
  let offset = 0;
  for (let i = operands.length - 1; i >= 0; i--) {
    const { min, max } = ranges[i] as Range;
    parts.push([operands[i] as Form, stride]);
    offset -= min * stride;
    stride *= max - min + 1;
  }
  const packed = combine(parts, offset);
  const { min, max } = builder.range(packed);
  return builder.table(packed, values.subarray(min, max + 1), node.id);
}

function tabulate(
  graph: Graph,
  node: Node,
  ranges: readonly Range[],
  run: (values: readonly number[]) => number,
): Float64Array {
  const sizes = ranges.map(({ min, max }) => max - min + 1);
  const size = sizes.reduce((a, b) => a * b, 1);
  if (size > largestTable)
    throw error('TABLE_TOO_LARGE', {
      what: node.op === 'map' ? node.name : node.op,
      given: `operands with ${sizes.join(' x ')} possible values`,
      allowed: `at most ${largestTable} combinations`,
      remedy: 'narrow the operands first, by rounding or clipping',
      location: node.location,
      graph: locate(graph, node.id, `reads ${Math.ceil(Math.log2(size))} bits`),
    });
  const values = new Float64Array(size);
  const point = ranges.map(({ min }) => min);
  for (let i = 0; i < size; i++) {
    const value = guarded(graph, node, point, run);
    if (!Number.isSafeInteger(value)) throw notAnInteger(graph, node, point, value);
    values[i] = value === 0 ? 0 : value;
    for (let axis = ranges.length - 1; axis >= 0; axis--) {
      const { min, max } = ranges[axis] as Range;
      if ((point[axis] as number) < max) {
        point[axis] = (point[axis] as number) + 1;
        break;
      }
      point[axis] = min;
    }
  }
  return values;
}

/** What a user's function throws becomes a coded error with the operands that it was given. */
function guarded(
  graph: Graph,
  node: Node,
  point: readonly number[],
  run: (values: readonly number[]) => number,
): number {
  try {
    return run(point);
  } catch (cause) {
    const place = { location: node.location, graph: locate(graph, node.id, 'threw an error') };
    if (cause instanceof BlindfitError) throw placed(cause, place);
    throw error(
      'FUNCTION_FAILED',
      { what: nameAt(node, point), given: String(cause), ...place },
      cause,
    );
  }
}

function nameAt(node: Node, point: readonly number[]): string {
  const name = node.op === 'map' ? node.name : node.op;
  return `${name} at ${point.length === 1 ? point[0] : `(${point.join(', ')})`}`;
}

function notAnInteger(graph: Graph, node: Node, point: readonly number[], value: number): Error {
  return error(Number.isFinite(value) ? 'NOT_AN_INTEGER' : 'NOT_FINITE', {
    what: nameAt(node, point),
    given: value,
    allowed: 'an integer for every value that the operands can take',
    remedy: 'round the result, or narrow the input range',
    location: node.location,
    graph: locate(graph, node.id, `gives ${value}`),
  });
}
