/**
 * Writes `docs/reference/growth.md` and its plot: how the time of an encrypted prediction and the sizes of query and key grow
 * with a booster's trees, depth, bits, features and rows. Measured on this machine, some minutes: `npm run bench:growth`.
 */
import { writeFileSync } from 'node:fs';
import { GradientBoostingClassifier } from 'blindfit/estimators';
import { type AxisOptions, type Panel, type Point, plotLines } from 'blindfit/plot';
import { splitBreastCancer } from '../examples/data/load.ts';
import { duration, kilobytes, megabytes } from '../reference/make/units.ts';
import { medianMs } from './measure.ts';
import { machine } from './report.ts';

/** What one setting takes; times are of one row among `rows`. */
interface Growth {
  readonly value: number;
  readonly ms: number;
  readonly queryBytes: number;
  readonly keyBytes: number;
  readonly cmux: number;
}

/** One booster: 50 trees of depth 4 over 30 features of up to 6 bits, one row, but for what grows. */
interface Setting {
  readonly nEstimators: number;
  readonly maxDepth: number;
  readonly nBits: number;
  readonly features: number;
  readonly rows: number;
}

const usual: Setting = { nEstimators: 50, maxDepth: 4, nBits: 6, features: 30, rows: 1 };

/** What grows, as the page names it, and through which values. */
const sweeps: readonly (readonly [name: keyof Setting, title: string, values: number[]])[] = [
  ['nEstimators', 'trees', [10, 25, 50, 100, 200]],
  ['maxDepth', 'depth', [1, 2, 3, 4, 5, 6]],
  ['nBits', 'bits', [2, 3, 4, 5, 6, 7, 8]],
  ['features', 'features', [5, 10, 20, 30]],
  ['rows', 'rows', [1, 4, 16, 64]],
];

const policies = ['depthwise', 'symmetric'] as const;
type Policy = (typeof policies)[number];

const { XTrain, yTrain, XTest } = splitBreastCancer();

async function measured(setting: Setting, growPolicy: Policy): Promise<Omit<Growth, 'value'>> {
  const { features, rows, ...parameters } = setting;
  const cut = (X: number[][]): number[][] => X.map((row) => row.slice(0, features));
  const model = new GradientBoostingClassifier({ ...parameters, growPolicy });
  const { statistics } = await model.fit(cut(XTrain), yTrain).compile();
  const batch = cut(Array.from({ length: rows }, (_, i) => XTest[i % XTest.length]!));
  return {
    ms: (await medianMs(() => model.predict(batch, { encrypted: true }), 9)) / rows,
    queryBytes: statistics.queryBytes,
    keyBytes: statistics.evaluationKeyBytes,
    cmux: statistics.diagrams.cmux,
  };
}

const results = new Map<string, Map<Policy, Growth[]>>();
for (const [name, title, values] of sweeps) {
  const own = new Map<Policy, Growth[]>(policies.map((policy) => [policy, []]));
  for (const value of values) {
    for (const policy of policies) {
      console.error(`${title} = ${value}, ${policy}`);
      own.get(policy)!.push({ value, ...(await measured({ ...usual, [name]: value }, policy)) });
    }
  }
  results.set(title, own);
}

const rows = [...results].flatMap(([title, own]) =>
  policies.flatMap((policy) =>
    own.get(policy)!.map(({ value, ms, queryBytes, keyBytes, cmux }) => {
      const cells = [title, value, policy, duration(1e3 * ms)];
      return `| ${[...cells, kilobytes(queryBytes), megabytes(keyBytes), cmux].join(' | ')} |`;
    }),
  ),
);

const { processor, threads, node } = machine();
writeFileSync(
  'docs/reference/growth.md',
  `# How cost grows

Made by \`npm run bench:growth\`; do not edit. Encrypted predictions of \`GradientBoostingClassifier\` on the breast cancer
data, with ${usual.nEstimators} trees of depth ${usual.maxDepth} over ${usual.features} features of up to ${usual.nBits} bits and one row, but for what grows. The time is a median, from features
to label, of one row among those that are predicted together. Measured on ${threads} threads of ${processor}, Node ${node}.

Trees share tests, so the time grows slower than their number. Sizes of queries and keys jump, since the compiler trades one
for the other: bits that travel packed closer together take less room and a larger key.

![Time, query and key against trees, depth, bits, features and rows](growth.svg)

| grows | to | trees | time of a row | query of a row | evaluation key | CMUX |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`,
);

/** A panel for each figure and each thing that grows. */
const figures: readonly (readonly [axis: AxisOptions, of: (growth: Growth) => number])[] = [
  [{ label: 'time of a row', unit: 's', scale: 'log' }, ({ ms }) => ms / 1e3],
  [{ label: 'query of a row', unit: 'B' }, ({ queryBytes }) => queryBytes],
  [{ label: 'evaluation key', unit: 'B' }, ({ keyBytes }) => keyBytes],
];
const panels: Panel[] = figures.flatMap(([axis, of]) =>
  [...results].map(([title, own]) => ({
    x: { label: title },
    y: axis,
    series: policies.map((policy) => ({
      label: policy,
      points: own.get(policy)!.map((growth): Point => [growth.value, of(growth)]),
    })),
  })),
);
const options = { columns: sweeps.length, width: 200, height: 180 };
writeFileSync('docs/reference/growth.svg', `${await plotLines(panels, options)}\n`);
