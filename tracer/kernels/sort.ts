/**
 * Sorting along the last axis.
 */
import type { NodeOf } from '../graph.ts';
import { sizeOf } from '../tensor.ts';
import type { Kernel } from './kernel.ts';

/** Kernel of a `sort` node. */
export function sortKernel(node: NodeOf<'sort'>): Kernel {
  const size = sizeOf(node.shape);
  const extent = node.shape.at(-1)!;
  return ([x], [step], out, rows) => {
    for (let row = 0; row < rows; row++) {
      out.set(x!.subarray(row * step!, row * step! + size), row * size);
    }
    for (let at = 0; at < rows * size; at += extent) out.subarray(at, at + extent).sort();
  };
}
