import test from 'ava';
import type { BlindfitError } from '../../lib/errors.ts';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [3], min: 0, max: 15, encrypted: true };
const y: np.InputDeclaration = { ...x, name: 'y', shape: [], encrypted: false };

/** The line on which `f` of the caller stands, found the same way as any user's. */
const lineOf = (text: string): number => Number(/trace\.test\.ts:(\d+):/.exec(text)?.[1]);
const here = (): number =>
  Number(/trace\.test\.ts:(\d+):/.exec(new Error().stack!.split('\n')[2]!)?.[1]);

test('nodes carry the file, line and column of the call that made them', (t) => {
  let line = 0;
  const graph = np.trace(
    (v) => {
      line = here();
      return np.abs(v!.add(1));
    },
    [x],
  );
  const abs = graph.nodes.at(-1)!;
  t.regex(abs.location!.file, /\/test\/tracer\/trace\.test\.ts$/);
  t.is(abs.location!.line, line + 1);
  t.true(abs.location!.column > 10);
  t.deepEqual(JSON.parse(JSON.stringify(abs.location)).line, line + 1);
});

test('operators that need a value throw, with the line', (t) => {
  const uses: ((v: np.Traced) => unknown)[] = [
    (v) => (v as never) > 3,
    (v) => (v as never) + 1,
    (v) => -(v as never),
    (v) => [1, 2, 3][v as never],
    (v) => `${v}`,
    (v) => Math.max(v as never, 3),
    (v) => JSON.stringify(v),
    (v) => v.valueOf(),
  ];
  for (const use of uses) {
    const thrown = t.throws<BlindfitError>(() => np.trace((v) => use(v!) as never, [x]), {
      code: 'BRANCH_ON_ENCRYPTED',
    });
    t.regex(
      thrown!.message,
      /^%0 x: .*: given .*; (write|return) .*np\.where.*trace\.test\.ts:\d+:\d+/,
    );
  }
});

test('a condition that nothing uses is refused: JavaScript takes it for true', (t) => {
  const branch = (v: np.Traced): np.Traced => (v.less(3) ? v : v.add(1));
  const thrown = t.throws<BlindfitError>(() => np.trace((v) => branch(v!), [x]), {
    code: 'BRANCH_ON_ENCRYPTED',
  });
  t.regex(thrown!.message, /np\.where/);
  t.regex(
    thrown!.message,
    /%2 = less\(%0, %1\) +# int \(3\)\n\^+ nothing uses this condition\n +@ .*trace\.test\.ts/,
  );
  t.notThrows(() => np.trace((v) => np.where(v!.less(3), v!, 0), [x]));
  t.notThrows(() => np.trace((v) => v!.less(3), [x]));
});

test('a value of another trace is refused', (t) => {
  let kept: np.Traced | undefined;
  np.trace(
    (v) => {
      kept = v!;
      return kept.add(1);
    },
    [x],
  );
  t.throws(() => np.trace((v) => v!.add(kept!), [x]), { code: 'FOREIGN_VALUE' });
  t.throws(() => kept!.add(1), { code: 'FOREIGN_VALUE', message: /ended/ });
  t.throws(() => np.trace(() => kept!, [x]), {
    code: 'FOREIGN_VALUE',
    message: /^output: .*given %0 of a trace that has ended; .*trace\.test\.ts:\d+:\d+\)$/,
  });
  const nested = (v: np.Traced): np.Traced => {
    np.trace((w) => w!.add(v), [x]);
    return v;
  };
  t.throws(() => np.trace((v) => nested(v!), [x]), { code: 'FOREIGN_VALUE' });
});

test('numbers and arrays that a function returns are constants', (t) => {
  const outputsOf = (f: np.TracedFunction): np.Tensor[] =>
    np.evaluate(np.trace(f, [x]), [np.toTensor([1, 2, 4])]);
  t.deepEqual(
    outputsOf(() => -97).map(({ shape, data }) => [shape, [...data]]),
    [[[], [-97]]],
  );
  t.deepEqual(
    outputsOf((v) => [v!, 5, [[1, 2]], np.zeros(2), true, 5n, 5]).map(({ shape, data }) => [
      [...shape],
      [...data],
    ]),
    [
      [[3], [1, 2, 4]],
      [[], [5]],
      [
        [1, 2],
        [1, 2],
      ],
      [[2], [0, 0]],
      [[], [1]],
      [[], [5]],
      [[], [5]],
    ],
  );
  const graph = np.trace(() => [3, 3], [x]);
  np.verify(graph);
  t.is(graph.nodes.length, 2);
  t.regex(graph.nodes[1]!.location!.file, /trace\.test\.ts$/);
});

test('what is no integer cannot be returned', (t) => {
  const returns = (value: (v: np.Traced) => unknown, message: RegExp): void => {
    t.throws(() => np.trace((v) => value(v!) as never, [x]), { code: 'BAD_OUTPUT', message });
  };
  returns(() => undefined, /given undefined; add a return/);
  returns(() => [], /empty array/);
  returns((v) => [v, 'three'], /^output 1: .*given the text 'three'; .*trace\.test\.ts:\d+:\d+\)$/);
  returns((v) => ({ a: v, b: 1 }), /given an object \{ a, b \}; return a list, as in \[a, b\]/);
  returns(() => null, /given null/);
  returns((v) => [[v]], /np\.array/);
  returns(async (v) => v, /a promise; trace a synchronous function/);
  returns(
    (v) => v.multiply(0.5),
    /a float; round it .*\n\n%0 = x[\s\S]*\^+ this output is a float/,
  );
  const place = /^output 1\[0\]: .*trace\.test\.ts:\d+:\d+\)$/;
  t.throws(() => np.trace((v) => [v!, [0.5]], [x]), { code: 'NOT_AN_INTEGER', message: place });
  t.throws(() => np.trace((v) => [v!, [Number.NaN]], [x]), { code: 'NOT_FINITE', message: place });
  t.throws(() => np.trace((v) => [v!, [2 ** 60]], [x]), { code: 'OVERFLOW_2_53', message: place });
});

test('declarations are checked', (t) => {
  const declare = (change: object): void => {
    t.throws(
      () => np.trace((v) => v!, [{ ...x, ...change }]),
      { code: 'BAD_OPTION' },
      JSON.stringify(change),
    );
  };
  declare({ min: 3, max: 2 });
  declare({ min: 0.5 });
  declare({ max: Number.POSITIVE_INFINITY });
  declare({ shape: [-1] });
  declare({ shape: [1.5] });
  t.throws(() => np.trace((v) => v!, [x, x]), { code: 'BAD_OPTION', message: /used twice/ });
});

test('clear arguments are computed at once and leave no nodes', (t) => {
  const graph = np.trace((v) => v!.add(np.matmul([[1, 2, 3]], np.ones(3))), [x]);
  t.deepEqual(
    graph.nodes.map(({ op }) => op),
    ['input', 'constant', 'add'],
  );
  t.is(np.add(1, 2), 3);
  t.is(
    np.sum([
      [1, 2],
      [3, 4],
    ]),
    10,
  );
  t.throws(() => np.add(2 ** 52, 2 ** 52), { code: 'OVERFLOW_2_53' });
});

test('nodes that no output needs are left out, inputs stay', (t) => {
  const graph = np.trace(
    (v, w) => {
      v!.add(w!);
      return v!.negative();
    },
    [x, y],
  );
  t.deepEqual(
    graph.nodes.map(({ op }) => op),
    ['input', 'input', 'negative'],
  );
});

test('only what depends on encrypted inputs is encrypted', (t) => {
  const graph = np.trace((v, w) => [v!.add(w!), w!.add(1)], [x, y]);
  t.deepEqual(
    graph.nodes.map(({ op, encrypted }) => `${op} ${encrypted}`),
    ['input true', 'input false', 'add true', 'constant false', 'add false'],
  );
});

test('shape errors inside a traced function name the line', (t) => {
  const line = here() + 1;
  const thrown = t.throws<BlindfitError>(() => np.trace((v) => v!.add([1, 2]), [x]));
  t.is(thrown!.code, 'SHAPE_MISMATCH');
  t.is(lineOf(thrown!.message), line);
});

test('user functions are found to be integer or float by what they give', (t) => {
  const kinds = np.trace(
    (v) => {
      const sigmoid = v!.map((a) => 1 / (1 + Math.exp(-a)));
      const doubled = sigmoid
        .multiply(31)
        .round()
        .map((a) => a * 2);
      const halved = doubled.map((a) => a / 2);
      const quarter = halved.map((a) => a / 4);
      t.deepEqual(
        [sigmoid, doubled, halved, quarter].map(({ kind }) => kind),
        ['float', 'integer', 'integer', 'float'],
      );
      t.is(v!.map((a) => a / 2, { kind: 'integer' }).kind, 'integer');
      t.is(v!.map((a) => a > 3).kind, 'integer');
      return quarter.floor();
    },
    [x],
  );
  np.verify(kinds);
});

test('iteration runs over the first axis', (t) => {
  const graph = np.trace((v) => [...v!].reduce((a, b) => a.add(b)), [x]);
  t.deepEqual(np.evaluate(graph, [np.toTensor([1, 2, 4])])[0]!.data[0], 7);
  const rank0 = { code: 'SHAPE_MISMATCH', message: /given rank 0; .*trace\.test\.ts:\d+:\d+\)$/ };
  t.throws(() => np.trace((_, w) => [...w!], [x, y]), rank0);
  t.throws(() => np.trace((_, w) => w!.length, [x, y]), rank0);
  t.is(
    np.evaluate(
      np.trace((v) => v!.length, [x]),
      [np.toTensor([1, 2, 4])],
    )[0]!.data[0],
    3,
  );
});

test('a traced value describes itself without a value', (t) => {
  np.trace(
    (v) => {
      t.is(v!.add(1).toString(), '%2 add: encrypted integer [3]');
      t.deepEqual([v!.shape, v!.ndim, v!.size, v!.kind], [[3], 1, 3, 'integer']);
      t.is(v!.expandDims(0).T.shape.join(), '3,1');
      return v!;
    },
    [x],
  );
});

test('20,000 nodes take less than a second of processor time', (t) => {
  const start = process.cpuUsage();
  const graph = np.trace(
    (v) => {
      let sum = v!.at(0);
      for (let i = 0; i < 10_000; i++) sum = sum.add(v!.at(i % 3));
      return sum;
    },
    [x],
  );
  t.is(graph.nodes.length, 20_002);
  const { user } = process.cpuUsage(start);
  t.true(user < 1.5e6, `${user / 1e6} s, about 0.4 on an idle machine`);
});
