/** Requirements: the noise of every rounding event as a linear form over independent sources. */
import test from 'ava';
import { cellsOf } from '../../../lib/compiler/lower/plan.ts';
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

test('the noise of a diagram grows with its longest path', (t) => {
  t.deepEqual(weights(outputOf(pass((x) => x!.map((v) => v * v), { x: uint(4) }))), {
    'diagram 4': 1,
  });
  const tree = pass((x, y) => np.where(x!.less(3), np.where(y!.less(1), 4, 7), 9), {
    x: uint(2),
    y: uint(2),
  });
  t.deepEqual(weights(outputOf(tree)), { 'diagram 4': 1 });
});

test('functions of different inputs add variances; those of one input deviations', (t) => {
  const square = (v: number) => v * v;
  const apart = pass((x, y) => x!.map(square).add(y!.map(square)), { x: uint(3), y: uint(3) });
  t.deepEqual(weights(outputOf(apart)), { 'diagram 6': 1 });
  const shared = pass(
    (x, y) => np.where(x!.less(3), y!.map(square), 5).add(np.where(x!.less(3), y!.map(square), 9)),
    { x: uint(16), y: uint(3) },
  );
  const [term] = outputOf(shared).terms;
  t.true(term?.source === 'diagram' && term.depth > 30, JSON.stringify(term));
});

test('tables of one input are read from one rotated ciphertext: where trees share it, they may all end there', (t) => {
  const treesOver = (inputs: number) =>
    pass(
      (x, y) =>
        [0, 1, 2, 3]
          .map((k) => np.where(x!.at(k).less(2), y!.at(k % inputs).less(k + 1), 5 + k))
          .reduce((a, b) => a.add(b)),
      { x: uint(2, [4]), y: uint(3, [4]) },
    );
  // One bit of x decides in each tree; the three bits of y rotate its tables.
  t.deepEqual(weights(outputOf(treesOver(4))), { 'diagram 16': 1 });
  t.deepEqual(weights(outputOf(treesOver(2))), { 'diagram 28': 1 });
  t.deepEqual(weights(outputOf(treesOver(1))), { 'diagram 52': 1 });
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
