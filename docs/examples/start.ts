/**
 * What `npm start` runs: three models that learn on real data and predict on encrypted rows, then a function of arrays
 * that runs encrypted.
 */
import { type Circuit, compile, encrypted } from 'blindfit';
import {
  accuracyScore,
  GradientBoostingClassifier,
  LogisticRegression,
  RandomForestClassifier,
} from 'blindfit/estimators';
import * as np from 'blindfit/tracer';
import { table } from '../bench/report.ts';
import { splitBreastCancer } from './data/load.ts';
import { progressBar } from './progress-bar.ts';

const { XTrain, yTrain, XTest, yTest } = splitBreastCancer();

const models = [
  ['logistic regression', new LogisticRegression({ maxIter: 5000 })],
  ['20 trees of a forest', new RandomForestClassifier({ nEstimators: 20, maxDepth: 4 })],
  ['50 boosted trees', new GradientBoostingClassifier({ nEstimators: 50, maxDepth: 4 })],
] as const;

const header = [
  'model',
  'accuracy clear',
  'encrypted',
  'rows that differ',
  'encrypt ms',
  'run ms',
  'decrypt ms',
  'query',
  'reply',
  'evaluation key',
];
const rows: string[][] = [];
for (const [name, model] of models) {
  model.fit(XTrain, yTrain);
  const circuit = await model.compile();
  const clear = model.predict(XTest);
  const onProgress = progressBar(name);
  const hidden = await model.predict(XTest, { encrypted: true, onProgress });
  const times = await timesOfOneRow((row, report) =>
    model.predict([row], { encrypted: true, onProgress: report }),
  );
  const differing = Math.round((1 - accuracyScore(clear, hidden)) * yTest.length);
  rows.push([
    name,
    percent(accuracyScore(yTest, clear)),
    percent(accuracyScore(yTest, hidden)),
    String(differing),
    times.encrypt.toFixed(2),
    times.run.toFixed(2),
    times.decrypt.toFixed(2),
    ...sizes(circuit),
  ]);
}
console.log(`Breast cancer data: ${XTrain.length} rows to learn from, ${XTest.length} held out.`);
console.log('Times are for one row, medians of 15; keys are made once.\n');
console.log(table(header, rows));

/** A discount: three steps for each person under 26, less two for a low income and less one for others. */
const circuit = await compile(
  (ages, income) => {
    const young = np.sum(ages.less(26));
    const reduced = np.where(income.lessEqual(9), 2, 1);
    return np.clip(np.subtract(np.multiply(young, 3), reduced), 0, 7);
  },
  { ages: encrypted.uint(7, [3]), income: encrypted.uint(5) },
);
console.log('\nA function of arrays as the engines run it:\n');
console.log(String(circuit.graph));
const args = [[24, 61, 17], 12] as const;
const keys = await circuit.keygen();
const query = circuit.encrypt(keys.secret, ...args);
const reply = await circuit.run(keys.evaluation, query);
const result = circuit.decrypt(keys.secret, reply);
console.log(`\nclear: ${circuit.evaluate(...args)}   encrypted: ${result}`);
console.log(
  `${circuit.statistics.diagrams.cmux} CMUX, ${circuit.statistics.lookups.bootstraps} bootstraps.`,
);

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Bytes of the query and the reply of one row, and of the evaluation key. */
function sizes(circuit: Circuit): string[] {
  const { queryBytes, replyBytes, evaluationKeyBytes } = circuit.statistics;
  const size = (bytes: number): string =>
    bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    size(queryBytes),
    size(replyBytes),
    evaluationKeyBytes === 0 ? 'none' : size(evaluationKeyBytes),
  ];
}

/** Median milliseconds of each stage of an encrypted prediction of one row. */
async function timesOfOneRow(
  predict: (
    row: number[],
    onProgress: (progress: { stage: string; done: number; total: number }) => void,
  ) => Promise<unknown>,
): Promise<Record<'encrypt' | 'run' | 'decrypt', number>> {
  const times = { encrypt: [] as number[], run: [] as number[], decrypt: [] as number[] };
  for (const row of XTest.slice(0, 15)) {
    let last = performance.now();
    await predict(row, ({ stage, done, total }) => {
      if (done < total) return;
      const now = performance.now();
      if (stage in times) times[stage as keyof typeof times].push(now - last);
      last = now;
    });
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
  return {
    encrypt: median(times.encrypt),
    run: median(times.run),
    decrypt: median(times.decrypt),
  };
}
