/**
 * What work costs in microseconds on one thread, and keys and queries in bytes. Work is counted in primitives, whose
 * times are a `Calibration`.
 */

import type {
  CircuitParameters,
  Gadget,
  LookupParameters,
  PackedParameters,
  Parameters,
} from '../../runtime/program.ts';
import type { Calibration } from './calibration.ts';

/** Lookups that share one pass over the bootstrap key. */
const batch = 16;

/** Price of a byte of evaluation key in microseconds: sent once, kept in memory. 1 MB costs as much as 1 ms. */
export const evaluationKeyByte = 1e-3;

/** Further prices that make bytes comparable with time, in microseconds. */
const prices = {
  /** Of a byte of query, sent with each run. 64 KB cost as much as 1.3 ms. */
  queryByte: 0.02,
  /** Further price of each query byte beyond `queryBytesPreferred`. */
  queryByteBeyond: 0.2,
  queryBytesPreferred: 262144,
  /** Further price likewise of each reply byte beyond this. */
  replyBytesPreferred: 16384,
} as const;

/** Time of a transform at N relative to N = 2048. */
function transformScale(size: number): number {
  return (size * Math.log2(size)) / (2048 * 11);
}

/**
 * Half an external product: `levels` digits of one mask. `parts` polynomials come out: mask and body, or with a split
 * mask three.
 */
export function halfKeyswitchTime(
  levels: number,
  size: number,
  calibration: Calibration,
  parts: 2 | 3 = 2,
): number {
  return (
    (levels * calibration.forwardTransform + parts * calibration.inverseTransform) *
      transformScale(size) +
    parts * levels * calibration.pointwise * (size / 2048)
  );
}

/** One external product and the additions around it. */
export function cmuxTime(levels: number, size: number, calibration: Calibration): number {
  return (
    (2 * levels * calibration.forwardTransform + 2 * calibration.inverseTransform) *
      transformScale(size) +
    (4 * levels * calibration.pointwise + 4 * calibration.pass) * (size / 2048)
  );
}

/** A choice by a clear bit: both polynomials of the chosen branch are copied, and a clear branch is written out first. */
export function choiceTime(size: number, calibration: Calibration): number {
  return 4 * calibration.pass * (size / 2048);
}

/** One automorphism keyswitch of the expansion, with the permutation, the two additions and the shift. */
export function automorphismTime(levels: number, size: number, calibration: Calibration): number {
  return halfKeyswitchTime(levels, size, calibration, 3) + 6 * calibration.pass * (size / 2048);
}

/**
 * Automorphism keyswitches that expand `coefficients` payload coefficients: P - 1 per full GLWE; a GLWE that carries
 * m < P needs at most m keyswitches per step.
 */
export function expansionCount(coefficients: number, log2Coefficients: number): number {
  const capacity = 2 ** log2Coefficients;
  const full = Math.floor(coefficients / capacity);
  const rest = coefficients % capacity;
  let count = full * (capacity - 1);
  for (let step = 0; step < log2Coefficients; step += 1) count += Math.min(2 ** step, rest);
  return count;
}

/**
 * One bit from its expanded body rows to a GGSW: per level an s^2 keyswitch whose result stays in the Fourier domain,
 * the transforms of mask and body, and the storing of four polynomials.
 */
export function ggswConversionTime(
  levels: number,
  squareLevels: number,
  size: number,
  calibration: Calibration,
): number {
  const transforms = (squareLevels + 2) * calibration.forwardTransform * transformScale(size);
  const products = 2 * squareLevels * calibration.pointwise + 4 * calibration.pass;
  return levels * (transforms + products * (size / 2048));
}

/** Expansion, GGSW conversion and `cmuxCount` CMUX of a packed query of `bitCount` bits. */
export function packedTime(
  packed: PackedParameters,
  bitCount: number,
  cmuxCount: number,
  size: number,
  calibration: Calibration,
): number {
  const levels = packed.gadget.levelCount;
  const expansions = expansionCount(bitCount * levels, packed.log2Coefficients);
  return (
    expansions * automorphismTime(packed.automorphism.levelCount, size, calibration) +
    bitCount * ggswConversionTime(levels, packed.square.levelCount, size, calibration) +
    cmuxCount * cmuxTime(levels, size, calibration)
  );
}

/** Mask expansion, transforms and `cmuxCount` CMUX of an unpacked query. */
export function unpackedTime(
  gadget: Gadget,
  bitCount: number,
  cmuxCount: number,
  size: number,
  calibration: Calibration,
): number {
  const levels = gadget.levelCount;
  const bit =
    4 * levels * calibration.forwardTransform * transformScale(size) +
    calibration.maskKilobyte * ((2 * levels * size * 8) / 1024);
  return bitCount * bit + cmuxCount * cmuxTime(levels, size, calibration);
}

/** A linear query: mask expansion and one polynomial product per output with `weightCount` weights. */
export function linearTime(weightCount: number, size: number, calibration: Calibration): number {
  return (
    calibration.maskKilobyte * ((size * 8) / 1024) +
    2 * weightCount * calibration.pass * (size / 2048)
  );
}

/** One keyswitch to u32 of a sample of dimension N. */
export function keyswitchTime(
  lweDimension: number,
  levels: number,
  size: number,
  calibration: Calibration,
): number {
  return (calibration.keyswitchThousand * size * levels * (lweDimension + 1)) / 1000;
}

/** One blind rotation of a small sample with 2^log2Extension accumulators, in a batch. */
export function blindRotationTime(
  lweDimension: number,
  gadget: Gadget,
  log2Extension: number,
  size: number,
  calibration: Calibration,
): number {
  const levels = gadget.levelCount;
  const streamed = (levels * 4 * size * 8) / (calibration.keyBytesPerMicrosecond * batch);
  return lweDimension * (2 ** log2Extension * cmuxTime(levels, size, calibration) + streamed);
}

/**
 * What a keyswitch and a rotation take longer when fewer than a whole batch share the pass over their keys: `bitCount` in
 * `layerCount` layers, for one of them.
 */
export function lonelinessTime(
  bitCount: number,
  layerCount: number,
  lookup: Omit<LookupParameters, 'log2Extension'>,
  size: number,
  calibration: Calibration,
): number {
  const { lweDimension, bootstrap, keyswitch } = lookup;
  const bytes =
    lweDimension * bootstrap.levelCount * 4 * size * 8 +
    size * keyswitch.levelCount * (lweDimension + 1) * 4;
  const sharing = Math.min(batch, Math.max(1, bitCount / Math.max(1, layerCount)));
  return (bytes / calibration.keyBytesPerMicrosecond) * (1 / sharing - 1 / batch);
}

/** The rows of one circuit bootstrap after its rotation: for each level a trace and the conversion of a row. */
export function circuitRowsTime(
  circuit: Pick<CircuitParameters, 'gadget' | 'automorphism' | 'square'>,
  size: number,
  calibration: Calibration,
): number {
  const trace =
    Math.log2(size) * automorphismTime(circuit.automorphism.levelCount, size, calibration);
  const convert = ggswConversionTime(1, circuit.square.levelCount, size, calibration);
  return circuit.gadget.levelCount * (trace + convert);
}

/** Bytes of one seeded key that makes rows, an automorphism or s^2. */
export function rowKeyBytes(levels: number, size: number): number {
  return 16 + levels * size * 8;
}

/** Bytes of the seeded keys of a packed query. */
export function packedKeyBytes(packed: PackedParameters, size: number): number {
  const automorphism = rowKeyBytes(packed.automorphism.levelCount, size);
  const square = rowKeyBytes(packed.square.levelCount, size);
  return packed.log2Coefficients * automorphism + square;
}

/** Bytes of the seeded keys of circuit bootstrapping, without those of its lookup class. */
export function circuitKeyBytes(
  circuit: Pick<CircuitParameters, 'automorphism' | 'square'>,
  size: number,
): number {
  const automorphism = rowKeyBytes(circuit.automorphism.levelCount, size);
  return Math.log2(size) * automorphism + rowKeyBytes(circuit.square.levelCount, size);
}

/** Bytes of the seeded keyswitch and bootstrap keys of one class. */
export function lookupKeyBytes(lookup: LookupParameters, size: number): number {
  const keyswitch = size * lookup.keyswitch.levelCount * 4;
  return 32 + keyswitch + bootstrapKeyBytes(lookup.lweDimension, lookup.bootstrap, size);
}

/** Bytes of a seeded bootstrap key: two bodies per level and bit. */
export function bootstrapKeyBytes(lweDimension: number, gadget: Gadget, size: number): number {
  return lweDimension * gadget.levelCount * 2 * size * 8;
}

/** Bytes of the seeded evaluation key as it travels, without the frame. */
export function evaluationKeyBytes(parameters: Parameters): number {
  const size = parameters.glwe.polynomialSize;
  let bytes = parameters.packed === null ? 0 : packedKeyBytes(parameters.packed, size);
  for (const lookup of parameters.lookups) bytes += lookupKeyBytes(lookup, size);
  if (parameters.circuit !== null) bytes += circuitKeyBytes(parameters.circuit, size);
  return bytes;
}

/** Bytes of `bitCount` packed bits: whole bodies and one seed. */
export function packedQueryBytes(packed: PackedParameters, bitCount: number, size: number): number {
  const coefficients = bitCount * packed.gadget.levelCount;
  return 16 + Math.ceil(coefficients / 2 ** packed.log2Coefficients) * size * 8;
}

/** Bytes of `bitCount` seeded GGSW ciphertexts. */
export function unpackedQueryBytes(gadget: Gadget, bitCount: number, size: number): number {
  return 16 + bitCount * gadget.levelCount * 2 * size * 8;
}

/** Bytes of `slotCount` values under the small key. */
export function smallQueryBytes(slotCount: number): number {
  return slotCount === 0 ? 0 : 16 + slotCount * 8;
}

/** Price of a query in microseconds. */
export function queryPrice(bytes: number): number {
  const beyond = Math.max(0, bytes - prices.queryBytesPreferred);
  return bytes * prices.queryByte + beyond * prices.queryByteBeyond;
}

/** Price of a reply in microseconds. */
export function replyPrice(bytes: number): number {
  const beyond = Math.max(0, bytes - prices.replyBytesPreferred);
  return bytes * prices.queryByte + beyond * prices.queryByteBeyond;
}
