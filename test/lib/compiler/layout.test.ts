/** Layout: scales are per reader, so that what is narrow stays narrow. */
import test from 'ava';
import { cellsOf, precisionOf } from '../../../lib/compiler/lower/plan.ts';
import { encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { lookupsOnly, pass } from '../../support/passes.ts';

const { int, range, uint } = encrypted;

test('an output of w bits has unit 2^(64 - w), and at least one bit', (t) => {
  const { placed } = pass(
    (x, y) => [x!.add(y!), x!.subtract(y!.multiply(4)), y!.add(1000), x!.multiply(0), x!.equal(2)],
    { x: uint(4), y: int(2) },
  );
  // [-2, 16], [-4, 23], [998, 1001], a constant, [0, 1]
  t.deepEqual(placed.outputScales, [59, 59, 62, 64, 63]);
});

test('components share the widest scale among them', (t) => {
  const { placed } = pass((x) => np.where(x!.less(2), np.array([0, 9]), np.array([1, 200])), {
    x: uint(2),
  });
  t.deepEqual(placed.outputScales, [56]);
  t.deepEqual(
    placed.roots.map(({ components, scaleLog }) => ({ components, scaleLog })),
    [{ components: 2, scaleLog: 56 }],
  );
});

test('a comparison beside a wide sum stays as narrow as it is alone', (t) => {
  const alone = pass((x, y) => x!.less(y!), { x: uint(3), y: uint(3) });
  const beside = pass((x, y) => [x!.less(y!), x!.multiply(1000)], { x: uint(3), y: uint(3) });
  t.is(alone.placed.outputScales[0], 63);
  t.is(beside.placed.outputScales[0], 63);
  t.deepEqual(beside.asked.requirements.constraints[0], alone.asked.requirements.constraints[0]);
});

test('the index of a rotation has a padding bit, and room for all tables', (t) => {
  const { placed, plan } = pass(
    (x) => [0, 1, 2].map((k) => x!.sum().map((v) => (v * v + k) % 3)),
    { x: uint(1, [3]) },
    { prices: lookupsOnly },
  );
  t.deepEqual(plan.lookups.map(precisionOf), [4]);
  t.deepEqual(placed.indexScales, [63 - 2 - 2]);
});

test('a result that several read has the scale of its widest reader', (t) => {
  const { placed, plan } = pass(
    (x, y) => {
      const low = x!.sum().map((v) => (v * v) % 3);
      const total = low.add(y!.sum().map((v) => (v * v) % 4));
      return [low, total.multiply(20)];
    },
    { x: uint(2, [2]), y: uint(2, [2]) },
    { prices: lookupsOnly },
  );
  // low is [0, 1]: 1 bit. The total is [0, 40]: 6 bits.
  t.deepEqual(placed.outputScales, [63, 58]);
  t.deepEqual(
    plan.lookups.flatMap(cellsOf).map((cell) => placed.lookupScales.get(cell)),
    // A factor of 4 is in the scale.
    [60, 60],
  );
});

test('linear programs hold many rows a query; others one', (t) => {
  t.true(pass((x) => x!.sum(), { x: uint(3, [30]) }).placed.linearOnly);
  t.true(pass((x) => [x!.sum(), x!.multiply(0).sum()], { x: uint(3, [30]) }).placed.linearOnly);
  t.false(pass((x) => [x!.sum(), x!.at(0).less(2)], { x: uint(3, [30]) }).placed.linearOnly);
});

test('only the bits that decide something travel', (t) => {
  // x < 4 is bit 2 of x; y % 2 is bit 0 of y.
  const { placed } = pass((x, y, z) => np.where(x!.less(4), np.remainder(y!, 2), z!.add(z!)), {
    x: uint(3),
    y: uint(3),
    z: range(5, 5),
  });
  t.deepEqual(placed.bits.map((bit) => [Math.floor(bit / 64), bit % 64]).at(0), [0, 2]);
  t.true(placed.bits.every((bit) => Math.floor(bit / 64) !== 2));
});

test('three sums or more are one product: one scale, that of the widest', (t) => {
  const sums = (count: number, options = {}) =>
    pass(
      (x) => [...Array(count).keys()].map((k) => x!.sum().multiply(1 + 10 * k)),
      { x: uint(2, [4]) },
      options,
    ).placed;
  t.false(sums(2).oneProduct);
  t.deepEqual(sums(2).outputScales, [60, 56]);
  t.true(sums(3).oneProduct);
  t.deepEqual(sums(3).outputScales, [56, 56, 56]);
});
