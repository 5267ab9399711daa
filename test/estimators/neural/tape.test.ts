/** Gradients of every operation of the tape, against differences. */
import test, { type ExecutionContext } from 'ava';
import { dense } from '../../../estimators/neural/tape/dense.ts';
import { add, apply, curves } from '../../../estimators/neural/tape/elementwise.ts';
import { gather, reshape } from '../../../estimators/neural/tape/gather.ts';
import {
  crossEntropy,
  type Loss,
  logisticLoss,
  smoothedCrossEntropy,
  smoothedLogisticLoss,
  squaredLoss,
} from '../../../estimators/neural/tape/losses.ts';
import {
  lineOf,
  normalization,
  normalize,
  normalizeByRunning,
} from '../../../estimators/neural/tape/normalize.ts';
import { addProduct, addTransposed } from '../../../estimators/neural/tape/products.ts';
import {
  onGrid,
  pruned,
  tabulated,
  weightsOnGrid,
} from '../../../estimators/neural/tape/quantize.ts';
import { maximum, mean } from '../../../estimators/neural/tape/reduce.ts';
import {
  backward,
  createTape,
  newValue,
  type Tape,
  type Value,
} from '../../../estimators/neural/tape/tape.ts';
import { createRandom } from '../../../lib/random.ts';
import { sizeOf } from '../../../tracer/tensor.ts';

const random = createRandom(5);

function drawn(shape: readonly number[]): Value {
  return newValue(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  );
}

/** A loss of a value that is different in each element: its dot product with numbers that are all different. */
function dotted(tape: Tape, y: Value): Value {
  const { length } = y.data;
  const factors = newValue(
    [1, length],
    Float64Array.from({ length }, (_, i) => Math.sin(i + 1)),
  );
  return dense(tape, reshape({ ...y, shape: [1, length] }, [length]), factors, null);
}

/** Holds the gradients of values, of what `run` makes of them, to differences. */
function differs(
  t: ExecutionContext,
  values: readonly Value[],
  run: (tape: Tape) => Value,
  what = '',
): void {
  const tape = createTape();
  backward(tape, dotted(tape, run(tape)));
  const loss = (): number => {
    const again = createTape();
    return dotted(again, run(again)).data[0]!;
  };
  const step = 1e-5;
  values.forEach((value, k) => {
    value.data.forEach((own, i) => {
      value.data[i] = own + step;
      const above = loss();
      value.data[i] = own - step;
      const below = loss();
      value.data[i] = own;
      const difference = (above - below) / (2 * step);
      const close = Math.abs(difference - value.gradient[i]!) < 1e-6 * (1 + Math.abs(difference));
      t.true(close, `${what} value ${k} [${i}]: ${value.gradient[i]} for ${difference}`);
    });
    value.gradient.fill(0);
  });
}

test('products in blocks are products, whatever is left beside the blocks', (t) => {
  for (const [n, k, m] of [
    [1, 1, 1],
    [4, 3, 8],
    [5, 7, 6],
    [9, 2, 3],
  ] as const) {
    const [a, b] = [drawn([n, k]).data, drawn([m, k]).data];
    const c = new Float64Array(n * m).fill(1);
    addTransposed(a, b, c, n, k, m);
    const d = new Float64Array(n * n);
    addProduct(
      a,
      Float64Array.from({ length: k * n }, (_, i) => a[(i % n) * k + Math.floor(i / n)]!),
      d,
      n,
      k,
      n,
    );
    const dot = (x: Float64Array, i: number, y: Float64Array, j: number): number =>
      x.subarray(i * k, (i + 1) * k).reduce((sum, value, p) => sum + value * y[j * k + p]!, 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) t.true(Math.abs(c[i * m + j]! - 1 - dot(a, i, b, j)) < 1e-12);
      for (let j = 0; j < n; j++) t.true(Math.abs(d[i * n + j]! - dot(a, i, a, j)) < 1e-12);
    }
  }
});

test('dense', (t) => {
  const [x, weights, bias] = [drawn([3, 2, 5]), drawn([6, 5]), drawn([6])];
  differs(t, [x, weights, bias], (tape) => dense(tape, x, weights, bias));
  differs(t, [x, weights], (tape) => dense(tape, x, weights, null));
});

test('gather: elements that are read twice, once and never, and zeros', (t) => {
  const x = drawn([3, 4]);
  const places = { shape: [2, 3], from: Int32Array.of(1, 1, -1, 0, 3, 1) };
  differs(t, [x], (tape) => gather(tape, x, places));
  t.deepEqual(gather(createTape(), x, places).shape, [3, 2, 3]);
});

test('mean, maximum and sum', (t) => {
  const [x, y] = [drawn([3, 2, 4]), drawn([3, 2, 4])];
  differs(t, [x], (tape) => mean(tape, x));
  differs(t, [x], (tape) => maximum(tape, x));
  differs(t, [x, y], (tape) => add(tape, x, y));
});

test('functions of each element', (t) => {
  const x = drawn([4, 5]);
  for (const name of ['identity', 'relu', 'logistic', 'tanh', 'hardtanh'] as const) {
    differs(t, [x], (tape) => apply(tape, x, curves[name]), name);
  }
  const wide = newValue([1, 5], Float64Array.of(-3, -0.5, 0, 0.5, 3));
  for (const [name, values, slopes] of [
    ['sign', [-1, -1, 1, 1, 1], [0, 1, 1, 1, 0]],
    ['step', [0, 0, 1, 1, 1], [0, 0.5, 0.5, 0.5, 0]],
  ] as const) {
    const tape = createTape();
    const y = apply(tape, wide, curves[name]);
    wide.gradient.fill(0);
    backward(tape, y);
    t.deepEqual([...y.data], [...values]);
    t.deepEqual([...wide.gradient], [...slopes]);
  }
});

test('batch normalization by the batch, rows of different weights, and by running figures', (t) => {
  const x = drawn([5, 3, 2]);
  const own = normalization(3);
  own.gamma.data.set([0.5, 1, 2]);
  own.beta.data.set([-1, 0, 1]);
  const weights = Float64Array.of(1, 2, 0.5, 1, 1);
  const values = [x, own.gamma, own.beta];
  differs(t, values, (tape) => normalize(tape, x, own, weights, true));
  differs(t, values, (tape) => normalizeByRunning(tape, x, own));
  const measured = normalize(createTape(), x, own, weights, true);
  const running = normalizeByRunning(createTape(), x, own);
  measured.data.forEach((value, i) => {
    t.true(Math.abs(value - running.data[i]!) < 1e-12);
  });
  const { factor, offset } = lineOf(own);
  t.true(Math.abs(running.data[0]! - (factor[0]! * x.data[0]! + offset[0]!)) < 1e-12);
});

test('losses', (t) => {
  const weights = Float64Array.of(1, 0.5, 2);
  const of = (loss: Loss, scores: Value, y: Float64Array): void =>
    differs(t, [scores], (tape) => loss(tape, scores, { y, weights }));
  of(crossEntropy, drawn([3, 4]), Float64Array.of(0, 3, 1));
  of(logisticLoss, drawn([3, 1]), Float64Array.of(0, 1, 1));
  of(smoothedCrossEntropy(0.2), drawn([3, 4]), Float64Array.of(0, 3, 1));
  of(smoothedLogisticLoss(0.2), drawn([3, 1]), Float64Array.of(0, 1, 1));
  of(squaredLoss, drawn([3, 2]), Float64Array.of(0, 1, 2, -1, 0, 3));
  const far = newValue([3, 1], Float64Array.of(1000, -1000, 1000));
  const { data } = logisticLoss(createTape(), far, { y: Float64Array.of(0, 1, 1), weights });
  t.deepEqual([...data], [(1000 + 500) / 3]);
});

test('a learned table is a line between its points, and on the grid the nearest', (t) => {
  const values = newValue([4], Float64Array.of(-1, 0.5, 0.2, 2));
  const x = newValue([1, 6], Float64Array.of(-3, -0.9, -0.3, 0.1, 0.4, 3));
  const knots = { values, first: -2, step: 0.5 };
  differs(t, [x, values], (tape) => tabulated(tape, x, knots, false));
  t.deepEqual([...tabulated(createTape(), x, knots, true).data], [-1, -1, 0.5, 0.2, 2, 2]);
  differs(t, [values], (tape) => tabulated(tape, x, knots, true));
});

test('a grid passes gradients inside, and learns where it clips', (t) => {
  const x = newValue([1, 4], Float64Array.of(-0.6, 0.3, 0.8, 2));
  const logStep = newValue([1], Float64Array.of(-1.2));
  const tape = createTape();
  const y = onGrid(tape, x, logStep, { min: 0, max: 3 });
  t.deepEqual([...y.data], [0, 0.5, 1, 1.5]);
  backward(tape, y);
  t.deepEqual([...x.gradient], [0, 1, 1, 0]);
  // (1 - 0.6) + (2 - 1.6) + 3, times the step, its logarithm's derivative and 1 / sqrt(4).
  t.true(Math.abs(logStep.gradient[0]! - (3.8 * 0.5 * Math.LN2) / 2) < 1e-12);
});

test('weights on a grid pass gradients, but for those that were pruned', (t) => {
  const weights = newValue([2, 3], Float64Array.of(0.9, -0.4, 0.1, 5, -0.3, 0.2));
  const kept = Uint8Array.of(1, 1, 0, 1, 1, 1);
  const steps = Float64Array.of(0.5, 0.25);
  const grid = { bits: 3, budget: 4, steps, kept };
  const tape = createTape();
  const y = weightsOnGrid(tape, weights, grid);
  t.deepEqual([...y.data], [1, -0.5, 0, 0.75, -0.25, 0]);
  backward(tape, y);
  t.deepEqual([...weights.gradient], [1, 1, 0, 1, 1, 1]);
  t.deepEqual([...pruned(createTape(), weights, kept).data], [0.9, -0.4, 0, 5, -0.3, 0.2]);
});
