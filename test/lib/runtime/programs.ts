/** Small programs written by hand. They mirror those of the native tests. */
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import type { Requirements } from '../../../lib/compiler/parameters/requirements.ts';
import type { Instruction, Parameters, Polynomial, Program } from '../../../lib/runtime/program.ts';

const SIZE = 2048;
const glwe = { dimension: 1, polynomialSize: SIZE };

/** `3a - 5b + 7c` of rows of three integers in [-8, 7], `rowsPerQuery` rows a ciphertext. */
export function linearProgram(rowsPerQuery: number): Program {
  const weights = [3, -5, 7];
  const range = { min: -8, max: 7 };
  return {
    format: 1,
    parameters: { glwe, packed: null, unpacked: null, lookups: [], circuit: null },
    inputs: [range, range, range],
    rowsPerQuery,
    queries: [
      {
        kind: 'linear',
        rowStride: 3,
        slots: [0, 1, 2].map((input) => ({ input, offset: 0, scaleLog: 48, position: input })),
      },
    ],
    // A part is decoded as an unsigned number above its minimum: the polynomial adds 1000.
    polynomials: [{ scaleLog: 48, runs: [[0, SIZE, 1000]] }],
    instructions: [
      {
        op: 'linear',
        query: 0,
        weights: weights.map((weight, input) => [2 - input, weight] as const),
        polynomial: 0,
        target: 0,
      },
    ],
    replies: [{ kind: 'glwe', source: 0, bits: 32, rowStride: 3, positions: [2] }],
    parts: [{ scaleLog: 48, min: -1000, max: 1000 }],
    outputs: [{ parts: [[0, 1]], offset: 0 }],
  };
}

/** What `linearProgram` computes. */
export function linearExpected(rows: Float64Array): number[] {
  return Array.from(
    { length: rows.length / 3 },
    (_, row) => 3 * rows[3 * row]! - 5 * rows[3 * row + 1]! + 7 * rows[3 * row + 2]!,
  );
}

/** What `tableProgram` computes of x in [3, 18]. */
export function tableExpected(x: number): number {
  return ((x - 3) ** 2 + 3) % 64;
}

/** A table of four packed bits, by CMUX rotations of one polynomial. */
export function tableProgram(): Program {
  const entries = (shift: number): Polynomial => ({
    scaleLog: 56,
    runs: Array.from(
      { length: 16 - shift },
      (_, x) => [x, 1, tableExpected(x + shift + 3)] as const,
    ),
  });
  const rotate = (bit: number): Instruction => ({
    op: 'cmux',
    bit,
    zero: { glwe: bit - 1, rotation: 0 },
    one: { glwe: bit - 1, rotation: 2 * SIZE - 2 ** bit },
    target: bit,
  });
  return {
    format: 1,
    parameters: {
      glwe,
      packed: {
        log2Coefficients: 4,
        gadget: { baseLog: 6, levelCount: 4 },
        automorphism: { baseLog: 4, levelCount: 12 },
        square: { baseLog: 6, levelCount: 8 },
      },
      unpacked: null,
      lookups: [],
      circuit: null,
    },
    inputs: [{ min: 3, max: 18 }],
    rowsPerQuery: 1,
    queries: [
      { kind: 'bits', encoding: 'packed', bits: [0, 1, 2, 3].map((bit) => ({ input: 0, bit })) },
    ],
    polynomials: [entries(0), entries(1)],
    instructions: [
      { op: 'cmux', bit: 0, zero: { polynomial: 0 }, one: { polynomial: 1 }, target: 0 },
      rotate(1),
      rotate(2),
      rotate(3),
    ],
    replies: [{ kind: 'glwe', source: 3, bits: 16, rowStride: 0, positions: [0] }],
    parts: [{ scaleLog: 56, min: 0, max: 127 }],
    outputs: [{ parts: [[0, 1]], offset: 0 }],
  };
}

/** What `lookupProgram` computes of x and y in [0, 7]. */
export function lookupExpected(x: number, y: number): number {
  const first = [2, 0, 3, 1, 1, 3, 0, 2];
  return ((first[x]! + first[y]! + 1) * 5 + 1) % 8;
}

/**
 * Lookups of three bits in two layers, x under the large key and y under the small one; `layers` more layers of
 * `width` identity lookups follow, to make it long.
 */
export function lookupProgram(layers: number, width: number): Program {
  const box = SIZE / 8;
  // Boxes of N / 8 coefficients, the first centred on 0.
  const table = (f: (x: number) => number): Polynomial => ({
    scaleLog: 60,
    runs: [
      [0, box / 2, f(0)],
      ...[1, 2, 3, 4, 5, 6, 7].map((x) => [x * box - box / 2, box, f(x)] as const),
      [SIZE - box / 2, box / 2, -f(0)],
    ],
  });
  const first = [2, 0, 3, 1, 1, 3, 0, 2];
  const tail = Array.from({ length: layers }, (_, layer): Instruction => {
    const start = 5 + layer * width;
    return {
      op: 'bootstrap',
      lookup: 0,
      items: Array.from({ length: width }, (_, item) => ({
        input: { lwe: layer === 0 ? 4 : start - width + item },
        polynomial: 2,
        outputs: [[0, start + item]] as const,
      })),
    };
  });
  return {
    format: 1,
    parameters: {
      glwe,
      packed: null,
      unpacked: null,
      lookups: [
        {
          lweDimension: 760,
          keyswitch: { baseLog: 3, levelCount: 5 },
          bootstrap: { baseLog: 23, levelCount: 1 },
          log2Extension: 0,
        },
      ],
      circuit: null,
    },
    inputs: [
      { min: 0, max: 7 },
      { min: 0, max: 7 },
    ],
    rowsPerQuery: 1,
    queries: [
      {
        kind: 'linear',
        rowStride: 0,
        slots: [{ input: 0, offset: 0, scaleLog: 60, position: 7 }],
      },
      { kind: 'lwe', lookup: 0, slots: [{ input: 1, offset: 0, scaleLog: 60 }] },
    ],
    polynomials: [table((x) => first[x]!), table((x) => (x * 5 + 1) % 8), table((x) => x)],
    instructions: [
      { op: 'linear', query: 0, weights: [[0, 1]], polynomial: null, target: 0 },
      { op: 'extract', source: 0, position: 7, target: 0 },
      {
        op: 'bootstrap',
        lookup: 0,
        items: [
          { input: { lwe: 0 }, polynomial: 0, outputs: [[0, 1]] },
          { input: { small: 0 }, polynomial: 0, outputs: [[0, 2]] },
        ],
      },
      {
        op: 'sum',
        terms: [
          [1, 1],
          [2, 1],
        ],
        constant: 1,
        scaleLog: 60,
        target: 3,
      },
      {
        op: 'bootstrap',
        lookup: 0,
        items: [{ input: { lwe: 3 }, polynomial: 1, outputs: [[0, 4]] }],
      },
      ...tail,
    ],
    replies: [{ kind: 'lwe', source: 4 + layers * width, bits: 12 }],
    parts: [{ scaleLog: 60, min: 0, max: 7 }],
    outputs: [{ parts: [[0, 1]], offset: 0 }],
  };
}

/** What `circuitProgram` computes of x and y. */
export function circuitExpected(width: number, x: number, y: number): number {
  return (5 * (x + y) + 3) % 2 ** width;
}

/** What `circuitProgram` asks of its parameters. */
export function circuitRequirements(width: number): Requirements {
  const weight = 4 ** (width - 1);
  const event = { keyswitched: true, replyBits: null, count: 1 } as const;
  return {
    pError: 2 ** -40,
    polynomialSize: SIZE,
    calibration: defaultCalibration,
    bits: null,
    circuit: { bitCount: width, layerCount: width, cmuxCount: width },
    lookups: [],
    constraints: [
      {
        ...event,
        margin: 2 ** -2,
        lookup: 'circuit',
        count: width,
        terms: [
          { source: 'fresh-glwe', squaredWeight: 2 * weight },
          { source: 'circuit', squaredWeight: weight / 2 },
        ],
      },
      {
        ...event,
        margin: 2 ** -(width + 1),
        lookup: null,
        terms: [{ source: 'circuit-diagram', depth: width, squaredWeight: 1 }],
      },
    ],
  };
}

/** Parameters with which a table of `circuitProgram` holds up to 10 bits. */
const circuitParameters: Parameters = {
  glwe,
  packed: null,
  unpacked: null,
  lookups: [
    {
      lweDimension: 600,
      keyswitch: { baseLog: 2, levelCount: 6 },
      bootstrap: { baseLog: 12, levelCount: 3 },
      log2Extension: 0,
    },
  ],
  circuit: {
    gadget: { baseLog: 5, levelCount: 5 },
    automorphism: { baseLog: 7, levelCount: 7 },
    square: { baseLog: 9, levelCount: 5 },
    lookup: 0,
  },
};

/**
 * A table of `x + y`, a computed value of `width` bits: circuit bootstraps make the lowest remaining bit again and again
 * and subtract it, and the bits rotate the table.
 */
export function circuitProgram(width: number, parameters: Parameters = circuitParameters): Program {
  const entries = (shift: number): Polynomial => ({
    scaleLog: 64 - width,
    runs: Array.from(
      { length: 2 ** width - shift },
      (_, v) => [v, 1, circuitExpected(width, v + shift, 0)] as const,
    ),
  });
  const range = { min: 0, max: 2 ** (width - 1) - 1 };
  const bits = Array.from({ length: width }, (_, bit): Instruction[] => {
    const weight = 2 ** (width - 1 - bit);
    const lower = Array.from({ length: bit }, (_, i) => [2 * i + 2, -weight] as const);
    const input = 2 * bit + 1;
    const output = { target: input + 1, scaleLog: 64 - width + bit };
    return [
      { op: 'sum', terms: [[0, weight], ...lower], constant: 0, scaleLog: 0, target: input },
      {
        op: 'circuitBootstrap',
        items: [{ input, bit, output: bit === width - 1 ? null : output }],
      },
    ];
  });
  const rotate = (bit: number): Instruction => ({
    op: 'cmux',
    bit,
    zero: bit === 0 ? { polynomial: 0 } : { glwe: bit, rotation: 0 },
    one: bit === 0 ? { polynomial: 1 } : { glwe: bit, rotation: 2 * SIZE - 2 ** bit },
    target: bit + 1,
  });
  return {
    format: 1,
    parameters,
    inputs: [range, range],
    rowsPerQuery: 1,
    queries: [
      {
        kind: 'linear',
        rowStride: 0,
        slots: [0, 1].map((input) => ({
          input,
          offset: 0,
          scaleLog: 64 - width,
          position: input,
        })),
      },
    ],
    polynomials: [entries(0), entries(1)],
    instructions: [
      {
        op: 'linear',
        query: 0,
        weights: [
          [1, 1],
          [0, 1],
        ],
        polynomial: null,
        target: 0,
      },
      { op: 'extract', source: 0, position: 1, target: 0 },
      ...bits.flat(),
      ...bits.map((_, bit) => rotate(bit)),
    ],
    replies: [{ kind: 'glwe', source: width, bits: 24, rowStride: 0, positions: [0] }],
    parts: [{ scaleLog: 64 - width, min: 0, max: 2 ** width - 1 }],
    outputs: [{ parts: [[0, 1]], offset: 0 }],
  };
}
