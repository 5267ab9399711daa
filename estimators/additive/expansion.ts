/**
 * Scores that are weighted sums of what the client makes of the features: their codes, squares of these, distances from
 * given places. The server sees one product of integers, whatever the score is as a function of the features.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { Fitted } from '../estimator.ts';
import type { IntegerModel } from '../model.ts';
import { type AffineQuantizer, type OutOfRange, widenAffine } from '../quantize/affine.ts';
import { isAffine, isSums } from '../quantize/state.ts';
import {
  comparedSums,
  type InputRange,
  type IntegerSums,
  type RealSums,
  returnedSums,
  widthOfSums,
} from '../quantize/sums.ts';
import { isPositive, type StateTest } from '../state.ts';
import { bestForm, comparedWidths } from './integers.ts';
import { sumsModel } from './program.ts';

/** What a model makes of rows of features, and its coefficients for that. */
export interface Expansion {
  /** A grid for training data. */
  grid(X: Tensor, bits: number): AffineQuantizer;
  /** Range of all inputs, for a grid of so many bits. */
  range(bits: number): InputRange;
  /** Integer inputs, rows x inputs. @throws OUT_OF_RANGE under 'error' */
  inputs(grid: AffineQuantizer, X: Tensor, outOfRange: OutOfRange): Tensor;
  /** Coefficients of these inputs. */
  sums(grid: AffineQuantizer): RealSums;
  /** What rounding all coefficients may change in a score, as a standard deviation; more digits are returned if need be. */
  resolution(grid: AffineQuantizer): number;
}

/** Integers that stand for a model's coefficients, and the grid that they are for. */
export interface SumsForm {
  /** Features to integers. */
  readonly quantizer: AffineQuantizer;
  /** The integers that stand for the coefficients of what is made of the features. */
  readonly integerSums: IntegerSums;
}

/** The tests of `SumsForm`, for what a model makes of its features. */
export function sumsState<F extends SumsForm & Fitted>(
  expansionOf: (state: F) => Expansion,
): { readonly [Name in keyof SumsForm]: StateTest<F> } {
  return {
    quantizer: (value, { nFeaturesIn }) =>
      isAffine(value, nFeaturesIn) && value.scale.every(isPositive),
    integerSums: (value, state) => {
      const expansion = expansionOf(state);
      const { coef } = expansion.sums(state.quantizer);
      return isSums(value, coef[0]!.length, coef.length, expansion.range(state.quantizer.bits));
    },
  };
}

/** Bits of features that are tried for sums that are compared. */
const comparedBits = [4, 6, 8, 10];

/** The integers of a model. `labelsOf`: the index of each row's class by the real scores; null for a single class. */
export function sumsForm(
  name: string,
  X: Tensor,
  labelsOf: ((rows: Tensor) => Int32Array) | null,
  expansion: Expansion,
  { nBits, output }: { readonly nBits: number; readonly output: 'scores' | 'label' },
): SumsForm {
  const compared = comparedWidths.flatMap((width) =>
    [...comparedBits.filter((bits) => bits < nBits), nBits].map(
      (bits) => (): SumsForm => comparedForm(expansion.grid(X, bits), expansion, width),
    ),
  );
  const forms =
    output === 'label' ? compared : [() => returnedForm(expansion.grid(X, nBits), expansion)];
  return bestForm(name, X, labelsOf, forms, (form) => expandedModel(form, expansion, 'clip'));
}

/** The integers with the range of each feature widened to take in all rows of X. */
export function widenedSums(
  { quantizer, integerSums }: SumsForm,
  X: Tensor,
  expansion: Expansion,
  output: 'scores' | 'label',
): SumsForm {
  const grid = widenAffine(quantizer, X);
  if (output === 'scores') return returnedForm(grid, expansion);
  return comparedForm(grid, expansion, widthOfSums(integerSums, expansion.range(quantizer.bits)));
}

/** Scores, in the four steps of every model. */
export function expandedModel(
  { quantizer, integerSums }: SumsForm,
  expansion: Expansion,
  outOfRange: OutOfRange,
): IntegerModel {
  return sumsModel(integerSums, expansion.range(quantizer.bits), (X) =>
    expansion.inputs(quantizer, X, outOfRange),
  );
}

function returnedForm(quantizer: AffineQuantizer, expansion: Expansion): SumsForm {
  const sums = expansion.sums(quantizer);
  const range = expansion.range(quantizer.bits);
  const largest = Math.max(-range.min, range.max);
  const coarsest = expansion.resolution(quantizer) / (largest * Math.sqrt(sums.coef[0]!.length));
  return { quantizer, integerSums: returnedSums(sums, range, coarsest) };
}

function comparedForm(quantizer: AffineQuantizer, expansion: Expansion, width: number): SumsForm {
  const sums = expansion.sums(quantizer);
  return { quantizer, integerSums: comparedSums(sums, expansion.range(quantizer.bits), width) };
}
