/** Packing: which outputs share a reply, and that none disturbs another. */
import test from 'ava';
import { type Circuit, compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import { flat } from '../../support/agreement.ts';
import { interpret } from '../../support/interpret.ts';

const { uint } = encrypted;

/** Random rows: interpreted on clear values, and one of them encrypted. */
async function agrees(circuit: Circuit): Promise<boolean> {
  const random = createRandom(3);
  const { inputs } = circuit.program;
  const argsOf = (row: readonly number[]) => {
    let next = 0;
    return circuit.inputs.map(({ shape }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      next += size;
      return { shape, data: Float64Array.from(row.slice(next - size, next)) };
    });
  };
  for (let i = 0; i < 5; i++) {
    const row = inputs.map(({ min, max }) => min + random.integer(max - min + 1));
    const wanted = flat(circuit.evaluate(...argsOf(row))).join();
    if (interpret(circuit.program, row).join() !== wanted) return false;
    if (i === 0 && flat(await circuit.encryptRunDecrypt(...argsOf(row))).join() !== wanted)
      return false;
  }
  return true;
}

test('given tables of many inputs, then all share one reply', async (t) => {
  const circuit = await compile((x) => x!.map((v) => (v * 7 + 3) % 16), { x: uint(4, [40]) });
  t.is(circuit.program.replies.length, 1);
  t.true(circuit.statistics.replyBytes < 16_000);
  t.true(await agrees(circuit));
});

test('given several tables of each input, then none reaches the coefficient of another', async (t) => {
  const circuit = await compile(
    (x) => [x!.map((v) => (v * 3) % 8), x!.map((v) => (v * 5) % 8), x!.map((v) => 7 - (v % 8))],
    { x: uint(4, [6]) },
  );
  t.true(circuit.program.replies.length < 18);
  t.true(await agrees(circuit));
});

test('given a table as wide as the polynomial, then it has a reply of its own', async (t) => {
  const circuit = await compile((x) => x!.map((v) => v % 5), { x: uint(11, [3]) });
  t.is(circuit.program.replies.length, 3);
  t.true(await agrees(circuit));
});

test('given outputs of different widths, then those of one width share', async (t) => {
  const circuit = await compile(
    (x) => np.concatenate([x!.map((v) => v % 2), x!.map((v) => (v * v) % 64)]),
    { x: uint(6, [4]) },
  );
  t.is(circuit.program.replies.length, 2);
  t.true(await agrees(circuit));
});

test('given a sum that reads the query between its slots, then it is not packed', async (t) => {
  const circuit = await compile((x) => [x!.at(0).add(x!.at(1)), x!.at(2).map((v) => v % 3)], {
    x: uint(3, [3]),
  });
  t.is(circuit.program.replies.length, 2);
  t.true(await agrees(circuit));
});
