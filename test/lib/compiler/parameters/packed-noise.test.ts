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

test('mask rows and CMUX have the variance measured with exact masks', (t) => {
  // log2 variance over 60 rows, one key, products of masks in integers.
  const { maskRow, cmux } = packedNoise(sets.fine, 2048, 5);
  t.true(Math.abs(Math.log2(maskRow) + 61.62) < 0.25, String(Math.log2(maskRow)));
  t.true(Math.abs(Math.log2(cmux) + 41.5) < 0.5, String(Math.log2(cmux)));
});

test('more payload coefficients and coarser gadgets are noisier', (t) => {
  const cmux = (name: keyof typeof sets) => packedNoise(sets[name], 2048).cmux;
  t.true(cmux('small') < cmux('fine'));
  t.true(cmux('fine') < cmux('large'));
  t.true(cmux('fine') < cmux('medium'));
  t.true(cmux('finest') < cmux('fine'));
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
