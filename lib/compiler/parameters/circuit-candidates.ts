/** Which gadgets of computed bits the search tries beside lookups. */

import { type CircuitSet, circuitSets } from './circuit-sets.ts';
import { type BoundContext, constraintBound } from './constraint-bounds.ts';
import type { LookupTables } from './lookup-sets.ts';
import type { CircuitRequirement, Constraint } from './requirements.ts';

/** Small dimensions that rotations of one bit may have: alone, and with the keys of wider lookups. */
const DIMENSIONS = [560, 640, 800, 1000] as const;
/** How much of a margin computed bits may use: what else a constraint has needs the rest. */
const SHARES = [0.95, 0.5, 0.1] as const;

/**
 * For each precision that rotations may have, the cheapest gadgets that fit with it: few, since rotations differ by their
 * levels alone. The most precise come last, whether they fit or not. Null stands for a program without computed bits.
 */
export function circuitCandidates(
  circuit: CircuitRequirement | null,
  constraints: readonly Constraint[],
  tables: LookupTables,
  context: BoundContext,
): (CircuitSet | null)[] {
  if (circuit === null) return [null];
  const sets = circuitSets(circuit, tables.size, tables.calibration, tables.keyByte);
  const reached = constraints.filter(({ terms }) =>
    terms.some(({ source }) => source === 'circuit-diagram'),
  );
  const bounds = sets.map((set) =>
    reached.map((constraint) => {
      const without = constraintBound(constraint, { bits: null, circuit: null }, context);
      const bound = constraintBound(constraint, { bits: null, circuit: set }, context);
      const weight = bound.bootstrap[context.circuitClass] ?? 0;
      return { weight, room: bound.room, whole: without.room };
    }),
  );
  const found = new Set<CircuitSet>();
  for (const { step } of tables.bootstraps) {
    for (const dimension of DIMENSIONS) {
      for (const share of SHARES) {
        const fits = sets.findIndex((_, index) =>
          bounds[index]?.every(
            ({ weight, room, whole }) => room - weight * dimension * step >= (1 - share) * whole,
          ),
        );
        const set = sets[fits];
        if (set !== undefined) found.add(set);
      }
    }
  }
  const precise = mostPrecise(sets, tables);
  found.delete(precise);
  return [...found, precise];
}

/** The gadgets with the least noise, however dear. */
export function mostPrecise(sets: readonly CircuitSet[], tables: LookupTables): CircuitSet {
  const rotation = preciseRotation(tables);
  const variance = ({ cmux }: CircuitSet) => cmux.fixed + cmux.perRotation * rotation;
  return sets.reduce((best, set) => (variance(set) < variance(best) ? set : best));
}

/** Variance of the most precise rotation of one bit. */
export function preciseRotation(tables: LookupTables): number {
  const steps = tables.bootstraps.map(({ step }) => step);
  return DIMENSIONS[1] * Math.min(...steps);
}
