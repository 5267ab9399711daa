/**
 * Rounders that measure how many bits to drop, so that a function of what is left is a table of a chosen size.
 */
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { createRandom } from '../lib/random.ts';
import { evaluateBatch } from './evaluate.ts';
import { checkExactness, type Exactness } from './ops/round-bits.ts';
import type { BitRounder } from './record.ts';
import { type ArrayLike, sameShape, sizeOf, type Tensor, toIntegerTensor } from './tensor.ts';
import { type InputDeclaration, type TracedFunction, traceRounder } from './trace.ts';

/** What a rounder leaves, and how. */
export interface RounderOptions {
  /** Bits of what is left: at most 2^targetBits different values, among those measured. */
  readonly targetBits: number;
  /** Default: 'exact'. */
  readonly exactness?: Exactness;
}

/** Inputs of a function by parameter name, as `compile` takes them: ranges and shapes. */
export type RangesByName = Readonly<
  Record<string, { readonly min: number; readonly max: number; readonly shape: readonly number[] }>
>;

/** Example arguments of a function: one list each, in the order of its parameters. */
export type Examples = Iterable<readonly ArrayLike[]>;

/** What `toJSON` of a rounder returns. */
export interface RounderJson {
  readonly rounder: string;
  readonly targetBits: number;
  readonly exactness: Exactness;
  /** What was measured: null before. */
  readonly measured: { readonly min: number; readonly max: number; readonly count: number } | null;
}

/** Rows that stand for declared ranges. */
const SAMPLES = 100;

/** What `AutoRounder` and `AutoTruncator` have in common. */
abstract class MeasuringRounder implements BitRounder {
  abstract readonly operation: BitRounder['operation'];
  readonly targetBits: number;
  readonly exactness: Exactness;
  #measured: RounderJson['measured'] = null;

  constructor(options: RounderOptions) {
    checkOptions('rounder', options, ['targetBits', 'exactness']);
    const { targetBits, exactness = 'exact' } = options;
    if (!Number.isInteger(targetBits) || targetBits < 1 || targetBits > 52) {
      throw error('BAD_OPTION', { what: 'targetBits', given: targetBits, allowed: '1 to 52' });
    }
    checkExactness('rounder', exactness);
    this.targetBits = targetBits;
    this.exactness = exactness;
  }

  /** How many of the lowest bits go; null before `adjust`. */
  get count(): number | null {
    return this.#measured?.count ?? null;
  }

  /** The least and the largest value that came to be rounded when it was adjusted; null before. */
  get range(): { readonly min: number; readonly max: number } | null {
    return this.#measured && { min: this.#measured.min, max: this.#measured.max };
  }

  /**
   * Finds how many bits to drop: evaluates `f`, which uses this rounder, in clear, and takes the fewest that leave
   * `targetBits` of the values that meet it. `inputs` are examples, or ranges by name, of which it then draws 100
   * rows. The examples fix a precision only: values beyond them are rounded by the same step, and nothing overflows.
   *
   * Other rounders that `f` uses round as far as they are adjusted: adjust several in the order in which values meet
   * them.
   *
   * @throws BAD_OPTION where `f` does not use this rounder or there are no examples; SHAPE_MISMATCH; and what `f` and
   * its evaluation throw
   */
  adjust(f: TracedFunction, inputs: RangesByName | Examples): this {
    const { declarations, rows } = isExamples(inputs) ? readExamples(inputs) : sample(inputs);
    const graph = traceRounder(f, declarations, this);
    if (graph.outputs.length === 0) {
      const given = 'a function that does not use this rounder';
      const remedy = `call ${this.operation}(x, rounder) in it`;
      throw error('BAD_OPTION', { what: 'adjust', given, remedy });
    }
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { data } of evaluateBatch(graph, rows)) {
      for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
    }
    if (min > max) [min, max] = [0, 0];
    this.#measured = { min, max, count: this.#countFor(min, max) };
    return this;
  }

  /** What was chosen and measured, for `fromJSON` of the same class. */
  toJSON(): RounderJson {
    const { targetBits, exactness } = this;
    return { rounder: nameOf(this.operation), targetBits, exactness, measured: this.#measured };
  }

  /** Takes over what `toJSON` described. @throws BAD_JSON */
  protected restore(json: RounderJson): this {
    const measured = json.measured;
    const whole = (value: unknown): boolean => Number.isSafeInteger(value);
    if (measured !== null && ![measured?.min, measured?.max, measured?.count].every(whole)) {
      throw error('BAD_JSON', { what: `${json.rounder}.fromJSON`, given: measured });
    }
    this.#measured = measured;
    return this;
  }

  #countFor(min: number, max: number): number {
    const half = (bits: number): number => (this.operation === 'roundBits' ? 2 ** bits / 2 : 0);
    for (let bits = 0; ; bits++) {
      const index = (value: number): number =>
        bits === 0 ? value : Math.floor((value + half(bits)) / 2 ** bits);
      if (index(max) - index(min) < 2 ** this.targetBits) return bits;
    }
  }
}

/** Measures how many bits `roundBits` drops: `const rounder = new AutoRounder({ targetBits: 6 })`. */
export class AutoRounder extends MeasuringRounder {
  override readonly operation = 'roundBits';

  /** The rounder that `toJSON` described. @throws BAD_JSON, BAD_OPTION */
  static fromJSON(json: unknown): AutoRounder {
    const read = checkJson('roundBits', json);
    return new AutoRounder(optionsOf(read)).restore(read);
  }
}

/** Measures how many bits `truncateBits` drops. */
export class AutoTruncator extends MeasuringRounder {
  override readonly operation = 'truncateBits';

  /** The truncator that `toJSON` described. @throws BAD_JSON, BAD_OPTION */
  static fromJSON(json: unknown): AutoTruncator {
    const read = checkJson('truncateBits', json);
    return new AutoTruncator(optionsOf(read)).restore(read);
  }
}

function nameOf(operation: BitRounder['operation']): string {
  return operation === 'roundBits' ? 'AutoRounder' : 'AutoTruncator';
}

function optionsOf({ targetBits, exactness }: RounderJson): RounderOptions {
  return { targetBits, exactness };
}

function checkJson(operation: BitRounder['operation'], json: unknown): RounderJson {
  const allowed = nameOf(operation);
  const given = (json as RounderJson | null)?.rounder;
  if (given === allowed) return json as RounderJson;
  throw error('BAD_JSON', { what: `${allowed}.fromJSON`, given, allowed });
}

/** Declarations, and for each of them rows of values: [rows, ...shape]. */
interface Rows {
  readonly declarations: InputDeclaration[];
  readonly rows: Tensor[];
}

function isExamples(inputs: RangesByName | Examples): inputs is Examples {
  return typeof inputs === 'object' && inputs !== null && Symbol.iterator in inputs;
}

/** All inputs least, all largest, then each element least, largest or anything between, one as likely as another. */
function sample(ranges: RangesByName): Rows {
  const random = createRandom(0);
  const declarations = Object.entries(ranges).map(([name, { min, max, shape }]) => {
    return { name, min, max, shape, encrypted: true };
  });
  const rows = declarations.map(({ shape, min, max }) => {
    const size = sizeOf(shape);
    const data = new Float64Array(SAMPLES * size);
    for (let i = 0; i < data.length; i++) {
      const between = min + Math.floor(random() * (max - min + 1));
      const choice = Math.floor(i / size) < 2 ? Math.floor(i / size) : random() * 3;
      data[i] = [min, max, between][Math.floor(choice)]!;
    }
    return { shape: [SAMPLES, ...shape], data };
  });
  return { declarations, rows };
}

function readExamples(examples: Examples): Rows {
  const columns: Tensor[][] = [];
  let count = 0;
  for (const args of examples) {
    if (!Array.isArray(args) || (count > 0 && args.length !== columns.length)) {
      const allowed = 'equally long lists of arguments';
      throw error('BAD_OPTION', { what: `examples[${count}]`, given: args, allowed });
    }
    for (const [k, argument] of args.entries()) {
      const what = `examples[${count}][${k}]`;
      const tensor = toIntegerTensor(argument as ArrayLike, what);
      columns[k] ??= [];
      const { shape = tensor.shape } = columns[k][0] ?? {};
      if (!sameShape(tensor.shape, shape)) {
        throw error('SHAPE_MISMATCH', { what, given: tensor.shape, allowed: shape });
      }
      columns[k].push(tensor);
    }
    count++;
  }
  if (count === 0) throw error('BAD_OPTION', { what: 'examples', given: 'none', allowed: 'one' });
  const declarations = columns.map((column, k): InputDeclaration => {
    const [min, max] = extremes(column);
    return { name: `argument ${k}`, shape: column[0]!.shape, min, max, encrypted: true };
  });
  return { declarations, rows: columns.map((column) => join(column[0]!.shape, column)) };
}

function join(shape: readonly number[], tensors: readonly Tensor[]): Tensor {
  const size = sizeOf(shape);
  const data = new Float64Array(tensors.length * size);
  tensors.forEach((tensor, k) => {
    data.set(tensor.data, k * size);
  });
  return { shape: [tensors.length, ...shape], data };
}

function extremes(tensors: readonly Tensor[]): [min: number, max: number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { data } of tensors) {
    for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  }
  return min > max ? [0, 0] : [min, max];
}
