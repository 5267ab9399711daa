/**
 * What a network in integers costs, quickly and roughly: the compiler's prices without its plan.
 */

import { largestPrecision, type Prices, pricesFor } from '../../../lib/compiler/lower/prices.ts';
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import type { Lookups } from '../lower/integers.ts';
import { lowerNetwork } from '../lower/lower.ts';
import { raisePools } from '../lower/pools.ts';
import type { Network } from '../network.ts';

/** log2 of the failure of one lookup for which prices are: 2^-40 for a run of a thousand. */
const log2Failure = -50;

/**
 * Microseconds for one row on one thread, by the prices of lookups and of choices: of a sum of inputs alone, a table is a
 * lookup or a decision diagram, whichever is cheaper. The compiler knows better ways for some tables, so that what
 * `statistics.microseconds` of a circuit says may be less.
 */
export function estimatedMicroseconds(network: Network): number {
  const prices = pricesFor(2048, 'packed', log2Failure, defaultCalibration);
  const { program } = lowerNetwork(raisePools(network));
  let sum = 0;
  for (const { lookups } of program.arrays) {
    if (lookups !== undefined) sum += priceOf(lookups, prices);
  }
  const [input] = program.arrays;
  return sum + (sum > 0 ? input!.freshBits!.reduce((a, b) => a + b, 0) * prices.bit : 0);
}

function priceOf({ entries, count, freshBits }: Lookups, prices: Prices): number {
  let sum = 0;
  entries.forEach((own, e) => {
    if (own <= 1) return;
    const bits = Math.ceil(Math.log2(own));
    const lookup = bits <= largestPrecision ? prices.lookup(Math.max(1, bits)) : bits * prices.gate;
    // A diagram of a sum has at most a node for each bit and partial sum, on average of half of the sums.
    const diagram =
      freshBits === undefined ? Number.POSITIVE_INFINITY : (freshBits[e]! * own * prices.cmux) / 2;
    sum += count * Math.min(lookup, diagram);
  });
  return sum;
}
