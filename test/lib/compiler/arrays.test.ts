/** Array functions as circuits: what they mean, what their programs compute and what simulation shows are one thing. */
import test from 'ava';
import { compile, encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat, readings } from '../../support/agreement.ts';

const { int, uint } = encrypted;

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
