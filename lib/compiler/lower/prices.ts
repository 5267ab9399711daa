/**
 * What the engines cost when the compiler chooses between them: microseconds on one thread, with typical
 * parameters, since the real ones are chosen afterwards.
 */
import type { PackedParameters } from '../../runtime/program.ts';
import type { Calibration } from '../parameters/calibration.ts';
import {
  automorphismTime,
  blindRotationTime,
  choiceTime,
  circuitRowsTime,
  cmuxTime,
  ggswConversionTime,
  keyswitchTime,
  linearTime,
  lonelinessTime,
} from '../parameters/cost.ts';
import { bestLookupSet, lookupTables } from '../parameters/lookup-sets.ts';
import { marginFor } from '../parameters/special.ts';
import { cellOfBit } from './diagram.ts';
import { workOf } from './summary.ts';
import type { Values } from './value.ts';

/**
 * How inputs travel where they are not only summed.
 *
 * - `packed`: as bits, 16 KB per 64 to 256 coefficients, which the server expands with a key of about 1 MB.
 * - `unpacked`: as bits, 32 KB or more each; no evaluation key, and less noise.
 * - `values`: 8 bytes each; every function then is a table lookup, slower and with a key of tens of megabytes.
 */
export type QueryForm = 'packed' | 'unpacked' | 'values';
export const queryForms: readonly QueryForm[] = ['packed', 'unpacked', 'values'];

export interface Prices {
  readonly cmux: number;
  /** A choice by a clear bit. */
  readonly choice: number;
  /** Bits of a table that one polynomial holds. */
  readonly tableBits: number;
  /** One encrypted input bit, made ready for CMUX. */
  readonly bit: number;
  readonly dot: number;
  /** One rotation of a table of `precision` bits, with its keyswitch; 0 is one bit without padding. */
  readonly lookup: (precision: number) => number;
  /** One computed bit, extracted and made ready for CMUX by circuit bootstrapping. */
  readonly gate: number;
}

const typicalPacked: PackedParameters = {
  log2Coefficients: 6,
  gadget: { baseLog: 8, levelCount: 3 },
  automorphism: { baseLog: 6, levelCount: 8 },
  square: { baseLog: 8, levelCount: 6 },
};

/** What circuit bootstraps of outputs of some ten bits typically get. */
const typicalCircuit = {
  lweDimension: 592,
  bootstrap: { baseLog: 12, levelCount: 3 },
  keyswitch: { baseLog: 2, levelCount: 5 },
  gadget: { baseLog: 4, levelCount: 5 },
  automorphism: { baseLog: 7, levelCount: 6 },
  square: { baseLog: 14, levelCount: 3 },
} as const;

/** Widest lookup: beyond, a rotation takes longer than the bits of its index one by one. */
export const largestPrecision = 10;

/** Widest value that is refreshed by one lookup: one bit more takes longer than all bits one by one. */
export const largestRefreshed = 8;

/** Squared weight with which results of lookups typically reach the next one. */
const typicalWeight = 2;

/** Lookups that typically share keys and passes over them. */
const typicalCount = 4;

/** Prices under a failure probability of 2^log2Failure for each rounding. */
export function pricesFor(
  polynomialSize: number,
  query: QueryForm,
  log2Failure: number,
  calibration: Calibration,
): Prices {
  const levels = query === 'packed' ? typicalPacked.gadget.levelCount : 2;
  const packedBit =
    levels * automorphismTime(typicalPacked.automorphism.levelCount, polynomialSize, calibration) +
    ggswConversionTime(levels, typicalPacked.square.levelCount, polynomialSize, calibration);
  const lookups = lookupPrices(polynomialSize, log2Failure, calibration);
  return {
    cmux: cmuxTime(levels, polynomialSize, calibration),
    choice: choiceTime(polynomialSize, calibration),
    tableBits: Math.log2(polynomialSize),
    bit: query === 'packed' ? packedBit : packedBit / 4,
    dot: linearTime(32, polynomialSize, calibration),
    lookup: (precision) => lookups[precision] ?? Number.POSITIVE_INFINITY,
    gate: gatePrice(polynomialSize, calibration),
  };
}

/** One circuit bootstrap on its own: bits of one index follow each other, and none shares its pass over the keys. */
function gatePrice(size: number, calibration: Calibration): number {
  const { lweDimension, bootstrap, keyswitch } = typicalCircuit;
  return (
    lonelinessTime(1, 1, typicalCircuit, size, calibration) +
    keyswitchTime(lweDimension, keyswitch.levelCount, size, calibration) +
    blindRotationTime(lweDimension, bootstrap, 0, size, calibration) +
    circuitRowsTime(typicalCircuit, size, calibration)
  );
}

let lastLookupPrices: { readonly key: string; readonly prices: readonly number[] } | undefined;

/** By precision: what the parameter search makes of a typical lookup. Remembered, for most compilations ask the same. */
function lookupPrices(
  polynomialSize: number,
  log2Failure: number,
  calibration: Calibration,
): readonly number[] {
  const key = JSON.stringify([polynomialSize, log2Failure, calibration]);
  if (lastLookupPrices?.key === key) return lastLookupPrices.prices;
  const tables = lookupTables(polynomialSize, calibration);
  const deviations = marginFor(log2Failure);
  const prices = Array.from({ length: largestPrecision + 1 }, (_, precision) => {
    const room = (2 ** -(precision + 2) / deviations) ** 2;
    const bound = { bootstrap: typicalWeight, small: 0, keyswitch: 1, switched: 1, room } as const;
    const counts = { count: typicalCount, keyswitchCount: typicalCount, smallSlotCount: 0 };
    const set = bestLookupSet([bound], { precision, ...counts }, tables);
    if (set === null) return Number.POSITIVE_INFINITY;
    // Bits are extracted one after the other.
    const alone =
      precision === 0 ? lonelinessTime(1, 1, set.lookup, polynomialSize, calibration) : 0;
    return alone + set.microseconds / typicalCount;
  });
  lastLookupPrices = { key, prices };
  return prices;
}

/** The price of some values, of what they share once; that of the bits of an input is shared by its `readers`. */
export function priceOfValues(
  values: Values,
  roots: readonly number[],
  prices: Prices,
  readers: (cell: number) => number,
): number {
  const { branches, computedBranches, choices, lookups, bits, dots } = workOf(
    values,
    roots,
    () => 1,
  );
  let cmux = branches + computedBranches;
  let chosen = choices;
  for (const { cell, values: tables } of lookups.values()) {
    const [width, encrypted] = [values.bitsOfCell(cell), values.cmuxOfCell(cell)];
    cmux += values.digitCmux(cell, tables);
    // Clear bits rotate, and those that a polynomial has no room for choose one.
    const clear = Math.min(width - prices.tableBits, width - encrypted);
    const polynomials = 2 ** Math.max(0, clear);
    chosen += width - encrypted + tables.length * (polynomials - 1);
  }
  let price = cmux * prices.cmux + chosen * prices.choice + dots * prices.dot;
  for (const bit of bits) {
    const cell = cellOfBit(bit);
    if (values.isClear(cell)) continue;
    price += (values.isComputed(bit) ? prices.gate : prices.bit) / readers(cell);
  }
  return price;
}
