/**
 * Noise as linear forms over independent sources: a value's noise is sum coefficient_i * e_i.
 *
 * Adding two values adds their forms, so `y + y` is 2e with variance 4V, not 2V: re-joined paths (prefix sums,
 * windows, residuals) are priced as they are.
 */

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

/** The form of one fresh source. */
export function noiseOf(source: number): NoiseForm {
  return new Map([[source, 1]]);
}

/** The form of a + b. */
export function addNoise(a: NoiseForm, b: NoiseForm): NoiseForm {
  return combineNoise([
    [a, 1],
    [b, 1],
  ]);
}

/** The form of coefficient * a. */
export function scaleNoise(a: NoiseForm, coefficient: number): NoiseForm {
  return combineNoise([[a, coefficient]]);
}

/** The form of sum coefficient * form, in one pass; cancelled sources disappear. */
export function combineNoise(
  terms: Iterable<readonly [form: NoiseForm, coefficient: number]>,
): NoiseForm {
  const sum = new Map<number, number>();
  for (const [form, coefficient] of terms) {
    for (const [source, c] of form) {
      const total = (sum.get(source) ?? 0) + coefficient * c;
      if (total === 0) sum.delete(source);
      else sum.set(source, total);
    }
  }
  return sum;
}

/**
 * Squared weight per kind of noise: what a `Constraint` needs of a form.
 *
 * Independent sources add c^2. Sources of one accumulator add (sum |c|)^2 together, under the origin with the longest
 * path. Terms come in the order of their first source, so equal programs give equal constraints.
 */
export function noiseTerms(
  form: NoiseForm,
  originOf: (source: number) => NoiseOrigin,
): NoiseTerm[] {
  const groups = new Map<number, { weight: number; source: NoiseTermOrigin }>();
  const weights = new Map<string, { source: NoiseTermOrigin; squaredWeight: number }>();
  const add = (source: NoiseTermOrigin, squaredWeight: number) => {
    const key = JSON.stringify(source);
    const known = weights.get(key);
    if (known === undefined) weights.set(key, { source, squaredWeight });
    else known.squaredWeight += squaredWeight;
  };
  for (const [id, coefficient] of form) {
    const { source, accumulator } = originOf(id);
    if (accumulator === null) {
      add(source, coefficient * coefficient);
      continue;
    }
    const group = groups.get(accumulator);
    if (group === undefined) groups.set(accumulator, { weight: Math.abs(coefficient), source });
    else {
      group.weight += Math.abs(coefficient);
      if (depthOf(source) > depthOf(group.source)) group.source = source;
    }
  }
  for (const { weight, source } of groups.values()) add(source, weight * weight);
  return [...weights.values()].map(({ source, squaredWeight }) => ({ ...source, squaredWeight }));
}

/**
 * Variance of a form: sum c^2 V over independent sources plus, per accumulator, (sum |c| sqrt V)^2.
 * `varianceOf` gives the variance and accumulator of a source.
 */
export function noiseVariance(
  form: NoiseForm,
  varianceOf: (source: number) => {
    readonly variance: number;
    readonly accumulator: number | null;
  },
): number {
  let total = 0;
  const groups = new Map<number, number>();
  for (const [id, coefficient] of form) {
    const { variance, accumulator } = varianceOf(id);
    if (accumulator === null) total += coefficient * coefficient * variance;
    else {
      const deviation = Math.abs(coefficient) * Math.sqrt(variance);
      groups.set(accumulator, (groups.get(accumulator) ?? 0) + deviation);
    }
  }
  for (const deviation of groups.values()) total += deviation * deviation;
  return total;
}

function depthOf(source: NoiseTermOrigin): number {
  return source.source === 'diagram' ? source.depth : 0;
}
