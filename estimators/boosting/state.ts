/**
 * Tests of boosted trees that come from JSON.
 */
import { comparisonQuantizer } from '../quantize/comparisons.ts';
import { integerLeaf } from '../quantize/leafSums.ts';
import {
  hasKeys,
  isCount,
  isList,
  isNumbers,
  isPositive,
  isSame,
  type StateTable,
} from '../state.ts';
import { isImportances, isNodes, nodeKeys } from '../tree/state.ts';
import type { BoostedState } from './train.ts';
import type { BoostedTree } from './trees.ts';

/** Tests of `BoostedState`, whose trees split by so many features. */
export const boostedState: StateTable<BoostedState & { readonly nFeaturesIn: number }> = {
  nFeaturesIn: (value) => isCount(value, 1),
  start: (value) => isNumbers(value, null) && value.length > 0,
  rounds: (value, { start, nFeaturesIn }) =>
    isList(value, null, (round) =>
      isList(round, start.length, (tree) => isBoostedTree(tree, nFeaturesIn)),
    ) && value.length > 0,
  nEstimators: (value, { rounds }) => value === rounds.length,
  trainLoss: (value) => isNumbers(value, null),
  validationLoss: (value) => isNumbers(value, null),
  featureImportances: isImportances,
  quantizer: (value, { rounds }) => isSame(value, comparisonQuantizer(rounds.flat())),
  leafSums: (value, { start, rounds }) => {
    if (!hasKeys(value, ['scale', 'offset']) || !isPositive(value.scale)) return false;
    const { scale, offset } = value as BoostedState['leafSums'];
    const most = start.map((first, k) =>
      rounds.reduce(
        (sum, round) => sum + Math.max(...round[k]!.value.map((leaf) => Math.abs(leaf / scale))),
        Math.abs(first / scale),
      ),
    );
    return (
      isSame(
        offset,
        start.map((first) => integerLeaf(first, scale)),
      ) && most.every((sum) => sum < 2 ** 52)
    );
  },
};

function isBoostedTree(value: unknown, features: number): value is BoostedTree {
  if (!hasKeys(value, [...nodeKeys, 'missingLeft', 'value', 'gain'])) return false;
  if (!isNodes(value, features)) return false;
  const { length } = value.feature as readonly unknown[];
  return (
    isList(value.missingLeft, length, (left) => typeof left === 'boolean') &&
    isNumbers(value.value, length) &&
    isNumbers(value.gain, length)
  );
}
