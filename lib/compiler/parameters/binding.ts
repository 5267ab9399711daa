/**
 * Which constraints bind: a program of thousands of lookups has few kinds of rounding events that no other implies.
 */
import { independentBits } from './bit-sets.ts';
import type { Constraint, NoiseTerm } from './requirements.ts';

/**
 * The constraints without those that another one implies: it has the same margin and reader, at least as much noise of
 * every source, and no more independent bits on its shortest path (which decide how far a variance may be off, `tail.ts`).
 * Positions are lost.
 */
export function binding(constraints: readonly Constraint[]): Constraint[] {
  const groups = new Map<string, Noise[]>();
  for (const constraint of constraints) {
    const { margin, lookup, keyswitched, replyBits } = constraint;
    const key = `${margin} ${lookup} ${keyswitched} ${replyBits}`;
    const kept = groups.get(key) ?? [];
    const noise = noiseOf(constraint);
    if (kept.some((other) => implies(other, noise))) continue;
    groups.set(key, [...kept.filter((other) => !implies(noise, other)), noise]);
  }
  return [...groups.values()].flatMap((kept) => kept.map(({ constraint }) => constraint));
}

/** A constraint with at least its noise: squared weights that are powers of two. */
export function roundedUp(constraint: Constraint): Constraint {
  const terms = constraint.terms.map(
    (term): NoiseTerm => ({
      ...term,
      squaredWeight: 2 ** Math.ceil(Math.log2(term.squaredWeight)),
    }),
  );
  return { ...constraint, terms };
}

/** A constraint's noise by source: diagrams of all depths are one, in counts of CMUX. */
interface Noise {
  readonly constraint: Constraint;
  readonly weights: ReadonlyMap<string, number>;
  readonly leastBits: number;
}

function noiseOf(constraint: Constraint): Noise {
  const weights = new Map<string, number>();
  let leastBits = Number.POSITIVE_INFINITY;
  for (const term of constraint.terms) {
    const depth = depthOf(term);
    const key = 'lookup' in term ? `${term.source} ${term.lookup}` : term.source;
    const add = (name: string, count: number) =>
      weights.set(name, (weights.get(name) ?? 0) + term.squaredWeight * count);
    add(key, depth ?? 1);
    if (term.source === 'diagram') {
      add('apart', term.apart ?? term.depth);
      add('rounding', term.rounding ?? term.depth);
      add('clear', term.clear ?? 0);
    }
    if (depth !== null) leastBits = Math.min(leastBits, independentBits(depth));
  }
  return { constraint, weights, leastBits };
}

function depthOf(term: NoiseTerm): number | null {
  return term.source === 'diagram' || term.source === 'circuit-diagram' ? term.depth : null;
}

function implies(a: Noise, b: Noise): boolean {
  if (a.leastBits > b.leastBits) return false;
  for (const [source, weight] of b.weights) if ((a.weights.get(source) ?? 0) < weight) return false;
  return true;
}
