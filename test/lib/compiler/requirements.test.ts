/** Requirements: the noise of every rounding event as a linear form over independent sources. */
import test from 'ava';
import { cellsOf } from '../../../lib/compiler/lower/plan.ts';
import type { CmuxCount } from '../../../lib/compiler/parameters/cmux-noise.ts';
import type { Constraint } from '../../../lib/compiler/parameters/requirements.ts';
import { encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { lookupsApart, lookupsOnly, type Passed, pass } from '../../support/passes.ts';

const { int, uint } = encrypted;

const outputOf = ({ asked }: Passed, output = 0): Constraint =>
  asked.requirements.constraints[asked.outputConstraints[output]!]!;

/** Squared weights by kind of noise. */
const weights = ({ terms }: Constraint): Record<string, number> =>
  Object.fromEntries(
    terms.map((term) => [
      term.source === 'diagram' ? `diagram ${Number(term.depth.toPrecision(9))}` : term.source,
      Number(term.squaredWeight.toPrecision(9)),
    ]),
  );

/** A table of a sum of its own inputs, as a lookup. */
const lookup = (x: np.Traced): np.Traced => x.sum().map((v) => (v * v) % 3);

test('a weighted sum of inputs has the sum of its squared weights', (t) => {
  t.deepEqual(weights(outputOf(pass((x) => x!.dot([1, -2, 3]), { x: int(4, [3]) }))), {
    'fresh-glwe': 14,
  });
});

test('sums in one product have the noise of all their weights', (t) => {
  const three = pass((x) => [x!.dot([1, 2]), x!.dot([3, 4]), x!.at(0).multiply(10)], {
    x: uint(3, [2]),
  });
  t.true(three.placed.oneProduct);
  for (const output of [0, 1, 2])
    t.deepEqual(weights(outputOf(three, output)), { 'fresh-glwe': 5 + 25 + 100 });
});

test('y + y + y is 3y: nine times the variance; y + y is made twice as large, and no noisier', (t) => {
  const options = { prices: lookupsOnly };
  const once = pass((x) => lookup(x!), { x: uint(2, [2]) }, options);
  t.deepEqual(weights(outputOf(once)), { bootstrap: 1 });
  const twice = pass((x) => lookup(x!).add(lookup(x!)), { x: uint(2, [2]) }, options);
  t.deepEqual(weights(outputOf(twice)), { bootstrap: 1 });
  const thrice = pass(
    (x) => lookup(x!).add(lookup(x!)).add(lookup(x!)),
    { x: uint(2, [2]) },
    options,
  );
  t.deepEqual(weights(outputOf(thrice)), { bootstrap: 9 });
  const others = pass(
    (x, y) => lookup(x!).add(lookup(y!)),
    { x: uint(2, [2]), y: uint(2, [2]) },
    options,
  );
  t.deepEqual(weights(outputOf(others)), { bootstrap: 2 });
});

test('y tripled four times is 81y: 6561 times the variance, as a multiplication by 81', (t) => {
  const options = { prices: lookupsOnly };
  const doubled = pass(
    (x) => {
      let y = lookup(x!);
      for (let i = 0; i < 4; i++) y = y.add(y).add(y);
      return y;
    },
    { x: uint(2, [2]) },
    options,
  );
  const multiplied = pass((x) => lookup(x!).multiply(81), { x: uint(2, [2]) }, options);
  t.deepEqual(weights(outputOf(doubled)), { bootstrap: 6561 });
  t.deepEqual(doubled.asked, multiplied.asked);
});

test('a value that meets itself again counts once, with the sum of its weights', (t) => {
  const { asked, plan } = pass(
    (x, z) => {
      const y = lookup(x!);
      return y
        .add(z!.sum())
        .subtract(y.multiply(4))
        .map((v) => (v * v) % 7);
    },
    { x: uint(2, [2]), z: uint(2, [2]) },
    { prices: lookupsOnly },
  );
  const last = plan.lookups.findIndex(({ layer }) => layer === 1);
  const constraint = asked.requirements.constraints[asked.lookupConstraints[last]!]!;
  t.deepEqual(weights(constraint), { bootstrap: 9, 'fresh-glwe': 2 });
  t.true(constraint.keyswitched);
});

test('a difference of equal values has no noise at all', (t) => {
  const { asked } = pass((x) => lookup(x!).subtract(lookup(x!)), { x: uint(2, [2]) });
  t.deepEqual(asked.requirements.constraints, []);
});

test('results of one rotation are bounded as correlated, those of two add variances', (t) => {
  const sumOf = (tables: number) =>
    pass(
      (x) => {
        const all = Array.from({ length: tables }, (_, k) => x!.sum().map((v) => (v * v + k) % 3));
        return all.reduce((a, b) => a.add(b));
      },
      { x: uint(1, [3]) },
      { prices: lookupsOnly },
    );
  const two = sumOf(2);
  t.deepEqual(
    two.plan.lookups.map((lookup) => cellsOf(lookup).length),
    [2],
  );
  t.deepEqual(weights(outputOf(two)), { bootstrap: 4 });
  const apart = pass(
    (x) => [2, 3].map((k) => x!.sum().map((v) => v % k)).reduce((a, b) => a.add(b)),
    { x: uint(2, [6]) },
    { prices: lookupsApart },
  );
  t.is(apart.plan.lookups.length, 2);
  t.deepEqual(weights(outputOf(apart)), { bootstrap: 2 });
});

/** The CMUX that an output's noise is a sum of. */
const cmuxOf = (passed: Passed): Required<CmuxCount> => {
  const term = outputOf(passed).terms.find(({ source }) => source === 'diagram');
  const { depth, apart, rounding, clear } = term as Required<CmuxCount>;
  return { depth, apart, rounding, clear };
};

const cmux = (depth: number, apart: number, rounding: number, clear: number) => ({
  depth,
  apart,
  rounding,
  clear,
});

test('the noise of a diagram grows with its longest path, but for the CMUX between clear branches', (t) => {
  t.deepEqual(cmuxOf(pass((x) => x!.map((v) => v * v), { x: uint(4) })), cmux(3, 3, 3, 1));
  const tree = pass((x, y) => np.where(x!.less(3), np.where(y!.less(1), 4, 7), 9), {
    x: uint(2),
    y: uint(2),
  });
  t.deepEqual(cmuxOf(tree), cmux(3, 3, 3, 1));
});

test('a CMUX rounds where its bit is 1', (t) => {
  // Where x < 8 the low bits of x decide nothing.
  const f = (x: np.Traced, y: np.Traced) =>
    np.where(x.less(8), np.where(y.at(0).less(8), y.at(1).multiply(y.at(2)), 5), 9);
  const { depth, rounding } = cmuxOf(pass((x, y) => f(x!, y!), { x: uint(4), y: uint(4, [3]) }));
  t.true(rounding < depth, `${rounding} of ${depth}`);
});

test('functions of different inputs add variances; those of one input deviations', (t) => {
  const square = (v: number) => v * v;
  const apart = pass((x, y) => x!.map(square).add(y!.map(square)), { x: uint(3), y: uint(3) });
  t.deepEqual(cmuxOf(apart), cmux(4, 4, 4, 4));
  const shared = pass(
    (x, y) => np.where(x!.less(3), y!.map(square), 5).add(np.where(x!.less(3), y!.map(square), 9)),
    { x: uint(16), y: uint(3) },
  );
  t.true(cmuxOf(shared).depth > 10);
});

test('tables of one input are read from one rotated ciphertext: where trees share it, they may all end there', (t) => {
  const treesOver = (inputs: number, count = 4) =>
    pass(
      (x, y) =>
        Array.from({ length: count }, (_, k) =>
          np.where(
            x!.at(k).less(2),
            y!.at(k % inputs).map((v) => (v * v * (k + 2)) % 11),
            5 + k,
          ),
        ).reduce((a, b) => a.add(b)),
      { x: uint(2, [count]), y: uint(3, [count]) },
    );
  // One bit of x decides in each tree; two of three bits of y rotate what is encrypted.
  t.deepEqual(cmuxOf(treesOver(4)), cmux(4 + 8, 4 + 8, 4 + 8, 16));
  // Few tables may be branches, which may be the same.
  t.deepEqual(cmuxOf(treesOver(2)), cmux(4 + 16, 4 + 16, 8 + 16, 16));
  // Many are not: half of the noise of different coefficients is the same.
  t.deepEqual(cmuxOf(treesOver(1, 6)), cmux(6 + 72, 6 + 12, 21 + 42, 36));
});

test('CMUX by different bits round alike where the masks that they decompose are alike', (t) => {
  const sum = (other: number[]) =>
    cmuxOf(pass((x, y) => np.where(x!, y!, 0).sum(), { x: uint(1, [4]), y: uint(4, other) }));
  t.deepEqual(sum([]), cmux(4, 4, 16, 0));
  t.deepEqual(sum([4]), cmux(4, 4, 10, 0));
});

test('what multiples of a sum round away takes from each other, or adds', (t) => {
  // y, 4 y and 8 y: 3 - (1/8 + 1/16 + 1/4) and as much again.
  const product = pass((x, y) => x!.multiply(y!), { x: uint(4), y: uint(4) });
  t.deepEqual(cmuxOf(product), cmux(4, 4, 2.125, 0));
  // y and -2 y: 2 + 2 / 4.
  const difference = pass(
    (x, y) => np.where(x!.at(0), y!, 0).subtract(np.where(x!.at(1), y!.multiply(2), 0)),
    { x: uint(1, [2]), y: uint(4) },
  );
  t.deepEqual(cmuxOf(difference), cmux(2, 2, 2.5, 0));
});

test('margins are half a box: 2^-(w + 1) for an output of w bits, 2^-(p + 2) for an index of p', (t) => {
  const { asked } = pass((x) => lookup(x!), { x: uint(2, [2]) }, { prices: lookupsOnly });
  const margins = [...asked.outputConstraints, ...asked.lookupConstraints].map(
    (at) => asked.requirements.constraints[at]!.margin,
  );
  t.deepEqual(margins, [2 ** -2, 2 ** -5]);
});

test('equal events are one constraint with a count', (t) => {
  const { asked } = pass((x) => x!.map((v) => v * v), { x: uint(3, [7]) });
  t.deepEqual(
    asked.requirements.constraints.map(({ count }) => count),
    [7],
  );
});
