/**
 * A whole network in training: features to their grid, the layers that were asked for, and sums as its output.
 */
import { error } from '../../lib/errors.ts';
import type { Random } from '../../lib/random.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';
import { featureGrid, onFeatureGrid } from '../quantize/features.ts';
import { build } from './build.ts';
import { dense, type TrainableLayer } from './layers.ts';
import { lineLayer } from './modules/activations.ts';
import { chain, createWriter, type Flow, type Module } from './modules/module.ts';
import { flattenModule } from './modules/plain.ts';
import type { Network } from './network.ts';

/** What a network is made of. */
export interface Architecture {
  readonly layers: readonly TrainableLayer[];
  /** The shape of a row; null: [features]. */
  readonly inputShape: readonly number[] | null;
  /** Bits of each feature. */
  readonly inputBits: number;
  /** Bits of the weights of the output. */
  readonly outputBits: number;
  readonly alpha: number;
}

/** A network in training. */
export interface Assembled {
  readonly module: Module;
  /** Rows as the values of their grid, rows x features. */
  enter(X: Tensor): Float64Array;
  readonly inputShape: readonly number[];
  /** What has been learned so far; outputs are multiplied by `scale`, and `shift` is added. */
  written(scale: readonly number[], shift: readonly number[]): Network;
}

/** @throws BAD_OPTION, SHAPE_MISMATCH where layers do not fit together or to X */
export function assemble(
  name: string,
  X: Tensor,
  outputs: number,
  { layers, inputShape: given, inputBits, outputBits, alpha }: Architecture,
  random: Random,
): Assembled {
  const features = X.shape[1]!;
  const inputShape = given ?? [features];
  if (sizeOf(inputShape) !== features) {
    const allowed = `a shape of ${features} elements, the features of X`;
    throw error('SHAPE_MISMATCH', { what: `${name}.inputShape`, given: inputShape, allowed });
  }
  const [channels = 1] = inputShape;
  const each = features / channels;
  const grid = featureGrid(X, inputBits, each, inputShape.length === 1);
  const input: Flow = { shape: inputShape, kind: 'grid', span: grid.max - grid.min };
  const making = { random, alpha };
  const hidden = build(layers, input, `${name}.layers`, making);
  const flat = flattenModule(hidden.output);
  const last = dense(outputs, { activation: null, weightBits: outputBits, accumulatorBits: null });
  const output = build([last], flat.output, `${name}: the output`, making);
  const module = chain(
    hidden.output.shape.length > 1 ? [hidden, flat, output] : [hidden, output],
    input,
  );
  return {
    module,
    enter: (rows) => onFeatureGrid(grid, rows, each),
    inputShape,
    written: (scale, shift) => {
      const writer = createWriter();
      const { factor, offset, step, min, max } = grid;
      const shape = [channels, ...inputShape.slice(1).map(() => 1)];
      const scaled = writer.add(lineLayer(-1, factor, offset, shape));
      const entry = writer.add({ kind: 'grid', input: scaled, step: [step], zero: 0, min, max });
      const { position } = module.write(writer, { position: entry, line: { step, offset: 0 } });
      if (scale.some((own, k) => own !== 1 || shift[k] !== 0)) {
        writer.add(lineLayer(position, scale, shift, [outputs]));
      }
      return { inputShape, layers: writer.layers };
    },
  };
}
