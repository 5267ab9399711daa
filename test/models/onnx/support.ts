/** ONNX files of fixtures with what their libraries answer, and files made by hand. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A model, rows, and the outputs of each row. */
export interface OnnxFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly X: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  /** What the graph ends in, where the client finishes it. */
  readonly end?: 'softmax' | 'logSoftmax' | 'sigmoid' | 'argmax';
  /** The data set on which it was trained. */
  readonly data?: 'iris' | 'digits';
}

/** The cases of one file of fixtures; see test/fixtures/make_onnx*.py. */
export function onnxFixtures(file: string): OnnxFixture[] {
  const path = new URL(`../../fixtures/${file}.json`, import.meta.url);
  const cases = JSON.parse(readFileSync(path, 'utf8')) as (OnnxFixture & { model: string })[];
  return cases.map(({ model, ...rest }) => ({
    ...rest,
    bytes: gunzipSync(Buffer.from(model, 'base64')),
  }));
}

/** The case of a name. */
export function onnxFixture(file: string, name: string): OnnxFixture {
  return onnxFixtures(file).find((each) => each.name === name)!;
}

/** A field of a message: a number as an integer, a text, bytes or a message. */
export type FieldValue = number | bigint | string | Uint8Array | readonly Entry[];

/** A field by its number. */
export type Entry = readonly [number: number, value: FieldValue];

/** The bytes of a message. */
export function message(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of entries) {
    if (typeof value === 'number' || typeof value === 'bigint') {
      bytes.push(...varint(number * 8), ...varint(value));
      continue;
    }
    const content =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : message(value as readonly Entry[]);
    bytes.push(...varint(number * 8 + 2), ...varint(content.length));
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  do {
    const more = left > 127n;
    bytes.push(Number(left & 127n) | (more ? 128 : 0));
    left >>= 7n;
  } while (left > 0n);
  return bytes;
}

/** Numbers of singles, as bytes. */
export function singles(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** A tensor of singles. */
export function tensor(name: string, shape: readonly number[], values: readonly number[]): Entry[] {
  return [...shape.map((extent): Entry => [1, extent]), [2, 1], [8, name], [9, singles(...values)]];
}

/** A tensor of 64-bit integers. */
export function integers(name: string, values: readonly (number | bigint)[]): Entry[] {
  return [[1, values.length], [2, 7], [8, name], ...values.map((value): Entry => [7, value])];
}

/** A node. Attributes are integers, or texts. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number | string>> = {},
  domain = '',
): Entry[] {
  return [
    ...inputs.map((name): Entry => [1, name]),
    ...outputs.map((name): Entry => [2, name]),
    [3, `${operator}-${outputs[0]}`],
    [4, operator],
    ...Object.entries(attributes).map(
      ([name, value]): Entry => [
        5,
        typeof value === 'number'
          ? [
              [1, name],
              [3, value],
              [20, 2],
            ]
          : [
              [1, name],
              [4, value],
              [20, 3],
            ],
      ],
    ),
    ...(domain === '' ? [] : [[7, domain] as Entry]),
  ];
}

/** An input or output; texts are dynamic axes. */
export function info(name: string, shape: readonly (number | string)[], type = 1): Entry[] {
  const axes = shape.map((extent): Entry => [1, [[typeof extent === 'number' ? 1 : 2, extent]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, type],
            [2, axes],
          ],
        ],
      ],
    ],
  ];
}

/** What a file is made of. */
export interface FileParts {
  readonly nodes: readonly Entry[][];
  readonly constants?: readonly Entry[][];
  readonly input?: readonly (number | string)[];
  readonly output?: string;
  readonly opset?: number;
  /** The element type of the input, by its number. */
  readonly type?: number;
}

/** A file with the input x and the output y. */
export function file({
  nodes,
  constants = [],
  input = ['N', 4],
  output = 'y',
  opset = 17,
  type = 1,
}: FileParts): Uint8Array {
  const graph: Entry[] = [
    ...nodes.map((each): Entry => [1, each]),
    ...constants.map((each): Entry => [5, each]),
    [11, info('x', input, type)],
    [12, info(output, [])],
  ];
  return message([
    [1, 8],
    [7, graph],
    [8, [[2, opset]]],
  ]);
}
