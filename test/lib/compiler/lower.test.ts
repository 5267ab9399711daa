/** Lower: which engine computes what, chosen by cost. */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { lookupsApart, lookupsOnly, pass, printPlan, printValue } from '../../support/passes.ts';

const { int, range, uint } = encrypted;

/** The leveled value of the first output. */
const firstValue = (...args: Parameters<typeof pass>): string => {
  const { plan } = pass(...args);
  const [first] = plan.outputs;
  if (first?.kind !== 'value') throw new Error(printPlan(plan));
  return printValue(plan.values, first.value);
};

test('given a weighted sum, then it is one product', (t) => {
  const { plan } = pass((x) => x!.dot([1, -2, 3]).add(4), { x: int(4, [3]) });
  t.is(printPlan(plan), 'dot with 1 * output 0 [-42, 48]');
  t.is(plan.lookups.length, 0);
});

test('given a function of one input, then its bits rotate the table', (t) => {
  t.is(
    firstValue((x) => x!.map((v) => v * v), { x: range(-2, 1) }),
    `
v0 = [4, 1, 0, 1][c0]
return v0`.trim(),
  );
});

test('given a comparison with a constant inside a choice, then only its bits decide: no result of it exists', (t) => {
  t.is(
    firstValue((x, y) => np.where(x!.less(6), np.where(y!.less(2), 1, 5), 9), {
      x: uint(3),
      y: uint(2),
    }),
    `
v0 = [1, 1, 5, 5][c1]
v1 = x0.1 ? (9) : v0
v2 = x0.2 ? v1 : v0
return v2`.trim(),
  );
});

test('given a comparison of two inputs, then it is decided without a lookup', (t) => {
  for (const bits of [2, 4, 6]) {
    const { plan, asked } = pass((x, y) => x!.less(y!), { x: uint(bits), y: uint(bits) });
    t.is(plan.lookups.length, 0);
    const { cmuxCount } = asked.requirements.bits!;
    t.true(cmuxCount <= 2 ** (bits + 2), `${bits} bits: ${cmuxCount}`);
  }
});

test('given a choice between arrays, then its elements are components of one ciphertext', (t) => {
  const f: np.TracedFunction = (x, y) =>
    np.where(x!.less(2), np.array([1, 2, 3]), np.where(y!.greater(1), np.array([4, 5, 6]), 7));
  const { plan, asked } = pass(f, { x: uint(2), y: uint(2) });
  t.is(
    printPlan(plan),
    'branch with 1 * output 0 [1, 7], 1 * output 1 [2, 7], 1 * output 2 [3, 7]',
  );
  t.is(asked.requirements.bits?.cmuxCount, 3);
  t.is(
    firstValue(f, { x: uint(2), y: uint(2) }),
    `
v0 = [7, 7, 4, 4] [7, 7, 5, 5] [7, 7, 6, 6][c1]
v1 = x0.1 ? v0 : (1, 2, 3)
return v1`.trim(),
  );
});

test('given a wide sum under a function, then states that decide alike are one', (t) => {
  const { plan, asked } = pass((x) => x!.sum().map((v) => v % 2), { x: uint(2, [20]) });
  t.is(plan.lookups.length, 0);
  t.is(asked.requirements.bits?.bitCount, 20);
  t.is(asked.requirements.bits?.cmuxCount, 39);
});

test('given a function of a sum whose diagram would be dear, then it rolls a drum', (t) => {
  const square: np.TracedFunction = (x) => x!.sum().map((v) => (v * v) % 29);
  const { plan, asked } = pass(square, { x: uint(1, [63]) });
  t.is(plan.lookups.length, 0);
  t.is(asked.requirements.bits?.cmuxCount, 63);
});

test('given a function of a sum with more values than drums have room for, then it is looked up', (t) => {
  const square: np.TracedFunction = (x) => x!.sum().map((v) => (v * v) % 29);
  t.true(pass(square, { x: uint(12, [5]) }).plan.lookups.length > 0);
});

test('given several tables of one index, then they share a rotation where that is cheaper', (t) => {
  const f: np.TracedFunction = (x) => {
    const sum = x!.sum();
    return [0, 1, 2, 3].map((k) => sum.map((v) => (v * v + k) % 3));
  };
  t.is(
    printPlan(pass(f, { x: uint(1, [3]) }, { prices: lookupsOnly }).plan),
    `
layer 0: c3 at 0, c4 at 4, c5 at 8 = tables of 4 bits[1 * dot + 0]
output 0 = 1 * lookup c3 + 0
output 1 = 1 * lookup c4 + 0
output 2 = 1 * lookup c5 + 0
output 3 = 1 * lookup c3 + 0`.trim(),
  );
  t.is(
    printPlan(pass(f, { x: uint(1, [3]) }, { prices: lookupsApart }).plan),
    `
layer 0: c3 at 0 = tables of 2 bits[1 * dot + 0]
layer 0: c4 at 0 = tables of 2 bits[1 * dot + 0]
layer 0: c5 at 0 = tables of 2 bits[1 * dot + 0]
output 0 = 1 * lookup c3 + 0
output 1 = 1 * lookup c4 + 0
output 2 = 1 * lookup c5 + 0
output 3 = 1 * lookup c3 + 0`.trim(),
  );
});

test('given a lookup of one input, then it is encrypted for it: no keyswitch', (t) => {
  const { plan, asked } = pass(
    (x) => x!.map((v) => (v * v) % 5),
    { x: uint(4) },
    { prices: lookupsOnly },
  );
  t.is(
    printPlan(plan),
    `
layer 0: c1 at 0 = tables of 4 bits[fresh c0]
output 0 = 1 * lookup c1 + 0`.trim(),
  );
  t.is(asked.requirements.lookups[0]?.keyswitchCount, 0);
});

test('given a choice by lookups, then it is the other branch and one table of condition and difference', (t) => {
  const { plan } = pass(
    (x, y) => np.where(x!.less(2), x!, y!.add(3)),
    { x: uint(2), y: uint(2) },
    { prices: lookupsOnly },
  );
  t.is(
    printPlan(plan),
    `
layer 1: c4 at 0 = tables of 4 bits[1 * dot + 7 * lookup c2 + 3]
layer 0: c2 at 0 = tables of 2 bits[fresh c0]
output 0 = 1 * dot + 1 * lookup c4 + 3`.trim(),
  );
});

test('given an output that is too wide to be exact, then it leaves as digits', (t) => {
  const { plan } = pass(
    (x) => x!.map((v) => v ** 4 - 100),
    { x: uint(5) },
    { exactWidth: () => 8 },
  );
  t.is(
    printPlan(plan),
    'lookup with 1 * output 0 [0, 113], 128 * output 0 [0, 122], 16384 * output 0 [0, 56]',
  );
  t.deepEqual(plan.offsets, [-100]);
});

test('given a choice of wide constants, then its digits are choices', (t) => {
  const { plan } = pass(
    (x, y) => np.where(x!.less(y!), 1000, np.where(y!.less(2), -3000, 77)),
    { x: uint(8), y: uint(8) },
    { exactWidth: () => 6 },
  );
  t.is(printPlan(plan), 'branch with 1 * output 0 [0, 32], 64 * output 0 [0, 62]');
  t.deepEqual(plan.offsets, [-3000]);
});

test('given a sum of wide and narrow trees, then all digits share the choices', async (t) => {
  const tree = (x: np.Traced, first: number, scale: number): np.Traced => {
    const choice = (i: number, low: np.Traced | number, high: np.Traced | number): np.Traced =>
      np.where(x.at(first + i), high, low);
    return choice(
      0,
      choice(1, choice(3, 0, 5 * scale), choice(4, 3 * scale, 1)),
      choice(2, choice(5, 2, 7 * scale), choice(6, scale, 6)),
    );
  };
  // Every other tree adds nothing to the high digits.
  const trees = (x: np.Traced): np.Traced[] =>
    Array.from({ length: 8 }, (_, i) => tree(x, 7 * (i % 3), i % 2 === 1 ? 1 : 100_000_007 - i));
  const circuit = await compile((x) => trees(x!).reduce((a, b) => np.add(a, b)), {
    x: uint(1, [21]),
  });
  t.is(circuit.statistics.diagrams.cmux, 33);
  t.true(circuit.statistics.replyBytes < 5000, 'one ciphertext');
  for (const seed of [1, 2, 3]) {
    const x = Array.from({ length: 21 }, (_, i) => ((seed * (i + 3) * 7) % 5) & 1);
    t.is(await circuit.encryptRunDecrypt(x), circuit.evaluate(x));
  }
});

test('given query values, then every function is a lookup', async (t) => {
  const f: np.TracedFunction = (x) => x!.map((v) => (v * v) % 5);
  const bits = await compile(f, { x: uint(3) });
  const values = await compile(f, { x: uint(3) }, { query: 'values' });
  t.deepEqual(
    [bits, values].map(({ statistics }) => [
      statistics.diagrams.cmux,
      statistics.lookups.bootstraps,
    ]),
    [
      [3, 0],
      [0, 1],
    ],
  );
});
