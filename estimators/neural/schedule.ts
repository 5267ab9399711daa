/**
 * How training goes on from epoch to epoch: first real numbers, then grids, pruning meanwhile, at last with figures held fast.
 */
import type { Pass, Stage } from './modules/module.ts';
import type { NetworkParameters } from './parameters.ts';

/** How the step size changes. */
export type NetworkLearningRate = 'cosine' | 'constant' | 'adaptive';

/** One epoch. */
export interface Epoch extends Stage {
  readonly normalizes: Pass['normalizes'];
}

/** Shares of all epochs at which a stage begins. */
const starts = { pruning: 0.1, grids: 0.2, pruned: 0.5, fixed: 0.75 };

/** The stage of an epoch of `total`, from 0 on. */
export function epochOf(epoch: number, total: number): Epoch {
  const at = (share: number): number => Math.floor(share * total);
  const ramp = at(starts.pruned) - at(starts.pruning);
  const done = ramp === 0 ? 1 : Math.min(Math.max((epoch - at(starts.pruning)) / ramp, 0), 1);
  return {
    quantized: epoch >= at(starts.grids),
    // Quick while there is much to spare, slow in the end (Zhu and Gupta, "To prune, or not to prune", 2017).
    pruned: 1 - (1 - done) ** 3,
    normalizes: epoch >= at(starts.fixed) ? 'running' : 'batch',
  };
}

/** Whether the network has its final form, so that its losses and scores can be compared. */
export function isSettled({ quantized, pruned }: Stage): boolean {
  return quantized && pruned === 1;
}

/** How fast to go, and when to stop. */
export interface Pace {
  /** The step size of an epoch, from 0 on. */
  rate(epoch: number): number;
  /** Told of the score of each epoch with its final form, whether it was the last. */
  ends(score: number): boolean;
  /** Whether it should have ended before the last epoch. */
  readonly converges: boolean;
}

/** Steps of 'adaptive' are divided by 5 where nothing improves, until they are this small. */
const smallestStep = 1e-6;

/** The pace of a training that has not begun. */
export function createPace({
  learningRate,
  learningRateInit,
  maxIter,
  tol,
  nIterNoChange,
  earlyStopping,
}: NetworkParameters): Pace {
  const converges = learningRate !== 'cosine' || earlyStopping;
  let divisor = 1;
  let best = Number.NEGATIVE_INFINITY;
  let unchanged = 0;
  return {
    converges: learningRate !== 'cosine',
    // Half a wave, which comes to rest at the end (Loshchilov and Hutter, "SGDR", 2017).
    rate: (epoch) =>
      learningRate === 'cosine'
        ? (learningRateInit / 2) * (1 + Math.cos((Math.PI * epoch) / maxIter))
        : learningRateInit / divisor,
    ends: (score) => {
      unchanged = score >= best + tol ? 0 : unchanged + 1;
      best = Math.max(best, score);
      if (!converges || unchanged < nIterNoChange) return false;
      if (learningRate !== 'adaptive' || learningRateInit / divisor <= smallestStep) return true;
      divisor *= 5;
      unchanged = 0;
      return false;
    },
  };
}
