/** What given parameters make of a constraint: the forward direction of the search. */

import { error } from '../../errors.ts';
import type { CircuitParameters, LookupParameters, Parameters } from '../../runtime/program.ts';
import { independentBits } from './bit-sets.ts';
import { type CircuitNoise, circuitNoise, log2Group } from './circuit-noise.ts';
import { diagramVariance, packedCmux, unpackedCmux } from './cmux-noise.ts';
import { originKey } from './linear-form.ts';
import { type ClassNoise, classNoise } from './lookup-sets.ts';
import {
  bootstrapVariance,
  freshVariance,
  LOG2_MODULUS,
  modulusSwitchVariance,
  replyVariance,
} from './noise.ts';
import { packedNoise } from './packed-noise.ts';
import type { Constraint, NoiseTerm, Prediction } from './requirements.ts';
import { log2erfc } from './special.ts';
import { tailExponent } from './tail.ts';

/** What the parameters make of a constraint. Errors: `INTERNAL` when a term needs keys that they lack. */
export type Predictor = (constraint: Constraint) => Prediction;

/**
 * Predicts noise and failure of single events under `parameters`.
 *
 * `lookupClasses[i]` is the index in `parameters.lookups` of the lookup class that constraints call i.
 */
export function predictor(parameters: Parameters, lookupClasses: readonly number[]): Predictor {
  const size = parameters.glwe.polynomialSize;
  const noises = parameters.lookups.map((lookup) => classNoise(lookup, size));
  const classOf = (index: number): ClassNoise => {
    const noise = noises[lookupClasses[index] ?? -1];
    if (noise === undefined)
      throw error('INTERNAL', { what: 'a lookup class without keys', given: index });
    return noise;
  };
  const ofDiagrams = new Map<string, TermNoise>();
  const ofTerm = (term: NoiseTerm): TermNoise => {
    if (!('depth' in term)) return termNoise(term, parameters, classOf);
    const key = originKey(term);
    let noise = ofDiagrams.get(key);
    if (noise === undefined) {
      noise = termNoise(term, parameters, classOf);
      ofDiagrams.set(key, noise);
    }
    return noise;
  };
  return (constraint) => {
    let variance = 0;
    let random = 0;
    let degrees = Infinity;
    for (const term of constraint.terms) {
      const one = ofTerm(term);
      variance += term.squaredWeight * one.variance;
      random += term.squaredWeight * one.variance * one.share;
      degrees = Math.min(degrees, one.degrees);
    }
    if (constraint.lookup === null) {
      variance += replyVariance(size, constraint.replyBits ?? LOG2_MODULUS);
    } else if (constraint.lookup === 'circuit') {
      variance += circuitSwitchVariance(parameters);
    } else {
      const noise = classOf(constraint.lookup);
      variance += noise.switched + (constraint.keyswitched ? noise.keyswitch : 0);
    }
    const { margin } = constraint;
    if (variance === 0) return { variance, margin, log2Failure: -Infinity };
    const exponent = tailExponent(margin ** 2 / (2 * variance), random / variance, degrees);
    return { variance, margin, log2Failure: log2erfc(Math.sqrt(exponent)) };
  };
}

/**
 * Fewest bits per coefficient of a reply with which `constraint` still holds at 2^log2Failure, at most 64 (which is
 * no rounding). The reply's size is proportional to it. `constraint.replyBits` is ignored.
 */
export function smallestReplyBits(
  constraint: Constraint,
  predict: Predictor,
  log2Failure: number,
): number {
  for (let replyBits = 1; replyBits < LOG2_MODULUS; replyBits += 1)
    if (predict({ ...constraint, replyBits }).log2Failure <= log2Failure) return replyBits;
  return LOG2_MODULUS;
}

interface TermNoise {
  readonly variance: number;
  /** See `PackedNoise`; 0 and Infinity for Gaussian noise. */
  readonly share: number;
  readonly degrees: number;
}

function termNoise(
  term: NoiseTerm,
  parameters: Parameters,
  classOf: (index: number) => ClassNoise,
): TermNoise {
  const size = parameters.glwe.polynomialSize;
  switch (term.source) {
    case 'fresh-glwe':
      return gaussian(freshVariance(size));
    case 'fresh-small':
      return gaussian(classOf(term.lookup).small);
    case 'bootstrap':
      return gaussian(classOf(term.lookup).bootstrap);
    case 'diagram': {
      if (parameters.packed !== null) {
        const rows = parameters.packed.gadget.levelCount * independentBits(term.depth);
        const { share, degrees } = packedNoise(parameters.packed, size, rows);
        const variance = diagramVariance(term, packedCmux(parameters.packed, size));
        return { variance, share, degrees };
      }
      if (parameters.unpacked !== null) {
        return gaussian(diagramVariance(term, unpackedCmux(parameters.unpacked, size)));
      }
      throw error('INTERNAL', { what: 'a diagram without a gadget for its bits' });
    }
    case 'circuit':
      return gaussian(rotationVariance(parameters));
    case 'circuit-diagram': {
      if (term.depth <= 0) return gaussian(0);
      const { cmux, share, degrees } = computedBits(parameters, independentBits(term.depth));
      return { variance: term.depth * cmux, share, degrees };
    }
    default:
      return term satisfies never;
  }
}

function gaussian(variance: number): TermNoise {
  return { variance, share: 0, degrees: Infinity };
}

/** The keyswitch and the modulus switch to groups of levels before a circuit bootstrap's rotation. */
function circuitSwitchVariance(parameters: Parameters): number {
  const { circuit, lookup } = circuitOf(parameters);
  const size = parameters.glwe.polynomialSize;
  const log2Target = Math.log2(size) + 1 - log2Group(circuit.gadget);
  const { keyswitch } = classNoise(lookup, size);
  return keyswitch + modulusSwitchVariance(lookup.lweDimension, log2Target);
}

function rotationVariance(parameters: Parameters): number {
  const { lookup } = circuitOf(parameters);
  return bootstrapVariance(lookup.lweDimension, lookup.bootstrap, parameters.glwe.polynomialSize);
}

function computedBits(parameters: Parameters, bits: number): CircuitNoise {
  const { circuit } = circuitOf(parameters);
  return circuitNoise(circuit, rotationVariance(parameters), parameters.glwe.polynomialSize, bits);
}

function circuitOf(parameters: Parameters): {
  readonly circuit: CircuitParameters;
  readonly lookup: LookupParameters;
} {
  const { circuit, lookups } = parameters;
  const lookup = lookups[circuit?.lookup ?? -1];
  if (circuit === null || lookup === undefined) {
    throw error('INTERNAL', { what: 'computed bits without keys' });
  }
  return { circuit, lookup };
}

/** log2 of the sum of the failure probabilities of all events. */
export function log2Union(
  constraints: readonly Constraint[],
  predictions: readonly Prediction[],
): number {
  const largest = predictions.reduce((most, { log2Failure }) => Math.max(most, log2Failure), -1e6);
  // Relative to the largest: probabilities themselves may underflow.
  const sum = predictions.reduce(
    (total, { log2Failure }, i) =>
      total + (constraints[i]?.count ?? 0) * 2 ** (log2Failure - largest),
    0,
  );
  return largest + Math.log2(Math.max(1, sum));
}
