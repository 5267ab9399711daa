/**
 * Element-wise operations: a function of scalars, applied with broadcasting.
 */
import { BlindfitError, error } from '../../lib/errors.ts';
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
  const readers = shapes.map((shape) => {
    const index = sizeOf(shape) === 1 ? null : broadcastIndex(shape, node.shape);
    return { index, step: sizeOf(shape) === 1 ? 0 : 1 };
  });
  const gathers = readers.some(({ index }) => index !== null);
  const steps = readers.map(({ step }) => step);
  if (gathers || shapes.length > 3) {
    return guarded(node, shapes, (inputs, offsets, out, at) => {
      const scalars = new Array<number>(readers.length);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < readers.length; k++) {
          const { index, step } = readers[k]!;
          scalars[k] = inputs[k]![offsets[k]! + (index ? index[i]! : i * step)]!;
        }
        out[at + i] = f(...scalars);
      }
    });
  }
  const [sx = 0, sy = 0, sz = 0] = steps;
  if (shapes.length === 1) {
    return guarded(node, shapes, ([x], [ox], out, at) => {
      for (let i = 0; i < count; i++) out[at + i] = f(x![ox! + i * sx]!);
    });
  }
  if (shapes.length === 2) {
    return guarded(node, shapes, ([x, y], [ox, oy], out, at) => {
      for (let i = 0; i < count; i++) out[at + i] = f(x![ox! + i * sx]!, y![oy! + i * sy]!);
    });
  }
  return guarded(node, shapes, ([x, y, z], [ox, oy, oz], out, at) => {
    for (let i = 0; i < count; i++) {
      out[at + i] = f(x![ox! + i * sx]!, y![oy! + i * sy]!, z![oz! + i * sz]!);
    }
  });
}

/** Kernel of a `table` node with one table per element. */
export function tableKernel(node: NodeOf<'table'>, shapes: Shapes): Kernel {
  const { tables } = node;
  const tableAt = broadcastIndex(tables.shape, node.shape);
  const elementAt = broadcastIndex(shapes[0]!, node.shape);
  const count = sizeOf(node.shape);
  return ([x], [offset], out, at) => {
    for (let i = 0; i < count; i++) {
      const entries = tables.entries[tableAt ? tableAt[i]! : i]!;
      out[at + i] = lookUp(node, entries, x![offset! + (elementAt ? elementAt[i]! : i)]!);
    }
  };
}

/** The scalars that output element `i` is made of. */
export function scalarsAt(
  node: Node,
  shapes: Shapes,
  inputs: readonly Float64Array[],
  offsets: readonly number[],
  i: number,
): number[] {
  return shapes.map((shape, k) => {
    const index = broadcastIndex(shape, node.shape);
    return inputs[k]![offsets[k]! + (index ? index[i]! : i)]!;
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
  return 0 - x;
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
  return (inputs, offsets, out, at) => {
    try {
      kernel(inputs, offsets, out, at);
    } catch (cause) {
      if (cause instanceof BlindfitError) throw cause;
      throw functionFailed(node, shapes, inputs, offsets, cause);
    }
  };
}

function functionFailed(
  node: NodeOf<'map'>,
  shapes: Shapes,
  inputs: readonly Float64Array[],
  offsets: readonly number[],
  cause: unknown,
): BlindfitError {
  const { name, location } = node;
  const count = sizeOf(node.shape);
  for (let i = 0; i < count; i++) {
    const scalars = scalarsAt(node, shapes, inputs, offsets, i);
    try {
      node.f(...scalars);
    } catch {
      const what = `${name}(${scalars.join(', ')})`;
      return error('FUNCTION_FAILED', { what, given: String(cause), location }, cause);
    }
  }
  return error('FUNCTION_FAILED', { what: name, given: String(cause), location }, cause);
}
