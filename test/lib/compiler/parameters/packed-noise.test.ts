import test from 'ava';
import { packedNoise } from '../../../../lib/compiler/parameters/packed-noise.ts';
import { erfc, log2erfc, marginFor } from '../../../../lib/compiler/parameters/special.ts';
import { tailExponent, tailInflation } from '../../../../lib/compiler/parameters/tail.ts';

const gadget = (baseLog: number, levelCount: number) => ({ baseLog, levelCount });
const set = (
  bits: [number, number],
  automorphism: [number, number],
  square: [number, number],
  log2Coefficients: number,
) => ({
  log2Coefficients,
  gadget: gadget(...bits),
  automorphism: gadget(...automorphism),
  square: gadget(...square),
});

const sets = {
  coarse: set([7, 3], [5, 8], [6, 8], 6),
  medium: set([6, 4], [4, 12], [6, 8], 6),
  fine: set([5, 5], [4, 12], [5, 10], 6),
  small: set([5, 5], [4, 12], [5, 10], 4),
  large: set([5, 5], [4, 12], [5, 10], 8),
  finest: set([5, 5], [3, 16], [4, 12], 6),
};

/**
 * CMUX whose noise reaches the root of a depth-4 tree over 6-bit features, on average over inputs and thresholds:
 * a comparison from the low bit up forgets all below the highest bit in which they differ (1.9 of 6 remain).
 */
const MEAN_PATH = 7.52;

test('the deviation of a depth-4 tree is the one measured with the transform of the tfhe crate', (t) => {
  // log2 sd over 50 trees, two keys each; runs differ by 0.2 because few frequencies carry the noise.
  const measured: [keyof typeof sets, number][] = [
    ['coarse', -14.45],
    ['medium', -16.25],
    ['fine', -16.95],
    ['small', -17.55],
    ['large', -16.8],
    ['finest', -17.75],
  ];
  for (const [name, wanted] of measured) {
    const { cmux } = packedNoise(sets[name], 2048, 5, 'single');
    const given = Math.log2(MEAN_PATH * cmux) / 2;
    const excess = given - wanted;
    t.true(excess > -0.1 && excess < 0.4, `${name}: ${given}, measured ${wanted}`);
  }
});

test('mask rows have the variance measured in f64 arithmetic, with and without the error of the transform', (t) => {
  // log2 variance over 60 rows, one key, 53-bit arithmetic and the same sums in integers.
  const single: [keyof typeof sets, number][] = [
    ['coarse', -54.9],
    ['medium', -56.1],
    ['fine', -56.2],
    ['small', -56.95],
    ['large', -55.8],
    ['finest', -57.4],
  ];
  for (const [name, wanted] of single) {
    const given = Math.log2(packedNoise(sets[name], 2048, 5, 'single').maskRow);
    t.true(Math.abs(given - wanted) < 0.75, `${name}: ${given}, measured ${wanted}`);
  }
  const split = packedNoise(sets.fine, 2048, 5, 'split');
  t.true(Math.abs(Math.log2(split.maskRow) + 61.62) < 0.25, String(Math.log2(split.maskRow)));
  t.true(Math.abs(Math.log2(split.cmux) + 41.5) < 0.5, String(Math.log2(split.cmux)));
});

test('more payload coefficients and coarser gadgets are noisier', (t) => {
  const cmux = (name: keyof typeof sets) => packedNoise(sets[name], 2048).cmux;
  t.true(cmux('small') < cmux('fine'));
  t.true(cmux('fine') < cmux('large'));
  t.true(cmux('fine') < cmux('medium'));
  t.true(cmux('finest') < cmux('fine'));
});

test('splitting keys removes the error of the transform only where the halves are exact', (t) => {
  const gain = (baseLog: number) => {
    const gadgets = set([5, 5], [baseLog, Math.ceil(48 / baseLog)], [5, 10], 6);
    return (
      packedNoise(gadgets, 2048, 5, 'single').cmux / packedNoise(gadgets, 2048, 5, 'split').cmux
    );
  };
  t.true(gain(4) > 8);
  t.is(gain(12), 1);
});

test('the payload coefficient is noisier than the others, and does not decide', (t) => {
  const noise = packedNoise(sets.fine, 2048);
  t.true(noise.payload > 10 * noise.others);
  t.true(noise.maskRow > 1000 * noise.others);
});

test('the tail exponent is that of a mixture of Gaussians', (t) => {
  // P = integral over u of the density of a mean of k exponentials times erfc(sqrt(x / v(u))).
  const share = 0.4;
  for (const degrees of [5, 20]) {
    for (const x of [10, 25]) {
      let probability = 0;
      let mass = 0;
      const step = 1e-3;
      for (let u = step; u < 12; u += step) {
        const density = Math.exp(degrees * (1 - u + Math.log(u))) / u;
        mass += density * step;
        probability += density * step * erfc(Math.sqrt(x / (1 + share * (u - 1))));
      }
      const exact = Math.log2(probability / mass);
      const given = log2erfc(Math.sqrt(tailExponent(x, share, degrees)));
      t.true(Math.abs(given - exact) < 0.75, `${degrees}, ${x}: ${given}, exact ${exact}`);
    }
  }
});

test('the tail inflation undoes the tail exponent, and is 1 for Gaussian noise', (t) => {
  const z = marginFor(-45);
  const inflation = tailInflation(z, 0.6, 12);
  t.true(inflation > 1);
  const back = tailExponent((inflation * z * z) / 2, 0.6, 12);
  t.true(Math.abs(back / ((z * z) / 2) - 1) < 1e-6);
  t.is(tailInflation(z, 0, 12), 1);
  t.is(tailExponent(10, 0, 12), 10);
});
