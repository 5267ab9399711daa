import test from 'ava';
import fc from 'fast-check';
import {
  affineQuantizer,
  codeRange,
  dequantizeAffine,
  quantizeAffine,
  widenAffine,
} from '../../estimators/quantize/affine.ts';
import { binEdges, mixedEdges } from '../../estimators/quantize/bins.ts';
import {
  comparisonInput,
  comparisonQuantizer,
  quantizeComparisons,
} from '../../estimators/quantize/comparisons.ts';
import { quantizeShares, shareLevels } from '../../estimators/quantize/leaves.ts';
import { roundHalfEven } from '../../estimators/quantize/rounding.ts';
import { quantizeWeights, returnedScales } from '../../estimators/quantize/weights.ts';
import type { Tensor } from '../../tracer/tensor.ts';

const column = (values: readonly number[]): Tensor => ({
  shape: [values.length, 1],
  data: Float64Array.from(values),
});
const moderate = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('rounds ties to even, everything else to the nearest', (t) => {
  const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 1e15 + 0.5];
  t.deepEqual(
    halves.map((x) => roundHalfEven(x) + 0),
    [-2, -2, 0, 0, 2, 2, 4, 1e15],
  );
  t.is(roundHalfEven(0.49999999999999994), 0);
  t.is(roundHalfEven(-0.5000000000000001), -1);
  fc.assert(fc.property(moderate, (x) => Math.abs(roundHalfEven(x) - x) <= 0.5));
});

test('affine codes of training data lie in the middle half and are within half a step', (t) => {
  const values = fc.array(moderate, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 16 }), (x, bits) => {
      const X = column(x);
      const quantizer = affineQuantizer(X, bits);
      const codes = quantizeAffine(quantizer, X, 'error');
      const back = dequantizeAffine(quantizer, codes);
      const scale = quantizer.scale[0]!;
      // Steps as fine as the doubles between which they lie cannot be met to half a step.
      fc.pre(scale > 2 ** -48 * Math.max(...x.map(Math.abs)));
      return x.every(
        (value, i) =>
          Math.abs(codes.data[i]!) <= 2 ** (bits - 1) &&
          Math.abs(back.data[i]! - value) <= (scale / 2) * (1 + 1e-9) + 1e-9,
      );
    }),
  );
  t.pass();
});

test('values that differ in their last bits alone are in range', (t) => {
  for (const x of [
    [999999.9999999995, 999999.9999999992],
    [1 - 2 ** -53, 1, 1 + 2 ** -52],
  ]) {
    for (let bits = 2; bits <= 16; bits++) {
      const X = column(x);
      const codes = quantizeAffine(affineQuantizer(X, bits), X, 'error');
      t.true(codes.data.every((code) => Math.abs(code) < 2 ** bits));
    }
  }
});

test('half the training span beyond either end is in range, more is an error or clipped', (t) => {
  const quantizer = affineQuantizer(column([10, 20]), 12);
  const { min, max } = codeRange(quantizer);
  const inside = quantizeAffine(quantizer, column([5.01, 24.99]), 'error');
  t.true(inside.data[0]! >= min && inside.data[1]! <= max);
  const thrown = t.throws(() => quantizeAffine(quantizer, column([15, 26]), 'error'), {
    code: 'OUT_OF_RANGE',
  });
  t.regex(
    thrown.message,
    /feature 0 of row 1: .*given 26; allowed: \[4\.99756, 25\.0000\]; .*outOfRange: 'clip'/,
  );
  t.is(quantizeAffine(quantizer, column([26]), 'clip').data[0], max);
  t.is(quantizeAffine(quantizer, column([-1e9]), 'clip').data[0], min);
});

test('widening takes in new rows and leaves features that fit as they are', (t) => {
  const X: Tensor = { shape: [2, 2], data: Float64Array.of(0, 0, 1, 1) };
  const quantizer = affineQuantizer(X, 12);
  const wide = widenAffine(quantizer, { shape: [1, 2], data: Float64Array.of(0.5, 30) });
  t.is(wide.scale[0], quantizer.scale[0]);
  const row = { shape: [1, 2], data: Float64Array.of(0, 30) };
  t.notThrows(() => quantizeAffine(wide, row, 'error'));
  t.true(Math.abs(dequantizeAffine(wide, quantizeAffine(wide, row, 'error')).data[1]! - 30) < 0.01);
});

test('integer weights keep scores, and switch unused features off', (t) => {
  const X: Tensor = { shape: [2, 3], data: Float64Array.of(0, 0, 0, 1, 1000, 1) };
  const grid = affineQuantizer(X, 12);
  const form = {
    coef: [
      [2, 0.003, 0],
      [2e6, 0, 0],
    ],
    intercept: [-1, 5e20],
  };
  const apart = returnedScales(grid, form, false);
  const { quantizer, integerWeights } = quantizeWeights(grid, form, apart);
  t.is(quantizer.scale[2], 0);
  const row = { shape: [1, 3], data: Float64Array.of(0.5, 800, 1e9) };
  const codes = quantizeAffine(quantizer, row, 'error');
  const values = [0, 1].map((k) => {
    const sum = integerWeights.weights.reduce(
      (total, own, j) => total + own[k]! * codes.data[j]!,
      integerWeights.bias[k]!,
    );
    return sum * integerWeights.scale[k]!;
  });
  t.true(Math.abs(values[0]! - (2 * 0.5 + 0.003 * 800 - 1)) < 1e-3);
  // An intercept far beyond the rest is kept as exactly as doubles have it.
  t.true(Math.abs(values[1]! / (5e20 + 1e6) - 1) < 2 ** -49);
  t.true(integerWeights.bias.every(Number.isSafeInteger));
  const [first, second] = returnedScales(grid, form, true);
  t.is(first, Math.max(...apart));
  t.is(second, first);
});

test('bins: every midpoint where they suffice, equal shares where not', (t) => {
  t.deepEqual(Array.from(binEdges(Float64Array.of(3, 1, 1, 2), 8)), [1.5, 2.5]);
  t.deepEqual(Array.from(binEdges(Float64Array.of(7, 7), 8)), []);
  const edges = binEdges(
    Float64Array.from({ length: 1000 }, (_, i) => i),
    4,
  );
  t.is(edges.length, 15);
  edges.forEach((edge, k) => {
    t.true(Math.abs(edge - ((k + 1) * 1000) / 16) <= 1, `edge ${k}: ${edge}`);
  });
});

test('each threshold has one input, which tells exactly whether any value is beyond it', (t) => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const some = fc.array(finite, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(some, finite, fc.nat(), (threshold, other, pick) => {
      const tree = { feature: threshold.map(() => 0), threshold };
      const quantizer = comparisonQuantizer([tree, tree]);
      if (quantizer.thresholds.length !== new Set(threshold).size) return false;
      // Also the hardest case, a value that is a threshold itself.
      return [other, threshold[pick % threshold.length]!].every((x) => {
        const { data } = quantizeComparisons(quantizer, column([x]));
        return threshold.every((edge, node) => {
          const answer = data[comparisonInput(quantizer, tree, node)];
          return answer === Number(x > edge);
        });
      });
    }),
  );
  t.pass();
});

test('edges for random thresholds: all midpoints of few values, else half of them evenly spaced', (t) => {
  t.deepEqual(Array.from(mixedEdges(Float64Array.of(0, 1, 4, 1), 3)), [0.5, 2.5]);
  const skewed = Float64Array.from({ length: 1000 }, (_, i) => 1.02 ** i);
  const edges = mixedEdges(skewed, 5);
  t.true(edges.length <= 31);
  t.deepEqual(edges, edges.slice().sort());
  // Equal shares of the rows leave the upper half of the range to one or two edges.
  t.true(edges.filter((edge) => edge > skewed[999]! / 2).length >= 8);
  t.true(edges.filter((edge) => edge < skewed[500]!).length >= 7);
});

test('leaf scores keep the winner, and ties', (t) => {
  const counts = fc.array(fc.nat({ max: 5000 }), { minLength: 2, maxLength: 12 });
  const first = (values: readonly number[]): number => values.indexOf(Math.max(...values));
  fc.assert(
    fc.property(counts, (rows) => {
      const total = rows.reduce((a, b) => a + b, 0);
      fc.pre(total > 0);
      const shares = rows.map((count) => count / total);
      const levels = quantizeShares(shares, shareLevels);
      const near = (level: number, share: number): boolean =>
        Math.abs(level - share * shareLevels) <= 1.5 && level >= 0;
      if (shares.length === 2) {
        return (
          levels[0]! > shareLevels / 2 === shares[1]! > shares[0]! && near(levels[0]!, shares[1]!)
        );
      }
      return first(levels) === first(shares) && levels.every((level, c) => near(level, shares[c]!));
    }),
  );
  t.deepEqual(quantizeShares([0.5, 0.5], shareLevels), [1260]);
  t.deepEqual(quantizeShares([0.49999, 0.50001], shareLevels), [1261]);
  t.deepEqual(quantizeShares([0.49999, 0.50001, 0], shareLevels), [1259, 1260, 0]);
  t.deepEqual(quantizeShares([1 / 3, 1 / 7, 11 / 21], shareLevels), [840, 360, 1320]);
});
