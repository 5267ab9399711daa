/** Tables of weighted sums of many fresh bits: one CMUX a bit (`lib/compiler/lower/rolled.ts`). */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import { toTensor } from '../../../tracer/tensor.ts';

const { int, uint } = encrypted;

/** The clear and the encrypted outputs for the least, the largest and random rows, in one list each. */
async function bothOf(
  f: np.TracedFunction,
  x: ReturnType<typeof uint>,
  options: Parameters<typeof compile>[2] = {},
) {
  using circuit = await compile(f, { x }, options);
  const { min, max, shape } = circuit.inputs[0]!;
  const { integer } = createRandom(1);
  const random = () => min + integer(max - min + 1);
  const rows = [() => min, () => max, random, random, random];
  const [clear, decrypted]: number[][] = [[], []];
  for (const each of rows) {
    const row: number[] = Array.from({ length: shape[0]! }, each);
    clear!.push(...toTensor(circuit.evaluate(row) as np.ClearArray).data);
    decrypted!.push(...toTensor((await circuit.encryptRunDecrypt(row)) as np.ClearArray).data);
  }
  return { clear, decrypted, statistics: circuit.statistics };
}

const mixed = (v: number): number => (v * v * 7 + 3 * v) % 61;

test('a table of a sum of many bits takes one CMUX a bit', async (t) => {
  const weights = [1, -2, 3, 5, -7, 4, 2, -1, 6, 3, -5, 8];
  const found = await bothOf((x) => x!.dot(weights).map((v) => mixed(v + 200)), uint(3, [12]));
  t.deepEqual(found.decrypted, found.clear);
  t.deepEqual(found.statistics.diagrams, { bits: 36, cmux: 36 });
  t.is(found.statistics.lookups.bootstraps, 0);
});

test('negative inputs, and weights of either sign', async (t) => {
  const weights = [3, -1, 4, -1, 5, -9, 2, -6];
  const found = await bothOf(
    (x) =>
      x!
        .dot(weights)
        .add(17)
        .map((v) => mixed(v + 300)),
    int(4, [8]),
  );
  t.deepEqual(found.decrypted, found.clear);
  t.is(found.statistics.diagrams.cmux, 32);
});

test('neurons of a layer turn once for all outputs of the next one', async (t) => {
  const { integer } = createRandom(2);
  const hidden = Array.from({ length: 16 }, () => Array.from({ length: 4 }, () => integer(3) - 1));
  const last = Array.from({ length: 4 }, () => Array.from({ length: 10 }, () => integer(7) - 3));
  const found = await bothOf(
    (x) => np.matmul(np.clip(np.floorDivide(np.matmul(x!, hidden), 2), 0, 7), last),
    uint(2, [16]),
  );
  t.deepEqual(found.decrypted, found.clear);
  t.true(found.statistics.diagrams.cmux <= 4 * 32, `${found.statistics.diagrams.cmux} CMUX`);
  t.is(found.statistics.lookups.bootstraps, 0);
});

test('sums of more values than a ciphertext has coefficients turn several, most bits but one of them', async (t) => {
  const weights = [15, -14, 13, 12, -11, 10, 9, 8, -7, 16];
  const found = await bothOf((x) => x!.dot(weights).map((v) => mixed(v + 700)), uint(5, [10]));
  t.deepEqual(found.decrypted, found.clear);
  t.true(found.statistics.diagrams.cmux > 50 && found.statistics.diagrams.cmux < 100);
});

test('the same by bits that travel one by one', async (t) => {
  const weights = [15, -14, 13, 12, -11, 10, 9, 8, -7, 16];
  const found = await bothOf((x) => x!.dot(weights).map((v) => mixed(v + 700)), uint(5, [10]), {
    query: 'unpacked',
  });
  t.deepEqual(found.decrypted, found.clear);
});
