/** How close a case has to come, in points: hundredths of accuracy, R^2 or whatever its score is. */
import { type AccuracyCase, foldCount, predictorOf } from './cases.ts';

/** What quantization may cost, on average over the folds. */
export const quantizationLimit = 0.5;

/** What coefficients of convex problems may differ by, as a share of the largest. */
export const coefficientLimit = 1e-3;

/** How far a score may be from the other library's, on average over the folds: trees choose among splits that are as good. */
export function scoreLimit(each: AccuracyCase): number {
  return /Tree|Forest|Boosting|KMeans|MLP/.test(predictorOf(each)[0]) ? 1 : 0.3;
}

/**
 * How far a difference from the reference, ours less the other's, is off. Networks may be better: few bits keep them from
 * learning rows by heart.
 */
export function offBy(each: AccuracyCase, difference: number): number {
  return predictorOf(each)[0].startsWith('MLP') ? Math.max(-difference, 0) : Math.abs(difference);
}

/**
 * What scores that depend on a seed may differ by chance: three standard errors of the difference of two means, one over so
 * many seeds of ours and one over those of the other library.
 */
export function chance({ seeds, sds }: AccuracyCase, ownSeeds: number): number {
  if (seeds === undefined || sds === undefined) return 0;
  const variance = sds.reduce((sum, sd) => sum + sd ** 2 * (1 / ownSeeds + 1 / seeds), 0);
  return (300 * Math.sqrt(variance)) / foldCount;
}

/** The same on one fold with one seed: twice the limit, or two rows, and three standard errors. */
export function foldLimit(each: AccuracyCase, fold: number, rows: number): number {
  const { seeds, sds } = each;
  const byChance = seeds === undefined ? 0 : 300 * sds![fold]! * Math.sqrt(1 + 1 / seeds);
  return Math.max(2 * scoreLimit(each), 200 / rows + 1e-9) + byChance;
}

/** What labels alone may cost: one label of a hundred may be another before a narrower sum is no good. */
export function labelLimit(each: AccuracyCase): number {
  // Densities of pixels that are always empty differ by more than sums that are compared can hold; fit warns of it.
  const isLost = each.set === 'digits' && predictorOf(each)[0] === 'GaussianNB';
  return isLost ? 100 : 1;
}
