/** Programs that once computed something else, or cost more than they should. Concrete's are in concrete-reports.test.ts. */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { agreesEverywhere, type ProgramCase } from '../../support/cases.ts';

const { int, uint } = encrypted;

const cases: Readonly<Record<string, ProgramCase>> = {
  'a result doubled six times, looked up: its noise grows 64 times (Concrete assumes 8)': {
    f: (x) => {
      let y = x!.greater(3);
      for (let i = 0; i < 6; i++) y = y.add(y);
      return y.add(x!.sum()).map((v) => v % 67);
    },
    specs: { x: uint(3) },
    rows: [[3], [4], [7]],
    options: { query: 'values' },
  },
  'a function of reshaped elements': {
    f: (x) => x!.reshape([3, 2]).map((v) => v * v),
    specs: { x: int(3, [2, 3]) },
    rows: [
      [
        [
          [-4, -3, -2],
          [1, 2, 3],
        ],
      ],
    ],
  },
  'a function of a sum that is always the same': {
    f: (x) => new np.LookupTable([5, 7, 9]).at(x!.at(0).less(2).add(x!.at(0).greaterEqual(2))),
    specs: { x: uint(2, [1]) },
    rows: [[[0]], [[3]]],
  },
  'a diagram whose leaves are all the same': {
    f: (x, y) =>
      x!
        .less(2)
        .add(x!.greaterEqual(2))
        .multiply(2)
        .add(y!.multiply(0))
        .add(np.minimum(y!, x!.add(4)))
        .map((v) => (v > 1 ? 7 : 3)),
    specs: { x: uint(2), y: uint(2) },
    rows: [
      [0, 0],
      [3, 3],
    ],
  },
  'a branch without a value where it is not chosen': {
    f: (x) => [
      np.where(x!.equal(0), 0, np.floorDivide(10, x!)),
      np.where(x!.less(3), new np.LookupTable([5, 6, 7]).at(x!), -1),
    ],
    specs: { x: uint(3) },
    rows: [[0], [2], [3], [7]],
  },
  'the negative of a float that is zero: numpy has -0, whose sign and angle are others': {
    f: (x) => {
      const y = np.negative(np.divide(x!, 3));
      return [np.signbit(y), np.round(np.arctan2(y, -1)), np.round(np.copysign(x!.add(2.5), y))];
    },
    specs: { x: int(3) },
    rows: [[0], [1], [-1]],
  },
  'the same value returned twice, beside itself as a component': {
    f: (x) => [x!.less(2), x!.less(2), np.stack([x!.less(2), x!.greater(0)])],
    specs: { x: uint(2) },
    rows: [[0], [1], [3]],
  },
};

for (const [title, each] of Object.entries(cases))
  test.serial(title, async (t) => agreesEverywhere(t, each));

test('a wide sum beside a comparison makes it no dearer (Concrete locks their widths)', async (t) => {
  const specs = { x: uint(3), y: uint(3) };
  const alone = await compile((x, y) => x!.less(y!), specs);
  const beside = await compile((x, y) => [x!.less(y!), x!.add(1000)], specs);
  t.is(beside.statistics.diagrams.cmux, alone.statistics.diagrams.cmux);
  t.deepEqual(beside.program.parameters, alone.program.parameters);
});

for (const [title, f] of Object.entries<np.TracedFunction>({
  'a power beyond 2^53': (x) => x!.power(20).remainder(7),
  'a product beyond 2^53': (x) =>
    x!
      .multiply(2 ** 51)
      .add(1)
      .remainder(1001),
  'squares of squares': (x) => x!.square().square().square().square().square().remainder(1001),
}))
  test(`an integer inside a fused function is exact or refused, not rounded: ${title}`, async (t) => {
    await t.throwsAsync(() => compile(f, { x: uint(3) }), {
      code: 'OVERFLOW_2_53',
      message: /allowed: an integer for every value .*; scale it down, or .*regressions\.test\.ts/,
    });
    const narrow = await compile(f, { x: uint(1) });
    for (const x of [0, 1]) t.is(await narrow.encryptRunDecrypt(x), narrow.evaluate(x));
  });

test('a value that is none inside a fused function is refused, not compared', async (t) => {
  const f: np.TracedFunction = (x) =>
    x!.map((v) => (v === 5 ? Number.NaN : v), { kind: 'integer' }).less(3);
  await t.throwsAsync(() => compile(f, { x: uint(3) }), { code: 'NOT_FINITE' });
});

test('an integer inside a fused function is never -0, as in evaluation', async (t) => {
  const circuit = await compile((x) => np.signbit(np.fmod(x, x.add(5))), { x: encrypted.int(3) });
  for (const x of [-4, -3, -1, 0, 1, 3])
    t.is(await circuit.simulate(x), circuit.evaluate(x), `${x}`);
  t.is(await circuit.encryptRunDecrypt(-4), circuit.evaluate(-4));
});
