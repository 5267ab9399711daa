/**
 * Tests of integers and quantizers that come from JSON: what they say must be safe to compute with.
 */
import {
  hasKeys,
  isAscending,
  isCount,
  isIndices,
  isList,
  isMatrix,
  isNumbers,
  isPositive,
  isSame,
} from '../state.ts';
import { type AffineQuantizer, codeRange } from './affine.ts';
import { binCounts, type StepQuantizer } from './steps.ts';
import type { InputRange, IntegerSums } from './sums.ts';
import { type IntegerWeights, type LinearForm, quantizeWeights } from './weights.ts';

/** Whether a value is a quantizer of so many features. Features that a model does not use have a scale of 0. */
export function isAffine(value: unknown, features: number): value is AffineQuantizer {
  if (!hasKeys(value, ['kind', 'bits', 'center', 'scale'])) return false;
  const { kind, bits, center, scale } = value;
  return (
    kind === 'affine' &&
    isCount(bits, 1) &&
    bits <= 16 &&
    isNumbers(center, features) &&
    isNumbers(scale, features) &&
    scale.every((step) => step >= 0)
  );
}

/** Whether a value are the integers that stand for a form under a quantizer. */
export function isWeights(
  value: unknown,
  quantizer: AffineQuantizer,
  form: LinearForm,
): value is IntegerWeights {
  if (!hasKeys(value, ['weights', 'bias', 'scale'])) return false;
  const { scale } = value;
  if (!isList(scale, form.coef.length, isPositive)) return false;
  const derived = quantizeWeights(quantizer, form, scale as number[]);
  const { weights, bias } = derived.integerWeights;
  return (
    isSame({ quantizer, integerWeights: value }, derived) &&
    isExact(weights, bias, codeRange(quantizer))
  );
}

/** Whether a value are sums of so many inputs in a range, for so many outputs. */
export function isSums(
  value: unknown,
  inputs: number,
  outputs: number,
  range: InputRange,
): value is IntegerSums {
  if (!hasKeys(value, ['weights', 'bias', 'scale', 'radix', 'outputs'])) return false;
  const { weights, bias, scale, radix } = value;
  return (
    value.outputs === outputs &&
    isPositive(scale) &&
    isCount(radix, 1) &&
    isNumbers(bias, null) &&
    bias.length > 0 &&
    bias.length % outputs === 0 &&
    (bias.length === outputs || radix > 1) &&
    isMatrix(weights, inputs, bias.length) &&
    isExact(weights, bias, range)
  );
}

/** Whether a value is a quantizer for tables of so many features. */
export function isSteps(value: unknown, features: number): value is StepQuantizer {
  if (!hasKeys(value, ['kind', 'missing', 'terms', 'steps'])) return false;
  const { kind, missing, terms, steps } = value;
  const isTerm = (term: unknown): boolean =>
    hasKeys(term, ['features', 'edges']) &&
    isIndices(term.features, null, features) &&
    isList(term.edges, term.features.length, isAscending);
  if (kind !== 'steps' || typeof missing !== 'boolean' || !isList(terms, null, isTerm))
    return false;
  const known = terms as StepQuantizer['terms'];
  return isList(steps, known.length, (own, t) => {
    const cells = binCounts(known[t]!, missing).reduce((a, b) => a * b, 1);
    return isAscending(own) && isIndices(own, null, cells);
  });
}

/** Whether weights and biases are integers whose sums are exact whatever the inputs. */
function isExact(
  weights: readonly (readonly number[])[],
  bias: readonly number[],
  { min, max }: InputRange,
): boolean {
  const largest = Math.max(-min, max);
  return bias.every((constant, k) => {
    const all = [constant, ...weights.map((own) => own[k]!)];
    const most = weights.reduce(
      (sum, own) => sum + Math.abs(own[k]!) * largest,
      Math.abs(constant),
    );
    return all.every(Number.isSafeInteger) && Number.isSafeInteger(most);
  });
}
