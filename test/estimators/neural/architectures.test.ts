import test from 'ava';
import { NeuralNetworkClassifier } from '../../../estimators/index.ts';
import * as architectures from '../../../estimators/neural/architectures.ts';
import { windowsModel } from '../../../estimators/neural/windows/model.ts';
import { createRandom } from '../../../lib/random.ts';

/** Rows of so many features of which the sum of the first three tells the class. */
function rowsOf(features: number): { readonly X: number[][]; readonly y: number[] } {
  const random = createRandom(3);
  const X = Array.from({ length: 60 }, () => Array.from({ length: features }, () => 16 * random()));
  return { X, y: X.map(([a, b, c]) => Math.floor((a! + b! + c!) / 17)) };
}

for (const [name, parameters, features] of [
  ['tabular', architectures.tabular(), 6],
  ['digits8x8Dense', architectures.digits8x8Dense(), 64],
  ['digits8x8', architectures.digits8x8(), 64],
  ['sequence', architectures.sequence(24), 24],
] as const) {
  test(`${name}: no lookup, and the same labels encrypted`, async (t) => {
    const { X, y } = rowsOf(features);
    const model = new NeuralNetworkClassifier({ ...parameters, maxIter: 4, randomState: 0 });
    const { statistics } = await model.fit(X, y).compile();
    t.is(statistics.lookups.bootstraps, 0);
    t.true(statistics.diagrams.cmux > 0);
    const encrypted = await model.predictProba(X.slice(0, 2), { encrypted: true });
    t.deepEqual(encrypted, model.predictProba(X.slice(0, 2)));
  });
}

test('the network for 28 x 28 pixels is no more than sums of tables', (t) => {
  const random = createRandom(1);
  const X = Array.from({ length: 20 }, () => Array.from({ length: 784 }, () => random.integer(2)));
  const y = X.map((_, row) => row % 3);
  const own = { ...architectures.digits28x28(), maxIter: 1, randomState: 0 };
  const model = new NeuralNetworkClassifier(own).fit(X, y);
  t.not(windowsModel(model.fitted.network), null);
});
