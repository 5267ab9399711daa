/**
 * Linear scores that are compared on the server: how many bits a feature gets, and how wide a sum is.
 *
 * A comparison costs the more the wider its sum is, and takes 20 bits at most, so features and weights have to share few
 * bits. Which share is best depends on the data: many features want coarse codes and fine weights, and a few the reverse.
 */
import { createRandom } from '../../lib/random.ts';
import type { Tensor } from '../../tracer/tensor.ts';
import { winners } from '../model.ts';
import { clearly } from '../predictor.ts';
import { affineQuantizer, widenAffine } from '../quantize/affine.ts';
import {
  comparedRange,
  comparedScales,
  type IntegerForm,
  type LinearForm,
  quantizeWeights,
} from '../quantize/weights.ts';
import { type QuantizationParameters, realValues } from './fitted.ts';
import { linearModel } from './program.ts';

/** Share of rows that may get another label by quantization before it counts as a loss. */
export const tolerableChange = 0.01;

/** Bits of sums, the cheapest first. The last may be one wider by rounding, which is the most that can be compared. */
const widths = [14, 16, 18, 19];
const widestSum = 2 ** 20;
/** Bits of features; more than these get `nBits`. */
const featureBits = [3, 4, 5, 6, 7, 8, 10];

/**
 * The narrowest sums, of the best share of bits, that change no more labels of the training rows and of points between them
 * than is tolerable; or those that change the fewest.
 */
export function comparedForm(
  X: Tensor,
  form: LinearForm,
  { nBits }: Pick<QuantizationParameters, 'nBits'>,
): IntegerForm {
  const judges = withMidpoints(X);
  const reals = realValues(judges, form);
  const grids = [...featureBits.filter((bits) => bits < nBits), nBits].map((bits) =>
    affineQuantizer(X, bits),
  );
  let best: Candidate | undefined;
  for (const width of widths) {
    for (const grid of grids) {
      const integers = quantizeWeights(grid, form, comparedScales(grid, form, 2 ** width));
      const made = { integers, ...loss(integers, judges, reals) };
      const fits = best === undefined || comparedRange(integers) <= widestSum;
      if (fits && (best === undefined || isBetter(made, best))) best = made;
    }
    if (best!.changed <= tolerableChange) break;
  }
  return best!.integers;
}

/**
 * Rows to judge integers by: the training rows, and as many midpoints of two of them. A model that has learned its rows by
 * heart has none of them near the borders between labels, so that on them alone the coarsest integers would do.
 */
export function withMidpoints({ shape, data }: Tensor): Tensor {
  const [rows, features] = shape as [number, number];
  const partners = createRandom(0).shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  const all = new Float64Array(2 * data.length);
  all.set(data);
  partners.forEach((partner, row) => {
    for (let j = 0; j < features; j++) {
      const middle = data[row * features + j]! / 2 + data[partner * features + j]! / 2;
      all[data.length + row * features + j] = middle;
    }
  });
  return { shape: [2 * rows, features], data: all };
}

/** The form with features' ranges that take in all rows of X, and sums as wide as before. */
export function widenedComparison(integers: IntegerForm, form: LinearForm, X: Tensor): IntegerForm {
  const grid = widenAffine(integers.quantizer, X);
  const range = Math.min(comparedRange(integers), widestSum / 2);
  return quantizeWeights(grid, form, comparedScales(grid, form, range));
}

/** The share of rows to which integers and coefficients give different labels. */
export function labelsChanged(integers: IntegerForm, X: Tensor, form: LinearForm): number {
  return loss(integers, X, realValues(X, form)).changed;
}

interface Loss {
  readonly changed: number;
  /** Sum of squared errors of scores: tells apart what changes the same labels. */
  readonly squares: number;
}

interface Candidate extends Loss {
  readonly integers: IntegerForm;
}

function loss({ quantizer, integerWeights }: IntegerForm, X: Tensor, reals: Tensor): Loss {
  const values = clearly(linearModel(quantizer, integerWeights, 'clip'), X);
  const before = winners(reals);
  const after = winners(values);
  const different = after.reduce((sum, label, row) => sum + Number(label !== before[row]), 0);
  const squares = values.data.reduce((sum, value, i) => sum + (value - reals.data[i]!) ** 2, 0);
  return { changed: different / after.length, squares };
}

function isBetter(a: Loss, b: Loss): boolean {
  return a.changed === b.changed ? a.squares < b.squares : a.changed < b.changed;
}
