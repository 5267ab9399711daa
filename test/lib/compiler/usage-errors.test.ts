/** What a newcomer gets wrong: what is returned, written in JavaScript, declared or asked for. */
import test from 'ava';
import {
  BlindfitError,
  type Circuit,
  compile,
  type ErrorCode,
  encrypted,
  type Keys,
  type Query,
} from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';

const { int, range, uint } = encrypted;

/** What tracing refuses, before there is a graph to show. */
const untraceable: readonly [f: np.TracedFunction, code: ErrorCode, message: RegExp][] = [
  [
    (x, y) => x!.add(y!),
    'SHAPE_MISMATCH',
    /^add: .*given \[2\] and \[3\]; allowed: shapes that broadcast: .*; reshape one of them, .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => (x as unknown as np.Traced[])[0]!,
    'UNSUPPORTED',
    /given x\[0\]; read with x\.at\(0\) \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.at(3),
    'INDEX_OUT_OF_RANGE',
    /^at: axis 0: .*given 3; allowed: -2 to 1; .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => (Number(x!.at(0)) > 1 ? x! : x!.add(1)),
    'BRANCH_ON_ENCRYPTED',
    /^%2 at: .*given x < y, x \* y, -x or .*; write x\.less\(y\).*; np\.where chooses .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x, y) => (x as never) + (y as never),
    'BRANCH_ON_ENCRYPTED',
    /^%0 x: encrypted integer \[2\]: .*given x \+ y or x == y; write x\.add\(y\) or x\.equal\(y\); .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => ({ [`${x}`]: 1 }) as never,
    'BRANCH_ON_ENCRYPTED',
    /given a text or a key, .*; write np\.take\(table, x\), or x\.toString\(\) .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => JSON.stringify({ x }) as never,
    'BRANCH_ON_ENCRYPTED',
    /given JSON\.stringify\(x\); return x from the function, .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.at(np.slice(0, 0)).max(),
    'SHAPE_MISMATCH',
    /^max: .*given \[0\]; allowed: at least one element; reduce over .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.at(np.slice(0, 0)).mean().round(),
    'SHAPE_MISMATCH',
    /^mean: .*given \[0\]; allowed: at least one element; .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x, y) => x!.dot(y!),
    'SHAPE_MISMATCH',
    /^dot: .*given \[2\] and \[3\]; allowed: the last extent .*; transpose or reshape one of them \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.sum(0 as never),
    'BAD_OPTION',
    /^sum: options: .*given 0; allowed: an object of axis, keepDims; write \{ axis: 0 \} \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.add('3' as never),
    'BAD_ARRAY',
    /^add: .*given the text '3'; allowed: numbers, .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => [x!, undefined as never],
    'BAD_OUTPUT',
    /^output 1: .*given undefined; add a return statement \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => np.hint(x!.divide(2), { bits: 2 }),
    'NOT_AN_INTEGER',
    /^hint: .*given a float; round it, .* \(\S*errors\.test\.ts:\d+:\d+\)$/,
  ],
  [
    (x) => x!.divide(2),
    'BAD_OUTPUT',
    /^output: .*given a float; round it with .* \(\S*errors\.test\.ts:\d+:\d+\)\n\n%0 = x .*\n\^+ this output is a float; only integers are supported\n/s,
  ],
];

for (const [f, code, message] of untraceable)
  test(`tracing: ${code}: ${f}`, async (t) => {
    await t.throwsAsync(() => compile(f, { x: uint(3, [2]), y: uint(3, [3]) }), { code, message });
  });

const refused: readonly [name: string, specs: unknown, options: unknown, message: RegExp][] = [
  [
    'pError 0',
    { x: uint(3) },
    { pError: 0 },
    /^pError: .*given 0; allowed: a probability in \(0, 0.5\]/,
  ],
  ['pError 1', { x: uint(3) }, { pError: 1 }, /given 1; allowed: a probability in \(0, 0.5\]/],
  ['pError NaN', { x: uint(3) }, { pError: Number.NaN }, /given NaN; allowed: a probability/],
  [
    'an unknown query form',
    { x: uint(3) },
    { query: 'bytes' },
    /^query: .*given bytes; allowed: \[packed, unpacked, values\]/,
  ],
  [
    'no inputset',
    { x: 'encrypted' },
    {},
    /^input x: .*given 'encrypted' without an inputset; .*pass \{ inputset \}/,
  ],
  ['an unknown type', { x: 'secret' }, {}, /^input x: .*given secret; allowed: encrypted.uint/],
  [
    'a clear input that nothing shows',
    { x: 'clear' },
    {},
    /^input x: .*given 'clear' without an inputset; .*declare it, as in clear\.uint\(4\)/,
  ],
  [
    'an empty inputset',
    { x: 'encrypted' },
    { inputset: [] },
    /^inputset: .*given no examples; allowed: at least one/,
  ],
  [
    'an inputset row that is too short',
    { x: 'encrypted' },
    { inputset: [[1], []] },
    /^inputset\[1\]: .*given 0 values; allowed: a list of 1, one per input \(x\)/,
  ],
  [
    'an inputset of floats',
    { x: 'encrypted' },
    { inputset: [[1.5]] },
    /inputset\[0\].x.*not an integer.*1.5/,
  ],
  [
    'an inputset of several shapes',
    { x: 'encrypted' },
    { inputset: [[[1, 2]], [[3]]] },
    /^inputset\[1\].x: .*given \[1\]; allowed: \[2\], as in inputset\[0\]/,
  ],
  [
    'pError as a text',
    { x: uint(3) },
    { pError: '0.1' },
    /^pError: .*given 0\.1; allowed: a probability/,
  ],
  [
    'an inputset that is no list',
    { x: 'encrypted' },
    { inputset: 5 },
    /^inputset: .*given 5; allowed: a list of examples; put the arguments of each .* \[\[x0\], \[x1\]\]$/,
  ],
  [
    'examples that are no lists',
    { x: 'encrypted' },
    { inputset: [1, 2] },
    /^inputset\[0\]: .*given 1; allowed: a list of 1, .*; put the arguments of each example/,
  ],
  [
    'examples beyond a declared type',
    { x: 'encrypted', y: uint(3) },
    { inputset: [[1, 9]] },
    /^inputset: y: .*given 9; allowed: 0 to 7; declare what the examples show/,
  ],
  [
    'examples of another shape than declared',
    { x: 'encrypted', y: uint(3) },
    { inputset: [[1, [9]]] },
    /^inputset: y: .*given \[1\]; allowed: \[\]; declare what the examples show/,
  ],
  [
    'a shape that is a number',
    { x: uint(3, 4 as never) },
    {},
    /^input x: shape: .*given 4; allowed: a list of whole numbers of 0 or more/,
  ],
  [
    'a misspelt option',
    { x: uint(3) },
    { p_error: 0.1 },
    /^compile: options: .*given \{ p_error \}; allowed: \[inputset, pError, .*\]; write pError$/,
  ],
  [
    'a type in the place of the inputs',
    uint(3),
    {},
    /^compile: inputs: .*given a type; .*write \{ x: encrypted\.uint\(4\) \}$/,
  ],
  [
    'a list of types',
    [uint(3)],
    {},
    /^compile: inputs: .*given a list; allowed: an object .* name/,
  ],
  ['no inputs', undefined, {}, /^compile: inputs: .*given undefined; allowed: an object/],
  [
    'names that JavaScript puts in another order',
    { b: uint(3), 1: uint(4) },
    {},
    /^compile: inputs: .*given an input named 1; allowed: names/,
  ],
  [
    'a type that was not made',
    { x: uint },
    {},
    /^input x: .*given function uint; .*call one of them, as in encrypted\.uint\(4\)/,
  ],
  ['a type of another library', { x: { bits: 4 } }, {}, /^input x: .*given \{"bits":4\}; allowed/],
  [
    'an inputset that nothing needs',
    { x: uint(3) },
    { inputset: [[1]] },
    /^inputset: .*a declared type for every input; allowed: one of the two/,
  ],
];

for (const [name, specs, options, message] of refused)
  test(`options: ${name}`, async (t) => {
    await t.throwsAsync(() => compile((x) => x!, specs as never, options as never), {
      instanceOf: BlindfitError,
      message,
    });
  });

test('a function of more parameters than there are inputs is refused', async (t) => {
  await t.throwsAsync(() => compile((x, y) => x.add(y), { x: uint(3) }), {
    code: 'BAD_OPTION',
    message:
      'compile: inputs: an option is not valid: given 1 (x) for a function of 2 parameters; allowed: one for each parameter, in their order; declare the type of each parameter',
  });
  await t.throwsAsync(() => compile('x + 1' as never, { x: uint(3) }), {
    code: 'BAD_OPTION',
    message: /^compile: .*given x \+ 1; allowed: a function of arrays/,
  });
});

test('an asynchronous function is refused, and its own failure does not end the process', async (t) => {
  const unhandled: unknown[] = [];
  const listen = (cause: unknown) => unhandled.push(cause);
  process.on('unhandledRejection', listen);
  const f = async (x: np.Traced) => {
    await null;
    return x.add(1);
  };
  await t.throwsAsync(() => compile(f as never, { x: uint(3) }), {
    code: 'BAD_OUTPUT',
    message:
      /^output: .*given a promise; trace a synchronous function \(\S*errors\.test\.ts:\d+:\d+\)$/,
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', listen);
  t.deepEqual(unhandled, []);
});

test.serial(
  'results that depend on no input are warned of: x === 3 is false, silently',
  async (t) => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    await compile((x) => ((x as unknown) === 3 ? 1 : 0), { x: uint(3) });
    await compile((x) => [x, 0], { x: uint(3) });
    await compile(() => 0, {});
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    t.is(warnings.length, 1);
    t.is((warnings[0] as Error & { code: string }).code, 'CONSTANT_RESULT');
    t.regex(
      warnings[0]!.message,
      /^compile: the results are constants: .*; if that is not meant, write np\.where\(np\.equal\(x, 3\), a, b\) .*usage-errors\.test\.ts:\d+:\d+\)$/,
    );
  },
);

/** Keys, ciphertexts and values given to the wrong place. */
const mixedUp: readonly [
  call: (circuit: Circuit, keys: Keys, query: Query) => unknown,
  code: ErrorCode,
  message: RegExp,
][] = [
  [
    (circuit) => circuit.encrypt(3 as never),
    'WRONG_KEY',
    /^encrypt: first argument: .*given a number; allowed: a secret key; pass keys\.secret$/,
  ],
  [
    (circuit, keys) => circuit.encrypt(keys as never, 3),
    'WRONG_KEY',
    /given both keys; allowed: a secret key; pass keys\.secret$/,
  ],
  [
    (circuit, keys, query) => circuit.run(keys.secret as never, query),
    'WRONG_KEY',
    /^run: first argument: .*given a secret key; allowed: an evaluation key; pass keys\.evaluation$/,
  ],
  [
    (circuit, _, query) => circuit.run(query as never, query),
    'WRONG_KEY',
    /given a query or a reply; allowed: an evaluation key/,
  ],
  [
    (circuit, keys) => circuit.run(keys.evaluation, undefined as never),
    'BAD_CIPHERTEXT',
    /^run: query: .*given undefined; allowed: a query or its bytes; pass what circuit\.encrypt returns$/,
  ],
  [
    (circuit, keys, query) => circuit.run(keys.evaluation, query, { thread: 2 } as never),
    'BAD_OPTION',
    /^run: options: .*given \{ thread \}; allowed: \[threads, signal, onProgress\]/,
  ],
  [
    (circuit, keys, query) =>
      circuit.decrypt(keys.secret, circuit.run(keys.evaluation, query) as never),
    'BAD_CIPHERTEXT',
    /^decrypt: reply: .*given a promise; allowed: a reply or its bytes; await it, and pass/,
  ],
  [
    (circuit, keys) => circuit.decrypt(keys.evaluation as never, {} as never),
    'WRONG_KEY',
    /^decrypt: first argument: .*given an evaluation key; allowed: a secret key/,
  ],
  [
    (circuit, keys) => circuit.decrypt(keys.secret, null as never),
    'BAD_CIPHERTEXT',
    /^decrypt: reply: .*given null; allowed/,
  ],
  [
    (circuit) => circuit.evaluate(1, 2),
    'SHAPE_MISMATCH',
    /^arguments: .*given 2 values; allowed: 1, one for each input: x; give a value for each input, in their order$/,
  ],
  [
    (circuit) => circuit.evaluateBatch(undefined as never),
    'SHAPE_MISMATCH',
    /^arguments: .*given undefined; .*; give a list of arrays, one for each input, each with a leading axis of rows$/,
  ],
  [
    (circuit) => circuit.evaluateBatch([3]),
    'SHAPE_MISMATCH',
    /^x: .*given \[\]; allowed: \[rows\]; give each input a leading axis of rows/,
  ],
  [
    (circuit) => circuit.simulateBatch([[3]], { seed: 1 } as never),
    'BAD_OPTION',
    /^simulateBatch: options: .*given \{ seed \}; allowed: \[randomState\]/,
  ],
  [
    (circuit) => circuit.encryptRunDecryptBatch([[3]], { progress: 1 } as never),
    'BAD_OPTION',
    /^encryptRunDecryptBatch: options: .*given \{ progress \}; allowed: \[signal, onProgress\]/,
  ],
];

for (const [call, code, message] of mixedUp)
  test(`mixed up: ${code}: ${call}`, async (t) => {
    const circuit: Circuit = await compile((x) => x.add(1), { x: uint(3) });
    using keys = await circuit.keygen();
    const query = circuit.encrypt(keys.secret, 3);
    await t.throwsAsync(async () => call(circuit, keys, query), { code, message });
  });

test('types of inputs: bits and ranges are checked where they are made', (t) => {
  t.throws(() => uint(0), {
    code: 'BAD_OPTION',
    message: /given 0; allowed: an integer from 1 to 53/,
  });
  t.throws(() => int(54), { code: 'BAD_OPTION' });
  t.throws(() => uint(2.5), { code: 'BAD_OPTION' });
  t.throws(() => range(3, 2), {
    code: 'BAD_OPTION',
    message: /given 3 to 2; allowed: integers min <= max/,
  });
});
