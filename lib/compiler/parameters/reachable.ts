/** How wide an output may be: what the compiler asks before it splits one into digits. */

import type { Gadget, PackedParameters } from '../../runtime/program.ts';
import { type BitSet, bitSets, pathVariance } from './bit-sets.ts';
import type { Calibration } from './calibration.ts';
import type { BitRequirement } from './requirements.ts';
import { marginFor } from './special.ts';

/** A torus element has 64 bits. */
const LARGEST_WIDTH = 63;

/** What leaves decision diagrams: `depth` CMUX on the longest path, `squaredWeight` = sum of squared coefficients. */
export interface OutputNoise {
  readonly depth: number;
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
  return widthsOf(bitSets(bits, polynomialSize, calibration), noise, polynomialSize);
}

function widthsOf(
  sets: readonly BitSet[],
  noise: OutputNoise,
  polynomialSize: number,
): ReachableWidth[] {
  const z = marginFor(noise.log2Failure);
  const path = pathVariance(z, polynomialSize);
  const widths: ReachableWidth[] = [];
  for (const set of sets) {
    const deviation = Math.sqrt(noise.squaredWeight * path(set, noise.depth));
    const width = Math.min(LARGEST_WIDTH, Math.floor(-Math.log2(z * deviation) - 1));
    if (width < 1 || width <= (widths.at(-1)?.width ?? 0)) continue;
    const { packed, unpacked, microseconds, queryBytes, evaluationKeyBytes, price } = set;
    widths.push({ packed, unpacked, width, microseconds, queryBytes, evaluationKeyBytes, price });
  }
  return widths;
}

/** Bits and CMUX of a typical program. */
const typicalBits: BitRequirement = { encoding: 'packed', bitCount: 64, cmuxCount: 64 };

/** Widest exact output of diagrams over packed or unpacked bits with any gadget, 0 when none is exact: by its noise. */
export function largestExactWidth(
  polynomialSize: number,
  calibration: Calibration,
  bits: BitRequirement = typicalBits,
): (noise: OutputNoise) => number {
  let sets: readonly BitSet[] | undefined;
  const known = new Map<string, number>();
  return (noise) => {
    const { depth, squaredWeight, log2Failure } = noise;
    const key = `${depth} ${squaredWeight} ${log2Failure}`;
    let width = known.get(key);
    if (width === undefined) {
      sets ??= bitSets(bits, polynomialSize, calibration);
      width = widthsOf(sets, noise, polynomialSize).at(-1)?.width ?? 0;
      known.set(key, width);
    }
    return width;
  };
}
