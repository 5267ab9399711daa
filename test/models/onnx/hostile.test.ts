/** Files that are damaged, or made to harm: refused with a code, or read; always quickly. */
import { ok } from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { BlindfitError, type ErrorCode } from '../../../lib/index.ts';
import { fromOnnx } from '../../../models/index.ts';
import {
  type Entry,
  type FileParts,
  file,
  integers,
  message,
  node,
  onnxFixture,
  onnxFixtures,
  tensor,
} from './support.ts';

/** The code with which bytes are refused; undefined where they are read, and then compute. */
function refusal(bytes: Uint8Array): ErrorCode | undefined {
  try {
    const model = fromOnnx(bytes);
    const { nFeaturesIn } = model.fitted;
    ok(nFeaturesIn < 1e6);
    model.evaluate([new Array<number>(nFeaturesIn).fill(0.5)]);
    return undefined;
  } catch (cause) {
    ok(cause instanceof BlindfitError && cause.code !== 'INTERNAL', String(cause));
    return cause.code;
  }
}

test('a file that ends early is refused, wherever it ends', (t) => {
  const { bytes } = onnxFixture('onnx-operators', 'batch-normalization-after-conv');
  for (let length = 0; length < bytes.length; length++) {
    t.true(refusal(bytes.subarray(0, length)) !== undefined, `${length} bytes`);
  }
  t.is(refusal(bytes), undefined);
});

test('a file with other bytes is refused, or read', (t) => {
  const files = [
    ...onnxFixtures('onnx-operators').filter(({ name }) => !name.startsWith('a')),
    onnxFixture('onnx-torch', 'layer-norm'),
    onnxFixture('onnx-torch', 'residual'),
  ];
  const behaves = fc.property(
    fc.nat(files.length - 1),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    (index, changes) => {
      const bytes = Uint8Array.from(files[index]!.bytes);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const started = performance.now();
      refusal(bytes);
      ok(performance.now() - started < 10_000);
    },
  );
  t.notThrows(() => fc.assert(behaves, { numRuns: 1500, includeErrorInReport: true }));
});

test('bytes that are no model are refused', (t) => {
  const random = fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    ok(refusal(bytes) !== undefined);
  });
  t.notThrows(() => fc.assert(random, { numRuns: 500 }));
  for (const bytes of [undefined, null, 'model.onnx', [1, 2]] as unknown as Uint8Array[]) {
    t.throws(() => fromOnnx(bytes), { code: 'BAD_MODEL' });
  }
});

/** Files that are refused, with their code and what the message names. */
const refused: readonly [what: string, parts: FileParts, code: ErrorCode, names: RegExp][] = [
  [
    'a cycle',
    {
      nodes: [
        node('Add', ['x', 'b'], ['a']),
        node('Relu', ['a'], ['b']),
        node('Neg', ['b'], ['y']),
      ],
    },
    'BAD_MODEL',
    /cycle through Neg-y, Relu-b, Add-a/,
  ],
  [
    'a missing weight',
    { nodes: [node('MatMul', ['x', 'w'], ['y'])] },
    'BAD_MODEL',
    /MatMul-y.*value w/,
  ],
  ['a missing output', { nodes: [node('Relu', ['x'], ['z'])] }, 'BAD_MODEL', /value y/],
  [
    'a value of two nodes',
    { nodes: [node('Relu', ['x'], ['y']), node('Neg', ['x'], ['y'])] },
    'BAD_MODEL',
    /Neg-y/,
  ],
  [
    'weights of another shape',
    { nodes: [node('MatMul', ['x', 'w'], ['y'])], constants: [tensor('w', [3, 1], [1, 2, 3])] },
    'BAD_MODEL',
    /MatMul-y/,
  ],
  [
    'fewer numbers than their shape says',
    { nodes: [node('MatMul', ['x', 'w'], ['y'])], constants: [tensor('w', [4, 2 ** 40], [1])] },
    'BAD_MODEL',
    /initializer 0|tensor w/,
  ],
  [
    'NaN in weights',
    {
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      constants: [tensor('w', [4, 1], [1, Number.NaN, 2, 3])],
    },
    'NOT_FINITE',
    /MatMul-y/,
  ],
  [
    'an unknown element type',
    {
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      constants: [
        [
          [1, 1],
          [2, 14],
          [8, 'w'],
          [9, new Uint8Array(8)],
        ],
      ],
    },
    'UNSUPPORTED',
    /initializer 0|tensor w/,
  ],
  [
    'weights in another file',
    {
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      constants: [
        [
          [1, 4],
          [2, 1],
          [8, 'w'],
          [
            13,
            [
              [1, 'location'],
              [2, '/etc/passwd'],
            ],
          ],
          [14, 1],
        ],
      ],
    },
    'UNSUPPORTED',
    /tensor w.*another file/,
  ],
  [
    'a dynamic axis',
    { nodes: [node('Relu', ['x'], ['y'])], input: ['N', 'length'] },
    'UNSUPPORTED',
    /input x.*length/,
  ],
  [
    'a fixed batch',
    { nodes: [node('Relu', ['x'], ['y'])], input: [8, 4] },
    'UNSUPPORTED',
    /input x.*batch of 8/,
  ],
  [
    'an input of no elements',
    { nodes: [node('Relu', ['x'], ['y'])], input: ['N', 0] },
    'BAD_MODEL',
    /input x/,
  ],
  [
    'an input too large',
    { nodes: [node('Relu', ['x'], ['y'])], input: ['N', 2 ** 20, 2 ** 20] },
    'BAD_MODEL',
    /input x/,
  ],
  [
    'an old opset',
    { nodes: [node('Relu', ['x'], ['y'])], opset: 7 },
    'UNSUPPORTED_OPERATOR',
    /opset 7/,
  ],
  [
    'an opset to come',
    { nodes: [node('Relu', ['x'], ['y'])], opset: 99 },
    'UNSUPPORTED_OPERATOR',
    /opset 99/,
  ],
  [
    'a constant without end',
    {
      nodes: [node('ConstantOfShape', ['s'], ['c']), node('Add', ['x', 'c'], ['y'])],
      constants: [integers('s', [2 ** 40])],
    },
    'BAD_MODEL',
    /ConstantOfShape-c/,
  ],
  [
    'a value repeated without end',
    {
      nodes: [node('Expand', ['x', 's'], ['y'])],
      constants: [integers('s', [2 ** 20, 2 ** 20, 1, 4])],
    },
    'BAD_MODEL',
    /Expand-y/,
  ],
  [
    'a border without end',
    { nodes: [node('Pad', ['x', 'p'], ['y'])], constants: [integers('p', [0, 2 ** 40, 0, 0])] },
    'BAD_MODEL',
    /Pad-y/,
  ],
  [
    'a range without end',
    {
      nodes: [
        node('Constant', [], ['a'], { value_int: 0 }),
        node('Constant', [], ['b'], { value_int: 2 ** 50 }),
        node('Constant', [], ['c'], { value_int: 1 }),
        node('Range', ['a', 'b', 'c'], ['r']),
        node('Add', ['x', 'r'], ['y']),
      ],
    },
    'BAD_MODEL',
    /Range-r/,
  ],
  [
    'more axes than any operator has',
    {
      nodes: [node('Unsqueeze', ['x', 'a'], ['y'])],
      constants: [
        integers(
          'a',
          Array.from({ length: 60 }, (_, i) => i),
        ),
      ],
    },
    'BAD_MODEL',
    /Unsqueeze-y/,
  ],
  [
    'an output that depends on nothing',
    { nodes: [node('Constant', [], ['y'], { value_int: 1 })] },
    'BAD_MODEL',
    /output y/,
  ],
  [
    'an attribute of another kind',
    { nodes: [node('Flatten', ['x'], ['y'], { axis: 'one' })] },
    'BAD_MODEL',
    /Flatten-y.axis/,
  ],
  ['a node without its input', { nodes: [node('Relu', [], ['y'])] }, 'BAD_MODEL', /Relu-y/],
  [
    'shapes that do not broadcast',
    { nodes: [node('Add', ['x', 'c'], ['y'])], constants: [tensor('c', [3], [1, 2, 3])] },
    'BAD_MODEL',
    /Add-y/,
  ],
];

for (const [what, parts, code, names] of refused) {
  test(`${what} is refused with its name`, (t) => {
    const started = performance.now();
    t.throws(() => fromOnnx(file(parts)), { code, message: names });
    t.true(performance.now() - started < 5000);
  });
}

test('everything that is not supported is named in one error', (t) => {
  const bytes = file({
    nodes: [
      node('LSTM', ['x'], ['a']),
      node('Softmax', ['x'], ['b']),
      node('Relu', ['b'], ['c']),
      node('Add', ['a', 'c'], ['d']),
      node('Conv', ['x', 'd'], ['e'], { mystery: 1 }),
      node('Fancy', ['e'], ['y'], {}, 'com.example'),
      node('NonZero', ['x'], ['unused']),
    ],
  });
  const cause = t.throws(() => fromOnnx(bytes), {
    instanceOf: BlindfitError,
    code: 'UNSUPPORTED_OPERATOR',
  });
  t.deepEqual(cause.details.problems, [
    'node LSTM-a: the operator LSTM',
    'node Conv-e: the attribute mystery of Conv',
    'node Fancy-y: the operator com.example.Fancy',
    'node Softmax-b: softmax before other operators (node Relu-c); at the end it is there',
  ]);
});

test('a graph of very many nodes is read or refused quickly', (t) => {
  const nodes = Array.from({ length: 5000 }, (_, i) =>
    node('Relu', [i === 0 ? 'x' : `v${i - 1}`], [i === 4999 ? 'y' : `v${i}`]),
  );
  const started = performance.now();
  t.is(refusal(file({ nodes })), undefined);
  t.true(performance.now() - started < 5000);
});

test('a constant that doubles with every node is refused', (t) => {
  const nodes = Array.from({ length: 60 }, (_, i) =>
    node('Concat', [`v${i}`, `v${i}`], [`v${i + 1}`], { axis: 0 }),
  );
  const parts = {
    nodes: [...nodes, node('Add', ['x', 'v60'], ['y'])],
    constants: [tensor('v0', [1], [1])],
  };
  t.throws(() => fromOnnx(file(parts)), { code: 'BAD_MODEL', message: /Concat-v2/ });
});

test('millions of empty messages are refused', (t) => {
  const graph = new Uint8Array(2 ** 24);
  for (let i = 0; i < graph.length; i += 2) graph[i] = 11 * 8 + 2;
  const entries: Entry[] = [[7, graph]];
  t.throws(() => fromOnnx(message(entries)), { code: 'BAD_MODEL' });
});

test('a division of integers is refused: its quotients have no fractions', (t) => {
  const nodes = [node('Shape', ['x'], ['s']), node('Div', ['x', 's'], ['y'])];
  t.notThrows(() => fromOnnx(file({ nodes, input: ['N', 2] })));
  const whole = file({ nodes, input: ['N', 2], type: 7 });
  t.throws(() => fromOnnx(whole), {
    code: 'UNSUPPORTED_OPERATOR',
    message: /Div-y: Div of integers/,
  });
});

test('what works across the rows of a batch is refused with its node', (t) => {
  for (const operator of ['Concat', 'Softmax', 'ArgMax', 'Split', 'GlobalMaxPool']) {
    const turned = node('Transpose', ['x'], ['t']);
    const nodes =
      operator === 'GlobalMaxPool'
        ? [node('Unsqueeze', ['t', 'a'], ['u']), node(operator, ['u'], ['y'])]
        : [node(operator, operator === 'Concat' ? ['x', 'x'] : ['x'], ['y'], { axis: 0 })];
    const parts = { nodes: [turned, ...nodes], constants: [integers('a', [0])] };
    t.throws(
      () => fromOnnx(file(parts)),
      { code: 'UNSUPPORTED_OPERATOR', message: new RegExp(`${operator}-y.*batch`) },
      operator,
    );
  }
});
