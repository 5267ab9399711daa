/** What imported networks lose by their integers, on rows that these were not fitted to. */
import test from 'ava';
import { winners } from '../../../estimators/model.ts';
import { fromOnnx, quantize } from '../../../models/index.ts';
import type { Tensor } from '../../../tracer/index.ts';
import { load } from '../../estimators/support.ts';
import { onnxFixtures } from '../onnx/support.ts';

/** Networks that have learned a data set, and what they divide its features by. */
const learned = [
  { file: 'onnx-torch', name: 'iris-mlp', set: 'iris', unit: 1, maxLoss: 0.005 },
  { file: 'onnx-torch', name: 'digits-mlp', set: 'digits', unit: 16, maxLoss: 0.005 },
  { file: 'onnx-torch', name: 'digits-cnn', set: 'digits', unit: 16, maxLoss: 0.005 },
  // Its two largest scores of one of the 105 rows are 0.002 apart, and of others reach 10.
  { file: 'onnx-sklearn', name: 'mlp-classifier', set: 'iris', unit: 1, maxLoss: 0.02 },
  { file: 'onnx-sklearn', name: 'mlp-classifier-logistic', set: 'iris', unit: 1, maxLoss: 0.005 },
] as const;

/** Labels, or the places of the largest scores. */
function labelsOf(answers: Tensor): number[] {
  return Array.from(answers.shape.length === 1 ? answers.data : winners(answers));
}

for (const { file, name, set, unit, maxLoss } of learned) {
  test(`${name} loses at most a point by its integers`, (t) => {
    const { XTrain, XTest, yTest } = load(set);
    const scaled = (rows: number[][]): number[][] =>
      rows.map((row) => row.map((value) => value / unit));
    const { bytes } = onnxFixtures(file).find((each) => each.name === name)!;
    const float = fromOnnx(bytes, { task: 'classifier' });
    const { model } = quantize(float, scaled(XTrain), { maxLoss });
    const [before, after] = [float.evaluate(scaled(XTest)), model.predict(scaled(XTest))].map(
      (answers) => labelsOf(answers as Tensor),
    ) as [number[], number[]];
    const right = (labels: number[]): number =>
      labels.filter((label, row) => label === yTest[row]).length;
    const changed = before.filter((label, row) => label !== after[row]).length;
    const lost = right(before) - right(after);
    t.log(`${lost} of ${yTest.length} lost, ${changed} labels changed`);
    t.true(lost <= yTest.length / 100);
    t.true(changed <= 0.03 * yTest.length);
  });
}
