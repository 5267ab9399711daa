/**
 * Networks as exporters write them, in the form that training would have given: the same function with fewer layers.
 */
import type { Layer, MoveLayer, Network, ScaleLayer } from '../../estimators/neural/network.ts';
import { inputsOf, networkShapes } from '../../estimators/neural/shapes.ts';
import { sameShape } from '../../tracer/tensor.ts';
import { scaledAfter, scaledBefore } from './fold.ts';
import { withNamedFunctions } from './functions.ts';
import { pruned, renumbered, useCounts } from './layers.ts';
import { mergedScales } from './scales.ts';

/**
 * The same network with fewer layers: functions that are written as several layers get their name, scales become part of
 * the weights before or behind them, one scale follows no other, and nothing is moved twice.
 *
 * @throws as `networkShapes`
 */
export function simplified(network: Network): Network {
  const named = withNamedFunctions(network);
  const { inputShape } = named;
  const shapes = networkShapes(named);
  const uses = useCounts(named.layers);
  const layers: Layer[] = [];
  /** Of each layer of the list, its shape and by how many it is read. */
  const made: { shape: readonly number[]; uses: number }[] = [];
  const places = new Map([[-1, -1]]);
  const shapeAt = (at: number): readonly number[] => (at < 0 ? inputShape : made[at]!.shape);
  /** Who reads a layer reads the one before it instead. */
  const pass = (position: number, input: number, ownUses: number): void => {
    places.set(position, input);
    made[input]!.uses += ownUses - 1;
  };
  named.layers.forEach((given, position) => {
    const layer = renumbered(given, (input) => places.get(input)!);
    const shape = shapes[position]!;
    const [input] = inputsOf(layer) as [number];
    const own = { shape, uses: uses[position]! };
    if (isIdentity(layer, shape, shapeAt(input)) && input >= 0) {
      pass(position, input, own.uses);
      return;
    }
    const before = layers[input];
    const isOnly = before !== undefined && made[input]!.uses === 1;
    if (isOnly && layer.kind === 'scale') {
      const joined = joinedScale(before, made[input]!.shape, layer, shape);
      if (joined !== undefined) {
        const [first] = inputsOf(joined) as [number];
        layers[input] = joined;
        made[input] = own;
        if (first >= 0 && isIdentity(joined, shape, shapeAt(first)))
          pass(position, first, own.uses);
        else places.set(position, input);
        return;
      }
    }
    const joined = isOnly ? joinedBehind(before, layer, shapeAt(inputsOf(before)[0]!)) : undefined;
    places.set(position, layers.push(joined ?? layer) - 1);
    made.push(own);
  });
  return { inputShape, layers: pruned(layers, places.get(named.layers.length - 1)!) };
}

/** A layer that changes nothing. */
function isIdentity(
  layer: Layer,
  shape: readonly number[],
  inputShape: readonly number[],
): boolean {
  if (!sameShape(shape, inputShape)) return false;
  if (layer.kind === 'scale') {
    return (
      layer.factor.data.every((each) => each === 1) && layer.offset.data.every((each) => each === 0)
    );
  }
  return (
    layer.kind === 'move' && layer.inputs.length === 1 && layer.from.every((at, i) => at === i)
  );
}

/** The layer before a scale with the scale in it; undefined where that cannot be. */
function joinedScale(
  before: Layer,
  beforeShape: readonly number[],
  layer: ScaleLayer,
  shape: readonly number[],
): Layer | undefined {
  if (!sameShape(beforeShape, shape)) return undefined;
  if (before.kind === 'scale') return mergedScales(before, layer);
  if (before.kind === 'dense' || before.kind === 'convolution') {
    return scaledAfter(before, layer, shape);
  }
  return undefined;
}

/** A layer that does the work of the one before it too; undefined where that cannot be. */
function joinedBehind(
  before: Layer,
  layer: Layer,
  inputShape: readonly number[],
): Layer | undefined {
  if (before.kind === 'move' && layer.kind === 'move' && layer.inputs.length === 1) {
    return composed(before, layer);
  }
  const isWeighted = layer.kind === 'dense' || layer.kind === 'convolution';
  return before.kind === 'scale' && isWeighted
    ? scaledBefore(before, layer, inputShape)
    : undefined;
}

/** One move in the place of two; undefined where their fills differ. */
function composed(before: MoveLayer, layer: MoveLayer): MoveLayer | undefined {
  const fills = before.from.includes(-1) && layer.from.includes(-1);
  if (fills && before.fill !== layer.fill) return undefined;
  const fill = before.from.includes(-1) ? before.fill : layer.fill;
  const from = layer.from.map((at) => (at < 0 ? -1 : before.from[at]!));
  return { ...layer, inputs: before.inputs, from, fill };
}
