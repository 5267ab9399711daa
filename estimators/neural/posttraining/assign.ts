/**
 * A network in integers for given bits: layer by layer, each on what the layers before it make of the calibration rows.
 */
import { sizeOf } from '../../../tracer/tensor.ts';
import { clippedGrid, featureGrids, type MeasuredGrid } from '../../quantize/clipped.ts';
import { layerValue, type Value } from '../evaluate.ts';
import type {
  ActivationLayer,
  ConvolutionLayer,
  DenseLayer,
  GridLayer,
  Layer,
  Network,
  ScaleLayer,
} from '../network.ts';
import { inputsOf, networkShapes } from '../shapes.ts';
import { type Spans, spansBehind } from './integers.ts';
import { type LayerSample, quantizedLayer, sampleOf } from './neurons.ts';
import { joinedGrids, type Skeleton } from './skeleton.ts';

/** Bits by layers of the skeleton: of the integers of a grid, or of the sums of a layer with weights. */
export type Bits = ReadonlyMap<number, number>;

/** A network in integers, with its outputs for the calibration rows. */
export interface Assigned {
  readonly network: Network;
  readonly outputs: Value;
}

/** What a layer became, and its value for all rows. */
interface Made {
  readonly key: string;
  readonly layer: Layer;
  readonly value: Value;
  readonly spans: Spans | null;
}

/** How many rows there are, and how many of them, the first, grids and weights are fitted to. */
export interface Rows {
  readonly all: number;
  readonly fitted: number;
}

/**
 * Assigns bits to the layers of a skeleton. What one call shares with the one before is not computed again.
 *
 * @param allValues the values of the float network for all rows, by its layers; -1 is the input
 */
export function assigner(
  skeleton: Skeleton,
  allValues: (origin: number) => Value,
  rows: Rows,
): (bits: Bits) => Assigned {
  const { layers, inputShape } = skeleton;
  const shapes = networkShapes({ inputShape, layers });
  const joined = joinedGrids(layers);
  const samples = new Map<number, { readonly key: string; readonly sample: LayerSample }>();
  const input: Made = { key: 'X', layer: layers[0]!, value: allValues(-1), spans: null };
  let before: readonly Made[] = [];
  const fitted = ({ shape, data }: Value): Value => ({
    shape,
    data: data.subarray(0, rows.fitted * sizeOf(shape)),
  });
  const floats = (origin: number): Value => fitted(allValues(origin));

  const remade = (layer: Layer, place: number, made: readonly Made[], bits: Bits): Layer => {
    const { layer: read, key, value, spans } = made[inputsOf(layer)[0]!] ?? input;
    const x = fitted(value);
    const own = bits.get(place)!;
    if (layer.kind === 'grid') {
      if (skeleton.byFeature && place === skeleton.inputGrid) {
        return { ...layer, min: 0, max: 2 ** own - 1 };
      }
      return onGrid(layer, gridFor(place, x, own));
    }
    if (layer.kind === 'scale' && skeleton.byFeature && place === skeleton.inputGrid - 1) {
      return scaledByFeature(layer, x, bits.get(skeleton.inputGrid)!);
    }
    if (layer.kind === 'activation' && own > 0) {
      const weighted = read as DenseLayer | ConvolutionLayer;
      return rounding(layer, weighted, made[weighted.input]!.spans!.unit * 2 ** own);
    }
    if ((layer.kind !== 'dense' && layer.kind !== 'convolution') || own === undefined) return layer;
    let known = samples.get(place);
    if (known?.key !== key) {
      const wanted = floats(skeleton.origins[place]!);
      known = { key, sample: sampleOf(layer, x, spans!, wanted) };
      samples.set(place, known);
    }
    const common = skeleton.last.includes(place);
    const rounded = droppedBits(place, bits) > 0;
    const scale = made[skeleton.inputGrid - 1]?.layer;
    const float =
      skeleton.byFeature && layer.input === skeleton.inputGrid
        ? ofIntegers(layer as DenseLayer, scale as ScaleLayer)
        : layer;
    return quantizedLayer(float, known.sample, spans!.unit, { bits: own, common, rounded });
  };

  /** The lowest bits of the sums of a layer that its tables do not see. */
  const droppedBits = (place: number, bits: Bits): number => {
    const at = skeleton.roundings.get(place);
    return at === undefined ? 0 : (bits.get(at) ?? 0);
  };

  /** Grids whose values are joined have one step, that of all their values in floats. */
  const gridFor = (place: number, x: Value, bits: number): MeasuredGrid => {
    const group = joined.get(place);
    if (group === undefined) return clippedGrid(x.data, bits);
    const parts = group.map((each) => floats(skeleton.origins[each]!).data);
    const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    const { step, min, max } = clippedGrid(all, bits);
    return { step, min: x.data.every((value) => value >= 0) ? 0 : min, max };
  };

  return (bits) => {
    const made: Made[] = [];
    layers.forEach((layer, place) => {
      const inputs = inputsOf(layer).map((at) => (at < 0 ? input : made[at]!));
      const isScale = skeleton.byFeature && place === skeleton.inputGrid - 1;
      const own = bits.get(isScale ? skeleton.inputGrid : place);
      const isRounded = droppedBits(place, bits) > 0 ? 'rounded' : '';
      const key = `${inputs.map((each) => each.key)}.${own ?? ''}${isRounded}`;
      if (before[place]?.key === key) {
        made.push(before[place]!);
        return;
      }
      const shape = shapes[place]!;
      const quantized = remade(layer, place, made, bits);
      const values = inputs.map(({ value }) => value);
      const data = layerValue(
        quantized as Parameters<typeof layerValue>[0],
        values,
        shape,
        rows.all,
      );
      const spans = spansBehind(
        quantized,
        inputs.map((each) => each.spans),
        values.map((value) => value.shape),
        shape,
        sizeOf(shape),
      );
      made.push({ key, layer: quantized, value: { shape, data }, spans });
    });
    before = made;
    const network = { inputShape, layers: made.map(({ layer }) => layer) };
    return { network, outputs: made.at(-1)!.value };
  };
}

/** Sums rounded to multiples of some of their steps: the tables that follow are constant on blocks. */
function rounding(
  { name, input }: ActivationLayer,
  { weights }: DenseLayer | ConvolutionLayer,
  unit: number,
): GridLayer {
  const step = weights.steps!.map((own) => own * unit);
  return { kind: 'grid', name, input, step, zero: 0, min: -largestSum, max: largestSum };
}

/** Beyond all sums that have a table. */
const largestSum = 2 ** 24;

function onGrid(layer: GridLayer, { step, min, max }: MeasuredGrid): GridLayer {
  return { ...layer, step: [step], zero: 0, min, max };
}

/** A dense layer on the integers of features, each with its own step, in the place of the features. */
function ofIntegers(layer: DenseLayer, { factor }: ScaleLayer): DenseLayer {
  const { shape, data } = layer.weights;
  const inputs = factor.data.length;
  return {
    ...layer,
    weights: { shape, data: data.map((weight, i) => weight / factor.data[i % inputs]!) },
  };
}

/** From the range of each feature to that of its integers. */
function scaledByFeature(layer: ScaleLayer, { data, shape }: Value, bits: number): ScaleLayer {
  const grids = featureGrids(data, shape[0]!, bits);
  return {
    ...layer,
    factor: { shape, data: grids.map(({ step }) => 1 / step) },
    offset: { shape, data: grids.map(({ low, step }) => 0 - low / step) },
  };
}
