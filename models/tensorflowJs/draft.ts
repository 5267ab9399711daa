/**
 * The network that grows while a layers model is read.
 *
 * Keras has channels last, networks have them first. Each value keeps its shape in Keras' order beside it, so that only what
 * moves elements has to know both.
 */

import type { Constant, Layer } from '../../estimators/neural/network.ts';
import { error } from '../../lib/errors.ts';
import { sizeOf, stridesOf } from '../../tracer/tensor.ts';

/** Layers so far, and how many numbers they hold or make. */
export interface Draft {
  readonly layers: Layer[];
  elements: number;
}

/** The value of a layer of the draft (-1: the input), and its shape in Keras' order. */
export interface Value {
  readonly layer: number;
  readonly shape: readonly number[];
}

/** Numbers that a model may hold or make for a row, all layers together: more would only exhaust the memory. */
const MAX_ELEMENTS = 2 ** 24;

/** An empty network. */
export function emptyDraft(): Draft {
  return { layers: [], elements: 0 };
}

/** Counts numbers that are about to be made. @throws OUT_OF_RANGE, before any is */
export function spend(draft: Draft, name: string, count: number): void {
  draft.elements += count;
  if (draft.elements <= MAX_ELEMENTS) return;
  const given = `${draft.elements} elements up to here`;
  throw error('OUT_OF_RANGE', { what: name, given, allowed: `${MAX_ELEMENTS} in all layers` });
}

/** Appends a layer whose value has a shape, in Keras' order. */
export function appended(draft: Draft, layer: Layer, shape: readonly number[]): Value {
  spend(draft, layer.name, sizeOf(shape));
  draft.layers.push(layer);
  return { layer: draft.layers.length - 1, shape };
}

/** Where elements come from: of each one, in Keras' order, its place in all inputs one after the other; -1 is the fill. */
export type Source = (index: number) => number;

/** Appends a layer that moves elements. */
export function moved(
  draft: Draft,
  name: string,
  inputs: readonly Value[],
  shape: readonly number[],
  source: Source,
  fill = 0,
): Value {
  spend(draft, name, sizeOf(shape));
  const places = inputs.map(({ shape: own }) => own).map(placesIn);
  const starts = inputs.map((_, i) =>
    inputs.slice(0, i).reduce((sum, { shape: own }) => sum + sizeOf(own), 0),
  );
  const to = placesIn(shape);
  const from = new Array<number>(sizeOf(shape)).fill(-1);
  for (let i = 0; i < from.length; i++) {
    const at = source(i);
    if (at < 0) continue;
    let input = starts.length - 1;
    while (starts[input]! > at) input--;
    from[to(i)] = starts[input]! + places[input]!(at - starts[input]!);
  }
  const own = inputs.map(({ layer }) => layer);
  const layer = {
    kind: 'move',
    name,
    inputs: own,
    shape: channelsFirst(shape),
    from,
    fill,
  } as const;
  draft.layers.push(layer);
  return { layer: draft.layers.length - 1, shape };
}

/** Rows as they arrive, flat and in Keras' order, as the first value. */
export function inputOf(draft: Draft, shape: readonly number[]): Value {
  const flat = { layer: -1, shape: [sizeOf(shape)] };
  return shape.length === 1 ? flat : moved(draft, 'input', [flat], shape, (index) => index);
}

/** The same elements in another shape: in Keras' order they stay where they are. */
export function reshaped(
  draft: Draft,
  name: string,
  value: Value,
  shape: readonly number[],
): Value {
  if (value.shape.length <= 1 && shape.length <= 1) return { ...value, shape };
  return moved(draft, name, [value], shape, (index) => index);
}

/** [...spatial, channels] as [channels, ...spatial]. */
export function channelsFirst(shape: readonly number[]): number[] {
  return shape.length < 2 ? [...shape] : [shape.at(-1)!, ...shape.slice(0, -1)];
}

/** The axis of the network for an axis of Keras, both without the batch. */
export function networkAxis(axis: number, rank: number): number {
  if (rank < 2) return axis;
  return axis === rank - 1 ? 0 : axis + 1;
}

/** Constants of a shape that broadcasts in Keras' order. */
export function constantOf(shape: readonly number[], data: ArrayLike<number>): Constant {
  const place = placesIn(shape);
  const moved = new Array<number>(data.length);
  for (let i = 0; i < data.length; i++) moved[place(i)] = data[i]!;
  return { shape: channelsFirst(shape), data: moved };
}

/** The same number for all elements of a value. */
export function uniform(value: number, rank: number): Constant {
  return { shape: new Array<number>(rank).fill(1), data: [value] };
}

/** From places in Keras' order to places in the network's. */
function placesIn(shape: readonly number[]): (index: number) => number {
  if (shape.length < 2) return (index) => index;
  const channels = shape.at(-1)!;
  const [stride] = stridesOf(channelsFirst(shape)) as [number];
  return (index) => (index % channels) * stride + Math.floor(index / channels);
}
