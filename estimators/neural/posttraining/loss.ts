/**
 * What rounding costs in accuracy, against the float network or against the truth.
 */

import type { Tensor } from '../../../tracer/tensor.ts';
import { winners } from '../../model.ts';

/** What the outputs are for: the largest names a class (of one, its sign), or they are numbers. */
export type Task = 'classification' | 'regression';

/** A loss, and a finer one that tells two choices of equal loss apart. */
export interface Loss {
  readonly loss: number;
  /** Squared error of outputs as a share of their variance. */
  readonly error: number;
}

/**
 * Losses of outputs, rows x outputs. Without `y`, of classes the share of rows whose label changes, of numbers 1 - R^2 of the
 * outputs with those of the float network as the truth; with `y`, what accuracy or R^2 is less than that of the float
 * network.
 */
export function lossAgainst(
  floats: Tensor,
  task: Task,
  y: Tensor | null,
): (outputs: Tensor) => Loss {
  const score = scoreFor(task, y ?? truthOf(floats, task));
  const best = score(floats);
  return (outputs) => ({ loss: best - score(outputs), error: 1 - r2(floats, outputs) });
}

/** The float network's own answers. */
function truthOf(floats: Tensor, task: Task): Tensor {
  if (task === 'regression') return floats;
  const labels = Float64Array.from(winners(floats));
  return { shape: [labels.length], data: labels };
}

function scoreFor(task: Task, truth: Tensor): (outputs: Tensor) => number {
  if (task === 'regression') return (outputs) => r2(truth, outputs);
  return (outputs) => {
    let right = 0;
    winners(outputs).forEach((label, row) => {
      if (label === truth.data[row]) right++;
    });
    return right / truth.data.length;
  };
}

/** 1 - squared errors / squared distances from the means of columns; of a constant truth, 1 where it is met. */
function r2(truth: Tensor, outputs: Tensor): number {
  const { data } = truth;
  const rows = truth.shape[0]!;
  const columns = data.length / rows;
  const means = new Float64Array(columns);
  data.forEach((value, i) => {
    means[i % columns]! += value / rows;
  });
  let [errors, distances] = [0, 0];
  data.forEach((value, i) => {
    errors += (value - outputs.data[i]!) ** 2;
    distances += (value - means[i % columns]!) ** 2;
  });
  if (distances === 0) return errors === 0 ? 1 : 0;
  return 1 - errors / distances;
}
