/**
 * Element-wise operations: a function of scalars, applied with broadcasting.
 */
import { BlindfitError, error, placed } from '../../lib/errors.ts';
import { broadcastIndex } from '../broadcast.ts';
import type { LookupTable, Node, NodeOf } from '../graph.ts';
import { sizeOf } from '../tensor.ts';
import type { Kernel, Shapes } from './kernel.ts';

/** A function of one element of each input. */
export type ScalarFunction = (...scalars: number[]) => number;

/**
 * What a node does to one element of each input, or null where it is not element-wise. A `table` node counts where
 * one table serves all elements.
 */
export function scalarFunction(node: Node): ScalarFunction | null {
  switch (node.op) {
    case 'add':
      return add;
    case 'subtract':
      return subtract;
    case 'multiply':
      return multiply;
    case 'negative':
      return negative;
    case 'where':
      return where;
    case 'refresh':
      return identity;
    case 'assume':
      return (x) => keepPromise(node, x);
    case 'map':
      return node.f;
    case 'table': {
      const { entries } = node.tables;
      return entries.length === 1 ? (index) => lookUp(node, entries[0]!, index) : null;
    }
    default:
      return null;
  }
}

/** Kernel of an element-wise node: broadcasts the inputs and applies `f`. */
export function elementwiseKernel(node: Node, shapes: Shapes, f: ScalarFunction): Kernel {
  const count = sizeOf(node.shape);
  const scalar = shapes.map((shape) => sizeOf(shape) === 1);
  const indices = shapes.map((shape, k) => (scalar[k] ? null : broadcastIndex(shape, node.shape)));
  const strides = scalar.map((is) => (is ? 0 : 1));
  const regular = indices.every((index) => index === null);
  if (regular && shapes.length === 1) return guarded(node, shapes, unaryKernel(count, strides, f));
  if (regular && shapes.length === 2) return guarded(node, shapes, binaryKernel(count, strides, f));
  return guarded(node, shapes, (inputs, steps, out, rows) => {
    const scalars = new Array<number>(inputs.length);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < scalars.length; k++) {
          const index = indices[k];
          scalars[k] = inputs[k]![row * steps[k]! + (index ? index[i]! : i * strides[k]!)]!;
        }
        out[row * count + i] = f(...scalars);
      }
    }
  });
}

function unaryKernel(count: number, [stride = 0]: readonly number[], f: ScalarFunction): Kernel {
  return ([x], [step], out, rows) => {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < count; i++) out[row * count + i] = f(x![row * step! + i * stride]!);
    }
  };
}

function binaryKernel(count: number, strides: readonly number[], f: ScalarFunction): Kernel {
  const [xStride = 0, yStride = 0] = strides;
  return ([x, y], [xStep, yStep], out, rows) => {
    for (let row = 0; row < rows; row++) {
      const [xStart, yStart] = [row * xStep!, row * yStep!];
      for (let i = 0; i < count; i++) {
        out[row * count + i] = f(x![xStart + i * xStride]!, y![yStart + i * yStride]!);
      }
    }
  };
}

/** Kernel of a `table` node with one table per element. */
export function tableKernel(node: NodeOf<'table'>, shapes: Shapes): Kernel {
  const { tables } = node;
  const tableAt = broadcastIndex(tables.shape, node.shape);
  const elementAt = broadcastIndex(shapes[0]!, node.shape);
  const count = sizeOf(node.shape);
  return ([x], [step], out, rows) => {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < count; i++) {
        const entries = tables.entries[tableAt ? tableAt[i]! : i]!;
        const index = x![row * step! + (elementAt ? elementAt[i]! : i)]!;
        out[row * count + i] = lookUp(node, entries, index);
      }
    }
  };
}

/** The scalars that element `at` of the node, counted through all rows, is made of. */
export function scalarsAt(
  node: Node,
  shapes: Shapes,
  inputs: readonly Float64Array[],
  steps: readonly number[],
  at: number,
): number[] {
  const size = sizeOf(node.shape);
  const row = Math.floor(at / size);
  return shapes.map((shape, k) => {
    const index = broadcastIndex(shape, node.shape);
    const i = at - row * size;
    return inputs[k]![row * steps[k]! + (index ? index[i]! : i)]!;
  });
}

function add(x: number, y: number): number {
  return x + y;
}

function subtract(x: number, y: number): number {
  return x - y;
}

function multiply(x: number, y: number): number {
  return x * y;
}

function negative(x: number): number {
  return -x;
}

function identity(x: number): number {
  return x;
}

function keepPromise(node: NodeOf<'assume'>, x: number): number {
  const { min, max, location } = node;
  if (x >= min && x <= max) return x;
  throw error('OUT_OF_RANGE', {
    what: `%${node.id} = hint`,
    given: x,
    allowed: `${min} to ${max}, as promised`,
    remedy: 'widen the hint, or clip the value',
    location,
  });
}

function where(condition: number, a: number, b: number): number {
  return condition !== 0 ? a : b;
}

function lookUp(
  node: Node & { tables: LookupTable },
  entries: Float64Array,
  index: number,
): number {
  const value = entries[index < 0 ? index + entries.length : index];
  if (value !== undefined) return value;
  throw error('INDEX_OUT_OF_RANGE', {
    what: `%${node.id} = table lookup`,
    given: index,
    allowed: entries.length === 0 ? 'nothing' : `${-entries.length} to ${entries.length - 1}`,
    remedy: 'add entries to the table, or clip the index',
    location: node.location,
  });
}

/** What a user's function throws becomes a coded error with the values it was given. */
function guarded(node: Node, shapes: Shapes, kernel: Kernel): Kernel {
  if (node.op !== 'map') return kernel;
  return (inputs, steps, out, rows) => {
    try {
      kernel(inputs, steps, out, rows);
    } catch (cause) {
      if (cause instanceof BlindfitError) throw placed(cause, { location: node.location });
      const scalars = failingScalars(node, shapes, inputs, steps, rows);
      const what = `${node.name}(${scalars.join(', ')})`;
      const { location } = node;
      throw error('FUNCTION_FAILED', { what, given: String(cause), location }, cause);
    }
  };
}

function failingScalars(
  node: NodeOf<'map'>,
  shapes: Shapes,
  inputs: readonly Float64Array[],
  steps: readonly number[],
  rows: number,
): number[] {
  const count = rows * sizeOf(node.shape);
  for (let at = 0; at < count; at++) {
    const scalars = scalarsAt(node, shapes, inputs, steps, at);
    try {
      node.f(...scalars);
    } catch {
      return scalars;
    }
  }
  return [];
}
