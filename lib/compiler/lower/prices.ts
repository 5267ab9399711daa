/**
 * What the engines cost when the compiler chooses between them: microseconds on one thread, with typical
 * parameters, since the real ones are chosen afterwards.
 */
import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import type { Calibration } from '../parameters/calibration.ts';
import {
  automorphismTime,
  blindRotationTime,
  cmuxTime,
  ggswConversionTime,
  keyswitchTime,
  linearTime,
} from '../parameters/cost.ts';
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
  /** One encrypted input bit, made ready for CMUX. */
  readonly bit: number;
  readonly dot: number;
  /** One rotation of a table of `precision` bits, with its keyswitch. */
  readonly lookup: (precision: number) => number;
  /** Most bits that a lookup can read. */
  readonly largestPrecision: number;
}

const typicalPacked: PackedParameters = {
  log2Coefficients: 6,
  gadget: { baseLog: 8, levelCount: 3 },
  automorphism: { baseLog: 6, levelCount: 8 },
  square: { baseLog: 8, levelCount: 6 },
};

/** Widest table that one GLWE of 2048 coefficients holds; each further bit doubles the accumulators. */
const classicPrecision = 5;

export function pricesFor(
  polynomialSize: number,
  query: QueryForm,
  calibration: Calibration,
): Prices {
  const levels = query === 'packed' ? typicalPacked.gadget.levelCount : 2;
  const packedBit =
    levels * automorphismTime(typicalPacked.automorphism.levelCount, polynomialSize, calibration) +
    ggswConversionTime(levels, typicalPacked.square.levelCount, polynomialSize, calibration);
  return {
    cmux: cmuxTime(levels, polynomialSize, calibration),
    bit: query === 'packed' ? packedBit : packedBit / 4,
    dot: linearTime(32, polynomialSize, calibration),
    lookup: (precision) => {
      const dimension = 740 + 25 * precision;
      const gadget: Gadget =
        precision <= 6 ? { baseLog: 23, levelCount: 1 } : { baseLog: 15, levelCount: 2 };
      const extension = Math.max(0, precision - classicPrecision);
      return (
        blindRotationTime(dimension, gadget, extension, polynomialSize, calibration) +
        keyswitchTime(dimension, 5, polynomialSize, calibration)
      );
    },
    largestPrecision: 10,
  };
}

/** The price of one value on its own. */
export function priceOfValue(values: Values, value: number, prices: Prices): number {
  const { branches, lookups, bits, dots } = workOf(values, [value], () => 1);
  let cmux = branches;
  for (const { cell } of lookups.values()) cmux += values.bitsOfCell(cell);
  return cmux * prices.cmux + bits.size * prices.bit + dots * prices.dot;
}
