/** How often encrypted runs are wrong at weak promises: too seldom to be seen at any other. */
import {
  Circuit,
  type CompileOptions,
  compile,
  encrypted,
  type InputSpecs,
  type Program,
} from 'blindfit';
import * as np from 'blindfit/tracer';
import { countInterval, type Interval } from './counts.ts';

/** A circuit whose wrong results are counted. */
export interface FailureKind {
  readonly name: string;
  readonly f: np.TracedFunction;
  readonly specs: InputSpecs;
  readonly query: NonNullable<CompileOptions['query']>;
  /**
   * For each argument the elements of every row, or null for random ones. A CMUX rounds only where its bit is 1, and
   * branches differ in length: what is promised and predicted is the noise of the worst inputs, so that these are counted.
   * Without it all inputs have the same noise.
   */
  readonly worst?: readonly (readonly number[] | null)[];
}

/** What was counted. Probabilities are of one row being wrong anywhere. */
export interface Failures {
  readonly rows: number;
  readonly failures: number;
  readonly promised: number;
  readonly predicted: number;
  /** Counts that chance does not explain in one of a thousand experiments lie outside, if predictions are right. */
  readonly expected: Interval;
}

const { int, uint } = encrypted;

/** Any step of one moves these to another value, so that a wrong index shows. */
const turned = (x: np.Traced, factor: number, values: number): np.Traced =>
  x.map((v) => (v * factor + 3) % values);

const isLess = (x: np.Traced, threshold: number): np.Traced => x.less(threshold);

/** Of sums that turn polynomials. */
const weights = [1, -3, 5, 7, -9, 2, 4, -6, 8, 11, -13, 10];

export const failureKinds: readonly FailureKind[] = [
  {
    name: 'chain',
    f: (x) => turned(turned(x!.at(0).add(x!.at(1)), 3, 4).add(x!.at(2)), 5, 8),
    specs: { x: uint(2, [3]) },
    query: 'values',
  },
  {
    name: 'sum',
    f: (x) => turned(turned(x!, 3, 4).multiply([1, 2, 3]).sum(), 7, 32),
    specs: { x: uint(2, [3]) },
    query: 'values',
  },
  {
    name: 'doubled',
    f: (x) => {
      let y = x!.at(0).greater(3);
      for (let i = 0; i < 4; i++) y = y.add(y);
      return turned(y.add(turned(x!.at(1), 3, 8)), 7, 32);
    },
    specs: { x: uint(3, [2]) },
    query: 'values',
  },
  {
    name: 'windows',
    f: (x) => turned(np.cumsum(turned(x!, 3, 4)).sum(), 7, 32),
    specs: { x: uint(2, [3]) },
    query: 'values',
  },
  {
    name: 'weighted-sum',
    f: (x) => x!.dot([1000, -999, 3, 4]),
    specs: { x: int(12, [4]) },
    query: 'packed',
  },
  {
    name: 'table',
    f: (x) => turned(x!, 397, 1024),
    specs: { x: uint(6) },
    query: 'packed',
    worst: [[63]],
  },
  {
    name: 'product',
    f: (x, y) => x!.multiply(y!),
    specs: { x: uint(4), y: uint(4) },
    query: 'packed',
    // Each bit of x chooses a multiple of y, and what these round away is not independent: 15 is better than 13.
    worst: [[13], null],
  },
  {
    name: 'trees',
    f: (x, y) =>
      Array.from({ length: 4 }, (_, k) => {
        const low = np.where(isLess(y!, k + 1), 45 + k, 5);
        return np.where(isLess(x!.at(k), 3 + k), low, np.where(isLess(y!, 5 - k), 85, 45 - k));
      }).reduce((sum, each) => sum.add(each)),
    specs: { x: uint(3, [4]), y: uint(3) },
    query: 'packed',
    worst: [[3, 7, 5, 7], [7]],
  },
  {
    name: 'chosen-sum',
    f: (x, y) => np.where(x!, y!, 0).sum(),
    specs: { x: uint(1, [16]), y: uint(4, [16]) },
    query: 'packed',
    worst: [new Array<number>(16).fill(1), null],
  },
  {
    name: 'computed-product',
    f: (x, y) => np.matmul(x!, np.refresh(y!)),
    specs: { x: uint(3, [4]), y: uint(3, [4]) },
    query: 'packed',
    worst: [new Array<number>(4).fill(7), null],
  },
  {
    name: 'drum',
    f: (x) => turned(x!.dot(weights), 7, 512),
    specs: { x: uint(3, [12]) },
    query: 'packed',
    worst: [new Array<number>(12).fill(7)],
  },
  {
    name: 'wheel',
    f: (x) => x!.dot(weights).greater(200),
    specs: { x: uint(3, [12]) },
    query: 'packed',
    worst: [new Array<number>(12).fill(7)],
  },
  {
    name: 'unpacked-product',
    f: (x, y) => x!.multiply(y!),
    specs: { x: uint(4), y: uint(4) },
    query: 'unpacked',
    worst: [[13], null],
  },
  {
    name: 'gates',
    f: (x) => turned(x!.sum(), 397, 1024),
    specs: { x: uint(9, [2]) },
    query: 'values',
    worst: [[511, 511]],
  },
];

/** Runs rows, in equal shares under so many key pairs, and counts those with a wrong output. */
export async function countFailures(
  { f, specs, query, worst }: FailureKind,
  { pError, rows, keys }: { pError: number; rows: number; keys: number },
): Promise<Failures> {
  using circuit = await compile(f, specs, { query, pError });
  const { program, inputs } = circuit;
  const share = Math.ceil(rows / keys);
  let failures = 0;
  for (let key = 0; key < keys; key++) {
    using wide = Circuit.fromJSON({ ...(circuit.toJSON() as object), program: unchecked(program) });
    const args = inputs.map(({ shape, min, max }, i) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const random = () => min + Math.floor(Math.random() * (max - min + 1));
      const data = Float64Array.from(
        { length: share * size },
        (_, at) => worst?.[i]?.[at % size] ?? random(),
      );
      return { shape: [share, ...shape], data };
    });
    const decrypted = await independentResults(wide, args, share);
    const expected = scalars([circuit.evaluateBatch(args)].flat(), share);
    for (let row = 0; row < share; row++)
      if (decrypted.some((values, i) => values[row] !== expected[i]![row])) failures++;
  }
  const predicted = 2 ** circuit.statistics.log2Failure;
  const expected = countInterval(predicted, share * keys, keys, 1e-3);
  return { rows: share * keys, failures, promised: pError, predicted, expected };
}

/**
 * The elements of all outputs, each as a list over rows that fail independently of each other. Rows that share a ciphertext do
 * not: rounding its mask errs alike in neighbouring coefficients, for half of the variance is that of the mask times the
 * key's mean. Each such row then has a ciphertext of its own.
 */
async function independentResults(
  circuit: Circuit,
  args: readonly np.Tensor[],
  rows: number,
): Promise<Float64Array[]> {
  if (circuit.statistics.rowsPerQuery === 1) {
    return scalars([await circuit.encryptRunDecryptBatch(args)].flat(), rows);
  }
  const results = circuit.outputs.flatMap((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return Array.from({ length: size }, () => new Float64Array(rows));
  });
  for (let row = 0; row < rows; row++) {
    const single = args.map(({ shape: [, ...shape], data }) => {
      const size = data.length / rows;
      return { shape: [1, ...shape], data: data.slice(row * size, (row + 1) * size) };
    });
    const outputs = scalars([await circuit.encryptRunDecryptBatch(single)].flat(), 1);
    for (const [i, [value]] of outputs.entries()) results[i]![row] = value!;
  }
  return results;
}

/** A program whose parts have all values that their scale has room for: wrong ones are decrypted and end nothing. */
function unchecked(program: Program): Program {
  const parts = program.parts.map(({ scaleLog, min }) => {
    return { scaleLog, min, max: min + 2 ** Math.min(52, 64 - scaleLog) - 1 };
  });
  return { ...program, parts };
}

/** The elements of all outputs, each as a list over rows. */
function scalars(outputs: readonly np.ClearArray[], rows: number): Float64Array[] {
  return outputs.flatMap((output) => {
    const { data } = np.toTensor(output);
    const size = data.length / rows;
    return Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: rows }, (_, row) => data[row * size + i]!),
    );
  });
}
