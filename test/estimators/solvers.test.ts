import test from 'ava';
import { DecisionTreeClassifier, LinearSVC, LogisticRegression } from '../../estimators/index.ts';
import { minimize } from '../../estimators/linear/lbfgs.ts';
import { dualCoordinateDescent } from '../../estimators/svm/dualCoordinateDescent.ts';
import { createRandom } from '../../lib/random.ts';
import { load } from './support.ts';

test('L-BFGS finds the minimum of an ill-conditioned quadratic, and of a quartic', (t) => {
  const scales = [1, 10, 100, 1000, 1e4];
  const { x, converged } = minimize(
    (at, gradient) => {
      let value = 0;
      at.forEach((xi, i) => {
        gradient[i] = scales[i]! * (xi - i);
        value += (scales[i]! * (xi - i) ** 2) / 2;
      });
      return value;
    },
    new Float64Array(5),
    { tol: 1e-8, maxIter: 200 },
  );
  t.true(converged);
  x.forEach((xi, i) => {
    t.true(Math.abs(xi - i) < 1e-6);
  });
  const quartic = minimize(
    (at, gradient) => {
      gradient[0] = 4 * (at[0]! - 3) ** 3;
      return (at[0]! - 3) ** 4;
    },
    new Float64Array(1),
    { tol: 1e-9, maxIter: 200 },
  );
  t.true(Math.abs(quartic.x[0]! - 3) < 2e-3);
});

for (const loss of ['hinge', 'squaredHinge'] as const) {
  test(`coordinate descent closes the duality gap: ${loss}`, (t) => {
    const { XTrain, yTrain } = load('breast-cancer', true);
    const columns = XTrain[0]!.length;
    const rows = XTrain.length;
    const signs = Float64Array.from(yTrain, (label) => (label === 1 ? 1 : -1));
    const costs = new Float64Array(rows).fill(0.1);
    const X = Float64Array.from(XTrain.flat());
    const problem = { X, rows, columns, signs, costs, loss };
    const solve = (tol: number): number => {
      const options = { tol, maxIter: 100_000, random: createRandom(1) };
      const { w, converged } = dualCoordinateDescent(problem, options);
      t.true(converged);
      const norm = w.reduce((sum, wi) => sum + wi * wi, 0) / 2;
      return XTrain.reduce((sum, row, i) => {
        const missing = Math.max(0, 1 - signs[i]! * row.reduce((z, v, j) => z + v * w[j]!, 0));
        return sum + costs[i]! * (loss === 'hinge' ? missing : missing ** 2);
      }, norm);
    };
    const rough = solve(1e-2);
    const fine = solve(1e-8);
    t.true(fine <= rough && rough - fine < 1e-2 * fine, `${rough} ${fine}`);
  });
}

test('the primal and the dual of the squared hinge have one solution', (t) => {
  const { XTrain, yTrain } = load('iris', true);
  const options = { tol: 1e-8, maxIter: 100_000 };
  const primal = new LinearSVC({ ...options, dual: false }).fit(XTrain, yTrain).fitted;
  const dual = new LinearSVC({ ...options, dual: true }).fit(XTrain, yTrain).fitted;
  primal.coef.flat().forEach((weight, i) => {
    t.true(Math.abs(weight - dual.coef.flat()[i]!) < 1e-5);
  });
});

test('fits of 2000 x 20 take well under a second', (t) => {
  const random = createRandom(5);
  const X = Array.from({ length: 2000 }, () => Array.from({ length: 20 }, () => random() * 2 - 1));
  const y = X.map((row) => Number(row[0]! + row[1]! * row[2]! + 0.3 * random() > 0.1));
  const models = [
    new LogisticRegression(),
    new LinearSVC(),
    new LinearSVC({ loss: 'hinge' }),
    new DecisionTreeClassifier({ maxDepth: 8 }),
  ];
  for (const model of models) {
    const start = performance.now();
    model.fit(X, y);
    const took = performance.now() - start;
    t.log(model.constructor.name, `${took.toFixed(0)} ms`);
    t.true(took < 1000);
  }
});

test.serial('fits that may be worse than they could be warn, and say why', async (t) => {
  const { XTrain, yTrain } = load('breast-cancer');
  const codeOf = (work: () => unknown): Promise<string> =>
    new Promise((resolve) => {
      process.once('warning', (warning) => resolve((warning as Error & { code: string }).code));
      work();
    });
  const early = new LogisticRegression({ maxIter: 2 });
  t.is(await codeOf(() => early.fit(XTrain, yTrain)), 'NOT_CONVERGED');
  const coarse = new LogisticRegression({ maxIter: 1000, nBits: 2 });
  t.is(await codeOf(() => coarse.fit(XTrain, yTrain)), 'QUANTIZATION_LOSS');
});
