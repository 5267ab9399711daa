/**
 * Noise of circuit bootstrapping and of CMUX by the bits that it makes, in torus units. k = 1.
 *
 * Body row j is GLWE(b q / B^j): its constant coefficient has the rotation's error and, all steps of the trace coherently
 * added, (N^2 - 1) / 3 automorphisms; each other coefficient has its part of the (N - 1) automorphisms that a coefficient
 * has on average. The mask row is that times s, plus the s^2 keyswitch, as for packed bits (`packed-noise.ts`).
 *
 * In a CMUX row j meets its digit's phase D_j = body digits - s * mask digits, of variance (N/2 + 1) (B^2/12 + 1/6): the
 * rotation's error e_j adds e_j D_j, one coefficient of the row and not N of them. Formulas derived from the runtime's
 * kernels; the scheme is that of eprint 2024/1318.
 */

import type { CircuitParameters, Gadget } from '../../runtime/program.ts';
import { digitVariance, LOG2_MODULUS } from './noise.ts';
import {
  automorphismNoise,
  LOWEST_FREQUENCY_SHARE,
  packedCmuxVariance,
  squareVariance,
} from './packed-noise.ts';

/** Gadgets of what a bit is made of. */
export type CircuitGadgets = Omit<CircuitParameters, 'lookup'>;

/** Variances along the way of a computed bit. */
export interface CircuitNoise {
  /** The constant coefficient of a body row. */
  readonly payload: number;
  /** A body row and a mask row, averaged over their coefficients. */
  readonly bodyRow: number;
  readonly maskRow: number;
  /** One CMUX: a path of d CMUX adds d of them. */
  readonly cmux: number;
  /** As in `PackedNoise`: the noise of a run is Gaussian with a variance that differs from run to run. */
  readonly share: number;
  readonly degrees: number;
}

/**
 * Largest correlation of the rotation's errors at two coefficients: half of the variance of a rounding error times a
 * binary key is that of its mean 1/2, which neighbours share. Measured 0.23 to 0.34.
 */
const LEVEL_CORRELATION = 1 / 2;

/**
 * Noise of bits from rotations of variance `rotation` (`bootstrapVariance`). `bits` is the number of distinct bits that a
 * value depends on at least; it only enters `degrees`.
 */
export function circuitNoise(
  circuit: CircuitGadgets,
  rotation: number,
  size: number,
  bits: number = 1,
): CircuitNoise {
  const { gadget } = circuit;
  const trace = traceNoise(circuit.automorphism, size);
  const before = rotation + divisionVariance(size);
  const bodyRow = trace.row + before / size;
  const aligned = trace.aligned;
  const maskRow = (size / 2) * bodyRow + aligned + squareVariance(circuit.square, size);
  const cmux = packedCmuxVariance(gadget, bodyRow + maskRow, size);
  // Random from run to run: the few errors of constant coefficients, and what the strong frequency of s amplifies.
  const payload = before + trace.payload;
  const digits = gadget.levelCount * size * digitVariance(gadget.baseLog);
  const shares = {
    payload: (digits * (size / 2 + 1) * (payload / size)) / cmux,
    white: (LOWEST_FREQUENCY_SHARE * digits * (size / 2) * trace.row) / cmux,
    aligned: (digits * aligned) / cmux,
  };
  const rows = gadget.levelCount * bits;
  const share = shares.payload + shares.white + shares.aligned;
  const spread =
    shares.payload ** 2 / payloadDegrees(gadget, bits) +
    (shares.white ** 2 + shares.aligned ** 2) / rows;
  return { payload, bodyRow, maskRow, cmux, share, degrees: share ** 2 / spread };
}

/** One CMUX as `fixed + perRotation * v` with v the variance of the rotation: what the search needs of gadgets. */
export interface CircuitCmux {
  readonly fixed: number;
  readonly perRotation: number;
}

/**
 * `circuitNoise().cmux` as a function of the rotation's variance, for rows whose mask and body together have the noise
 * `rows` besides: `traceRows` and what the s^2 keyswitch adds.
 */
export function circuitCmux(gadget: Gadget, rows: number, size: number): CircuitCmux {
  return {
    fixed: packedCmuxVariance(gadget, rows, size),
    perRotation: gadget.levelCount * digitVariance(gadget.baseLog) * (size / 2 + 1),
  };
}

/** Noise of a mask and a body row together that the trace with this gadget leaves. */
export function traceRows(gadget: Gadget, size: number): number {
  const { row, aligned } = traceNoise(gadget, size);
  return (size / 2 + 1) * (row + divisionVariance(size) / size) + aligned;
}

/** What the trace adds to a row. */
interface TraceNoise {
  /** A coefficient on average, and the constant one. */
  readonly row: number;
  readonly payload: number;
  /** What s amplifies in the mask row beyond the N/2 of independent noise. */
  readonly aligned: number;
}

/**
 * log2 N steps c + sigma(c), each of which doubles the noise before it. Rounding errors carry the permuted s. Over all
 * automorphisms each odd frequency e meets the lowest one of s again once, with the overlap 1 / e^2; e = 1 itself is the
 * one that no step has: 2 (pi^2 / 8) - 1.
 */
function traceNoise(gadget: Gadget, size: number): TraceNoise {
  const { automorphism, rounding } = automorphismNoise(gadget, size);
  return {
    row: automorphism * (size - 1),
    payload: (automorphism * (size ** 2 - 1)) / 3,
    aligned: (size ** 2 / 24) * rounding * (Math.PI ** 2 / 4 - 1),
  };
}

/**
 * log2 of how many coefficients of the test polynomial a step of the modulus switch passes: the levels and the bit itself
 * lie side by side.
 */
export function log2Group(gadget: Gadget): number {
  return Math.ceil(Math.log2(gadget.levelCount + 1));
}

/** Half as many exponential variables as squares of independent errors of rotations: `tail.ts`. */
export function payloadDegrees(gadget: Gadget, bits: number): number {
  const levels = gadget.levelCount;
  return (bits * levels) / (1 + (levels - 1) * LEVEL_CORRELATION ** 2) / 2;
}

/**
 * What rounding does when a row is divided by N before the trace, seen after it: N times the error of N/2 mask words and
 * a body, each 1/12 of the last place squared.
 */
function divisionVariance(size: number): number {
  return ((size ** 2 * (size / 2 + 1)) / 12) * 4 ** -LOG2_MODULUS;
}
