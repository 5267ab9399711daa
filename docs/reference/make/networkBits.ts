/** What each choice of bits does to a network: writes `docs/reference/network-bits.md`, by `npm run docs:networks`, minutes. */
import { writeFileSync } from 'node:fs';
import { MLPClassifier, type MLPClassifierParameters } from '../../../estimators/index.ts';
import { foldCount, foldOf } from './accuracy/cases.ts';
import { duration, megabytes } from './units.ts';

/** Data sets of the page. */
const sets = ['breast-cancer', 'digits'] as const;

/** Parameters that differ from the defaults, one at a time. */
const variants: readonly Partial<MLPClassifierParameters>[] = [
  {},
  { inputBits: 2 },
  { inputBits: 3 },
  { inputBits: 6 },
  { weightBits: 1 },
  { weightBits: 2 },
  { weightBits: 5 },
  { activationBits: 1 },
  { activationBits: 2 },
  { activationBits: 5 },
  { accumulatorBits: 5 },
  { accumulatorBits: 7 },
  { accumulatorBits: 8 },
  { maxFanIn: 4 },
  { hiddenLayerSizes: [8] },
  { hiddenLayerSizes: [64] },
];

const sections: string[] = [];
for (const set of sets) {
  const lines: string[] = [];
  for (const parameters of variants) lines.push(await line(set, parameters));
  sections.push(`## ${set}

| parameters | accuracy, % | time a row | CMUX | bootstraps | evaluation key |
|---|---|---|---|---|---|
${lines.join('\n')}
`);
}
writeFileSync(
  'docs/reference/network-bits.md',
  `# What each choice of bits costs a network

Made by \`npm run docs:networks\`; do not edit.

\`MLPClassifier\` with its defaults, and with one parameter changed. Accuracy is the mean over five folds, with the integers of
encrypted runs; costs are those of the first fold's network, predicted for one thread, not measured.

${sections.join('\n')}`,
);

/** The accuracy and the costs of one choice. */
async function line(set: string, parameters: Partial<MLPClassifierParameters>): Promise<string> {
  const models = Array.from({ length: foldCount }, (_, fold) => {
    const { XTrain, yTrain, XTest, yTest } = foldOf(set, fold);
    const model = new MLPClassifier(parameters).fit(XTrain, yTrain);
    return { model, score: model.score(XTest, yTest) };
  });
  const accuracy = models.reduce((sum, { score }) => sum + score / foldCount, 0);
  const { statistics } = await models[0]!.model.compile();
  const { microseconds, diagrams, lookups, evaluationKeyBytes } = statistics;
  const given = Object.entries(parameters).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}`,
  );
  const cells = [
    given.length === 0 ? 'defaults' : `\`{ ${given.join(', ')} }\``,
    (100 * accuracy).toFixed(1),
    duration(microseconds),
    diagrams.cmux,
    lookups.bootstraps,
    megabytes(evaluationKeyBytes),
  ];
  return `| ${cells.join(' | ')} |`;
}
