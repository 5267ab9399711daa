/** Sums of lookups that are wider than noise allows: they leave in parts, by digits of their weights. */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import { createRandom } from '../../../lib/random.ts';
import * as np from '../../../tracer/index.ts';
import { toTensor } from '../../../tracer/tensor.ts';
import { flat } from '../../support/agreement.ts';

const count = 16;
const input = encrypted.uint(3, [count]);

/** Weights of three outputs up to `largest`, of both signs. */
function weightsUpTo(largest: number): number[][] {
  const random = createRandom(largest);
  return Array.from({ length: count }, () =>
    [0, 1, 2].map(() => random.integer(2 * largest + 1) - largest),
  );
}

for (const largest of [3, 300, 5000, 4_000_000]) {
  test(`computed values times weights up to ${largest}`, async (t) => {
    const weights = weightsUpTo(largest);
    const circuit = await compile(
      (x, y) => {
        const looked = np.refresh(x!.multiply(y!).map((v) => (v * v) % 13));
        return np.matmul(looked, weights).add([7, -1, 0]);
      },
      { x: input, y: input },
    );
    t.is(circuit.statistics.lookups.tables, count);
    const random = createRandom(1);
    const rows = Array.from({ length: 40 }, () =>
      [0, 1].map(() => Array.from({ length: count }, () => random.integer(8))),
    );
    const columns = [0, 1].map((k) => rows.map((row) => row[k]!));
    const wanted = rows.map((row) => flat(circuit.evaluate(...row)));
    const simulated = toTensor(await circuit.simulateBatch(columns));
    t.deepEqual(Array.from(simulated.data), wanted.flat());
    t.deepEqual(flat(await circuit.encryptRunDecrypt(...rows[0]!)), wanted[0]);
  });
}

test('a sum in parts may be what others are computed of', async (t) => {
  const weights = weightsUpTo(900);
  const circuit = await compile(
    (x, y) => {
      const looked = np.refresh(x!.multiply(y!).map((v) => v % 11));
      const sums = np.matmul(looked, weights);
      return [sums, looked.map((v) => v % 3), np.sum(looked)];
    },
    { x: input, y: input },
  );
  const row = [0, 1].map((k) => Array.from({ length: count }, (_, i) => (i * (k + 3)) % 8));
  const wanted = circuit.evaluate(...row) as unknown[];
  const found = (await circuit.encryptRunDecrypt(...row)) as unknown[];
  t.deepEqual(
    found.map((each) => flat(each as never)),
    wanted.map((each) => flat(each as never)),
  );
});
