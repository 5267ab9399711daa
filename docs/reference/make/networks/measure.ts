/** What is measured of a network: accuracy in floats and encrypted, time, and sizes. */
import { accuracyScore, NeuralNetworkClassifier } from '../../../../estimators/index.ts';
import { winners } from '../../../../estimators/model.ts';
import { evaluateNetwork } from '../../../../estimators/neural/evaluate.ts';
import { medianMs } from '../../../bench/measure.ts';
import type { Split } from '../../../examples/data/load.ts';
import type { NetworkCase } from './cases.ts';

export interface MeasuredNetwork {
  /** null: not measured. */
  readonly float: number | null;
  /** With the integers of encrypted runs. */
  readonly accuracy: number;
  /** One encrypted row, from features to label: measured, and predicted for one thread. */
  readonly ms: number;
  readonly predictedMs: number;
  readonly queryBytes: number;
  readonly keyBytes: number;
  readonly cmux: number;
  readonly bootstraps: number;
}

/** Everything that the page tells of a case. Times and sizes are those of the first part of the data. */
export async function measureNetwork(each: NetworkCase): Promise<MeasuredNetwork> {
  const splits = each.splits();
  const models = splits.map((split) => fitted(each, split));
  const accuracy = mean(models.map((model, i) => model.score(splits[i]!.XTest, splits[i]!.yTest)));
  const [model] = models as [NeuralNetworkClassifier];
  const row = splits[0]!.XTest.slice(0, 1);
  const { statistics } = await model.compile();
  return {
    float:
      each.float === 'same layers'
        ? mean(splits.map((split) => floatAccuracy(each, split)))
        : each.float,
    accuracy,
    ms: await medianMs(() => model.predict(row, { encrypted: true }), 5),
    predictedMs: statistics.microseconds / 1e3,
    queryBytes: statistics.queryBytes,
    keyBytes: statistics.evaluationKeyBytes,
    cmux: statistics.diagrams.cmux,
    bootstraps: statistics.lookups.bootstraps,
  };
}

/** The accuracy alone, which needs no encryption. */
export function accuracyOf(each: NetworkCase): number {
  return mean(each.splits().map((split) => fitted(each, split).score(split.XTest, split.yTest)));
}

function fitted(
  { parameters }: NetworkCase,
  { XTrain, yTrain }: Split,
  inputBits = parameters.inputBits!,
): NeuralNetworkClassifier {
  const own = { ...parameters, inputBits, randomState: 0 };
  return new NeuralNetworkClassifier(own).fit(XTrain, yTrain);
}

/** The same layers on inputs of 8 bits, in floats. */
function floatAccuracy(each: NetworkCase, split: Split): number {
  const { network, classes } = fitted(each, split, 8).fitted;
  const data = Float64Array.from(split.XTest.flat());
  const scores = evaluateNetwork(network, {
    shape: [split.XTest.length, ...network.inputShape],
    data,
  });
  return accuracyScore(
    split.yTest,
    Array.from(winners(scores), (k) => classes[k] as number),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}
