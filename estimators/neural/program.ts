/**
 * Networks as integer programs: sums of integers, and a table of each sum where the next one begins.
 */
import { evaluateBatch } from '../../tracer/evaluate.ts';
import type { Graph } from '../../tracer/graph.ts';
import * as np from '../../tracer/index.ts';
import { sizeOf, type Tensor } from '../../tracer/tensor.ts';
import type { IntegerModel } from '../model.ts';
import { codeOf, evaluateLayers, stepsOf } from './evaluate.ts';
import { lowerNetwork } from './lower/lower.ts';
import { raisePools } from './lower/pools.ts';
import type { GridLayer, Network } from './network.ts';

/**
 * A network as integers, in the four steps of every model. Its input lies on a grid, and there is a grid between any two
 * sums; weights have steps. Element-wise functions up to a grid are one table; those behind the last sum are the client's,
 * so that scores leave as they are.
 *
 * Step 2 in plain arithmetic is the traced program evaluated in clear, whose tables are data: there is nothing that the two
 * could do differently.
 *
 * @throws NOT_QUANTIZED where a grid or the steps of weights are missing; TABLE_TOO_LARGE; NOT_FINITE where a function has
 * no value for an integer that it can meet; and as `networkShapes`; each names the layer
 */
export function networkModel(network: Network): IntegerModel {
  const raised = raisePools(network);
  const { program, output, inputGrid } = lowerNetwork(raised);
  const { arrays } = program;
  const [{ shape, min, max }] = arrays as [(typeof arrays)[0]];
  const input = { length: sizeOf(shape), min: min[0]!, max: max[0]! };
  const traced = (codes: np.Traced): np.Traced => {
    const values: np.Traced[] = [];
    arrays.forEach(({ compute }, k) => {
      values.push(k === 0 ? np.reshape(codes, shape) : compute(values));
    });
    return np.flatten(values[output.array]!);
  };
  let graph: Graph | undefined;
  const { classes, functions } = output;
  return {
    input,
    quantize: (X) => codesOf(raised, inputGrid, X),
    program: traced,
    evaluate: (codes) => {
      const x = { name: 'x', shape: [input.length], min: input.min, max: input.max };
      graph ??= np.trace(traced, [{ ...x, encrypted: true }]);
      return evaluateBatch(graph, [codes])[0]!;
    },
    dequantize: ({ shape: own, data }) => ({
      shape: own,
      data: data.map((integer, i) => functions[classes[i % classes.length]!]!.of(integer)),
    }),
  };
}

/** The integers of the input grid, rows x inputs. */
function codesOf(network: Network, inputGrid: number, X: Tensor): Tensor {
  const layer = network.layers[inputGrid] as GridLayer;
  const [rows = 0] = X.shape;
  const parts: Float64Array[] = [];
  for (const [value] of evaluateLayers(network, X, [layer.input], inputGrid)) {
    const { shape, data } = value!;
    const steps = stepsOf(layer, shape);
    parts.push(data.map((x, i) => codeOf(layer, steps[i % steps.length]!, x) + 0));
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const data = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { shape: [rows, length / Math.max(rows, 1)], data };
}
