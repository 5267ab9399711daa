/** Array functions as circuits: what they mean, what their programs compute and what simulation shows are one thing. */
import test from 'ava';
import { clear, compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';

const { int, range, uint } = encrypted;

const IMAGE = [
  [
    [
      [1, -2, 3],
      [-4, 2, 0],
      [3, -1, -3],
    ],
  ],
];
const KERNEL = [
  [
    [
      [1, -1],
      [2, 0],
    ],
  ],
  [
    [
      [0, 3],
      [-1, 1],
    ],
  ],
];
const PRIMES = [2, 3, 5, 7, 11];
const MATRIX = [
  [1, 2, 3],
  [4, 5, 6],
];

interface Case {
  readonly f: np.TracedFunction;
  readonly specs: Parameters<typeof compile>[1];
  readonly rows: readonly (readonly np.ArrayLike[])[];
  /** Run encrypted too. */
  readonly encrypted?: true;
}

const cases: Readonly<Record<string, Case>> = {
  'sort of fresh values': {
    f: (x) => x!.sort(),
    specs: { x: uint(2, [4]) },
    rows: [[[3, 1, 2, 0]], [[0, 0, 3, 0]], [[1, 1, 1, 1]]],
    encrypted: true,
  },
  'sort of signed columns': {
    f: (x) => np.sort(x!, { axis: 0 }),
    specs: { x: int(3, [3, 2]) },
    rows: [
      [
        [
          [3, -4],
          [-1, 2],
          [0, -4],
        ],
      ],
    ],
  },
  medians: {
    f: (x) => [
      x!.median({ rounding: 'floor' }),
      x!.median({ axis: 0, rounding: 'nearest' }),
      x!.median({ axis: 1 }),
    ],
    specs: { x: int(2, [2, 3]) },
    rows: [
      [
        [
          [1, -2, 0],
          [1, 1, -1],
        ],
      ],
    ],
  },
  'moved elements': {
    f: (x) => [
      x!
        .roll(1)
        .flip(0)
        .pad(1, { constantValues: x!.at(0, 0) }),
      np.tril(x!.tile([1, 2]), -1).diagonal({ offset: -1 }),
      x!.repeat(2, 1).trace(),
    ],
    specs: { x: int(3, [2, 2]) },
    rows: [
      [
        [
          [1, -2],
          [3, -4],
        ],
      ],
    ],
    encrypted: true,
  },
  'products and truths': {
    f: (x) => [x!.prod({ axis: 0 }), x!.any({ axis: 1 }), x!.all(), np.any(x!.equal(1))],
    specs: { x: int(2, [2, 2]) },
    rows: [
      [
        [
          [1, -2],
          [-1, 0],
        ],
      ],
      [
        [
          [-2, -2],
          [0, 0],
        ],
      ],
      [
        [
          [1, 1],
          [1, -1],
        ],
      ],
    ],
  },
  'means with a rounding': {
    f: (x) => [x!.mean({ rounding: 'floor' }), x!.mean({ axis: 0, rounding: 'nearest' })],
    specs: { x: int(4, [2, 2]) },
    rows: [
      [
        [
          [7, -8],
          [-6, 1],
        ],
      ],
    ],
    encrypted: true,
  },
  'places of extremes': {
    f: (x) => [x!.argmax(), x!.argmin(), x!.ptp()],
    specs: { x: int(2, [3]) },
    rows: [[[1, 1, -2]], [[0, 1, 1]], [[-1, -1, -1]], [[-2, 0, 1]]],
    encrypted: true,
  },
  'cumulated values': {
    f: (x) => [x!.cumsum(), x!.cumprod()],
    specs: { x: int(2, [3]) },
    rows: [[[1, -2, -2]], [[-2, -2, -2]], [[0, 1, -1]]],
  },
  'encrypted index into an encrypted array': {
    f: (x, i) => [x!.at(i!), x!.at([i!, 0])],
    specs: { x: uint(3, [5]), i: range(-5, 4) },
    rows: [
      [[1, 2, 3, 4, 5], 4],
      [[1, 2, 3, 4, 5], -5],
      [[7, 0, 7, 0, 7], 1],
    ],
    encrypted: true,
  },
  'two encrypted indices into an encrypted matrix': {
    f: (x, i, j) => x!.at(i!, j!),
    specs: { x: int(2, [2, 3]), i: uint(1), j: range(0, 2) },
    rows: [
      [
        [
          [1, -2, 0],
          [-1, 1, -2],
        ],
        1,
        2,
      ],
    ],
  },
  'encrypted index into a clear array': {
    f: (i) => [np.take(PRIMES, i!) as np.Traced, np.at(MATRIX, i!.minimum(1), i!) as np.Traced],
    specs: { i: range(-2, 2, []) },
    rows: [[-2], [0], [2]],
    encrypted: true,
  },
  'computed index into an encrypted array': {
    f: (x) => x!.at(x!.argmax()),
    specs: { x: uint(2, [3]) },
    rows: [[[1, 3, 2]], [[0, 0, 0]]],
  },
  'writing at encrypted and clear places': {
    f: (x, i) =>
      x!
        .set([i!], x!.at(0))
        .set([-1], 3)
        .set([np.slice(0, 1)], i!),
    specs: { x: uint(2, [4]), i: uint(2) },
    rows: [
      [[2, 1, 0, 3], 1],
      [[2, 1, 0, 1], 3],
    ],
    encrypted: true,
  },
  'clear inputs beside encrypted ones': {
    f: (x, y) => [
      np.concatenate([x!, y!]).sort(),
      np.concatenate([x!, y!]).argmax(),
      x!.at(y!.at(0).minimum(1)),
      np.conv(x!.reshape([1, 1, 2]), y!.reshape([1, 1, 2])),
    ],
    specs: { x: uint(2, [2]), y: clear.uint(2, [2]) },
    rows: [
      [
        [3, 0],
        [1, 2],
      ],
      [
        [0, 0],
        [0, 3],
      ],
    ],
    encrypted: true,
  },
  'convolution with clear weights': {
    f: (x) => np.conv(x!, KERNEL, { bias: [3, -1], padding: 'same' }),
    specs: { x: int(3, [1, 1, 3, 3]) },
    rows: [[IMAGE]],
    encrypted: true,
  },
  'convolution with encrypted weights': {
    f: (x, w) => np.conv(x!, w!, { strides: 2, padding: 1 }),
    specs: { x: int(2, [1, 1, 3]), w: int(2, [1, 1, 2]) },
    rows: [[[[[1, -2, 1]]], [[[-1, -2]]]]],
  },
  'variance and standard deviation': {
    f: (x) => [np.round(x!.var({ axis: 0 })), np.round(x!.std({ ddof: 1 })), np.countNonzero(x!)],
    specs: { x: int(2, [2, 2]) },
    rows: [
      [
        [
          [-2, 1],
          [1, 1],
        ],
      ],
      [
        [
          [0, 0],
          [0, 0],
        ],
      ],
    ],
    encrypted: true,
  },
  'sums of products by letters': {
    f: (x, y) => [np.einsum('ij,kj->ki', x!, y!), np.einsum('ii->i', y!)],
    specs: { x: int(2, [2, 2]), y: int(2, [2, 2]) },
    rows: [
      [
        [
          [-2, 1],
          [1, 1],
        ],
        [
          [1, -1],
          [-2, 0],
        ],
      ],
    ],
    encrypted: true,
  },
  pooling: {
    f: (x) => [
      np.maxPool(x!, 2, { padding: 1, strides: 2 }),
      np.averagePool(x!, [2, 3], { ceilMode: true, strides: 2, rounding: 'nearest' }),
    ],
    specs: { x: int(3, [1, 1, 3, 3]) },
    rows: [[IMAGE]],
    encrypted: true,
  },
};

for (const [name, { f, specs, rows, encrypted: run }] of Object.entries(cases)) {
  for (const query of ['packed', 'values'] as const) {
    test(`${name}: ${query}`, async (t) => {
      const circuit = await compile(f, specs, { query });
      for (const row of rows) {
        const { evaluated, interpreted, simulated } = await readings(circuit, row);
        t.deepEqual(interpreted, evaluated);
        t.deepEqual(simulated, evaluated);
        if (!run || query !== 'packed') continue;
        t.deepEqual(flat(await circuit.encryptRunDecrypt(...row)), evaluated);
      }
    });
  }
}
