/** The gadgets with which encrypted bits may travel and be evaluated: the candidates of the search, cheapest first. */

import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import { mapped } from '../mapped.ts';
import type { Calibration } from './calibration.ts';
import { type CmuxNoise, packedCmux, unpackedCmux } from './cmux-noise.ts';
import {
  automorphismTime,
  cmuxTime,
  evaluationKeyByte,
  expansionCount,
  ggswConversionTime,
  packedKeyBytes,
  packedQueryBytes,
  packedTime,
  queryPrice,
  rowKeyBytes,
  unpackedQueryBytes,
  unpackedTime,
} from './cost.ts';
import {
  expansionNoise,
  LARGEST_SPLIT_BASE,
  packedCmuxVariance,
  packedNoise,
  squareVariance,
} from './packed-noise.ts';
import type { BitRequirement } from './requirements.ts';
import { gaussian, type Tail } from './tail.ts';

/** One way to send and evaluate the bits, with the noise of one CMUX. */
export interface BitSet extends CmuxNoise {
  readonly packed: PackedParameters | null;
  readonly unpacked: Gadget | null;
  readonly microseconds: number;
  readonly evaluationKeyBytes: number;
  readonly queryBytes: number;
  /** Microseconds and the prices of the bytes. */
  readonly price: number;
}

/** Bits of a torus element that the keys' gadgets cover: below, rounding would lead (design: la ba >= 48). */
const KEY_GADGET_BITS = 48;
const KEY_BASES = [2, 3, 4, 5, 6, 7, 8, 10, 12, 16] as const;
const LARGEST_LOG2_COEFFICIENTS = 8;
const LARGEST_GGSW_LEVELS = 8;
/** Candidates closer than 1/16 bit in variance count as equal. */
const BUCKETS_PER_BIT = 16;
/** Paths longer than this many distinct bits have near-Gaussian tails: more are not counted on. */
const DISTINCT_BITS = 8;

/**
 * Candidates from the cheapest and noisiest to the dearest and most precise; none is worse than another in both.
 * `bits.cmuxCount` and `bits.bitCount` decide the order of prices; `keyByte` is the price of a byte of evaluation key.
 */
export function bitSets(
  bits: BitRequirement,
  size: number,
  calibration: Calibration,
  keyByte: number = evaluationKeyByte,
): BitSet[] {
  return bits.encoding === 'packed'
    ? packedSets(bits, size, calibration, keyByte)
    : unpackedSets(bits, size, calibration);
}

/** What is random in the variance of a path of `depth` CMUX under `set`. */
export type PathTail = (set: BitSet, depth: number) => Tail;

/** Tails of paths of CMUX; the function keeps what it computed. */
export function pathTails(size: number): PathTail {
  const tails = new Map<BitSet, Map<number, Tail>>();
  return (set, depth) => {
    if (set.packed === null) return gaussian;
    const rows = set.packed.gadget.levelCount * independentBits(depth);
    const known = tails.get(set) ?? new Map<number, Tail>();
    tails.set(set, known);
    let tail = known.get(rows);
    if (tail === undefined) {
      const { share, degrees } = packedNoise(set.packed, size, rows);
      tail = { share, degrees };
      known.set(rows, tail);
    }
    return tail;
  };
}

/** Bits that a path of `depth` CMUX surely depends on. */
export function independentBits(depth: number): number {
  return Math.max(1, Math.min(depth, DISTINCT_BITS));
}

function packedSets(
  bits: BitRequirement,
  size: number,
  calibration: Calibration,
  keyByte: number,
): BitSet[] {
  const automorphisms = Array.from({ length: LARGEST_LOG2_COEFFICIENTS + 1 }, (_, log2) =>
    mapped(
      undominatedKeys(LARGEST_SPLIT_BASE, (gadget) => {
        const { white, aligned, bodyRow } = expansionNoise(gadget, log2, size);
        return white + aligned + bodyRow;
      }),
      (key) => ({
        time: automorphismTime(key.gadget.levelCount, size, calibration),
        keyPrice: rowKeyBytes(key.gadget.levelCount, size) * keyByte,
        ...key,
      }),
    ),
  );
  const squares = mapped(
    undominatedKeys(Infinity, (gadget) => squareVariance(gadget, size)),
    (key) => ({
      levelTime: ggswConversionTime(1, key.gadget.levelCount, size, calibration),
      keyPrice: rowKeyBytes(key.gadget.levelCount, size) * keyByte,
      ...key,
    }),
  );
  const cheapest = new Map<number, { packed: PackedParameters; variance: number; price: number }>();
  for (const gadget of ggswGadgets()) {
    const coefficients = bits.bitCount * gadget.levelCount;
    const cmuxPrice = bits.cmuxCount * cmuxTime(gadget.levelCount, size, calibration);
    const atZero = packedCmuxVariance(gadget, 0, size);
    const perRow = packedCmuxVariance(gadget, 1, size) - atZero;
    for (
      let log2Coefficients = 0;
      log2Coefficients <= LARGEST_LOG2_COEFFICIENTS;
      log2Coefficients += 1
    ) {
      // Half-empty ciphertexts of a larger P only add noise.
      if (log2Coefficients > 0 && 2 ** (log2Coefficients - 1) >= coefficients) break;
      const expansions = expansionCount(coefficients, log2Coefficients);
      const glweCount = Math.ceil(coefficients / 2 ** log2Coefficients);
      const fixed = cmuxPrice + queryPrice(16 + glweCount * size * 8);
      for (const automorphism of automorphisms[log2Coefficients] ?? []) {
        const expanded =
          fixed + expansions * automorphism.time + log2Coefficients * automorphism.keyPrice;
        for (const square of squares) {
          const variance = atZero + perRow * (automorphism.variance + square.variance);
          const price = expanded + coefficients * square.levelTime + square.keyPrice;
          const bucket = Math.floor(Math.log2(variance) * BUCKETS_PER_BIT);
          const known = cheapest.get(bucket);
          if (known !== undefined && price >= known.price) continue;
          const packed = {
            log2Coefficients,
            gadget,
            automorphism: automorphism.gadget,
            square: square.gadget,
          };
          cheapest.set(bucket, { packed, variance, price });
        }
        // Without an expansion there is no automorphism key.
        if (log2Coefficients === 0) break;
      }
    }
  }
  const sets = undominated([...cheapest.values()]);
  return sets.map(({ packed, price }) => ({
    packed,
    unpacked: null,
    price,
    microseconds: packedTime(packed, bits.bitCount, bits.cmuxCount, size, calibration),
    evaluationKeyBytes: packedKeyBytes(packed, size),
    queryBytes: packedQueryBytes(packed, bits.bitCount, size),
    ...packedCmux(packed, size),
  }));
}

/**
 * Gadgets of keys, each with less noise than all with as few levels. Per base, the fewest levels that cover enough
 * bits, and one more: s^2 needs it where P is small.
 */
function undominatedKeys(
  largestBase: number,
  varianceOf: (gadget: Gadget) => number,
): { gadget: Gadget; variance: number }[] {
  const keys = KEY_BASES.filter((baseLog) => baseLog <= largestBase).flatMap((baseLog) => {
    const fewest = Math.ceil(KEY_GADGET_BITS / baseLog);
    return [fewest, fewest + 1].map((levelCount) => {
      const gadget = { baseLog, levelCount };
      return { gadget, price: levelCount, variance: varianceOf(gadget) };
    });
  });
  return undominated(keys);
}

function unpackedSets(bits: BitRequirement, size: number, calibration: Calibration): BitSet[] {
  const sets: BitSet[] = [];
  for (let levelCount = 1; levelCount <= LARGEST_GGSW_LEVELS; levelCount += 1) {
    for (let baseLog = 3; baseLog <= 26 && baseLog * levelCount <= 54; baseLog += 1) {
      const gadget = { baseLog, levelCount };
      const queryBytes = unpackedQueryBytes(gadget, bits.bitCount, size);
      const microseconds = unpackedTime(gadget, bits.bitCount, bits.cmuxCount, size, calibration);
      sets.push({
        packed: null,
        unpacked: gadget,
        microseconds,
        evaluationKeyBytes: 0,
        queryBytes,
        // Unpacked queries are chosen by hand, for precision: their size is no reason against them.
        price: microseconds + queryBytes * 1e-3,
        ...unpackedCmux(gadget, size),
      });
    }
  }
  return undominated(sets);
}

function ggswGadgets(): Gadget[] {
  const gadgets: Gadget[] = [];
  for (let levelCount = 1; levelCount <= LARGEST_GGSW_LEVELS; levelCount += 1) {
    for (let baseLog = 2; baseLog <= 15; baseLog += 1) {
      const bits = baseLog * levelCount;
      if (bits >= 8 && bits <= 36) gadgets.push({ baseLog, levelCount });
    }
  }
  return gadgets;
}

/** Keeps what has less noise than everything cheaper, cheapest first. */
export function undominated<T extends { readonly price: number; readonly variance: number }>(
  all: readonly T[],
): T[] {
  let least = Infinity;
  return all
    .toSorted((a, b) => a.price - b.price || a.variance - b.variance)
    .filter(({ variance }) => {
      if (variance >= least) return false;
      least = variance;
      return true;
    });
}
