/**
 * The k nearest of encrypted distances, and the sum of what they hold, as a traced function.
 *
 * Selected is every point that is at most as far away as the k-th nearest: those that tie with it all are, so that the answer
 * does not depend on the order of the points.
 */
import * as np from '../../tracer/index.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import type { Traced } from '../../tracer/value.ts';
import type { IntegerModel } from '../model.ts';
import type { IntegerDistances } from '../quantize/pointDistances.ts';

/** Most points of which all pairs are compared. */
const mostCompared = 12;

/** What the selected points are asked for. */
export interface Selection {
  readonly distances: IntegerDistances;
  readonly nNeighbors: number;
  /** Points x outputs, integers: outputs are sums over the selected points. */
  readonly holds: readonly (readonly number[])[];
}

/** The steps of a model between quantizing and dequantizing. */
export function selectionModel(
  selection: Selection,
): Pick<IntegerModel, 'input' | 'program' | 'evaluate'> {
  return {
    input: { length: selection.distances.weights.length, min: 0, max: 1 },
    program: (inputs) => traced(selection, inputs),
    evaluate: (inputs) => sums(selection, inputs),
  };
}

function traced({ distances, nNeighbors, holds }: Selection, inputs: Traced): Traced {
  const { weights, bias, bits } = distances;
  const all = np.add(np.matmul(inputs, weights), bias);
  const selected =
    bias.length <= mostCompared ? byRank(all, nNeighbors) : byThreshold(all, bits, nNeighbors);
  return np.matmul(selected, holds);
}

/** A point is selected where fewer than k are nearer. All of these comparisons are of fresh inputs. */
function byRank(distances: Traced, k: number): Traced {
  const nearer = np.less(np.expandDims(distances, 0), np.expandDims(distances, 1));
  return np.less(np.sum(nearer, { axis: 1 }), k);
}

/**
 * The k-th distance, bit by bit from the highest: it is 1 where fewer than k points are as near as what has 0 there and ones
 * below. Each comparison turns the wheels of all points on by the bits that are known so far.
 */
function byThreshold(distances: Traced, bits: number, k: number): Traced {
  let threshold: Traced | number = 0;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const near = np.lessEqual(distances, np.add(threshold, 2 ** bit - 1));
    const isFurther = np.less(np.sum(near), k);
    threshold = np.add(threshold, np.multiply(isFurther, 2 ** bit)) as Traced;
  }
  return np.lessEqual(distances, threshold);
}

/** rows x inputs -> rows x outputs, in plain arithmetic. */
function sums({ distances, nNeighbors, holds }: Selection, { shape, data }: Tensor): Tensor {
  const [rows, inputs] = shape as [number, number];
  const outputs = holds[0]!.length;
  const result = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const all = Float64Array.from(distances.bias);
    for (let j = 0; j < inputs; j++) {
      if (data[row * inputs + j] === 0) continue;
      distances.weights[j]!.forEach((weight, i) => {
        all[i]! += weight;
      });
    }
    const threshold = all.toSorted()[nNeighbors - 1]!;
    holds.forEach((own, i) => {
      if (all[i]! > threshold) return;
      own.forEach((value, k) => {
        result[row * outputs + k]! += value;
      });
    });
  }
  return { shape: [rows, outputs], data: result };
}
