import { SGDClassifier } from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Case, Figures } from '../case.ts';

const steps = 4;

/** Milliseconds of an encrypted step of 8 rows, keys and compiling apart, and how good 100 simulated steps are. */
async function figures(): Promise<Figures> {
  const { XTrain, yTrain, XTest, yTest } = splitBreastCancer();
  const parameters = { loss: 'logLoss', randomState: 0 } as const;
  const times: number[] = [];
  const started = performance.now();
  const onProgress = ({ stage }: { readonly stage: string }) => {
    if (stage === 'step') times.push(performance.now());
  };
  await new SGDClassifier(parameters).fit(XTrain, yTrain, { encrypted: true, steps, onProgress });
  const model = new SGDClassifier(parameters);
  await model.fit(XTrain, yTrain, { encrypted: 'simulate' });
  // The first step makes the key ready.
  const [begin, second] = times as [number, number];
  return {
    ms: (times.at(-1)! - second) / (steps - 1),
    'compile and keygen ms': begin - started,
    accuracy: model.score(XTest, yTest),
  };
}

/** One step of encrypted training on the breast cancer data: 30 features, batches of 8. */
export const cases: readonly Case[] = [
  { name: 'encrypted-sgd', goal: { ms: 6_000, accuracy: 0.95 }, run: figures },
];
