/**
 * Boosted trees of features that a monotone map made.
 */
import type { FeatureMap } from '../featureMap.ts';
import { comparisonQuantizer } from '../quantize/comparisons.ts';
import { beforeMonotone } from '../quantize/fold.ts';
import type { BoostedState } from './train.ts';
import type { BoostedTree } from './trees.ts';

/** The same trees on the features before the map; null where it is none that thresholds take over, missing values included. */
export function boostedBefore<S extends BoostedState>(state: S, map: FeatureMap): S | null {
  if (map.kind !== 'monotone' || !map.takesMissing) return null;
  const rounds: BoostedTree[][] = [];
  for (const round of state.rounds) {
    const trees: BoostedTree[] = [];
    for (const tree of round) {
      const splits = beforeMonotone(tree, map);
      if (splits === null) return null;
      trees.push({ ...tree, ...splits });
    }
    rounds.push(trees);
  }
  return {
    ...state,
    nFeaturesIn: map.inputs,
    rounds,
    quantizer: comparisonQuantizer(rounds.flat()),
  };
}
