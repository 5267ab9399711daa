import test from 'ava';
import type { BlindfitError } from '../../../lib/errors.ts';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2], min: -8, max: 15, encrypted: true };
const y: np.InputDeclaration = { ...x, name: 'y' };
const run = (f: np.TracedFunction, values: number[]): number[] => [
  ...np.evaluate(np.trace(f, [x]), [np.toTensor(values)])[0]!.data,
];

test('a hint changes no value and records the promised range', (t) => {
  const graph = np.trace((v) => [v!.hint({ min: 0, max: 9 }), np.hint(v!, { bits: 4 })], [x]);
  np.verify(graph);
  t.regex(
    np.print(graph),
    /^%1 = assume\(%0, 0 to 9\) +# int \(2\)\n%2 = assume\(%0, 0 to 15\) +#/m,
  );
  t.deepEqual(
    run((v) => v!.hint({ bits: 4, signed: true }), [-8, 7]),
    [-8, 7],
  );
  t.is(np.hint(5, { bits: 3 }), 5);
});

test('a broken promise is refused with value, range and line', (t) => {
  const thrown = t.throws<BlindfitError>(() => run((v) => v!.hint({ min: 0, max: 9 }), [3, 10]), {
    code: 'OUT_OF_RANGE',
  });
  t.regex(
    thrown!.message,
    /^%1 = hint: a value is out of range: given 10; allowed: 0 to 9, as promised; widen the hint, or clip the value \(.*hint\.test\.ts:\d+:\d+\)$/,
  );
  const batch = np.trace((v) => v!.hint({ bits: 2 }), [x]);
  t.throws(
    () =>
      np.evaluateBatch(batch, [
        np.toTensor([
          [0, 3],
          [1, -1],
        ]),
      ]),
    { code: 'OUT_OF_RANGE' },
  );
  t.throws(() => np.hint(8, { bits: 3 }), { code: 'OUT_OF_RANGE' });
});

test('a range that is none, and floats, are refused', (t) => {
  const refused = (f: np.TracedFunction, message: RegExp) =>
    t.throws(() => np.trace(f, [x]), { message });
  refused((v) => v!.hint({ min: 3, max: 2 }), /hint: an option is not valid: given 3 to 2/);
  refused((v) => v!.hint({ bits: 0 }), /hint: bits: .* given 0; allowed: 1 to 53/);
  refused((v) => v!.divide(2).hint({ bits: 3 }), /hint: a value is not an integer: given a float/);
  refused(
    (v) => v!.divide(2).refresh(),
    /refresh: a value is not an integer: given a float; round/,
  );
});

test('refresh changes no value', (t) => {
  t.deepEqual(
    run((v) => v!.refresh(), [-3, 5]),
    [-3, 5],
  );
  t.is(np.refresh(4), 4);
  t.regex(np.print(np.trace((v) => v!.refresh(), [x])), /^%1 = refresh\(%0\) +# int \(2\)$/m);
});

test('whatever a tag holds carries its name, after the names around it', (t) => {
  const graph = np.trace(
    (v) => {
      const outer = np.tag('dense', () => {
        const inner = np.tag('relu', () => v!.maximum(0));
        return inner.add(7);
      });
      return outer.negative();
    },
    [x],
  );
  t.deepEqual(
    graph.nodes.map(({ tag }) => tag),
    [undefined, 'dense.relu', 'dense.relu', 'dense', 'dense', undefined],
  );
  t.regex(np.print(graph), /^%2 = maximum\(%0, %1\) +# int \(2\) in dense\.relu$/m);
  t.regex(np.toDot(graph), /integer \(2\)\\ndense\.relu"/);
});

test('a tag ends with its function, also where that throws', (t) => {
  const graph = np.trace(
    (v) => {
      t.throws(() =>
        np.tag('a', () => {
          throw new Error('stop');
        }),
      );
      return v!.negative();
    },
    [x],
  );
  t.is(graph.nodes[1]!.tag, undefined);
  t.throws(() => np.tag('two words', () => 1), { message: /tag: .*given two words/ });
  t.throws(() => np.tag('late', async () => 1), {
    message: /tag late: .* an asynchronous function/,
  });
});

test('functions of two integers are known; of floats, and those of users, they are not', (t) => {
  const known = (f: np.TracedFunction): (string | undefined)[] =>
    np.trace(f, [x, y]).nodes.flatMap((node) => (node.op === 'map' ? [node.known?.function] : []));
  t.deepEqual(
    known((v, w) => [
      v!.less(w!),
      v!.lessEqual(w!),
      v!.equal(w!),
      v!.notEqual(w!),
      v!.greater(w!),
      v!.greaterEqual(3),
      v!.minimum(w!),
      v!.maximum(w!),
    ]),
    ['less', 'lessEqual', 'equal', 'notEqual', 'greater', 'greaterEqual', 'minimum', 'maximum'],
  );
  t.deepEqual(
    known((v, w) => [v!.less(w!.divide(2)), np.map((a, b) => a & b, v!, w!)]),
    [undefined, undefined, undefined],
  );
});
