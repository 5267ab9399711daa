/**
 * Passes over rows: those that train, those that judge, and the one that measures what normalization goes by in the end.
 */
import type { Random } from '../../lib/random.ts';
import type { Assembled } from './assemble.ts';
import type { Pass } from './modules/module.ts';
import { createOptimizer } from './optimizer.ts';
import type { NetworkParameters } from './parameters.ts';
import { type Epoch, isSettled } from './schedule.ts';
import { backward, constant, createTape, type Value } from './tape/tape.ts';
import type { NetworkTask } from './train.ts';

/** What can be done with a network in training. */
export interface Runner {
  /** One epoch; the mean loss of its batches. */
  train(epoch: Epoch, rate: number): number;
  /** The score on rows, as the network would answer now. */
  score(epoch: Epoch, rows: Int32Array): number;
  /** Brings a network whose last epoch was this one into its final form. */
  finish(epoch: Epoch): void;
}

/** Fewest and most rows of a batch unless told otherwise, and the least number of batches in between. */
const autoBatch = { least: 16, most: 64, batches: 16 };
/** Most rows that normalization is measured on: all of them are on the tape at once. */
const measuredRows = 1024;

/** A runner that has made no pass. */
export function createRunner(
  net: Assembled,
  task: NetworkTask,
  train: Int32Array,
  { shuffle, ...parameters }: NetworkParameters,
  random: Random,
): Runner {
  const entered = net.enter(task.X);
  const features = task.X.shape[1]!;
  const width = task.y.length / task.X.shape[0]!;
  const optimize = createOptimizer(parameters);
  const order = train.slice();
  const size = parameters.batchSize === 'auto' ? batchOf(order.length) : parameters.batchSize;
  const batches = Math.ceil(order.length / size);
  // Weights count beside their mean, so that it is not them that make steps longer.
  const mean = train.reduce((sum, row) => sum + task.weights[row]!, 0) / train.length;
  let measured = false;

  const forward = (rows: Int32Array, pass: Omit<Pass, 'tape' | 'weights'>) => {
    const x = constant([rows.length, ...net.inputShape], new Float64Array(rows.length * features));
    const y = new Float64Array(rows.length * width);
    rows.forEach((row, i) => {
      x.data.set(entered.subarray(row * features, (row + 1) * features), i * features);
      y.set(task.y.subarray(row * width, (row + 1) * width), i * width);
    });
    const weights = Float64Array.from(rows, (row) => task.weights[row]! / mean);
    const tape = createTape();
    const outputs: Value = net.module.forward(x, { ...pass, tape, weights });
    return { tape, outputs, targets: { y, weights } };
  };
  /** Figures of normalization, from one pass over rows in the form that the network has. */
  const measure = (epoch: Epoch): void => {
    const rows = random.shuffle(train.slice()).subarray(0, measuredRows);
    forward(rows, { ...epoch, normalizes: 'measured' });
    measured = true;
  };

  return {
    train: (epoch, rate) => {
      net.module.settle(epoch);
      if (epoch.normalizes === 'running' && !measured) measure(epoch);
      if (shuffle) random.shuffle(order);
      let total = 0;
      for (let batch = 0; batch < batches; batch++) {
        const at = (index: number): number => Math.floor((index * order.length) / batches);
        const rows = order.subarray(at(batch), at(batch + 1));
        const { tape, outputs, targets } = forward(rows, epoch);
        const loss = task.loss(tape, outputs, targets);
        backward(tape, loss);
        optimize(net.module.parameters, rate);
        total += loss.data[0]! * rows.length;
      }
      return total / order.length;
    },
    score: (epoch, rows) => {
      const all = new Float64Array(rows.length * task.outputs);
      for (let from = 0; from < rows.length; from += measuredRows) {
        const some = rows.subarray(from, from + measuredRows);
        const { outputs } = forward(some, { ...epoch, normalizes: 'running' });
        all.set(outputs.data, from * task.outputs);
      }
      return task.score(all, rows);
    },
    finish: (epoch) => {
      if (isSettled(epoch) && epoch.normalizes === 'running') return;
      const last = { ...epoch, quantized: true, pruned: 1 };
      if (!isSettled(epoch)) net.module.settle(last);
      measure(last);
    },
  };
}

/** Rows of a batch, of so many rows in all: few rows need small batches, so that there are steps enough. */
function batchOf(rows: number): number {
  const { least, most, batches } = autoBatch;
  return Math.min(Math.max(Math.floor(rows / batches), least), most);
}
