/** Constraints as the lookups see them: what is left of each margin under given gadgets for bits. */

import type { BitSet, PathTail } from './bit-sets.ts';
import { independentBits } from './bit-sets.ts';
import { payloadDegrees } from './circuit-noise.ts';
import type { CircuitSet } from './circuit-sets.ts';
import { diagramVariance } from './cmux-noise.ts';
import type { LookupBound } from './lookup-search.ts';
import { freshVariance, LOG2_MODULUS, replyVariance } from './noise.ts';
import type { Constraint, NoiseTerm } from './requirements.ts';
import { gaussian, type Tail, tailInflation } from './tail.ts';

/** Gadgets for the bits of the query and for computed ones; null leaves their noise out. */
export interface Gadgets {
  readonly bits: BitSet | null;
  readonly circuit: CircuitSet | null;
}

/** What is the same for all constraints. */
export interface BoundContext {
  /** The margin of every event, in standard deviations. */
  readonly z: number;
  readonly size: number;
  /** The lookup class of circuit bootstraps: the one after those of the requirements. */
  readonly circuitClass: number;
  readonly tailOf: PathTail;
}

/**
 * A constraint with the noise of all but lookups subtracted. Random variances (`tail.ts`) are raised so that margins hold as
 * if they were Gaussian; together they have the fewest degrees of any, as in `predict`.
 */
export function constraintBound(
  constraint: Constraint,
  gadgets: Gadgets,
  context: BoundContext,
): LookupBound {
  const { z, size, circuitClass } = context;
  const bootstrap = new Float64Array(circuitClass + 1);
  const small = new Float64Array(circuitClass + 1);
  let room = (constraint.margin / z) ** 2;
  if (constraint.lookup === null) {
    room -= replyVariance(size, constraint.replyBits ?? LOG2_MODULUS);
  }
  let degrees = Infinity;
  for (const term of constraint.terms)
    degrees = Math.min(degrees, tailOfTerm(term, gadgets, context).degrees);
  for (const term of constraint.terms) {
    const weight = term.squaredWeight;
    switch (term.source) {
      case 'fresh-glwe':
        room -= weight * freshVariance(size);
        break;
      case 'fresh-small':
        add(small, term.lookup, weight);
        break;
      case 'bootstrap':
        add(bootstrap, term.lookup, weight);
        break;
      case 'circuit':
        add(bootstrap, circuitClass, weight);
        break;
      case 'diagram':
        if (gadgets.bits !== null) {
          const { share } = tailOfTerm(term, gadgets, context);
          const inflation = tailInflation(z, share, degrees);
          room -= weight * inflation * diagramVariance(term, gadgets.bits);
        }
        break;
      case 'circuit-diagram': {
        if (gadgets.circuit === null || term.depth <= 0) break;
        const { share } = tailOfTerm(term, gadgets, context);
        const inflation = tailInflation(z, share, degrees);
        const each = weight * inflation * term.depth;
        room -= each * gadgets.circuit.cmux.fixed;
        add(bootstrap, circuitClass, each * gadgets.circuit.cmux.perRotation);
        break;
      }
      default:
        term satisfies never;
    }
  }
  const computed = constraint.lookup === 'circuit';
  return {
    bootstrap,
    small,
    lookup: computed ? circuitClass : (constraint.lookup as number | null),
    keyswitched: constraint.keyswitched || computed,
    coarse: computed ? (gadgets.circuit?.coarse ?? 0) : null,
    room,
  };
}

function add(weights: Float64Array, lookup: number, weight: number): void {
  weights[lookup] = (weights[lookup] as number) + weight;
}

/** At most what `predict` finds: computed bits as if all of their noise were that of their rotations. */
function tailOfTerm(term: NoiseTerm, { bits, circuit }: Gadgets, context: BoundContext): Tail {
  if (term.source === 'diagram' && bits !== null) return context.tailOf(bits, term.depth);
  if (term.source === 'circuit-diagram' && circuit !== null && term.depth > 0) {
    return {
      share: 1,
      degrees: payloadDegrees(circuit.gadgets.gadget, independentBits(term.depth)),
    };
  }
  return gaussian;
}

/** Whether the noise of bits of the query is part of it. */
export function hasDiagram(constraint: Constraint): boolean {
  return constraint.terms.some((term) => term.source === 'diagram');
}

/** Whether the noise of lookups or of computed bits is part of it. */
export function hasLookup(constraint: Constraint): boolean {
  const fresh = (source: string) => source === 'fresh-glwe' || source === 'diagram';
  return constraint.lookup !== null || constraint.terms.some((term) => !fresh(term.source));
}
