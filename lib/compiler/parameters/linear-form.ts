/**
 * Noise as linear forms over independent sources: a value's noise is sum coefficient_i * e_i.
 *
 * Adding two values adds their forms, so `y + y` is 2e with variance 4V, not 2V: re-joined paths (prefix sums,
 * windows, residuals) are priced as they are.
 */

import type { CmuxCount } from './cmux-noise.ts';
import type { NoiseTerm } from './requirements.ts';

/** Integer coefficient per source id; absent is 0. A value without noise is the empty form. */
export type NoiseForm = ReadonlyMap<number, number>;

/**
 * Where a source's noise comes from: a `NoiseTerm` without its weight.
 *
 * Sources with the same `accumulator` may be correlated (samples extracted from one accumulator or one GLWE, roots of
 * diagrams that share nodes) and are bounded as if they were equal up to sign. Null: independent of every other source.
 */
export interface NoiseOrigin {
  readonly source: NoiseTermOrigin;
  readonly accumulator: number | null;
}

type WithoutWeight<T> = T extends NoiseTerm ? Omit<T, 'squaredWeight'> : never;

/** A `NoiseTerm` without `squaredWeight`. */
export type NoiseTermOrigin = WithoutWeight<NoiseTerm>;

/**
 * Squared weight per kind of noise: what a `Constraint` needs of a form.
 *
 * Independent sources add c^2. Sources of one kind of one accumulator add (sum |c|)^2 together, under the origin with the
 * most CMUX. Terms come in the order of their first source, so equal programs give equal constraints.
 */
export function noiseTerms(
  form: NoiseForm,
  originOf: (source: number) => NoiseOrigin,
): NoiseTerm[] {
  const groups = new Map<string, { weight: number; source: NoiseTermOrigin }>();
  const weights = new Map<string, { source: NoiseTermOrigin; squaredWeight: number }>();
  const add = (source: NoiseTermOrigin, squaredWeight: number) => {
    const key = originKey(source);
    const known = weights.get(key);
    if (known === undefined) weights.set(key, { source, squaredWeight });
    else known.squaredWeight += squaredWeight;
  };
  form.forEach((coefficient, id) => {
    const { source, accumulator } = originOf(id);
    if (accumulator === null) {
      add(source, coefficient * coefficient);
      return;
    }
    const key = `${accumulator} ${source.source}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { weight: Math.abs(coefficient), source });
    else {
      group.weight += Math.abs(coefficient);
      group.source = noisier(group.source, source);
    }
  });
  for (const { weight, source } of groups.values()) add(source, weight * weight);
  return [...weights.values()].map(({ source, squaredWeight }) => ({ squaredWeight, ...source }));
}

/** A text that is equal for equal origins. */
export function originKey(source: NoiseTermOrigin): string {
  if ('lookup' in source) return `${source.source} ${source.lookup}`;
  if (!('depth' in source)) return source.source;
  if (source.source === 'circuit-diagram') return `${source.source} ${source.depth}`;
  const { depth, apart, rounding, clear } = source;
  return `${source.source} ${depth} ${apart} ${rounding} ${clear}`;
}

/** Of two origins of one kind: each count of CMUX as large as in either. */
function noisier(a: NoiseTermOrigin, b: NoiseTermOrigin): NoiseTermOrigin {
  if (a.source === 'circuit-diagram' && b.source === 'circuit-diagram')
    return b.depth > a.depth ? b : a;
  if (a.source !== 'diagram' || b.source !== 'diagram') return a;
  const [one, other] = [countsOf(a), countsOf(b)];
  return {
    source: 'diagram',
    depth: Math.max(one.depth, other.depth),
    apart: Math.max(one.apart, other.apart),
    rounding: Math.max(one.rounding, other.rounding),
    clear: Math.max(one.clear, other.clear),
  };
}

function countsOf({ depth, apart, rounding, clear }: CmuxCount): Required<CmuxCount> {
  return { depth, apart: apart ?? depth, rounding: rounding ?? depth, clear: clear ?? 0 };
}
