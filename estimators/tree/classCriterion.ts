/**
 * Impurities of class labels.
 */
import type { Criterion } from './criterion.ts';

/** 'gini': 1 - sum p^2. 'entropy', and 'logLoss', which is the same: -sum p log2 p. */
export type ClassImpurity = 'gini' | 'entropy' | 'logLoss';

/** Labels of the rows as class indices, and the weight of each row. */
export interface ClassTargets {
  readonly indices: Int32Array;
  readonly classes: number;
  readonly sampleWeight: Float64Array;
}

/** The criterion of an impurity of classes; a node's value are the shares of the classes in its weight. */
export function classCriterion(impurity: ClassImpurity, targets: ClassTargets): Criterion {
  const { indices, classes, sampleWeight } = targets;
  const massOf = impurity === 'gini' ? giniMass : entropyMass;
  const all = new Float64Array(classes);
  const left = new Float64Array(classes);
  const right = new Float64Array(classes);
  let weight = 0;
  let mass = 0;
  let leftWeight = 0;
  const restart = (): void => {
    left.fill(0);
    right.set(all);
    leftWeight = 0;
  };
  return {
    absoluteGain: false,
    restart,
    start(rows, start, end) {
      all.fill(0);
      for (let i = start; i < end; i++) all[indices[rows[i]!]!]! += sampleWeight[rows[i]!]!;
      weight = sum(all);
      mass = massOf(all, weight);
      restart();
      return {
        weight,
        impurity: Math.max(mass / weight, 0) + 0,
        value: Array.from(all, (own) => own / weight),
      };
    },
    move(sorted, from, to) {
      for (let i = from; i < to; i++) {
        const row = sorted[i]!;
        const index = indices[row]!;
        const moved = sampleWeight[row]!;
        left[index]! += moved;
        right[index]! -= moved;
        leftWeight += moved;
      }
    },
    sides: () => [left[1]! / leftWeight, right[1]! / (weight - leftWeight)],
    weight: () => weight,
    leftWeight: () => leftWeight,
    gain: () => mass - massOf(left, leftWeight) - massOf(right, weight - leftWeight),
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** total x gini. */
function giniMass(weights: Float64Array, total: number): number {
  let squares = 0;
  for (let c = 0; c < weights.length; c++) squares += weights[c]! * weights[c]!;
  return total - squares / total;
}

/** total x entropy. */
function entropyMass(weights: Float64Array, total: number): number {
  let mass = 0;
  for (let c = 0; c < weights.length; c++) {
    const own = weights[c]!;
    // Next to a huge one, a tiny weight has the share 0.
    if (own / total > 0) mass -= own * Math.log2(own / total);
  }
  return mass;
}
