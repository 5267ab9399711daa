/** Noise of encrypted runs against what the parameter search predicts. */
import test from 'ava';
import { clear, type compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { measureNoise, type NoiseOptions } from '../../support/noise.ts';

const { int, uint } = encrypted;
type Specs = Parameters<typeof compile>[1];

const sumOf = (count: number, term: (k: number) => np.Traced): np.Traced =>
  Array.from({ length: count }, (_, k) => term(k)).reduce((a, b) => a.add(b));

/** A tree of two levels that ends in y. */
const tree = (x: np.Traced, y: np.Traced, k: number): np.Traced =>
  np.where(
    x.less(1 + (k % 7)),
    np.where(y.less(1 + ((k * 5) % 7)), 45 + k, 5),
    np.where(y.less(1 + ((k * 3) % 7)), 85, 45 - k),
  );

/** `least` is how far below its prediction the measured variance may be: predictions take the worst inputs. */
const measured: readonly [
  name: string,
  f: np.TracedFunction,
  specs: Specs,
  options: Omit<NoiseOptions, 'pError'>,
  least: number,
][] = [
  [
    'a weighted sum of inputs',
    (x) =>
      x!.matmul([
        [1000, 1],
        [-999, 2],
        [3, 1001],
        [4, -5],
      ]),
    { x: int(12, [4]) },
    { query: 'packed', keys: 2, runs: 100 },
    0.7,
  ],
  [
    'weighted sums in one product: each has the noise of all weights',
    (x) =>
      x!.matmul([
        [1000, 1, 5],
        [-999, 2, 7],
        [3, 1001, 1],
        [4, -5, 9],
      ]),
    { x: int(12, [4]) },
    { query: 'packed', keys: 2, runs: 100 },
    0.7,
  ],
  [
    'a lookup of a fresh input',
    (x) => x!.map((v) => (v * 3) % 8),
    { x: uint(3, [16]) },
    { query: 'values', keys: 2, runs: 8 },
    0.6,
  ],
  [
    'y doubled three times: 64 times the variance',
    (x) => {
      let y = x!.greater(3);
      for (let i = 0; i < 3; i++) y = y.add(y);
      return y;
    },
    { x: uint(3, [16]) },
    { query: 'values', keys: 2, runs: 8 },
    0.6,
  ],
  [
    'y added to twice itself and to others',
    (x) => {
      const y = x!.map((v) => (v * v) % 7);
      return y.add(y.multiply(2)).add(y.at(np.slice(null, null, -1)));
    },
    { x: uint(3, [16]) },
    { query: 'values', keys: 2, runs: 8 },
    0.6,
  ],
  [
    'a table of bits',
    (x) => x!.map((v) => (v * v * 37) % 64),
    { x: uint(5, [16]) },
    { query: 'packed', keys: 2, runs: 12 },
    0.4,
  ],
  [
    'a table of unpacked bits',
    (x) => x!.map((v) => (v * v * 37) % 64),
    { x: uint(5, [16]) },
    { query: 'unpacked', keys: 2, runs: 12 },
    0.25,
  ],
  [
    'a product of bits',
    (x, y) => x!.multiply(y!),
    { x: uint(3, [8]), y: uint(3, [8]) },
    { query: 'packed', keys: 2, runs: 15 },
    0.5,
  ],
  [
    'a table of the bits of two inputs',
    (x, y) => np.map((a, b) => (a * b * 37 + b) % 64, x!, y!),
    { x: uint(5, [12]), y: uint(5, [12]) },
    { query: 'packed', keys: 2, runs: 12 },
    0.2,
  ],
  [
    'tables of the bits of two inputs that a polynomial has no room for, added up',
    (x, y) =>
      [3, 5, 7]
        .map((k) => np.map((a, b) => (a * b * k + b) % 64, x!, y!))
        .reduce((sum, each) => sum.add(each)),
    { x: uint(6, [6]), y: uint(6, [6]) },
    { query: 'packed', keys: 2, runs: 20 },
    0.2,
  ],
  [
    'a choice by digits of two values that were refreshed',
    (x, y, c) => np.where(np.refresh(c!), np.refresh(x!), np.refresh(y!)),
    { x: uint(9, [3]), y: uint(9, [3]), c: uint(1) },
    { query: 'values', keys: 1, runs: 12 },
    0.05,
  ],
  [
    'products with clear values: the worst of them is predicted',
    (x, c) => x!.multiply(c!).sum({ axis: 1 }),
    { x: int(12, [4, 3]), c: clear.range(1000, 1023, [4, 3]) },
    { query: 'packed', keys: 2, runs: 40 },
    0.6,
  ],
  [
    'a table of bits beside clear ones',
    (x, c) => np.map((a, b) => ((a + 3) * (b + 5) * 37) % 64, x!, c!),
    { x: uint(5, [16]), c: clear.uint(4) },
    { query: 'packed', keys: 2, runs: 12 },
    0.4,
  ],
  [
    'a sum of tables that clear values choose',
    (x, c) =>
      np
        .where(
          c!.less(4),
          x!.map((v) => (v * v * 37) % 64),
          x!.map((v) => (v * 11) % 64),
        )
        .sum({ axis: 1 }),
    { x: uint(4, [8, 4]), c: clear.uint(3, [8, 4]) },
    { query: 'unpacked', keys: 2, runs: 12 },
    0.35,
  ],
  [
    'a sum of tables',
    (x) => x!.map((v) => (v * v * 37) % 64).sum({ axis: 1 }),
    { x: uint(4, [8, 4]) },
    { query: 'packed', keys: 2, runs: 15 },
    0.5,
  ],
  [
    'trees that share nothing',
    (x, y) => np.stack([0, 1, 2, 3].map((i) => sumOf(4, (k) => tree(x!.at(i, k), y!.at(i, k), k)))),
    { x: uint(3, [4, 4]), y: uint(3, [4, 4]) },
    { query: 'packed', keys: 2, runs: 25 },
    0.4,
  ],
  [
    'trees that end in one input, whose tables share a rotation',
    (x, y) => np.stack([0, 1, 2, 3].map((i) => sumOf(16, (k) => tree(x!.at(i), y!.at(i), k)))),
    { x: uint(3, [4]), y: uint(3, [4]) },
    { query: 'packed', keys: 2, runs: 25 },
    0.4,
  ],
];

for (const [name, f, specs, options, least] of measured)
  test.serial(`measured variance: ${name}`, async (t) => {
    const { ratio, mean, count } = await measureNoise(f, specs, { ...options, pError: 2 ** -20 });
    t.log(`${ratio.toFixed(2)} of the prediction over ${count} errors, mean ${mean.toFixed(2)}`);
    // Four standard deviations of a sample variance, and of a mean.
    t.true(ratio < 1 + 4 * Math.sqrt(2 / count), `variance: ${ratio} of the prediction`);
    t.true(ratio > least, `variance: ${ratio} of the prediction`);
    t.true(Math.abs(mean) < 4 * Math.sqrt(ratio / count) + 0.25, `mean: ${mean}`);
  });
