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

/** Coefficients of a ciphertext, and most ciphertexts of a drum. */
const coefficients = 2048;
const mostParts = 8;

/**
 * Microseconds for one row on one thread, by the compiler's prices. A network that is a sum of tables of its inputs costs what
 * these do. Of others, a table of a sum of inputs is a drum that their bits turn; any other table costs what the cheapest of
 * its ways does. The compiler also sees what tables have in common, and chooses parameters, so that what
 * `statistics.microseconds` of a circuit says may be a third as much or twice as much.
 */
export function estimatedMicroseconds(network: Network): number {
  const prices = pricesFor(2048, 'packed', log2Failure, defaultCalibration);
  const windows = windowsCost(network);
  if (windows !== null) return windows.cmux * prices.cmux + windows.bits * prices.bit;
  const { program, output } = lowerNetwork(raisePools(network));
  const inputs = program.arrays[0]!.freshBits!;
  let sum = 0;
  for (const { lookups } of program.arrays) {
    if (lookups !== undefined) sum += priceOf(lookups, inputs[0]!, prices);
  }
  // Without tables, inputs travel as numbers, and each output is a product.
  if (sum === 0) return output.classes.length * prices.dot;
  return sum + inputs.reduce((a, b) => a + b, 0) * prices.bit;
}

function priceOf(lookups: Lookups, inputBits: number, prices: Prices): number {
  const { entries, tableOf, keyOf, count, components = 1, freshBits } = lookups;
  const known = new Map<string, number>();
  const lookedUp = (size: number, e: number): number => {
    const key = keyOf?.(e) ?? `${size}`;
    let price = known.get(key);
    if (price === undefined) {
      // A table of a difference is that of max(x, 0).
      const table =
        tableOf?.(e) ?? Float64Array.from({ length: size }, (_, i) => Math.max(0, i - size / 2));
      price = components * tablePrice(table, prices);
      known.set(key, price);
    }
    return price;
  };
  let sum = 0;
  entries.forEach((size, e) => {
    const cmux = drumCmux(size, freshBits?.[e], inputBits, components);
    const drum = cmux * prices.cmux;
    sum += count * (Number.isFinite(drum) ? drum : lookedUp(size, e));
  });
  return sum;
}

/**
 * CMUX of a drum that so many bits turn; infinite where it has no room. Bits of odd weights turn all of its ciphertexts, others
 * fewer, and half of all weights are odd.
 */
function drumCmux(
  entries: number,
  bits: number | undefined,
  inputBits: number,
  components: number,
): number {
  if (bits === undefined) return Number.POSITIVE_INFINITY;
  const slots = 2 ** Math.ceil(Math.log2(components));
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2((slots * entries) / coefficients)));
  if (parts > mostParts) {
    // Each component by itself.
    if (components > 1) return components * drumCmux(entries, bits, inputBits, 1);
    return Number.POSITIVE_INFINITY;
  }
  let turned = 0;
  for (let bit = 0; bit < inputBits; bit++) {
    for (let twos = 0; twos < 8; twos++) {
      turned += Math.max(1, parts / 2 ** (bit + twos)) / 2 ** Math.min(twos + 1, 7);
    }
  }
  return (bits * turned) / inputBits;
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
