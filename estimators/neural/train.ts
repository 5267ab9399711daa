/**
 * The training of a network: epochs of minibatches, on the loss of what is returned encrypted later.
 */
import { error } from '../../lib/errors.ts';
import type { OnProgress } from '../../lib/progress.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import type { ArrayLike, Tensor } from '../../tracer/tensor.ts';
import { warn } from '../linear/fitted.ts';
import { type Architecture, type Assembled, assemble } from './assemble.ts';
import type { Network } from './network.ts';
import type { NetworkParameters } from './parameters.ts';
import { createRunner } from './runner.ts';
import { createPace, type Epoch, epochOf, isSettled } from './schedule.ts';
import type { Loss } from './tape/losses.ts';

/** What a network is to learn. */
export interface NetworkTask {
  /** Rows x features. */
  readonly X: Tensor;
  /** Rows x outputs, or the class index of each row. */
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly outputs: number;
  readonly loss: Loss;
  /** Whether y are classes, each of which keeps its share of the rows that are held out. */
  readonly classes: boolean;
  /** How good outputs, [rows, outputs], are for rows, the larger the better. */
  score(outputs: Float64Array, rows: Int32Array): number;
  /** What the outputs of the network are multiplied by, and what is added. */
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/** Options of `fit` of networks. */
export interface NetworkFitOptions {
  /** Of each row, a weight >= 0. */
  readonly sampleWeight?: ArrayLike;
  /** Told of each epoch, as the stage 'train'. */
  readonly onProgress?: OnProgress | undefined;
}

/** What training learned. */
export interface TrainedNetwork {
  readonly network: Network;
  /** Epochs. */
  readonly nIter: number;
  /** The mean loss of the batches of each epoch. */
  readonly lossCurve: readonly number[];
  /** The score on held out rows after each epoch; empty without early stopping. */
  readonly validationScores: readonly number[];
}

/**
 * Trains. Where a loss is huge, or a weight no number any more, it goes back to the epoch before, and warns DIVERGED; where nothing
 * improves by `tol` any more under a step size that does not end by itself, it stops, and otherwise warns NOT_CONVERGED.
 *
 * @throws BAD_OPTION, SHAPE_MISMATCH; DIVERGED where the first epoch diverges
 */
export function trainNetwork(
  name: string,
  task: NetworkTask,
  architecture: Architecture,
  parameters: NetworkParameters,
  onProgress: OnProgress | undefined,
): TrainedNetwork {
  const { maxIter, earlyStopping } = parameters;
  const random = createRandom(parameters.randomState ?? 0);
  const { train, held } = splitRows(name, task, parameters, random);
  const X = rowsOf(task.X, train);
  const net = assemble(name, X, task.outputs, architecture, random);
  const runner = createRunner(net, task, train, parameters, random);
  const pace = createPace(parameters);
  const lossCurve: number[] = [];
  const validationScores: number[] = [];
  let last: Snapshot | null = null;
  let best: Snapshot | null = null;
  let mark = Number.NEGATIVE_INFINITY;
  let ended = false;
  while (lossCurve.length < maxIter && !ended) {
    const epoch = epochOf(lossCurve.length, maxIter);
    const loss = runner.train(epoch, pace.rate(lossCurve.length));
    if (!isSound(net, loss)) {
      const what = { what: name, given: `${loss} as the loss of epoch ${lossCurve.length + 1}` };
      if (last === null) throw error('DIVERGED', what);
      const remedy = 'the epoch before is kept; lower learningRateInit for a better one';
      warn('DIVERGED', { ...what, remedy });
      onProgress?.({ stage: 'train', done: maxIter, total: maxIter });
      break;
    }
    lossCurve.push(loss);
    last = snapshot(net, epoch);
    const score = earlyStopping ? runner.score(epoch, held) : -loss;
    if (earlyStopping) validationScores.push(score);
    if (isSettled(epoch)) {
      if (score > mark) best = last;
      mark = Math.max(mark, score);
      ended = pace.ends(score);
    }
    onProgress?.({ stage: 'train', done: ended ? maxIter : lossCurve.length, total: maxIter });
  }
  const nIter = lossCurve.length;
  if (nIter === maxIter && !ended && pace.converges) {
    warn('NOT_CONVERGED', { what: name, given: `${nIter} iterations` });
  }
  runner.finish(restored(net, (earlyStopping ? best : null) ?? last!));
  return { network: net.written(task.scale, task.shift), nIter, lossCurve, validationScores };
}

/** What changes in training, as it was after an epoch. */
interface Snapshot {
  readonly epoch: Epoch;
  readonly arrays: readonly (Float64Array | Uint8Array)[];
}

function changing({ module }: Assembled): (Float64Array | Uint8Array)[] {
  return [...module.parameters.map(({ value }) => value.data), ...module.figures];
}

function snapshot(net: Assembled, epoch: Epoch): Snapshot {
  return { epoch, arrays: changing(net).map((array) => array.slice()) };
}

/** Goes back; the epoch at that time. */
function restored(net: Assembled, { epoch, arrays }: Snapshot): Epoch {
  changing(net).forEach((array, i) => {
    array.set(arrays[i]!);
  });
  return epoch;
}

/** Losses begin near 1, since targets have the variance 1 and first scores are small; none that learns is ever near this. */
const largestLoss = 1e4;

function isSound(net: Assembled, loss: number): boolean {
  return loss <= largestLoss && changing(net).every((array) => array.every(Number.isFinite));
}

/** Rows that train, and those that are held out with early stopping, some of each class. @throws BAD_OPTION */
function splitRows(
  name: string,
  { y, weights, classes }: NetworkTask,
  { earlyStopping, validationFraction }: NetworkParameters,
  random: Random,
): { readonly train: Int32Array; readonly held: Int32Array } {
  const all = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  if (!earlyStopping) return { train: all, held: new Int32Array(0) };
  const groups = classes
    ? [...new Set(y)].map((own) => all.filter((row) => y[row] === own))
    : [all];
  const chosen = new Set(
    groups.flatMap((group) => {
      const count = Math.min(Math.round(validationFraction * group.length), group.length - 1);
      return Array.from(random.shuffle(group.slice()).subarray(0, count));
    }),
  );
  if (chosen.size > 0) {
    return {
      train: all.filter((row) => !chosen.has(row)),
      held: all.filter((row) => chosen.has(row)),
    };
  }
  throw error('BAD_OPTION', {
    what: `${name}.validationFraction`,
    given: validationFraction,
    allowed: `a fraction of ${all.length} rows that holds some out and leaves some`,
  });
}

function rowsOf({ shape, data }: Tensor, rows: Int32Array): Tensor {
  const features = shape[1]!;
  const own = new Float64Array(rows.length * features);
  rows.forEach((row, i) => {
    own.set(data.subarray(row * features, (row + 1) * features), i * features);
  });
  return { shape: [rows.length, features], data: own };
}
