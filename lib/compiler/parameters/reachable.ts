/** How wide an output may be: what the compiler asks before it splits one into digits. */

import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import { type BitSet, bitSets, independentBits, pathTails } from './bit-sets.ts';
import type { Calibration } from './calibration.ts';
import { mostPrecise, preciseRotation } from './circuit-candidates.ts';
import { payloadDegrees } from './circuit-noise.ts';
import { circuitSets } from './circuit-sets.ts';
import { type CmuxCount, diagramVariance } from './cmux-noise.ts';
import { lookupTables } from './lookup-sets.ts';
import type { BitRequirement } from './requirements.ts';
import { marginFor } from './special.ts';
import { tailInflation } from './tail.ts';

/** A torus element has 64 bits. */
const LARGEST_WIDTH = 63;

/** What leaves decision diagrams: the CMUX of its noisiest path, `squaredWeight` = sum of squared coefficients. */
export interface OutputNoise extends CmuxCount {
  /** CMUX by computed bits besides, on the longest path. */
  readonly circuitDepth?: number;
  readonly squaredWeight: number;
  /** log2 of the failure allowed for one such output. */
  readonly log2Failure: number;
}

/** One way to send the bits with the widest exact output that it carries. */
export interface ReachableWidth {
  readonly packed: PackedParameters | null;
  readonly unpacked: Gadget | null;
  /** Bits of the widest exact output: margin 2^-(width + 1). */
  readonly width: number;
  /** Expansion, GGSW conversion and diagrams, one thread. */
  readonly microseconds: number;
  readonly queryBytes: number;
  readonly evaluationKeyBytes: number;
  /** Microseconds and the prices of the bytes. */
  readonly price: number;
}

/** The cheapest way to reach each width, the narrowest and cheapest first; widths rise strictly. */
export function reachableWidths(
  bits: BitRequirement,
  noise: OutputNoise,
  polynomialSize: number,
  calibration: Calibration,
): ReachableWidth[] {
  const computed = computedBits(polynomialSize, calibration);
  return widthsOf(bitSets(bits, polynomialSize, calibration), computed, noise, polynomialSize);
}

/** One CMUX by a computed bit, with the most precise gadgets and rotations. */
function computedBits(size: number, calibration: Calibration): ComputedBits {
  const tables = lookupTables(size, calibration);
  const { gadgets, cmux } = mostPrecise(circuitSets(typicalCircuit, size, calibration), tables);
  const variance = cmux.fixed + cmux.perRotation * preciseRotation(tables);
  return { variance, gadget: gadgets.gadget };
}

interface ComputedBits {
  readonly variance: number;
  readonly gadget: Gadget;
}

function widthsOf(
  sets: readonly BitSet[],
  computed: ComputedBits,
  noise: OutputNoise,
  polynomialSize: number,
): ReachableWidth[] {
  const z = marginFor(noise.log2Failure);
  const { circuitDepth = 0 } = noise;
  const tailOf = pathTails(polynomialSize);
  const least =
    circuitDepth === 0 ? Infinity : payloadDegrees(computed.gadget, independentBits(circuitDepth));
  const raised = circuitDepth * computed.variance;
  const widths: ReachableWidth[] = [];
  for (const set of sets) {
    const { share, degrees } = tailOf(set, noise.depth);
    const fewest = Math.min(degrees, least);
    const variance =
      diagramVariance(noise, set) * tailInflation(z, share, fewest) +
      raised * tailInflation(z, 1, fewest);
    const deviation = Math.sqrt(noise.squaredWeight * variance);
    const width = Math.min(LARGEST_WIDTH, Math.floor(-Math.log2(z * deviation) - 1));
    if (width < 1 || width <= (widths.at(-1)?.width ?? 0)) continue;
    const { packed, unpacked, microseconds, queryBytes, evaluationKeyBytes, price } = set;
    widths.push({ packed, unpacked, width, microseconds, queryBytes, evaluationKeyBytes, price });
  }
  return widths;
}

/** Bits and CMUX of a typical program. */
const typicalBits: BitRequirement = { encoding: 'packed', bitCount: 64, cmuxCount: 64 };

/** Computed bits of a typical program: they only decide which gadgets are worth their price. */
const typicalCircuit = { bitCount: 10, layerCount: 10, cmuxCount: 100 };

/** Widest exact output of diagrams over bits of the query and computed ones with any gadget, 0 when none is exact. */
export function largestExactWidth(
  polynomialSize: number,
  calibration: Calibration,
  bits: BitRequirement = typicalBits,
): (noise: OutputNoise) => number {
  let sets: readonly BitSet[] | undefined;
  let computed: ComputedBits | undefined;
  const known = new Map<string, number>();
  return (noise) => {
    const { depth, apart, rounding, clear, circuitDepth, squaredWeight, log2Failure } = noise;
    const key = [depth, apart, rounding, clear, circuitDepth, squaredWeight, log2Failure].join(' ');
    let width = known.get(key);
    if (width === undefined) {
      sets ??= bitSets(bits, polynomialSize, calibration);
      computed ??= computedBits(polynomialSize, calibration);
      width = widthsOf(sets, computed, noise, polynomialSize).at(-1)?.width ?? 0;
      known.set(key, width);
    }
    return width;
  };
}
