/**
 * Impurities of numbers that sums over rows tell.
 */
import { type Criterion, epsilon } from './criterion.ts';

/** Targets of the rows, rows x outputs, and the weight of each row. */
export interface ValueTargets {
  readonly values: Float64Array;
  readonly outputs: number;
  readonly sampleWeight: Float64Array;
}

/**
 * 'squaredError': the variance. 'friedmanMse': the same, but splits are compared by the squared difference between the
 * means of both sides, of all outputs together: Friedman, "Greedy function approximation" (2001), equation 35. 'poisson':
 * half the deviance, the mean of y log(y / mean), for targets of at least 0. Each is the mean over outputs.
 */
export type ValueImpurity = 'squaredError' | 'friedmanMse' | 'poisson';

/** The criterion of an impurity of numbers; a node's value is the weighted mean of each output. */
export function valueCriterion(impurity: ValueImpurity, targets: ValueTargets): Criterion {
  const { outputs } = targets;
  const poisson = impurity === 'poisson';
  // Around their mean, squares do not cancel; logarithms need the targets themselves.
  const shift = poisson ? new Float64Array(outputs) : means(targets);
  const width = outputs + 2;
  const amounts = rowAmounts(targets, shift, poisson ? timesLog : square);
  const massOf = poisson ? devianceMass : varianceMass;
  const gainOf = impurity === 'friedmanMse' ? friedmanGain : gainBy(massOf);
  const all = new Float64Array(width);
  const left = new Float64Array(width);
  const right = new Float64Array(width);
  const restart = (): void => {
    left.fill(0);
    right.set(all);
  };
  return {
    absoluteGain: impurity === 'friedmanMse',
    restart,
    start(rows, start, end) {
      all.fill(0);
      for (let i = start; i < end; i++) {
        for (let j = 0, at = rows[i]! * width; j < width; j++) all[j]! += amounts[at + j]!;
      }
      restart();
      const weight = all[0]!;
      // Rounding would leave something of equal targets, and they would be split for it.
      const pure = sameTargets(targets, rows, start, end);
      return {
        weight,
        impurity: pure ? 0 : Math.max(massOf(all) / weight, 0),
        value: Array.from(shift, (around, k) => around + all[k + 1]! / weight),
      };
    },
    move(sorted, from, to) {
      for (let i = from; i < to; i++) {
        for (let j = 0, at = sorted[i]! * width; j < width; j++) {
          const amount = amounts[at + j]!;
          left[j]! += amount;
          right[j]! -= amount;
        }
      }
    },
    sides: () => [shift[0]! + left[1]! / left[0]!, shift[0]! + right[1]! / right[0]!],
    weight: () => all[0]!,
    leftWeight: () => left[0]!,
    gain: () => gainOf(all, left, right),
  };
}

function means({ values, outputs }: ValueTargets): Float64Array {
  const sums = new Float64Array(outputs);
  for (let i = 0; i < values.length; i++) sums[i % outputs]! += values[i]!;
  return sums.map((sum) => sum / (values.length / outputs));
}

function sameTargets(
  { values, outputs }: ValueTargets,
  rows: Int32Array,
  start: number,
  end: number,
): boolean {
  const first = rows[start]! * outputs;
  for (let i = start + 1; i < end; i++) {
    for (let k = 0, at = rows[i]! * outputs; k < outputs; k++) {
      if (values[at + k] !== values[first + k]) return false;
    }
  }
  return true;
}

/** Of each row: weight, weight x target of each output, and weight x `term`, summed over outputs. */
function rowAmounts(
  { values, outputs, sampleWeight }: ValueTargets,
  shift: Float64Array,
  term: (target: number) => number,
): Float64Array {
  const width = outputs + 2;
  const amounts = new Float64Array(sampleWeight.length * width);
  for (let row = 0; row < sampleWeight.length; row++) {
    const weight = sampleWeight[row]!;
    amounts[row * width] = weight;
    for (let k = 0; k < outputs; k++) {
      const target = values[row * outputs + k]! - shift[k]!;
      amounts[row * width + k + 1] = weight * target;
      amounts[row * width + outputs + 1]! += weight * term(target);
    }
  }
  return amounts;
}

function square(target: number): number {
  return target * target;
}

function timesLog(target: number): number {
  return target > 0 ? target * Math.log(target) : 0;
}

/** Weight x variance. */
function varianceMass(sums: Float64Array): number {
  const outputs = sums.length - 2;
  let mass = sums[outputs + 1]!;
  for (let k = 1; k <= outputs; k++) mass -= (sums[k]! * sums[k]!) / sums[0]!;
  return mass / outputs;
}

/** Weight x half the deviance; infinite where a mean is 0. */
function devianceMass(sums: Float64Array): number {
  const outputs = sums.length - 2;
  let mass = sums[outputs + 1]!;
  for (let k = 1; k <= outputs; k++) {
    if (sums[k]! <= epsilon) return Number.POSITIVE_INFINITY;
    mass -= sums[k]! * Math.log(sums[k]! / sums[0]!);
  }
  return mass / outputs;
}

type Gain = (all: Float64Array, left: Float64Array, right: Float64Array) => number;

function gainBy(massOf: (sums: Float64Array) => number): Gain {
  return (all, left, right) => massOf(all) - massOf(left) - massOf(right);
}

/** w_left w_right / (w_left + w_right) x the squared difference of means. */
function friedmanGain(all: Float64Array, left: Float64Array, right: Float64Array): number {
  const outputs = all.length - 2;
  let difference = 0;
  for (let k = 1; k <= outputs; k++) difference += left[k]! / left[0]! - right[k]! / right[0]!;
  return (((left[0]! * right[0]!) / all[0]!) * difference ** 2) / outputs ** 2;
}
