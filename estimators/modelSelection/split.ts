/**
 * Splitting data into rows to learn from and rows to judge by.
 */
import { error } from '../../lib/errors.ts';
import { createRandom } from '../../lib/random.ts';
import type { ArrayLike } from '../../tracer/tensor.ts';
import { type Label, type LabelsLike, readLabels } from '../input.ts';
import { isCountOrFraction } from '../parameters.ts';
import type { TableLike } from '../preprocessing/table.ts';
import { type FeaturesOf, readRows, readTargets, type TargetsOf } from './data.ts';

/** Options of `trainTestSplit`, with scikit-learn's defaults. */
export interface SplitOptions {
  /** Rows held out: a fraction in (0, 1), rounded up, or a number of rows. Default 0.25. */
  readonly testSize?: number;
  /** Whether rows are put in random order first; otherwise the last rows are held out. Default true. */
  readonly shuffle?: boolean;
  /** Labels whose shares both parts keep, as closely as whole rows allow. Default: none. */
  readonly stratify?: LabelsLike | null;
  /** Seed of the order; default 0. Not numpy's generator: the same seed splits otherwise than in Python. */
  readonly randomState?: number;
}

/** `[XTrain, XTest, yTrain, yTest]`: matrices and tables as `ndarray`; rows with names, and one label or number a row, as lists. */
export type Split<Y = LabelsLike, X = ArrayLike> = [
  XTrain: FeaturesOf<X>,
  XTest: FeaturesOf<X>,
  yTrain: TargetsOf<Y>,
  yTest: TargetsOf<Y>,
];

/**
 * Splits rows and their labels, or the numbers of a regression ([rows] or [rows, outputs]), into a part to train on and
 * a part to test on.
 *
 * @throws BAD_OPTION where `testSize` leaves a part empty, or `stratify` comes without `shuffle`; SHAPE_MISMATCH;
 * BAD_LABELS; NOT_FINITE for numbers of `y`
 */
export function trainTestSplit<X extends TableLike, const Y extends LabelsLike>(
  X: X,
  y: Y,
  options: SplitOptions = {},
): Split<Y, X> {
  const { testSize = 0.25, shuffle = true, stratify = null, randomState = 0 } = options;
  const matrix = readRows(X);
  const rows = matrix.count;
  const targets = readTargets(y, rows);
  const testRows = Number.isInteger(testSize) ? testSize : Math.ceil(testSize * rows);
  if (!isCountOrFraction(testSize, 1) || testRows >= rows) {
    const allowed = `a fraction in (0, 1) or 1 to ${rows - 1} rows, with a row left to train on`;
    throw error('BAD_OPTION', { what: 'testSize', given: testSize, allowed });
  }
  if (stratify !== null && !shuffle) {
    const details = { given: 'labels with shuffle: false', allowed: 'null, or shuffle: true' };
    throw error('BAD_OPTION', { what: 'stratify', ...details });
  }
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  if (shuffle) createRandom(randomState).shuffle(order);
  const test =
    stratify === null
      ? order.subarray(shuffle ? 0 : rows - testRows, shuffle ? testRows : rows)
      : stratified(order, readLabels(stratify, 'stratify', rows), testRows);
  const held = new Set(test);
  const train = order.filter((row) => !held.has(row));
  const parts = [matrix.take(train), matrix.take(test), targets.take(train), targets.take(test)];
  return parts as Split<Y, X>;
}

/** The first rows of each class in `order`; the seats are shared out by largest remainder. */
function stratified(order: Int32Array, labels: readonly Label[], testRows: number): Int32Array {
  const groups = new Map<Label, number[]>();
  for (const row of order) {
    const group = groups.get(labels[row]!);
    if (group) group.push(row);
    else groups.set(labels[row]!, [row]);
  }
  const seats = [...groups.values()].map((group) => {
    const share = (group.length * testRows) / order.length;
    return { group, count: Math.floor(share), remainder: share - Math.floor(share) };
  });
  let free = testRows - seats.reduce((sum, seat) => sum + seat.count, 0);
  for (const seat of [...seats].sort((a, b) => b.remainder - a.remainder)) {
    if (free-- > 0) seat.count += 1;
  }
  const test = new Set(seats.flatMap(({ group, count }) => group.slice(0, count)));
  return order.filter((row) => test.has(row));
}
