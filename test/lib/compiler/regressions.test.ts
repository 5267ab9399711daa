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

test('an integer inside a fused function is never -0, as in evaluation', async (t) => {
  const circuit = await compile((x) => np.signbit(np.fmod(x, x.add(2))), { x: encrypted.int(3) });
  for (const x of [-3, -1, 0, 1, 3]) t.is(await circuit.simulate(x), circuit.evaluate(x), `${x}`);
  t.is(await circuit.encryptRunDecrypt(-1), circuit.evaluate(-1));
});
