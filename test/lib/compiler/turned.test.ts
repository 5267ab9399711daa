import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import type { Traced } from '../../../tracer/value.ts';

type Circuit = Awaited<ReturnType<typeof compile>>;

const random = createRandom(5);
const bits = 40;
const rows = Array.from({ length: 4 }, () => Array.from({ length: bits }, () => random.integer(2)));
const weightsWithin = (most: number): number[] =>
  Array.from({ length: bits }, () => random.integer(2 * most + 1) - most);
const sumOf = (row: readonly number[], weights: readonly number[]): number =>
  row.reduce((sum, bit, j) => sum + bit * weights[j]!, 0);

async function answers(circuit: Circuit): Promise<number[][]> {
  const simulated = (await circuit.simulateBatch([rows])) as { data: ArrayLike<number> };
  const own = (await circuit.encryptRunDecryptBatch([rows])) as { data: ArrayLike<number> };
  return [Array.from(simulated.data), Array.from(own.data)];
}

for (const most of [40, 110, 180]) {
  test(`a step of a sum of ${bits} bits with weights up to ${most} is as many turns, and no lookup`, async (t) => {
    const weights = weightsWithin(most);
    const bounds = [-3, 0, 20];
    const program = (x: Traced) => np.less(np.matmul(x, weights), bounds);
    const circuit = await compile(program, { x: encrypted.range(0, 1, [bits]) });
    const expected = rows.flatMap((row) =>
      bounds.map((bound) => Number(sumOf(row, weights) < bound)),
    );
    for (const answer of await answers(circuit)) t.deepEqual(answer, expected);
    const { lookups, diagrams } = circuit.statistics;
    t.is(lookups.bootstraps, 0);
    // The bounds share turns; wheels of 2 and 4 ciphertexts take as many CMUX for each.
    t.true(diagrams.cmux <= 4 * bits, `${diagrams.cmux}`);
  });
}

test('a threshold that is computed turns what fresh bits have turned', async (t) => {
  const all = Array.from({ length: 5 }, () => weightsWithin(30));
  const columns = weightsWithin(0).map((_, j) => all.map((weights) => weights[j]!));
  const program = (x: Traced) => {
    const sums = np.matmul(x, columns);
    const isMany = np.greater(np.sum(np.less(sums, 0)), 2);
    const threshold = np.subtract(np.multiply(isMany, 60), 30);
    return np.sum(np.lessEqual(sums, threshold));
  };
  const circuit = await compile(program, { x: encrypted.range(0, 1, [bits]) });
  const expected = rows.map((row) => {
    const sums = all.map((weights) => sumOf(row, weights));
    const threshold = sums.filter((sum) => sum < 0).length > 2 ? 30 : -30;
    return sums.filter((sum) => sum <= threshold).length;
  });
  for (const answer of await answers(circuit)) t.deepEqual(answer, expected);
  const { diagrams } = circuit.statistics;
  // Each sum once, for both thresholds; and one turn of all by the computed bit.
  t.true(diagrams.cmux <= 5 * bits + 10, `${diagrams.cmux}`);
});

test('sums of which many wheels share most turns are as exact as promised', async (t) => {
  const weights = weightsWithin(20);
  const alike = Array.from({ length: 12 }, (_, i) => weights.with(bits - 1, i));
  const columns = weights.map((_, j) => alike.map((own) => own[j]!));
  const program = (x: Traced) => np.sum(np.less(np.matmul(x, columns), 4));
  const circuit = await compile(program, { x: encrypted.range(0, 1, [bits]) });
  const expected = rows.map((row) => alike.filter((own) => sumOf(row, own) < 4).length);
  for (const answer of await answers(circuit)) t.deepEqual(answer, expected);
  t.true(circuit.statistics.log2Failure <= -40);
});
