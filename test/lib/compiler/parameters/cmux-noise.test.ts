import test from 'ava';
import { bitSets } from '../../../../lib/compiler/parameters/bit-sets.ts';
import { defaultCalibration } from '../../../../lib/compiler/parameters/calibration.ts';
import { diagramVariance } from '../../../../lib/compiler/parameters/cmux-noise.ts';

const setsOf = (encoding: 'packed' | 'unpacked') =>
  bitSets({ encoding, bitCount: 64, cmuxCount: 64 }, 2048, defaultCalibration);

test('of packed bits, a CMUX between clear branches has next to no noise', (t) => {
  for (const { clear, variance } of setsOf('packed')) t.true(clear < variance / 256);
});

test('roundings are part of a CMUX, and different coefficients share at least half of a product', (t) => {
  for (const { rounding, variance, correlation } of [...setsOf('packed'), ...setsOf('unpacked')]) {
    t.true(rounding < variance);
    t.true(correlation >= 1 / 2 && correlation <= 1);
  }
});

test('CMUX on a path that nothing shares add variances; counts apart are between none and all in common', (t) => {
  const cmux = { variance: 10, rounding: 4, clear: 1, correlation: 1 / 2 };
  t.is(diagramVariance({ depth: 3 }, cmux), 30);
  t.is(diagramVariance({ depth: 9, apart: 3, rounding: 5, clear: 2 }, cmux), 6 * 6 + 5 * 4 + 2);
});
