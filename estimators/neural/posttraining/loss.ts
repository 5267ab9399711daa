/**
 * What rounding costs in accuracy, against the float network or against the truth.
 */

import type { Tensor } from '../../../tracer/tensor.ts';
import { winners } from '../../model.ts';
import { erf } from '../erf.ts';

/** What the outputs are for: the largest names a class (of one, its sign), or they are numbers. */
export type Task = 'classification' | 'regression';

/** A loss, and a finer one that tells two choices of equal loss apart. */
export interface Loss {
  readonly loss: number;
  /** Squared error of outputs as a share of their variance. */
  readonly error: number;
}

/** Share of labels that change that count as lost: near a border, one of two labels is as likely as the other. */
const lostOfChanged = 1 / 2;

/**
 * Losses of outputs, rows x outputs. Without `y`, of classes the share of rows whose label changes (`changedShare`), of numbers
 * 1 - R^2 of the outputs with those of the float network as the truth; with `y`, what accuracy or R^2 is less than that of the
 * float network, of classes no less than half the share of labels that change.
 */
export function lossAgainst(
  floats: Tensor,
  task: Task,
  y: Tensor | null,
): (outputs: Tensor) => Loss {
  const score = scoreFor(task, y ?? truthOf(floats, task));
  const best = score(floats);
  const changed = task === 'classification' ? changedShare(floats) : () => 0;
  const share = y === null ? 1 : lostOfChanged;
  return (outputs) => ({
    loss: Math.max(best - score(outputs), share * changed(outputs)),
    error: 1 - r2(floats, outputs),
  });
}

/**
 * The same where rows from `rows` on are probes (see `withProbes`): the loss of the rows, or half the share of labels of probes
 * that change, whichever is larger.
 */
export function lossWithProbes(
  floats: Tensor,
  rows: number,
  task: Task,
  y: Tensor | null,
): (outputs: Tensor) => Loss {
  const [all, columns] = floats.shape as [number, number];
  const part = ({ data }: Tensor, from: number, to: number): Tensor => ({
    shape: [to - from, columns],
    data: data.subarray(from * columns, to * columns),
  });
  const lossOfRows = lossAgainst(part(floats, 0, rows), task, y);
  if (rows === all) return lossOfRows;
  const lossOfProbes = lossAgainst(part(floats, rows, all), task, null);
  return (outputs) => {
    const own = lossOfRows(part(outputs, 0, rows));
    const probed = lossOfProbes(part(outputs, rows, all));
    return {
      loss: Math.max(own.loss, lostOfChanged * probed.loss),
      error: Math.max(own.error, probed.error),
    };
  };
}

/**
 * The share of labels that change, as it is expected: of each row, how probable it is that an error as large as those of all
 * rows together reaches the lead of its largest score over the next. Few rows, or rows that the network is sure of, say
 * little by counting those that change.
 */
function changedShare(floats: Tensor): (outputs: Tensor) => number {
  const [rows, columns] = floats.shape as [number, number];
  const pairs = Array.from({ length: rows }, (_, row) => leadersOf(floats, row * columns, columns));
  const leadOf = ({ data }: Tensor, [first, second]: Leaders): number =>
    columns === 1 ? data[first]! : data[first]! - data[second]!;
  const leads = pairs.map((pair) => Math.abs(leadOf(floats, pair)));
  return (outputs) => {
    const squares = pairs.reduce((sum, pair) => {
      return sum + (leadOf(outputs, pair) - leadOf(floats, pair)) ** 2;
    }, 0);
    if (squares === 0) return 0;
    const deviation = Math.sqrt(squares / rows);
    // Rows whose scores are equal in floats too have no label to change.
    return leads.reduce((sum, lead) => sum + (lead > 0 ? tail(lead / deviation) : 0), 0) / rows;
  };
}

/** Probability that a standard normal number exceeds z. */
function tail(z: number): number {
  return (1 - erf(z / Math.SQRT2)) / 2;
}

type Leaders = readonly [first: number, second: number];

/** The places of the largest and the second largest score of a row. */
function leadersOf({ data }: Tensor, start: number, columns: number): Leaders {
  let [first, second] = [start, start];
  for (let at = start; at < start + columns; at++) if (data[at]! > data[first]!) first = at;
  if (second === first) second = start + columns - 1;
  for (let at = start; at < start + columns; at++) {
    if (at !== first && data[at]! > data[second]!) second = at;
  }
  return [first, second];
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
