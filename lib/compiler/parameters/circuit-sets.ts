/** The gadgets with which computed bits may be made and used: the candidates of the search, cheapest first. */

import type { Gadget } from '../../runtime/program.ts';
import { undominated } from './bit-sets.ts';
import type { Calibration } from './calibration.ts';
import {
  type CircuitCmux,
  type CircuitGadgets,
  circuitCmux,
  log2Group,
  traceRows,
} from './circuit-noise.ts';
import {
  automorphismTime,
  circuitRowsTime,
  cmuxTime,
  evaluationKeyByte,
  ggswConversionTime,
  rowKeyBytes,
} from './cost.ts';
import { modulusSwitchVariance } from './noise.ts';
import { LARGEST_SPLIT_BASE, squareVariance } from './packed-noise.ts';
import type { CircuitRequirement } from './requirements.ts';

/** Gadgets of computed bits, without the lookup class that rotates. */
export interface CircuitSet {
  readonly gadgets: CircuitGadgets;
  /** One CMUX, by the variance of the rotation. */
  readonly cmux: CircuitCmux;
  /** Variance of the modulus switch before the rotation, by dimension of the small key. */
  readonly coarse: number;
  /** Rows and CMUX; keyswitches and rotations are the lookup class's. */
  readonly microseconds: number;
  /** Microseconds and the price of the row keys. */
  readonly price: number;
}

/** GGSW gadgets: what these do not reach, no gadget does that is worth its price. */
const LARGEST_LEVELS = 8;
const LARGEST_BASE = 10;
const GGSW_BITS = { least: 8, most: 32 } as const;
/** Bits that the gadgets of keys cover. */
const KEY_BITS = { least: 24, most: 60 } as const;
const LARGEST_KEY_BASE = 16;
/** More precise keys must make the noise of a CMUX smaller by this factor at least. */
const LEAST_GAIN = 1.05;

/** Gadgets of the keys that make rows, with what they add to a mask and a body row together. */
interface RowKeys {
  readonly automorphism: Gadget;
  readonly square: Gadget;
  readonly variance: number;
  /** Rows and keys. */
  readonly price: number;
}

/**
 * Candidates from the cheapest on; none is worse than another in price, both parts of its CMUX's noise and the modulus
 * switch. `keyByte` is the price of a byte of evaluation key.
 */
export function circuitSets(
  circuit: CircuitRequirement,
  size: number,
  calibration: Calibration,
  keyByte: number = evaluationKeyByte,
): CircuitSet[] {
  const { bitCount, cmuxCount } = circuit;
  const automorphisms = keyGadgets(LARGEST_SPLIT_BASE).map((gadget) => ({
    gadget,
    variance: traceRows(gadget, size),
  }));
  const squares = keyGadgets(LARGEST_KEY_BASE).map((gadget) => ({
    gadget,
    variance: squareVariance(gadget, size),
  }));
  const sets: CircuitSet[] = [];
  for (let levelCount = 1; levelCount <= LARGEST_LEVELS; levelCount += 1) {
    const rowCount = bitCount * levelCount;
    const cmuxes = cmuxCount * cmuxTime(levelCount, size, calibration);
    const keys = rowKeys(automorphisms, squares, rowCount, size, calibration, keyByte);
    for (let baseLog = 2; baseLog <= LARGEST_BASE; baseLog += 1) {
      const gadget = { baseLog, levelCount };
      const bits = baseLog * levelCount;
      if (bits < GGSW_BITS.least || bits > GGSW_BITS.most) continue;
      const coarse = modulusSwitchVariance(1, Math.log2(size) + 1 - log2Group(gadget));
      let last = Infinity;
      for (const { automorphism, square, variance, price } of keys) {
        const cmux = circuitCmux(gadget, variance, size);
        if (cmux.fixed * LEAST_GAIN > last) continue;
        last = cmux.fixed;
        const gadgets = { gadget, automorphism, square };
        const microseconds = bitCount * circuitRowsTime(gadgets, size, calibration) + cmuxes;
        sets.push({ gadgets, cmux, coarse, microseconds, price: price + cmuxes });
      }
    }
  }
  return undominatedInAll(sets);
}

/** The keys that are worth their price where they make `rowCount` rows, cheapest first. */
function rowKeys(
  automorphisms: readonly { readonly gadget: Gadget; readonly variance: number }[],
  squares: readonly { readonly gadget: Gadget; readonly variance: number }[],
  rowCount: number,
  size: number,
  calibration: Calibration,
  keyByte: number,
): RowKeys[] {
  const steps = Math.log2(size);
  const trace = undominated(
    automorphisms.map(({ gadget, variance }) => {
      const row = steps * automorphismTime(gadget.levelCount, size, calibration);
      const bytes = steps * rowKeyBytes(gadget.levelCount, size);
      return { gadget, variance, price: rowCount * row + bytes * keyByte };
    }),
  );
  const conversion = undominated(
    squares.map(({ gadget, variance }) => {
      const row = ggswConversionTime(1, gadget.levelCount, size, calibration);
      return {
        gadget,
        variance,
        price: rowCount * row + rowKeyBytes(gadget.levelCount, size) * keyByte,
      };
    }),
  );
  const pairs = trace.flatMap((automorphism) =>
    conversion.map((square) => ({
      automorphism: automorphism.gadget,
      square: square.gadget,
      variance: automorphism.variance + square.variance,
      price: automorphism.price + square.price,
    })),
  );
  return undominated(pairs);
}

function keyGadgets(largestBase: number): Gadget[] {
  const gadgets: Gadget[] = [];
  for (let baseLog = 2; baseLog <= largestBase; baseLog += 1) {
    const first = Math.ceil(KEY_BITS.least / baseLog);
    for (let levelCount = first; levelCount * baseLog <= KEY_BITS.most; levelCount += 1) {
      gadgets.push({ baseLog, levelCount });
    }
  }
  return gadgets;
}

/** Keeps what no cheaper set equals in every respect, cheapest first. */
function undominatedInAll<T extends Pick<CircuitSet, 'cmux' | 'coarse' | 'price'>>(
  all: readonly T[],
): T[] {
  const kept: T[] = [];
  for (const set of all.toSorted((a, b) => a.price - b.price)) {
    const covered = kept.some(
      ({ cmux, coarse }) =>
        cmux.fixed <= set.cmux.fixed &&
        cmux.perRotation <= set.cmux.perRotation &&
        coarse <= set.coarse,
    );
    if (!covered) kept.push(set);
  }
  return kept;
}
