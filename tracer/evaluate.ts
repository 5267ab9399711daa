/**
 * The clear meaning of a Graph: what every compiled circuit must compute.
 */
import { error } from '../lib/errors.ts';
import type { Graph, Node } from './graph.ts';
import { matmulKernel, sumKernel } from './kernels/contract.ts';
import {
  elementwiseKernel,
  scalarFunction,
  scalarsAt,
  tableKernel,
} from './kernels/elementwise.ts';
import type { Kernel, Shapes } from './kernels/kernel.ts';
import { sortKernel } from './kernels/sort.ts';
import { sameShape, sizeOf, type Tensor } from './tensor.ts';

/** Elements that `evaluateBatch` keeps at once; rows are computed in pieces of about this size. */
const PIECE = 2 ** 20;

/**
 * The outputs for one value of each input.
 *
 * @throws SHAPE_MISMATCH or NOT_AN_INTEGER for inputs that do not fit; and where a node cannot be computed:
 * NOT_AN_INTEGER or NOT_FINITE (an integer map that gives something else), OVERFLOW_2_53, INDEX_OUT_OF_RANGE (a table),
 * FUNCTION_FAILED; each names the value and the user's file and line. Ranges of inputs are not checked.
 */
export function evaluate(graph: Graph, inputs: readonly Tensor[]): Tensor[] {
  const values = evaluateAll(graph, inputs);
  return graph.outputs.map((id) => values[id]!);
}

/** The value of every node, by id, for one value of each input; errors as `evaluate`. */
export function evaluateAll(graph: Graph, inputs: readonly Tensor[]): Tensor[] {
  checkInputs(graph, inputs, null);
  const values = prepare(graph)(
    inputs.map(({ data }) => data),
    1,
  );
  return graph.nodes.map(({ shape, id }) => ({ shape, data: values[id]! }));
}

/**
 * The outputs for many rows: each input is [rows, ...its shape], each result [rows, ...its shape]. Errors as `evaluate`.
 */
export function evaluateBatch(graph: Graph, inputs: readonly Tensor[]): Tensor[] {
  const rows = checkInputs(graph, inputs, 'batch');
  const run = prepare(graph);
  const perRow = graph.nodes.reduce((sum, node) => sum + sizeOf(node.shape), 0);
  const piece = Math.max(1, Math.floor(PIECE / Math.max(1, perRow)));
  const results = graph.outputs.map((id) => {
    const { shape } = graph.nodes[id]!;
    return { shape: [rows, ...shape], data: new Float64Array(rows * sizeOf(shape)) };
  });
  for (let start = 0; start < rows; start += piece) {
    const count = Math.min(piece, rows - start);
    const values = run(
      inputs.map(({ data }) => {
        const size = data.length / rows;
        return data.subarray(start * size, (start + count) * size);
      }),
      count,
    );
    graph.outputs.forEach((id, k) => {
      const size = sizeOf(graph.nodes[id]!.shape);
      const constant = graph.nodes[id]!.op === 'constant';
      for (let row = 0; constant && row < count; row++) {
        results[k]!.data.set(values[id]!, (start + row) * size);
      }
      if (!constant) results[k]!.data.set(values[id]!, start * size);
    });
  }
  return results;
}

/** The value of one node, given those of its inputs; errors as `evaluate`. An input node is not computable. */
export function evaluateNode(node: Node, inputs: readonly Tensor[]): Tensor {
  if (node.op === 'constant') return node.value;
  const shapes = inputs.map(({ shape }) => shape);
  const data = new Float64Array(sizeOf(node.shape));
  const arrays = inputs.map((input) => input.data);
  const steps = inputs.map(() => 0);
  kernelOf(node, shapes, arrays)(arrays, steps, data, 1);
  if (node.kind === 'integer') settle(node, shapes, arrays, steps, data);
  return { shape: node.shape, data };
}

/**
 * The graph made ready to run: a function from the elements of each input (`rows` values one after the other) to the
 * elements of each node by id, likewise; constants have theirs once. Nothing is checked about the inputs.
 */
export function prepare(
  graph: Graph,
): (inputs: readonly Float64Array[], rows: number) => Float64Array[] {
  const { nodes } = graph;
  const sizes = nodes.map(({ shape }) => sizeOf(shape));
  const steps = nodes.map((node, id) => (node.op === 'constant' ? 0 : sizes[id]!));
  const shapes = nodes.map((node) => node.inputs.map((id) => nodes[id]!.shape));
  const computed = nodes.map(({ op }) => op !== 'input' && op !== 'constant');
  const constants = nodes.map((node) => (node.op === 'constant' ? node.value.data : null));
  const kernels = nodes.map((node, id) => {
    if (!computed[id]) return null;
    return kernelOf(
      node,
      shapes[id]!,
      node.inputs.map((input) => constants[input]!),
    );
  });
  return (inputs, rows) => {
    const values = new Array<Float64Array>(nodes.length);
    for (let id = 0; id < nodes.length; id++) {
      const node = nodes[id]!;
      const kernel = kernels[id];
      if (node.op === 'constant') values[id] = node.value.data;
      if (node.op === 'input') values[id] = inputs[graph.inputs.indexOf(id)]!;
      if (!kernel) continue;
      const out = new Float64Array(rows * sizes[id]!);
      const arrays = node.inputs.map((input) => values[input]!);
      const inputSteps = node.inputs.map((input) => steps[input]!);
      kernel(arrays, inputSteps, out, rows);
      if (node.kind === 'integer') settle(node, shapes[id]!, arrays, inputSteps, out);
      values[id] = out;
    }
    return values;
  };
}

function kernelOf(node: Node, shapes: Shapes, constants: readonly (Float64Array | null)[]): Kernel {
  const f = scalarFunction(node);
  if (f) return elementwiseKernel(node, shapes, f);
  switch (node.op) {
    case 'matmul':
      return matmulKernel(node, shapes, constants);
    case 'sum':
      return sumKernel(node, shapes);
    case 'sort':
      return sortKernel(node);
    case 'table':
      return tableKernel(node, shapes);
    case 'rearrange': {
      const { source, index } = node;
      return (inputs, steps, out, rows) => {
        for (let row = 0; row < rows; row++) {
          for (let i = 0; i < index.length; i++) {
            const from = source[i]!;
            out[row * index.length + i] = inputs[from]![row * steps[from]! + index[i]!]!;
          }
        }
      };
    }
    default:
      throw error('INTERNAL', { what: `evaluate %${node.id}`, given: node.op });
  }
}

/** Refuses integers that are none, or not exact; -0 becomes 0. */
function settle(
  node: Node,
  shapes: Shapes,
  inputs: readonly Float64Array[],
  steps: readonly number[],
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const value = out[i]!;
    if (Number.isSafeInteger(value)) {
      out[i] = value + 0;
      continue;
    }
    const name = node.op === 'map' ? node.name : node.op;
    const elementwise = scalarFunction(node) !== null;
    const scalars = elementwise ? scalarsAt(node, shapes, inputs, steps, i).join(', ') : '';
    const details = { what: `${name}(${scalars})`, given: value, location: node.location };
    if (!Number.isFinite(value)) throw error('NOT_FINITE', { ...details, remedy: ROUND });
    if (!Number.isInteger(value)) throw error('NOT_AN_INTEGER', { ...details, remedy: ROUND });
    throw error('OVERFLOW_2_53', details);
  }
}

const ROUND =
  'make the function return integers where its values can come, or give { kind: "float" } and round later';

/** Checks number, shape and integers of the inputs; gives the number of rows of a batch. */
function checkInputs(graph: Graph, inputs: readonly Tensor[], batch: 'batch' | null): number {
  if (inputs.length !== graph.inputs.length) {
    const given = `${inputs.length} inputs`;
    throw error('SHAPE_MISMATCH', { what: 'evaluate', given, allowed: graph.inputs.length });
  }
  const rows = batch && inputs[0] ? (inputs[0].shape[0] ?? 0) : 1;
  graph.inputs.forEach((id, k) => {
    const node = graph.nodes[id]!;
    const what = node.op === 'input' ? node.name : `input ${k}`;
    const { shape, data } = inputs[k]!;
    const allowed = batch ? [rows, ...node.shape] : node.shape;
    if (!sameShape(shape, allowed)) throw error('SHAPE_MISMATCH', { what, given: shape, allowed });
    const bad = data.findIndex((value) => !Number.isSafeInteger(value));
    if (bad >= 0) throw error('NOT_AN_INTEGER', { what, given: data[bad] });
  });
  return rows;
}
