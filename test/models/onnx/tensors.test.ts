/** Constants of files: every element type, in raw bytes and in lists of numbers. */
import test from 'ava';
import { readTensor } from '../../../models/onnx/tensors.ts';
import { type Entry, message, singles } from './support.ts';

function read(entries: readonly Entry[]): unknown[] {
  const { tensor } = readTensor(message(entries), 'tensor', { left: 1000 });
  return [...tensor.data];
}

/** TensorProto.DataType, the bytes of two elements, and what these are. */
const raw: readonly [type: number, bytes: readonly number[], values: readonly number[]][] = [
  [1, [0, 0, 128, 63, 0, 0, 0, 192], [1, -2]],
  [2, [0, 255], [0, 255]],
  [3, [1, 255], [1, -1]],
  [4, [1, 0, 255, 255], [1, 65535]],
  [5, [1, 0, 255, 255], [1, -1]],
  [6, [1, 0, 0, 0, 255, 255, 255, 255], [1, -1]],
  [7, [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], [1, -1]],
  [9, [0, 2], [0, 1]],
  [10, [0, 0x3e, 1, 0x80], [1.5, -(2 ** -24)]],
  [11, [0, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 0, 192], [1, -2]],
  [12, [1, 0, 0, 0, 255, 255, 255, 255], [1, 2 ** 32 - 1]],
  [13, [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], [1, 2 ** 64]],
  [16, [0x80, 0x3f, 0, 0xc0], [1, -2]],
];

for (const [type, bytes, values] of raw) {
  test(`raw bytes of element type ${type}`, (t) => {
    const entries: Entry[] = [
      [1, 2],
      [2, type],
      [9, Uint8Array.from(bytes)],
    ];
    t.deepEqual(read(entries), values);
    t.throws(() => read([[1, 3], ...entries.slice(1)]), { code: 'BAD_MODEL' });
  });
}

test('lists of numbers, packed and one by one', (t) => {
  const floats: Entry[] = [
    [1, 2],
    [2, 1],
    [4, singles(1.5, -2)],
  ];
  t.deepEqual(read(floats), [1.5, -2]);
  const doubles = new Uint8Array(Float64Array.of(1.25, -3).buffer);
  t.deepEqual(
    read([
      [1, 2],
      [2, 11],
      [10, doubles],
    ]),
    [1.25, -3],
  );
  t.deepEqual(
    read([
      [1, 2],
      [2, 7],
      [7, -5],
      [7, 2 ** 40],
    ]),
    [-5, 2 ** 40],
  );
  t.deepEqual(
    read([
      [1, 3],
      [2, 6],
      [5, Uint8Array.of(1, 2, 127)],
    ]),
    [1, 2, 127],
  );
  t.deepEqual(
    read([
      [1, 1],
      [2, 10],
      [5, 0x3e00],
    ]),
    [1.5],
  );
  t.deepEqual(
    read([
      [1, 1],
      [2, 16],
      [5, 0x3f80],
    ]),
    [1],
  );
  t.deepEqual(
    read([
      [1, 1],
      [2, 13],
      [11, 2n ** 63n],
    ]),
    [2 ** 63],
  );
  t.deepEqual(
    read([
      [1, 1],
      [2, 9],
      [5, 1],
    ]),
    [1],
  );
  t.deepEqual(
    read([
      [1, 2],
      [2, 8],
      [6, 'a'],
      [6, 'Ω'],
    ]),
    ['a', 'Ω'],
  );
});

test('infinities and NaN of half precision', (t) => {
  const halves = read([
    [1, 3],
    [2, 10],
    [9, Uint8Array.of(0, 0x7c, 0, 0xfc, 1, 0x7c)],
  ]);
  t.deepEqual(halves, [Infinity, -Infinity, Number.NaN]);
});

test('shapes and data that do not fit', (t) => {
  const refused: readonly Entry[][] = [
    [
      [1, -1],
      [2, 1],
      [9, singles()],
    ],
    [
      [1, 2],
      [2, 1],
      [4, singles(1)],
    ],
    [
      [1, 2 ** 30],
      [1, 2 ** 30],
      [2, 1],
      [9, singles(1)],
    ],
    [
      [1, 1],
      [2, 1],
      [4, Uint8Array.of(1, 2, 3)],
    ],
    [
      [1, 1],
      [2, 8],
      [6, Uint8Array.of(0xff)],
    ],
    [
      [1, 'one'],
      [2, 1],
    ],
  ];
  for (const entries of refused) t.throws(() => read(entries), { code: 'BAD_MODEL' });
  t.throws(
    () =>
      read([
        [1, 1],
        [2, 14],
        [9, singles(1)],
      ]),
    { code: 'UNSUPPORTED' },
  );
  t.throws(
    () =>
      read([
        [1, 1],
        [2, 1],
        [14, 1],
      ]),
    { code: 'UNSUPPORTED' },
  );
  t.is(
    read([
      [1, 0],
      [1, 2 ** 40],
      [2, 1],
    ]).length,
    0,
  );
});
