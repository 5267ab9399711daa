/** Networks of ONNX answer as their library does: in floats to 1e-5. */
import test from 'ava';
import { fromOnnx } from '../../../models/index.ts';
import { type OnnxFixture, onnxFixtures } from './support.ts';

for (const file of ['onnx-operators', 'onnx-torch', 'onnx-dynamo', 'onnx-keras', 'onnx-sklearn']) {
  for (const fixture of onnxFixtures(file)) {
    test(`${file}: ${fixture.name}: floats are those of the library`, (t) => {
      const { X, y, bytes } = fixture;
      const { data } = fromOnnx(bytes).evaluate(X);
      const width = data.length / X.length;
      y.forEach((expected, row) => {
        const own = finished(fixture, Array.from(data.slice(row * width, (row + 1) * width)));
        t.is(own.length, expected.length);
        expected.forEach((value, i) => {
          const off = Math.abs(own[i]! - value) / Math.max(1, Math.abs(value));
          t.true(off < 1e-5, `row ${row}, output ${i}: ${own[i]} ${value}`);
        });
      });
    });
  }
}

/** What the graph itself returns, from what `evaluate` does: probabilities, or scores before ArgMax. */
function finished({ end }: OnnxFixture, values: readonly number[]): readonly number[] {
  if (end === 'logSoftmax') return values.map(Math.log);
  if (end === 'sigmoid') return values.slice(1);
  return end === 'argmax' ? [values.indexOf(Math.max(...values))] : values;
}
