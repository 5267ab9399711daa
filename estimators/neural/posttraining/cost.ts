/**
 * What a network in integers costs, quickly and roughly: the compiler's prices without its plan.
 */
import { type Prices, pricesFor } from '../../../lib/compiler/lower/prices.ts';
import { cheapestWay } from '../../../lib/compiler/lower/tables.ts';
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import type { Lookups } from '../lower/integers.ts';
import { lowerNetwork } from '../lower/lower.ts';
import { raisePools } from '../lower/pools.ts';
import type { Network } from '../network.ts';
import { windowsCost } from '../windows/model.ts';

/** log2 of the failure of one lookup for which prices are: 2^-40 for a run of a thousand. */
const log2Failure = -50;

/** Bits of results of computed bits that are read as they are. */
const gateWidth = 8;

/**
 * Microseconds for one row on one thread, by the compiler's prices. A network that is a sum of tables of its inputs costs what
 * these do. Of others, a table costs, of a sum of inputs alone, a table is a lookup or a
 * decision diagram, whichever is cheaper; any other table what the cheapest of its ways costs. The compiler also sees what
 * tables have in common, so that what `statistics.microseconds` of a circuit says may be less.
 */
export function estimatedMicroseconds(network: Network): number {
  const prices = pricesFor(2048, 'packed', log2Failure, defaultCalibration);
  const windows = windowsCost(network);
  if (windows !== null) return windows.cmux * prices.cmux + windows.bits * prices.bit;
  const { program, output } = lowerNetwork(raisePools(network));
  let sum = 0;
  for (const { lookups } of program.arrays) {
    if (lookups !== undefined) sum += priceOf(lookups, prices);
  }
  // Without tables, inputs travel as numbers, and each output is a product.
  if (sum === 0) return output.classes.length * prices.dot;
  return sum + program.arrays[0]!.freshBits!.reduce((a, b) => a + b, 0) * prices.bit;
}

function priceOf({ entries, tableOf, keyOf, count, freshBits }: Lookups, prices: Prices): number {
  const known = new Map<string, number>();
  let sum = 0;
  entries.forEach((size, e) => {
    const key = keyOf?.(e) ?? `${size}`;
    let looked = known.get(key);
    if (looked === undefined) {
      // A table of a difference is that of max(x, 0).
      const table =
        tableOf?.(e) ?? Float64Array.from({ length: size }, (_, i) => Math.max(0, i - size / 2));
      looked = tablePrice(table, prices);
      known.set(key, looked);
    }
    // A diagram of a sum has at most a node for each bit and partial sum, on average of half of the sums.
    const diagram =
      freshBits === undefined ? Number.POSITIVE_INFINITY : (freshBits[e]! * size * prices.cmux) / 2;
    sum += count * Math.min(looked, diagram);
  });
  return sum;
}

/** The price of a table of a computed value. */
function tablePrice(values: Float64Array, prices: Prices): number {
  const [min, max] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as readonly [number, number],
  );
  if (min === max) return 0;
  const index = { terms: [], constant: 0 };
  const way = cheapestWay({ kind: 'table', index, values, min, max, node: 0 }, gateWidth, prices);
  return way?.price ?? Number.POSITIVE_INFINITY;
}
