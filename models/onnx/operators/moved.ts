/**
 * Constants and computed values with their elements in other places, or in another shape.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { addLayer, type Context, type Known, spend } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { type Move, pick } from '../moves.ts';
import { badModel } from '../protobuf.ts';
import { shapeOf } from '../values.ts';

/** The same elements in another shape. */
export function viewed(value: Known, shape: readonly number[], batch: number | null): Known {
  if (value.kind === 'computed') return { ...value, shape, batch };
  const { tensor, grid } = value;
  return {
    kind: 'constant',
    tensor: { ...tensor, shape },
    grid: grid?.axis === null ? grid : undefined,
  };
}

/** What a move says beside where elements come from. */
export interface MoveOptions {
  /** Where the batch is afterwards, if elsewhere. */
  readonly batch?: number | null | undefined;
  /** The constant in new places; 0. */
  readonly fill?: number | undefined;
  /** Where the axis of the steps of a constant is afterwards; null: in none. */
  readonly gridAxis?: number | null | undefined;
}

/** The elements of one value in other places; `target` is the shape that `make` gives, to be paid for before. */
export function moved(
  context: Context,
  node: OnnxNode,
  value: Known,
  make: () => Move,
  target: readonly number[],
  { batch, fill = 0, gridAxis = null }: MoveOptions = {},
): Known {
  spend(context, node, sizeOf(target));
  const { shape, from } = make();
  if (value.kind === 'constant') {
    const { tensor, grid } = value;
    const data = Float64Array.from(from, (at) => (at < 0 ? fill : tensor.data[at]!));
    const axis = grid?.axis === null ? null : gridAxis;
    const kept = grid !== undefined && (grid.axis === null || axis !== null);
    return {
      kind: 'constant',
      tensor: { type: tensor.type, shape, data },
      grid: kept ? { axis, steps: grid.steps } : undefined,
    };
  }
  const own = batch === undefined ? value.batch : batch;
  const row = shape.filter((_, axis) => axis !== own);
  const inputs = [value.layer];
  const move = { kind: 'move', name: node.name, inputs, shape: row, fill } as const;
  const layer = addLayer(context, { ...move, from: Array.from(from) }, row);
  return { ...value, layer, shape, batch: own };
}

/** The elements at these indices of each axis; -1 is the fill. */
export function picked(
  context: Context,
  node: OnnxNode,
  value: Known,
  lists: readonly ArrayLike<number>[],
  fill = 0,
): Known {
  const target = lists.map(({ length }) => length);
  return moved(context, node, value, () => pick(shapeOf(value), lists), target, { fill });
}

/** The error for a shape that does not fit what a node asks for. */
export function misfit(node: OnnxNode, shape: readonly number[], given: readonly number[]): Error {
  const what = `${node.operator} to [${given.slice(0, 12).join(', ')}]`;
  return badModel(`node ${node.name}`, what, `what fits a value of shape [${shape.join(', ')}]`);
}
