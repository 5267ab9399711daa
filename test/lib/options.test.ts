import test from 'ava';
import { type BlindfitError, error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: 0, max: 15, encrypted: true };

test('objects of known options pass, with some or none of them', (t) => {
  t.notThrows(() => checkOptions('sum', {}, ['axis']));
  t.notThrows(() => checkOptions('sum', { axis: 0 }, ['axis', 'keepDims']));
  t.notThrows(() => checkOptions('sum', Object.create(null), ['axis']));
});

const refused: readonly [options: unknown, message: string][] = [
  [0, 'given 0; allowed: an object of axis, keepDims; write { axis: 0 }'],
  [[0, 1], 'given [0,1]; allowed: an object of axis, keepDims; write { axis: [0,1] }'],
  [null, 'given null; allowed: an object of axis, keepDims; write { axis: null }'],
  [{ keepdims: true }, 'given { keepdims }; allowed: [axis, keepDims]; write keepDims'],
  [{ keep_dims: true }, 'given { keep_dims }; allowed: [axis, keepDims]; write keepDims'],
  [
    { axis: 0, axes: 1 },
    'given { axes }; allowed: [axis, keepDims]; name one of the allowed options',
  ],
  [
    error('UNSUPPORTED', {}),
    'given BlindfitError: this is not supported; rewrite it with a supported operation; allowed: [axis, keepDims]; name one of the allowed options',
  ],
];

for (const [options, message] of refused)
  test(`refused: ${message}`, (t) => {
    t.throws(() => checkOptions('sum', options, ['axis', 'keepDims']), {
      code: 'BAD_OPTION',
      message: `sum: options: an option is not valid: ${message}`,
    });
  });

/** Calls with an option that no function has, or with numpy's positional axis. */
const calls: Readonly<Record<string, (v: never) => unknown>> = {
  sum: (v) => np.sum(v, 0 as never),
  mean: (v) => np.mean(v, 0 as never),
  prod: (v) => np.prod(v, { keepdims: true } as never),
  max: (v) => np.max(v, 1 as never),
  min: (v) => np.min(v, { axes: 0 } as never),
  ptp: (v) => np.ptp(v, 0 as never),
  any: (v) => np.any(v, 0 as never),
  all: (v) => np.all(v, 0 as never),
  argmax: (v) => np.argmax(v, 0 as never),
  argmin: (v) => np.argmin(v, { keepdims: true } as never),
  cumsum: (v) => np.cumsum(v, 0 as never),
  cumprod: (v) => np.cumprod(v, 0 as never),
  sort: (v) => np.sort(v, 0 as never),
  median: (v) => np.median(v, 0 as never),
  take: (v) => np.take(v, [0], 0 as never),
  pad: (v) => np.pad(v, 1, 'edge' as never),
  diagonal: (v) => np.diagonal(v, 1 as never),
  conv: (v) => np.conv(np.reshape(v, [1, 2, 3]), [[[1], [1]]], { stride: 2 } as never),
  maxPool: (v) => np.maxPool(np.reshape(v, [1, 2, 3]), 2, { pads: 1 } as never),
  averagePool: (v) => np.averagePool(np.reshape(v, [1, 2, 3]), 2, { ceil_mode: true } as never),
  roundBits: (v) => np.roundBits(v, 2, 'approximate' as never),
  truncateBits: (v) => np.truncateBits(v, 2, { exact: false } as never),
  hint: (v) => np.hint(v, { bit_width: 4 } as never),
  map: (v) => np.map((a) => a, v, { type: 'integer' } as never),
};

for (const [name, call] of Object.entries(calls))
  test(`${name} ignores no argument`, (t) => {
    const clear = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const expected = { code: 'BAD_OPTION', message: new RegExp(`^${name}: options: `) };
    t.throws(() => call(clear as never), expected);
    const thrown = t.throws<BlindfitError>(
      () => np.trace((v) => call(v as never) as np.Traced, [x]),
      expected,
    );
    t.regex(thrown!.message, /options\.test\.ts:\d+:\d+\)$/);
  });
